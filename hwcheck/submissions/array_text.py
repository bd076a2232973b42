"""Arrays as text: program output, LaTeX matrices and rows of numbers become nested lists of cells.

Nothing here reads a number: a cell is the text that was written, with its place, for the one reader of numbers.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from hwcheck.errors import Location, quoted
from hwcheck.limits import SUBMISSION
from hwcheck.located import Located
from hwcheck.submissions.beginnings import CALL
from hwcheck.submissions.brackets import has_list, read_brackets
from hwcheck.submissions.latex_matrix import Matrix, find_matrices
from hwcheck.submissions.notes import Note
from hwcheck.submissions.numbers import cut
from hwcheck.submissions.plain_array import count_values, is_plain_array, plain_array
from hwcheck.submissions.plain_matrix import plain_matrix
from hwcheck.submissions.printed import looks_like_rows, read_rows
from hwcheck.submissions.printers import PAGE, without_print
from hwcheck.submissions.rework import scaled, transposed
from hwcheck.submissions.writing import Writing

__all__ = ["ArrayText", "looks_like_array", "read_array", "read_array_noted"]

_NAME = re.compile(r"(?!\\begin)(?:[^\W\d]|\\[A-Za-z]|\$)[^\n=;&]{0,60}=(?![=])\s*")
_CALL = re.compile(CALL)
_FENCE = re.compile(r"(?:```|~~~)[^\n`]{0,40}\n")
_MATHS = (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)"), ("**", "**"), ("`", "`"))
_BEGINS = frozenset("$\\*`~")  # with one of them fences and maths begin
_TRANSPOSED = re.compile(
    r"\s?(?:\.T|\.t\(\)|\.transpose\(\)|'|ᵀ|⊤|\^\s?(?:T|\\top|\\intercal|\\prime)"
    r"|\^\s?\{\s?(?:T|\\top|\\intercal|\\(?:mathsf|mathrm|text|rm|sf)\s?\{?T\}?)\s?\})"
)
_NUMBER = r"[+\-−]?\s?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+\-−]?[0-9]{1,3})?"
_TIMES = r"\s?(?:\*|×|·|⋅|x|\\times|\\cdot)\s*"
_FACTOR = (
    rf"{_NUMBER}(?:\s?/\s?[0-9]{{1,20}}|\^[({{]?[+\-−]?[0-9]{{1,3}}[)}}]?)?"
    rf"|[+\-−]?\\[dt]?frac\{{{_NUMBER}\}}\{{{_NUMBER}\}}"
)
_FACTOR_BEFORE = re.compile(rf"(?P<factor>{_FACTOR}|\((?:{_FACTOR})\))(?:{_TIMES}|\s*)")
_FACTOR_BEHIND = re.compile(rf"{_TIMES}(?P<factor>{_FACTOR}|\((?:{_FACTOR})\))")
_DELIMITER = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?)\s?(?:\\[{}|]|\\[lr](?:brack|brace|vert|Vert|paren)|[\[\](){}|.])"
    r"|\\(?:begin|end)\{(?:equation|displaymath|math|center)\*?\}"
    r"|\\(?:displaystyle|,|;|:|!|\s|q?quad(?![A-Za-z]))|[\s\[\](){}|$]"
)
_SIZED = re.compile(r"\\left(?=[\[(])|(?:\\left)?\\(?=\{)")
_REMARK = re.compile(r"\s*(?:#|//|%)[^\n]*")
_MINUS = re.compile(r"[-−]")


class ArrayText(NamedTuple):
    """An array that was read from text: a cell, or nested lists of them, and notes on how it was read.

    ``values`` is how many cells and lists that took.
    """

    value: Located
    notes: tuple[Note, ...] = ()
    values: int = 1


def read_array(text: str, start: Location) -> Located:
    """The cells of an array that is written as text, each with its own place in the file.

    ``start`` is the place of the first character; a line break begins the next line of the file at column 1. Rows of
    different lengths come back as they are written: ``submissions.arrays.read_cells`` names them.

    Raises:
        InputError: what stands there is no array, leaves numbers out (``...``), or is larger than a submission may be.

    """
    return read_array_noted(text, start).value


def read_array_noted(
    text: str, start: Location, *, one_place: bool = False, margin: int = 0, most: int = SUBMISSION.values
) -> ArrayText:
    """As ``read_array``, with what is to be said about how the array was read.

    At most ``most`` cells and lists are read. ``one_place`` says that the text's lines are not lines of the file (an
    escaped line break in a JSON string): every cell then stands at ``start``. ``margin`` is as in ``Writing``.
    """
    if (plain := plain_array(text.rstrip(), start, most, one_place=one_place, margin=margin)) and plain.written:
        return ArrayText(plain, (), count_values(plain.written.shape))
    if matrix := plain_matrix(text, start, most, one_place=one_place, margin=margin):
        return ArrayText(matrix[0], (), matrix[1])
    text = without_print(text)
    writing = Writing(text, start, one_place=one_place, margin=margin, most=most)
    begin, end = _bare(text)
    if PAGE.match(text, begin, end):
        return ArrayText(_pages(writing, begin, end), tuple(writing.notes), writing.values)
    if name := _name(text, begin, end):
        written = cut(name.group().rstrip("= \t\n"))
        if written not in ("ans", "="):
            writing.note(begin, f"{quoted(written)} in front of the array is not read")
        begin = name.end()
        begin, end = _bare(text, begin, end)
    value = _latex(writing, begin, end) if "\\begin" in text[begin:end] else _plain(writing, begin, end)
    return ArrayText(value, tuple(writing.notes), writing.values)


def looks_like_array(text: str) -> bool:
    """Whether a text is more likely an array than a single number, a word or a formula. Linear, and cheap.

    A number that could be several (``1,234``, ``1 234``) is none: the reader of numbers names both readings.
    """
    if is_plain_array(text.rstrip()):
        return True
    text = without_print(text)
    begin, end = _bare(text)
    if end - begin < 3:
        return text[begin:end] == "[]"
    if PAGE.match(text, begin, end):
        return True
    if name := _name(text, begin, end):
        begin, end = _bare(text, name.end(), end)
    if begin == end:
        return False
    if "\\begin{" in text[begin:end]:
        return True
    if _CALL.match(text, begin):
        return True
    bare = text[begin:end]
    factor = _FACTOR_BEFORE.match(bare)
    if factor and bare[factor.end() : factor.end() + 1] in ("[", "{"):
        return factor.end() > 0 and bare[factor.end() - 1] not in "^_" and has_list(bare[factor.end() :])
    if bare[0] in "[({" or _SIZED.match(bare):
        return has_list(_SIZED.sub("", bare, count=1))
    return looks_like_rows(bare)


def _name(text: str, begin: int, end: int) -> re.Match[str] | None:
    """The name and the '=' in front of an array. In ``array(dtype=...)`` there is none."""
    found = _NAME.match(text, begin, end)
    if found and all(found.group().count(left) == found.group().count(right) for left, right in ("()", "[]", "{}")):
        return found
    return None


def _bare(text: str, begin: int = 0, end: int | None = None) -> tuple[int, int]:
    """Where a text begins and ends without blanks, code fences and the signs that put it into maths or bold."""
    end = len(text) if end is None else end
    for _ in range(6):
        before = begin, end
        begin, end = _stripped(text, begin, end)
        if begin == end or text[begin] not in _BEGINS:
            break
        if fence := _FENCE.match(text, begin, end):
            begin = fence.end()
            end -= 3 * text.endswith(("```", "~~~"), begin, end)
            continue
        for opening, closing in _MATHS:
            wide = end - begin > len(opening) + len(closing)
            if wide and text.startswith(opening, begin, end) and text.endswith(closing, begin, end):
                begin, end = begin + len(opening), end - len(closing)
                break
        if (begin, end) == before:
            break
    return begin, end


def _stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return begin, end


def _plain(writing: Writing, begin: int, end: int) -> Located:
    """An array without LaTeX environments."""
    text = writing.text
    factor = _FACTOR_BEFORE.match(text, begin, end)
    if factor and factor["factor"] and factor.end() < end and text[factor.end()] == "[" and _is_product(text, factor):
        begin = factor.end()
    else:
        factor = None
    if not (_CALL.match(text, begin, end) or has_list(_SIZED.sub("", text[begin:end], count=1))):
        return read_rows(writing, begin, end)
    last = max(text.rfind(sign, begin, end) for sign in "])}") + 1
    if text.endswith(".t()", begin, end) or text.endswith(".transpose()", begin, end):
        last = text.rfind(".", begin, end)
    elif (caret := text.rfind("^", begin, end)) > begin and _TRANSPOSED.fullmatch(text, caret, end):
        last = caret  # [0.1, 0.2]^{T}
    if last and (remark := _REMARK.fullmatch(text, last, end)):
        writing.note(remark.start(), "the remark behind the array is not read")
        end = last
    behind = _FACTOR_BEHIND.search(text, max(begin, end - 80), end) if not factor else None
    turned = _TRANSPOSED.fullmatch(text, last, end) if last else None
    if turned:
        end = turned.start()
    elif behind and behind.end() == end and text[behind.start() - 1] in "])}":
        factor, end = behind, behind.start()
    value = read_brackets(writing, begin, end)
    return _reworked(writing, value, factor, bool(turned), begin)


def _pages(writing: Writing, begin: int, end: int) -> Located:
    """The matrices of an array that MATLAB prints page by page, one behind the other."""
    heads = list(PAGE.finditer(writing.text, begin, end))
    ends = [head.start() for head in heads[1:]] + [end]
    pages = [read_rows(writing, head.end(), close) for head, close in zip(heads, ends, strict=True)]
    if len(pages) == 1:
        return pages[0]
    writing.note(begin, f"printed page by page, and read as {len(pages)} matrices, the first page first")
    return writing.listed(pages, begin)


def _is_product(text: str, factor: re.Match[str]) -> bool:
    """Whether a factor ends before the array: 10^[... would be something else."""
    return factor.end("factor") < factor.end() and not text[factor.start() : factor.end("factor")].endswith("^")


def _reworked(writing: Writing, value: Located, factor: re.Match[str] | None, turned: bool, begin: int) -> Located:
    if turned:
        writing.note(begin, "transposed, as the sign behind the array says")
        value = transposed(value)
    if factor:
        writing.note(begin, f"every number taken times {factor['factor']}")
        value = scaled(value, factor["factor"])
    return value


def _latex(writing: Writing, begin: int, end: int) -> Located:
    """The one matrix of a text, or several that are parted by commas or line ends."""
    matrices = find_matrices(writing, begin, end)
    if not matrices:
        writing.refuse(begin, "equations stand here where an array belongs")
    text = writing.text
    factor = _FACTOR_BEFORE.match(text, begin, matrices[0].begin)
    before = _DELIMITER.sub("", text[factor.end() if factor else begin : matrices[0].begin])
    if before and (factor or not _MINUS.fullmatch(before)):
        writing.refuse(begin, f"{quoted(cut(before))} stands in front of the matrix; write the matrix alone")
    last = matrices[-1]
    behind = _DELIMITER.sub("", text[_turn_end(text, last.end, end) : end]).strip(".,;")
    if behind:
        writing.refuse(last.end, f"{quoted(cut(behind))} stands behind the matrix; write the matrix alone")
    values = [_turned(writing, matrix) for matrix in matrices]
    for first, second in pairwise(matrices):
        between = text[_turn_end(text, first.end, second.begin) : second.begin]
        if _DELIMITER.sub("", between).strip(",;\\"):
            writing.refuse(first.end, "more than matrices stands here; write the result alone")
        if not any(sign in between for sign in (",", ";", "\n", "quad", "\\\\")):
            rule = "two matrices side by side are a product, or two answers: write the result, or a comma between"
            writing.refuse(second.begin, rule)
    value = values[0] if len(values) == 1 else writing.listed(values, matrices[0].begin)
    if before:
        return scaled(value, "-1")
    return _reworked(writing, value, factor, turned=False, begin=begin)


def _turned(writing: Writing, matrix: Matrix) -> Located:
    """A matrix, transposed where a sign behind it says so."""
    if _turn_end(writing.text, matrix.end, len(writing.text)) == matrix.end:
        return matrix.value
    writing.note(matrix.begin, "transposed, as the sign behind the array says")
    return transposed(matrix.value)


def _turn_end(text: str, begin: int, end: int) -> int:
    """Where the sign of a transposition behind a matrix ends, or where the matrix ends."""
    place = begin
    while place < end and (delimiter := _DELIMITER.match(text, place, end)):
        place = delimiter.end()
    turned = _TRANSPOSED.match(text, place, end)
    return turned.end() if turned else begin
