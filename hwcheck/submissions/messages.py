r"""Running text without what mail and chat programs put around it: who said a line and when, and what is quoted.

As in hwcheck/submissions/plain_type.py every rule keeps the length of the text and looks at a bounded stretch.
"""

from __future__ import annotations

import re

__all__ = ["without_messages"]

_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?"
_DAY = r"(?:[0-9]{1,4}[./\-][0-9]{1,2}[./\-][0-9]{1,4},?[ ])?"
_WHO = r"<?[^\W\d][^:\n=\[\]<>]{0,40}>?"
# [10:02] tom: h = 3, or with the day before the time, or a dash in place of the brackets.
_SAID = re.compile(
    rf"^[ \t]*(?:\[{_DAY}{_TIME}\][ \t]*[-–]?[ \t]*(?:{_WHO}:)?|{_DAY}{_TIME}[ \t]*[-–]?[ \t]*{_WHO}:)[ \t]+(?=\S)",
    re.MULTILINE,
)
_WROTE = re.compile(
    r"\b(?:wrote|a écrit|escribió|ha scritto|schrieb(?:[ ][^\n:]{1,60})?)[ \u00a0]?:[ \t]*$", re.MULTILINE
)
_DATED = re.compile(r"[ \t]*(?:On|Am|Le|El|Il)[ ][^\n]{0,100}?[0-9]")
_BLANKED = re.compile(r"[^\n]")
_QUOTED = re.compile(r"^[ \t]*>[^\n]*", re.MULTILINE)


def without_messages(text: str) -> str:
    """The text with blanks for such signs, and for the lines of others that an answer to a mail quotes."""
    if ":" not in text:
        return text
    text = _SAID.sub(_blank, text)
    quoting = _quoting(text) if ">" in text else None
    if quoting is None:
        return text
    begin, end = quoting
    return text[:begin] + _BLANKED.sub(" ", text[begin:end]) + _QUOTED.sub(_blank, text[end:])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _quoting(text: str) -> tuple[int, int] | None:
    """Where it stands who wrote the mail that is quoted below, and when; None where no mail is quoted."""
    for found in _WROTE.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        above = text.rfind("\n", 0, max(line - 1, 0)) + 1
        begin = next((at for at in (line, above) if _DATED.match(text, at, found.end())), None)
        if begin is not None:
            return begin, found.end()
    return None
