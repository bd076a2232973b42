r"""Running text without the signs that other programs put into it when it is copied from them.

Chat programs decorate with pictures, word processors begin lines with bullets of their own and write matrices in the
linear format, MATLAB's live editor prints the size of an array behind its name, web pages come with their tags. As in
hwcheck/submissions/plain_type.py every rule keeps the length of the text and looks at a bounded stretch.
"""

from __future__ import annotations

import re

from hwcheck.submissions.web import without_tags

__all__ = ["without_paste"]

_BULLETS = "●○◦■□▪▫◆◇‣⁃➢➤►▸▶∙"
_ARROWS = "⟶⟹➔➙➛➜➝➞➟➠➡⇢⇾"
_OTHER_SIGNS = {ord("≐"): "≈", ord("≑"): "≈", ord("≒"): "≈", ord("≔"): "=", ord("≜"): "=", ord("≝"): "="}
_BULLET = re.compile(rf"^[ \t>]*([{_BULLETS}])(?=[ \t\u00a0])", re.MULTILINE)
_ARROW = re.compile(rf"(?<=[\w)\]}}])[ \u00a0]?([{_ARROWS}])(?=[ \u00a0]?[+\-−–\[(.\d])")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3\ufe0f?")
_PICTURE = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")
_HARD_SPACE = re.compile(r"(?<![0-9])\u00a0|\u00a0(?![0-9])")
_DASH = re.compile(r"(?<=[=≈(\[,;:]) ?([–—])(?=\.?[0-9])")
# [■(0.1&0.2@0.3&0.4)] of Word, also with round brackets around it.
_LINEAR = re.compile(
    r"[\[(]?[ ]?(?:■|█|\\[pb]?matrix)"
    r"\((?P<inner>[^()\n@]{1,2000}(?:@[^()\n@]{1,2000}){0,200})\)[ ]?[\])]?"
)
_IN_ROWS = str.maketrans({"&": ",", "@": ";"})
_SIZE = re.compile(
    r"^(?P<kept>[ \t]*[^\W\d]\w{0,40}[ ]?=[ ]?)"
    r"(?P<size>[0-9]{1,6}(?:[×x][0-9]{1,6}){1,4}(?:[ ][a-z]\w{2,9})?)(?=[ \t]*\n)",
    re.MULTILINE,
)
_LOWERED = re.compile(r"(?:</(?:i|em|b|strong|var|span)>)?<su(?P<kind>[bp])>(?P<inner>[^<>\n]{1,20})</su[bp]>")


def without_paste(text: str) -> str:
    """The text with blanks, or with the signs that are usual here, for such signs; as long as it was."""
    if "<" in text or "&" in text:
        text = without_tags(_LOWERED.sub(_script, text))
    if "matrix(" in text:
        text = _LINEAR.sub(_rows, text)
    if text.isascii():
        return _SIZE.sub(_unsized, text)
    text = _SIZE.sub(_unsized, text.translate(_OTHER_SIGNS))
    text = _LINEAR.sub(_rows, text)
    text = _BULLET.sub(lambda found: found.group()[:-1] + "-", text)
    text = _ARROW.sub(lambda found: found.group()[:-1] + "→", text)
    text = _PICTURE.sub(" ", _KEYCAP.sub(lambda found: " " * len(found.group()), text))
    text = _HARD_SPACE.sub(" ", text)
    return _DASH.sub(lambda found: found.group()[:-1] + "-", text)


def _rows(found: re.Match[str]) -> str:
    """A matrix in Word's linear format as one in brackets."""
    inner = found["inner"].translate(_IN_ROWS)
    before = found.start("inner") - found.start()
    return f"{'['.rjust(before)}{inner}{']'.ljust(found.end() - found.end('inner'))}"


def _unsized(found: re.Match[str]) -> str:
    return found["kept"] + " " * len(found["size"])


def _script(found: re.Match[str]) -> str:
    sign = "_" if found["kind"] == "b" else "^"
    return f"{sign}{found['inner']}".ljust(len(found.group()))
