r"""What programs print around the numbers of an array, taken away so that every character keeps its place.

What R, Julia, SymPy, TensorFlow, PyTorch, NumPy and C put around numbers becomes blanks, or the signs that brackets and
rows have elsewhere; line breaks stay. Then one reader of arrays reads them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hwcheck.submissions.beginnings import COLUMNS, NUMBER_START, ROW, SCALE, SERIES

__all__ = ["NUMBER_LINE", "PAGE", "PAGES", "printed_block", "without_print"]

_BLANKED = re.compile(
    rf"""
      \bParameter[ ]containing:
    | <tf\.(?:Tensor|Variable)\b[^<>\n]{{0,200}}?\bnumpy=
    | (?<![\w.])[0-9]{{1,9}}(?:-element|(?:[×x][0-9]{{1,9}}){{1,4}})[ ][A-Z][A-Za-z]{{0,30}}
      \{{[^{{}}\n]{{0,60}}\}}[^\n\[]{{0,60}}:(?=[ \t]*$)
    | ^[ \t]*(?:\[,[0-9]{{1,6}}\][ \t]*)+$
    | ^[ \t]*\[[0-9]{{1,6}},\](?=[ \t])
    | ^[ \t]*\[[0-9]{{1,6}}\](?=[ \t]+{NUMBER_START})
    """,
    re.VERBOSE | re.MULTILINE,
)
_MAY_BE_PRINTED = re.compile(
    r"[<⎡⎢]|containing:|\},?[^\n]{0,60}:|\[,?[0-9]+[,\]]|data\s?=|[0-9.]f\b|(?:float|int)[0-9]"
)
_MASKED = re.compile(r"\b(?:(?:np|numpy)\.)?(?:masked_array|ma\.array)\(\s{0,40}data\s?=")
_MASK = re.compile(r",\s{0,40}mask\s?=")
_TYPED = re.compile(r"\b(?:(?:np|numpy)\.)?(?:float|int)(?:8|16|32|64)\(([^()\n]{1,40})\)")
_ANGLE = re.compile(r"(?<=[)\]0-9.])>(?=[ \t]*$)", re.MULTILINE)
_SUFFIX = re.compile(
    r"(?<![\w.])((?:[0-9]{1,20}\.[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][+\-]?[0-9]{1,3})?)[fF](?=[ \t]*[,}])"
)
_SHORT = 200  # characters; in longer texts it pays to look for single signs first
_INDEX = re.compile(r"\[(?:,[0-9]|[0-9]{1,6},?\])")
_TYPE_NAME = re.compile(r"\}[^\n\[]{0,60}:[ \t]*$", re.MULTILINE)
_BEFORE_SUFFIX = re.compile(r"[fF](?<=[0-9.][fF])[ \t]*[,}]")
# The brackets that SymPy draws over several lines: the numbers of a line end in a ';', those of the last in a ']'.
_DRAWN = re.compile(r"^(?P<before>[^\n⎡⎢⎣]*)(?P<left>[⎡⎢⎣])(?P<inner>[^\n⎤⎥⎦]*)(?P<right>[⎤⎥⎦])", re.MULTILINE)
_LEFT = {"⎡": "[", "⎢": " ", "⎣": " "}

PAGE = re.compile(
    r"[ \t]*(?P<name>[^\W\d]\w{0,40})\([ \t]?:[ \t]?,[ \t]?:[ \t]?(?:,[ \t]?[0-9]{1,6}[ \t]?){1,4}\)[ \t]*="
)
"""The line above a page of a MATLAB array: ``A(:,:,1) =``."""

NUMBER_LINE = rf"[ \t]*(?:{ROW}|(?:{SCALE}|{COLUMNS})[ \t]*)?(?:\n|\Z)"
"""A line of numbers, or an empty one, or what MATLAB prints above some."""
PAGES = re.compile(rf"(?:{PAGE.pattern.replace('?P<name>', '?:')}[ \t]*\n(?:(?!\Z){NUMBER_LINE})+)+")
"""All pages of such an array, from the line above the first one on."""

_HEADED = rf"[ \t]*(?:{SCALE}|{COLUMNS})[ \t]*\n(?:(?!\Z){NUMBER_LINE})+"
_INDEXED = rf"[ \t]*[^\W_][\w.\-]{{0,39}}[ \t]+{ROW}"
_FRAME = (
    rf"[ \t]+[^\W\d]\w{{0,40}}(?:[ \t]+[^\W\d]\w{{0,40}}){{0,99}}[ \t]*(?:\n{_INDEXED}(?=\n|\Z))+"  # a header of words
    rf"|{_INDEXED}(?:\n{_INDEXED}(?=\n|\Z))*\n[ \t]*{SERIES}"
)
_BLOCK = re.compile(rf"{_HEADED}|{_FRAME}")


def printed_block(text: str, begin: int) -> re.Match[str] | None:
    """What MATLAB or pandas printed over several lines, if such a thing begins here, on a line of its own.

    Where only words stand above numbers it may be text as well: ask where a name for what follows is known.
    """
    return PAGES.match(text, begin) or _BLOCK.match(text, begin)


def without_print(text: str) -> str:
    """A text of the same length, without what printers put around numbers. Linear."""
    if len(text) > _SHORT and not any(has(text) for has, _ in _STEPS):
        return text
    if not _MAY_BE_PRINTED.search(text):
        return text
    for has, step in _STEPS:
        if has(text):
            text = step(text)
    return text


def _has(*signs: str) -> Callable[[str], bool]:
    return lambda text: any(sign in text for sign in signs)


def _has_index(text: str) -> bool:
    """Whether something stands in a text without which the pattern of what is blanked fits nowhere."""
    if "containing:" in text or "<tf." in text:
        return True
    return ("}" in text and _TYPE_NAME.search(text) is not None) or _INDEX.search(text) is not None


def _has_suffix(text: str) -> bool:
    return ("f" in text or "F" in text) and _BEFORE_SUFFIX.search(text) is not None


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_masks(text: str) -> str:
    """The text with the data of masked arrays alone; what is masked is printed as ``--``, and so left blank."""
    parts: list[str] = []
    at = 0
    while found := _MASKED.search(text, at):
        mask = _MASK.search(text, found.end())
        close = text.find(")", mask.end()) if mask else -1
        if mask is None or close < 0:
            break
        parts += [text[at : found.start()], _blank(found.group()), text[found.end() : mask.start()]]
        parts.append(_blank(text[mask.start() : close + 1]))
        at = close + 1
    return "".join([*parts, text[at:]])


def _in_signs(found: re.Match[str]) -> str:
    """A line between drawn brackets, with the signs of a matrix in one line."""
    end = "]" if found["right"] == "⎦" else ";" if found["inner"].strip() else " "
    return f"{found['before']}{_LEFT[found['left']]}{found['inner']}{end}"


# What is done to a text, in this order, and what the text must have for it: which most texts have not.
_STEPS: Sequence[tuple[Callable[[str], bool], Callable[[str], str]]] = (
    (_has("⎡"), lambda text: _DRAWN.sub(_in_signs, text)),
    (_has("<tf."), lambda text: _ANGLE.sub(" ", text)),
    (_has_index, lambda text: _BLANKED.sub(lambda found: _blank(found.group()), text)),
    (_has("data"), _without_masks),
    (
        _has("8(", "16(", "32(", "64("),
        lambda text: _TYPED.sub(lambda found: f"{' ' * (found.start(1) - found.start())}{found[1]} ", text),
    ),
    (_has_suffix, lambda text: _SUFFIX.sub(r"\1 ", text)),
)
