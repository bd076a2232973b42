"""One place where text that others wrote is made safe to show on a terminal or in plain text."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["COMMAND", "harmless_line", "show"]

# Characters that change how the text around them is shown.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# What build services obey where a program prints it: '##[error]', '##vso[task...]' and '##teamcity[...]' anywhere in a
# line, '::error::' at its beginning, blanks or none before it.
COMMAND = re.compile(r"##(?=\w*\[)")
_COMMAND_LINE = re.compile(r"(\s*):(?=:)")


def show(text: str, width: int = 200) -> str:
    """The text with control, bidirectional and invisible characters spelled out, and cut to a width.

    So is what a build service would obey wherever it stands in a line.
    """
    if len(text) > width:
        text = text[: width - 3] + "..."
    if "##" in text:
        text = COMMAND.sub(r"\\x23#", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def harmless_line(text: str) -> str:
    """A whole line of output that no build service takes for a command."""
    found = _COMMAND_LINE.match(text)
    return f"{found[1]}\\x3a{text[found.end() :]}" if found else text


def _visible(sign: str) -> str:
    if sign in _BIDI or unicodedata.category(sign) in _HIDDEN:
        code = ord(sign)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return sign
