r"""Running text without the tags and the named signs of web pages, ``<b>O6</b> = &minus;0.105<br>``.

What stands in tables keeps the tags of its rows and cells, for the reader of tables. Every rule keeps the length of the
text and its lines, and looks at a bounded stretch.
"""

from __future__ import annotations

import html
import re

__all__ = ["without_tags"]

# Without a value only a few: if a <b and c> 3
_ATTRIBUTES = (
    r"(?:\s{1,9}[\w:@-]{1,30}(?:\s?=\s?(?:\"[^\"<>\n]{0,300}\"|'[^'<>\n]{0,300}'|[^\s<>\"']{1,300})"
    r"|(?<=open)|(?<=checked)|(?<=disabled)|(?<=controls))){0,9}\s{0,9}/?>"
)
# After these a sentence or an equation does not go on.
_BLOCK = re.compile(
    rf"</?(?:p|div|li|ul|ol|dl|dt|dd|h[1-6]|br|hr|pre|blockquote|section|details|summary|center){_ATTRIBUTES}",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|code|kbd|samp|var|mark|small|big|tt|img|math|colgroup|col|caption|iframe|button"
    rf"|svg|input|label|form|sup|sub){_ATTRIBUTES}",
    re.IGNORECASE,
)
_CODE = re.compile(r"<(?P<name>script|style|iframe)(?=[\s>])[^<>]{0,400}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,12}|#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5});")


def without_tags(text: str) -> str:
    """The text with blanks for its tags, and signs for their names; as long as it was."""
    if "<" in text:
        text = _INLINE.sub(_blank, _BLOCK.sub(_parted, _without_code(text)))
    return _ENTITY.sub(_sign, text)


def _without_code(text: str) -> str:
    """The text without what is a program or a style in it."""
    parts, at = [], 0
    while found := _CODE.search(text, at):
        close = re.compile(f"</{found['name']}>", re.IGNORECASE).search(text, found.end())
        if close is None:
            break
        parts += [text[at : found.start()], re.sub(r"[^\n]", " ", text[found.start() : close.end()])]
        at = close.end()
    return "".join([*parts, text[at:]])


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _parted(found: re.Match[str]) -> str:
    """A semicolon for a tag behind which more stands on its line: I6 = 0.1<br>O6 = 0.4."""
    behind = found.string[found.end() : found.end() + 1]
    blank = _blank(found)
    if not behind or behind == "\n" or found.string[max(0, found.start() - 1) : found.start()] in ("", "\n", " ", ">"):
        return blank
    return ";" + blank[1:]


def _sign(found: re.Match[str]) -> str:
    """The sign that a name stands for, with blanks before it; a name of more signs, or of none, stays."""
    sign = html.unescape(found.group())
    if sign in ("\u00a0", "\u2009", "\u202f"):
        sign = " "
    return sign.rjust(len(found.group())) if len(sign) == 1 and sign.isprintable() else found.group()
