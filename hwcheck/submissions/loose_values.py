r"""Values as they stand in running text: a number, an array, a formula, or nothing of the kind.

Numbers are left as they are written; arrays go to the one reader of arrays; a formula in LaTeX is put into the
language of formulas where that can be done without a doubt.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from hwcheck.errors import Fault, InputError
from hwcheck.limits import LATEX_FORMULA, SUBMISSION
from hwcheck.located import List, Located, Scalar
from hwcheck.located_build import too_many
from hwcheck.submissions.array_text import looks_like_array, read_array_noted
from hwcheck.submissions.beginnings import CALL, FRACTIONS, NUMBER, WORDS
from hwcheck.submissions.latex_formula import UntranslatableError, translated
from hwcheck.submissions.notes import Note
from hwcheck.submissions.number_text import Unreadable, plain_number
from hwcheck.submissions.numbers import is_blank
from hwcheck.submissions.places import Places
from hwcheck.submissions.plain_array import plain_array
from hwcheck.submissions.typeset import Side, matrices

__all__ = ["Reading", "is_numberish", "read_printed", "read_value"]

# What may stand in the arithmetic of single numbers. A letter beside a digit or a point is a misread digit (O.552).
_NUMBER_WORDS = frozenset(
    {
        r"e", r"E", r"x", r"X", r"pi", r"exp", r"log", r"ln", r"sqrt", r"sin", r"cos", r"tanh", r"sigmoid", r"relu",
        r"abs", r"min", r"max", r"inf", r"nan", r"infinity", r"ReLU", r"\times", r"\cdot", r"\frac", r"\dfrac",
        r"\tfrac", r"\left", r"\right", r"\sqrt", r"\ln", r"\log", r"\exp", r"\sin", r"\cos", r"\tanh", r"\pi",
        r"\infty", r"\div", r"\max", r"\min", r"\sigma", r"\approx", r"\,", r"\mathrm", r"\text", r"\pm",
    }
)  # fmt: skip
_WORD = re.compile(rf"\\[A-Za-z]+|[^\W\d_{FRACTIONS}]+")
_DIGIT = re.compile(rf"[\d{FRACTIONS}]")
# What is a number, or meant for one, though it has letters and no digit, or letters that no arithmetic has.
_ODD_NUMBER = re.compile(
    r"[+\-−]?(?:inf|infinity|∞|\\infty|nan|0[xX][0-9a-fA-F]{1,16}|[0-9]{0,20}\.[0-9]{0,20}[fF])", re.IGNORECASE
)
_LOOK_ALIKE = re.compile(r"[OoDQlIiSBZzbgq|]{1,2}")
_TRAILING = re.compile(
    r"(?:\\(?:quad|qquad|checkmark|blacksquare|square|hline|nonumber|notag|,|;|!|:|\\)(?![A-Za-z])"
    r"|\(\s{0,3}\\(?:text|mbox|textrm)\{[^{}]{0,80}\}\s{0,3}\)|\\(?:text|tag|label|mbox|textrm|textit)\*?\{[^{}]{0,80}\}|\\(?:end|begin)\{[a-zA-Z]{1,20}\*?\}(?:\{[a-z|]{0,20}\})?|\\[)\]])$"
)
_CUT_OFF = frozenset(" \t\n\u00a0.,;&$*`✓✔")
_SPACE = re.compile(r"[^\\]\\[ ,;]")
_LEADING = re.compile(r"(?:\s|&|\\(?:quad|qquad|,|;|!|:)(?![A-Za-z])|\\displaystyle(?![A-Za-z])|[$`*]|\\[(\[])+")
_END = re.compile(r"\\end\s?\{([A-Za-z]{1,20})")
_WRAPPER = re.compile(r"\\(?:boxed|mathbf|textbf|underline|fbox|bm|boldsymbol|mathrm|text|underline)\s?\{")
_ENVIRONMENT = re.compile(r"\\begin\s?\{array\}\s?\{[^{}]{0,60}\}|\\begin\s?\{[A-Za-z]+\*?\}|\\end\s?\{[A-Za-z]+\*?\}")
# Between 0.4 and (0.593), or between brackets; not in log2(0.5), nor in 0.123(4), whose last digit is not certain.
_TWO_NUMBERS = re.compile(rf"{NUMBER}\s?\(\s?{NUMBER}\s?\)")
_IMPLIED = re.compile(r"(?P<left>(?<![\w.^])(?:[0-9]+\.?[0-9]*|\.[0-9]+)|\))[ ]?(?=\([^()]{0,200}[.+*/\-])")
_RELATION = re.compile(r"[=≈]|\\(?:approx|simeq|doteq|cong)(?![A-Za-z])")
_CELL_SEPARATOR = re.compile(r"\\\\|[&\n;]")
_PLAIN_SEPARATOR = re.compile(r"[\s,;&]+")
_ARRAY = re.compile(rf"\s*(?:{CALL}|(?:\\left\s?)?(?:\[|\\?\{{))")
_TURNED = (
    r"(?:\^\s?(?:\{\s?)?(?:T|\\(?:top|intercal)(?![A-Za-z])"
    r"|\\(?:mathsf|mathrm|mathit|text|rm|sf)\s?(?:\{\s?T\s?\}|T))(?:\s?\})?|ᵀ)"
)
_TUPLE = re.compile(rf"\s*(?:\\left\s?)?\((?=[^()]{{1,400}}[,;]|[^(),;]*[,;])([^()]*)\)(?:\s*{_TURNED})?\s*")
_TRANSPOSED = re.compile(rf"\s*{_TURNED}\s*")
_NOTHING = re.compile(r"(?:\s|[,;&]|\\(?:quad|qquad|,|;|!|:|\\)(?![A-Za-z])|\\text\{\s*and\s*\})*")
_POWER = re.compile(
    r"\s*(?:\\times|\\cdot)?\s*10\s?\^\s?\{?\s?(?P<power>[+\-−]?[0-9]{1,3})\s?\}?\s*(?:\\times|\\cdot|\\,)?\s*"
)
# What is written behind a number without being part of it.
_REMARK = re.compile(
    rf"\s*(?P<number>{NUMBER})(?:(?:\s*[.,;]\s+|\s+)(?:\((?=[^\W\d])|because|since|as|so|which|rounded|is|for|after|before|from"
    r"|with|if|by|nats?|bits?|see|after|in|to|per|correct|using|approx\w*)(?![=(])|\s*(?:\#|//|←|<-)|\s+%(?=\s*\S)).*",
    re.DOTALL,
)
# ... and what makes it two numbers: 0.47 (or 0.5), 0.4 to 0.5, but not 0.47 to 2 places.
_OTHER_NUMBER = re.compile(r"[\s(,;]*(?:or|to)\s+(?:maybe |perhaps |about )?[+\-−]?[0-9]{0,20}\.[0-9]")


class Reading(NamedTuple):
    """What a value is. ``fault`` says why it could not be read; ``formula`` that it is made of names.

    ``notes`` say how an array was read that could have been written more plainly.
    """

    value: Located
    formula: bool = False
    fault: Fault | None = None
    notes: tuple[Note, ...] = ()


def is_numberish(text: str) -> bool:
    """Whether a text is a number, or arithmetic of numbers, even one in which a digit is hardly legible."""
    if not _DIGIT.search(text):
        return False
    for word in _WORD.finditer(text):
        before, behind = text[word.start() - 1 : word.start()], text[word.end() : word.end() + 1]
        if before.isdigit() and behind.isdigit():
            continue  # 11.978x6 is a number that is spoiled, no formula
        if word.group() in ("x", "X"):
            if not re.match(r"\s?10\s?(?:\^|\*\*)", text[word.end() : word.end() + 8]):
                return False
        elif word.group() not in _NUMBER_WORDS and not _is_misread(text, word):
            return False
    return True


def _is_misread(text: str, word: re.Match[str]) -> bool:
    """Whether letters stand where a digit should: beside a digit or a point, and looking like one."""
    beside = text[word.start() - 1 : word.start()] + text[word.end() : word.end() + 1]
    return _LOOK_ALIKE.fullmatch(word.group()) is not None and re.search(r"[0-9.]", beside) is not None


def read_value(text: str, begin: int, end: int, places: Places, *, typeset: bool) -> Reading | None:
    """What stands in a part of a text, as a value; None where it is none. ``typeset`` says that it is LaTeX."""
    begin, end = trimmed(text, begin, end)
    part = text[begin:end]
    place = places.at(begin)
    if plain := plain_array(part, place):
        return Reading(plain)
    if is_blank(part):
        return Reading(Scalar(part, place)) if part else None
    found = matrices(text, begin, end) if "\\begin" in part else []
    if found:
        return _of_matrices(text, Side(begin, end), found, places)
    if _ARRAY.match(part) or _TUPLE.fullmatch(part) or (is_numberish(part) and looks_like_array(part)):
        return _listed(text, begin, end, places)
    if not typeset and (remark := _REMARK.fullmatch(part)):
        several = _OTHER_NUMBER.match(part, remark.end("number"))
        return Reading(Scalar(part if several else remark["number"], place))
    if is_numberish(part) or _ODD_NUMBER.fullmatch(part):
        return Reading(Scalar(_arithmetic(part), place))
    if not _WORD.search(part) or len(part) > LATEX_FORMULA.characters:
        return None
    return Reading(Scalar(_formula(part), place), formula=True)


def read_printed(text: str, begin: int, end: int, places: Places) -> Reading:
    """What a program printed over several lines, as an array."""
    begin, end = trimmed_once(text, begin, end)
    return _array(text, Side(begin, end), places)


def trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """The part without white space, punctuation, bold type and boxes around it."""
    if leading := _LEADING.match(text, begin, end):
        begin = leading.end()
    while end > begin:
        if text[end - 1] in _CUT_OFF:
            end -= 2 if end - 1 > begin and _SPACE.fullmatch(text, end - 3, end) else 1
            continue
        found = _TRAILING.search(text, max(begin, end - 100), end)
        if found is None:
            break
        if (closed := _END.match(text, found.start(), end)) and text.rfind(f"\\begin{{{closed[1]}", begin, end) >= 0:
            break
        end = found.start()
    if wrapper := _WRAPPER.match(text, begin, end):
        closing = text.find("}", wrapper.end(), end)
        if closing in (-1, end - 1):
            return trimmed_once(text, wrapper.end(), end if closing < 0 else closing)
    if end > begin and text[end - 1] == "}" and text.count("{", begin, end) < text.count("}", begin, end):
        end -= 1
    return begin, end


def trimmed_once(text: str, begin: int, end: int) -> tuple[int, int]:
    """The part without white space around it."""
    part = text[begin:end]
    return begin + len(part) - len(part.lstrip()), begin + len(part.rstrip())


def _of_matrices(text: str, whole: Side, found: list[Side], places: Places) -> Reading | None:
    """One matrix, or several that stand side by side: the channels of one answer."""
    numeric = [_mostly_numbers(text[part.begin : part.end]) for part in found]
    if not all(numeric):
        return Reading(Scalar(text[whole.begin : whole.end], places.at(whole.begin)), formula=True)
    before = text[whole.begin : found[0].begin]
    gaps = [text[a.end : b.begin] for a, b in itertools.pairwise(found)]
    behind = text[found[-1].end : whole.end]
    turned = _TRANSPOSED.fullmatch(behind) is not None
    joined = re.search(r"[+\-−*/=^]\s*$|\\(?:cdot|odot|times|circ)\s*$|[0-9)\w}]\s*$", before)
    alone = not before.strip() or (len(found) > 1 and joined is not None and joined.group().strip() in (")", "}"))
    fits = all(_NOTHING.fullmatch(gap) for gap in gaps) and (turned or _NOTHING.fullmatch(behind))
    place = places.at(whole.begin)
    power = _POWER.fullmatch(before) or _POWER.fullmatch(behind)
    if len(found) == 1 and power and (before if power.string == behind else behind).strip() == "":
        reading = _array(text, found[0], places)
        return reading if reading.fault else Reading(_scaled(reading.value, power["power"]))
    if not (fits and (alone or _opens(before))):
        rule = "this is not worked out: write the numbers that come of it, as one matrix"
        return Reading(Scalar(_short(text, whole), place), fault=Fault(place, rule))
    read = [_array(text, part, places) for part in found]
    if failed := next((reading for reading in read if reading.fault), None):
        return failed
    values = [reading.value for reading in read]
    if turned:
        values = [_transposed(value) for value in values]
    notes = tuple(note for reading in read for note in reading.notes)
    return Reading(values[0] if len(values) == 1 else List(tuple(values), values[0].location), notes=notes)


def _scaled(value: Located, power: str) -> Located:
    """Numbers times a power of ten that stands beside all of them, made a part of each. As deep as arrays nest."""
    if isinstance(value, List):
        return List(tuple(_scaled(item, power) for item in value.items), value.location)
    if isinstance(value, Scalar) and re.fullmatch(NUMBER, value.text.strip()):
        return value._replace(text=f"{value.text.strip()} \\times 10^{{{power}}}")
    return value


def _opens(before: str) -> bool:
    """Whether what stands before a matrix is only the bracket or the words that it stands in."""
    return re.fullmatch(r"(?:\s|\\left\s?[\[({.|]|[\[(]|\\text\{[^{}]{0,80}\})*", before) is not None


def _listed(text: str, begin: int, end: int, places: Places) -> Reading | None:
    """An array in brackets."""
    part = text[begin:end]
    inner = WORDS.sub(" ", part)
    cells = [
        cell for cell in _PLAIN_SEPARATOR.split(inner.replace("\\", " ").strip("[](){} ")) if cell.strip("[](){}=.':")
    ]
    if not cells:  # [True, False] is told as what it is
        return _array(text, Side(begin, end), places) if re.search(r"\b(?:True|False)\b", part) else None
    if len(cells) > SUBMISSION.values:
        place = places.at(begin)
        return Reading(Scalar(_short(text, Side(begin, end)), place), fault=too_many(place, SUBMISSION))
    if sum(is_numberish(cell) or is_blank(cell.strip("[]")) for cell in cells) * 2 < len(cells):
        place = places.at(begin)
        return Reading(Scalar(_formula(part), place), formula=True) if len(part) <= LATEX_FORMULA.characters else None
    return _array(text, Side(begin, end), places)


def _array(text: str, part: Side, places: Places) -> Reading:
    """What the reader of arrays makes of a part."""
    written, place = text[part.begin : part.end], places.at(part.begin)
    if tuple_ := _TUPLE.fullmatch(written):
        written = f"{' ' * (tuple_.start(1) - 1)}[{tuple_[1].replace(chr(92) + 'right', ' ' * 6)}]"
    try:
        found = read_array_noted(written, place)
    except InputError as error:
        fault = error.faults[0]
        return Reading(Scalar(_short(text, part), place), fault=fault)
    return Reading(found.value, notes=found.notes)


def _short(text: str, part: Side) -> str:
    written = text[part.begin : min(part.end, part.begin + 60)]
    return written if part.end - part.begin <= 60 else f"{written[:57]}..."


def _mostly_numbers(matrix: str) -> bool:
    """Whether the cells of a matrix are numbers, at least half of them."""
    bare = _WRAPPER.sub("{", _ENVIRONMENT.sub(" ", matrix))  # a number in bold type is one
    cells = [cell.strip() for cell in _CELL_SEPARATOR.split(bare) if cell.strip()]
    if re.match(
        r"\\begin\s?\{[a-zA-Z]{0,9}matrix", matrix
    ):  # 0.2 + 0.3 = 0.5 is the 0.5, but for cases x = 0 says when
        cells = [_RELATION.split(cell)[-1] for cell in cells]
    good = sum(is_numberish(cell) or is_blank(cell) for cell in cells)
    return bool(good) and good * 2 >= len(cells)


def _transposed(value: Located) -> Located:
    """Rows as columns; a single row or column becomes the other. Ragged rows are left as they are."""
    if not isinstance(value, List):
        return value
    rows = [row.items if isinstance(row, List) else (row,) for row in value.items]
    if len({len(row) for row in rows}) != 1 or any(isinstance(cell, List) for row in rows for cell in row):
        return value
    if not isinstance(value.items[0], List):
        return value  # a flat vector is the same numbers either way
    return List(tuple(List(tuple(column), column[0].location) for column in zip(*rows, strict=True)), value.location)


def _arithmetic(part: str) -> str:
    """Arithmetic in LaTeX as the language of cells has it; a plain number stays as it is written."""
    if _TWO_NUMBERS.fullmatch(part):
        return part  # 0.393 (0.39) is a number and what it is rounded to, or else a product
    if "\\" not in part:
        return _IMPLIED.sub(r"\g<left>*", part)
    if re.fullmatch(rf"\s*{NUMBER}\s*\\(?:times|cdot)\s*10\s*\^.*|-?\\[dt]?frac\{{[^{{}}]*\}}\{{[^{{}}]*\}}", part):
        return part
    try:
        if plain_number(part) is not None:  # 1\\,234 is no product
            return part
        return translated(part)
    except (UntranslatableError, Unreadable):
        return part


def _formula(part: str) -> str:
    """A formula in the language of formulas, or as it is written where that is not sure."""
    if not re.search(r"[\\^_'{]", part):
        return part
    try:
        return translated(part)
    except UntranslatableError:
        return part.replace("\\sum", "∑   ")
