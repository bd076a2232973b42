"""Numbers as students write them, one cell at a time.

What has one sensible reading is read; everything else is a complaint, never a guess. A cell is a number, or scalar
arithmetic such as ``-log(0.999)``: nothing in it may be an array, so that no cell costs more than its few characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from hwcheck.errors import InputError, Location, quoted
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Constant
from hwcheck.graph.op import Op
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import ARRAY_TEXTS, CELL, EXPRESSIONS, NUMBER, SUBMISSION, Expressions
from hwcheck.located import Block, Scalar
from hwcheck.ops.catalogue import ops
from hwcheck.submissions.number_latex import in_signs
from hwcheck.submissions.number_text import Unreadable, bare_number, cut, plain_number

__all__ = [
    "BLANKS",
    "NumberReader",
    "Reading",
    "TooManyError",
    "Unreadable",
    "cut",
    "is_blank",
    "plain_numbers",
    "read_number",
]

BLANKS = frozenset({"", "_", "?", "-", "--", "–", "—", "...", "…", "n/a", "na", "none", "null", "~", "todo"})
CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
FUNCTIONS = (
    *("exp", "log", "ln", "log2", "log10", "sqrt", "abs", "sin", "cos"),
    *("tanh", "sigmoid", "relu", "softplus", "sign", "maximum", "minimum"),
)

_PLAIN = frozenset("0123456789+-.eE")
_PLAIN_BYTES = b"0123456789+-.eE"
_SURELY_FINITE = 300  # characters without a power of ten: floats reach to 1.8e308
_INFINITE = re.compile(r"([+-]?)(?:\.?inf|infinity|∞)")
# What syntax, not a name, makes of single numbers: a if b > c else d.
_SYNTAX = ("neg", "where", "pick", "stack")
_FRACTIONS: Mapping[str, float] = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
    "⅙": 1 / 6, "⅚": 5 / 6, "⅐": 1 / 7, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8, "⅑": 1 / 9, "⅒": 1 / 10,
}  # fmt: skip
# A number and a word behind it: a unit, a remark. An operator that is a word begins none.
_BEHIND_NUMBER = re.compile(
    r"([+\-−]?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?)\s?([^\W\d_]{2}.*|[(][^\W\d_]{2}.*)", re.DOTALL
)
_DIFFERENCE = re.compile(r"[0-9.]+ ?[-−–—] ?[0-9.]+")
_FRACTION = re.compile(rf"([+-]?)([0-9]{{0,15}}) ?([{''.join(_FRACTIONS)}])")


class TooManyError(Unreadable):
    """A submission has had so many expressions evaluated that this one is not."""


def is_blank(text: str) -> bool:
    """Whether a cell was left open: empty, ``_``, ``?``, ``n/a`` ..."""
    return text.strip().casefold() in BLANKS


class Reading(NamedTuple):
    """A number, and what is to be said about how it was read: nothing, or ``3,14 read as 3.14``."""

    value: float
    note: str = ""


class NumberReader:
    """Reads the cells of one submission. Equal texts are evaluated once, and only so many different ones are.

    Plain numbers cost next to nothing and are not counted.
    """

    def __init__(self, most: Expressions = EXPRESSIONS) -> None:
        self._most = most
        self._characters_left = most.characters
        self.values_left = SUBMISSION.values
        """So many cells and lists may still be read from texts that are arrays."""
        self.texts_left = ARRAY_TEXTS.all
        """So much work may still be done for such texts, by ``limits.ARRAY_TEXTS``."""
        self._known: dict[str, Reading | Unreadable] = {}  # never longer than the budget

    def read(self, cell: Scalar) -> float:
        """The number in a cell. Raises Unreadable, and TooManyError where the budget is spent."""
        return self.read_noted(cell).value

    def read_noted(self, cell: Scalar) -> Reading:
        """The number in a cell, and how it was read where that is worth a note. Raises as ``read`` does."""
        text = cell.text.strip()
        number = _plain(text)
        if number is not None and math.isfinite(number):
            return Reading(number)
        known = self._known.get(text)
        if known is None:
            self._pay(text)
            known = self._known[text] = _outcome(text)
        if isinstance(known, Unreadable):
            before = len(cell.text) - len(cell.text.lstrip()) + int(cell.quoted and not isinstance(cell, Block))
            raise Unreadable(known.message, known.offset and known.offset + before)
        return known

    def _pay(self, text: str) -> None:
        """Take the cost of one more expression from the budget. Raises TooManyError."""
        cost = min(len(text), CELL.characters)  # a longer one is refused for its length alone
        if len(self._known) >= self._most.number:
            rule = f"more than {self._most.number:,} different expressions"
        elif cost > self._characters_left:
            rule = f"different expressions of more than {self._most.characters:,} characters together"
        else:
            self._characters_left -= cost
            return
        raise TooManyError(f"{rule} stand in this file; write the others as numbers")


def read_number(cell: Scalar) -> float:
    """The number in a single cell: plain, or an arithmetic expression such as ``-log(0.999)``. Raises Unreadable."""
    return NumberReader().read(cell)


def _plain(text: str) -> float | None:
    """The number that a text is, if it is a plain one; 1/3 and the like are not, nor 1-2 and 1.2.3."""
    if len(text) > NUMBER:
        return None
    if "−" in text:
        text = text.replace("−", "-")
    if not _PLAIN.issuperset(text):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def plain_numbers(words: Sequence[str]) -> list[float] | None:
    """The numbers that some words are, each as ``NumberReader`` reads it; None where not all are plain and finite."""
    together = "".join(words)
    longest = max(map(len, words), default=0) if len(together) > _SURELY_FINITE else 0
    if longest > NUMBER or not together.isascii() or together.encode().translate(None, _PLAIN_BYTES):
        return None
    try:
        numbers = list(map(float, words))
    except ValueError:
        return None
    if longest <= _SURELY_FINITE and "e" not in together and "E" not in together:
        return numbers
    return numbers if all(map(math.isfinite, numbers)) else None


def _outcome(text: str) -> Reading | Unreadable:
    try:
        return _uncommon(text)
    except Unreadable as problem:
        return problem


def _uncommon(text: str) -> Reading:
    """The number that a text is which is no plain one of Python."""
    number = _plain(text)
    if number is None and (spelled := plain_number(text)):
        return Reading(_finite(spelled.value, text), spelled.note)
    if number is not None:
        return Reading(_finite(number, text))
    if len(text) > CELL.characters:
        rule = f"this has {len(text):,} characters; a number or its arithmetic has at most {CELL.characters:,}"
        raise Unreadable(rule)
    bare = bare_number(text)
    signs = bare.casefold().replace("−", "-").replace("\\infty", "∞").replace("±", "+-")
    if found := _INFINITE.fullmatch(signs):
        return Reading(-math.inf if found[1] == "-" else math.inf)
    if found := _FRACTION.fullmatch(signs):
        number = float(found[2] or 0) + _FRACTIONS[found[3]]
        return Reading(-number if found[1] == "-" else number)
    for pattern, advice in _MISTAKES:
        if found := re.fullmatch(pattern, signs, re.ASCII):
            raise Unreadable(advice(found[0]))
    try:
        number = _expression(bare)
    except Unreadable as problem:
        raise Unreadable(problem.message, problem.offset and problem.offset + text.find(bare)) from None
    upwards = number < 0 and _DIFFERENCE.fullmatch(bare)  # as a range goes, 0.3-0.6
    return Reading(number, f"{cut(bare)} read as a difference, {number:.15g}" if upwards else "")


def _expression(text: str) -> float:
    if text.isalpha() and text.casefold() not in {*CONSTANTS, *ops()}:
        raise Unreadable("a number belongs here, not a word")
    written, columns = in_signs(text)
    try:
        node = build(Source(written, Location("", 1, 1), CELL), Scope(CONSTANTS, _arithmetic()))
    except InputError as error:
        if behind := _BEHIND_NUMBER.fullmatch(text):
            rule = f"{quoted(cut(behind[2]))} stands behind the number {cut(behind[1])}: write the number alone"
            raise Unreadable(rule, behind.start(2)) from None
        fault = error.faults[0]
        raise Unreadable(fault.message, columns[min(max(fault.location.column - 1, 0), len(columns) - 1)]) from None
    if node.shape:
        raise Unreadable(f"a single number belongs here, but this is an array of {node.size}")
    return _finite(float(node.value if isinstance(node, Constant) else Plan([node]).run({})[0][0]), text)


@cache
def _arithmetic() -> Mapping[str, Op]:
    """What a cell may be made of. A sign, unlike a name, cannot be called: all but @ are harmless."""
    known = ops()
    signs = (name for name in known if not name.isidentifier() and name != "@")
    return {name: known[name] for name in (*signs, *FUNCTIONS, *_SYNTAX)}


def _finite(number: float, text: str) -> float:
    """The number. An infinity is written as one (inf); 1e999 and 1/0 are none."""
    if not math.isfinite(number):
        raise Unreadable(f"{quoted(cut(text))} has no finite value")
    return number


def _comma(text: str) -> str:
    whole, _, decimals = text.partition(",")
    number = f"{whole.strip()}.{decimals.strip()}"
    if not whole.strip(" +-") or " " in whole.strip() or " " in decimals.strip():
        return f"{quoted(cut(text))} is not one number"
    return f"{quoted(cut(text))} is {cut(number)}, or two numbers: write one with a point, and two between brackets"


def _thousands(text: str) -> str:
    both = f"the one number {text.replace(' ', '')}, or {text.count(' ') + 1} numbers"
    return f"{quoted(cut(text))} is {both}: write one without blanks, and several between brackets"


def _raised_point(text: str) -> str:
    point, product = (re.sub("[·⋅∙•]", sign, text) for sign in (".", " * "))
    return f"{quoted(cut(text))} is {cut(point)}, or the product {cut(product)}: write a point or *"


def _divided_twice(text: str) -> str:
    first, _, rest = text.replace(" ", "").partition("/")
    second, _, others = rest.partition("/")
    both = f"({first}/{second})/{others}, or {first}/({second}/{others})"
    return f"{quoted(cut(text))} is {both}: put brackets around what is divided first"


def _mixed(text: str) -> str:
    whole, fraction = text.split(" ")
    return f"{quoted(cut(text))} is {whole} and {fraction}, or two numbers: write {whole} + {fraction} if that is meant"


def _in_decimal(text: str) -> str:
    return f"a number is written in decimal digits: write {int(text, 0)}"


def _without_underscore(text: str) -> str:
    return f"a number is written without '_': write {cut(text.replace('_', ''))}"


def _letter(text: str) -> str:
    found = next(sign for sign in text if sign in "oil")
    digit = "0" if found == "o" else "1"
    return f"{found!r} is a letter: write the digit {digit} if that is meant"


def _about(rule: str) -> Callable[[str], str]:
    return lambda text: rule.format(quoted(text))


# What is near to a number and none, and what to say about it. The texts are in small letters, and short.
_MISTAKES: Sequence[tuple[str, Callable[[str], str]]] = (
    (r"[+-]?nan", "nan is no number".format),
    (r"[+-]?[0-9 ]*,[0-9 ]*[0-9]", _comma),
    (r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]*)?", _thousands),
    (r"[+-]?[0-9]+ [0-9]+/[0-9]+", _mixed),
    (r"(?:\+-|\+/-|\\pm) ?[0-9.]+", _about("{} is two numbers, one with each sign: write the one that is meant")),
    (
        r"[+-]?[0-9.]+(?:e[+-]?[0-9]+)? ?(?:\+-|\+/-|\\pm) ?[0-9.]+(?:e[+-]?[0-9]+)?",
        _about("{} is a number with an error, or a difference: write the number alone"),
    ),
    (r"--[0-9.]+", _about("{} is the negative number, or two signs one after the other: write one sign")),
    (r"[+-]?[0-9]+[·⋅∙•][0-9]+", _raised_point),
    (r"[+-]?[0-9.]+(?: ?/ ?[0-9.]+){2,9}", _divided_twice),
    (r"(?:.*[^a-z])?(?:and|or|not)[^a-z].*", _about("{} is no single number: write the one that is meant")),
    (r"(?!.*\bif\b)[^<>=!]*(?:[<>]=?|[=!]=)[^<>=!]*", _about("{} is true or false, and no number")),
    (r"#.*", _about("{} is what a spreadsheet shows where it has no number")),
    (r"[+-]?[0-9]+(?::[0-9.]+)+", "':' belongs in no number".format),
    (r"[+-]?0(?:x[0-9a-f]{1,16}|b[01]{1,64}|o[0-7]{1,22})", _in_decimal),
    (r"(?=.*_)[+-]?[0-9][0-9_.]*(?:e[+-]?[0-9]+)?", _without_underscore),
    (r"(?:.*[0-9.)] ?[+-])? ?[0-9.]+(?:e[+-]?[0-9]+)? ?[ij]", "a real number belongs here, not a complex one".format),
    (r"[+-]?[0-9]*\.[0-9]*\.[0-9.]*", "a number has one decimal point, this has more".format),
    (r"[+-]?[0-9]*[oil](?:\.[0-9]+)?|[+-]?[0-9]*\.[0-9]*[oil][0-9]*", _letter),
    (r".*@.*", "@ multiplies arrays, and here belongs a single number".format),
    (r"yes|no|true|false|on|off", _about("a number belongs here, not the word {}: write 1 or 0 if that is meant")),
)
