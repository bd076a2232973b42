r"""Answers in running text: who says what, from the pieces of a document.

A name is taken from the equation itself, or from what stands before it: the words of its line, a line that ends in a
colon, a heading. What no name can be found for, and what is no value, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import ANSWERS, RUNNING, SIDES
from hwcheck.submissions.beginnings import CALL, NUMBER
from hwcheck.submissions.labels import LEADING, clean_label, is_name, name_in
from hwcheck.submissions.loose_values import Reading, is_numberish, read_printed, read_value, trimmed
from hwcheck.submissions.model import Answer
from hwcheck.submissions.notes import Note
from hwcheck.submissions.numbers import cut
from hwcheck.submissions.pieces import FENCE, LINE, MATH, TABLE, Piece, pieces
from hwcheck.submissions.pipe_tables import Found, is_rule, read_table, read_tabular
from hwcheck.submissions.places import Expanded, Places
from hwcheck.submissions.plain_array import count_cells
from hwcheck.submissions.plain_type import plain_type
from hwcheck.submissions.printers import PAGE, printed_block, without_print
from hwcheck.submissions.reach import OPENS_ARRAY, ROW, Reach
from hwcheck.submissions.sentences import in_prose, is_supposed, said_name, sentences
from hwcheck.submissions.typeset import Chain, Side, chains

__all__ = ["running_answers"]

# Languages of which a fenced block is a program: only what it sets to plain numbers is read of it.
_PROGRAMS = frozenset(
    {
        "python", "py", "python3", "ipython", "c", "cpp", "java", "javascript", "js", "julia", "r", "matlab",
        "octave", "bash", "sh", "yaml", "json",
    }
)  # fmt: skip
_DELIMITER = re.compile(r"\*\*(?:(?<![\w)\]]\*\*)|(?![\w(]))|`|\$|\\(?:(?<!\\\\)[()]|\$)")
_HEADING = re.compile(r"[ \t>]*(?:\#{1,6}[ \t]|\\(?:sub)*section\*?\{|\\paragraph\{|\\item\s*\[)")
_WORDS = re.compile(r"[^\W_][\w'.\-]*(?: [\w'.\-()]+){0,5}")
_DASHED = re.compile(
    r"(?:[Tt]he[ \t]+)?(?P<name>\S{1,40})(?:[ \t]+(?:[-–—]|is|equals))?[ \t]+"
    r"(?P<value>(?:(?<=is[ \t])[+\-−]|(?<=equals[ \t])[+\-−])?[0-9]*[.,][0-9]+)[.\s]*"
)
_PRODUCT = re.compile(rf"[ \t]*{NUMBER}[ \t]+[^\W\d]\w{{0,30}}[ \t]*")
_PRINTED = re.compile(
    r"[ \t]*(?:>>>[ \t]*)?(?P<name>[^\W\d][^\s:=]{0,40})[ \t]*"
    r"(?P<value>(?:(?<=[ \t])[+\-]?[0-9.][0-9.eE+\-]*|\[.*|"
    rf"{CALL}.*))[ \t]*"
)


class _Name(NamedTuple):
    text: str
    at: int


class _Collector:
    """The answers of a document while it is gone through."""

    def __init__(self, text: str, start: Location, latex: bool, expanded: Expanded | None = None) -> None:
        self.text = text
        self.plain = _DELIMITER.sub(lambda found: " " * len(found.group()), text)
        self.places = Places(text, start, expanded)
        self.latex = latex
        self.found: list[Answer] = []
        self.label: _Name | None = None  # what names the value that follows
        self.tried: _Name | None = None  # the label for which a block was looked for
        self.last: tuple[_Name, int | None] | None = None  # the equation before, which a '=' goes on with; its answer
        self.reach = Reach(self.plain)
        self.cells = 0

    def run(self, parts: Sequence[Piece]) -> list[Answer]:
        for i, piece in enumerate(parts):
            if piece.begin < self.reach.done:
                continue
            if piece.kind == MATH:
                self.equations(piece.begin, piece.end, self.label)
            elif piece.kind == FENCE:
                self.fence(piece)
            elif piece.kind == TABLE:
                self._rows(read_tabular(self.plain, piece.begin, piece.end, self.places, ""), piece.begin)
            elif piece.kind == LINE and i + 1 < len(parts) and is_rule(self._line(parts[i + 1])):
                self.table(parts, i)
            elif self._line(piece).strip():
                self.line(piece)
        return self.found

    def _line(self, piece: Piece) -> str:
        return self.text[piece.begin : piece.end] if piece.kind == LINE else ""

    # What is found

    def add(self, name: _Name, reading: Reading | None, *, typeset: bool) -> int | None:
        """Note an answer; the number it has. Raises InputError where there are too many numbers."""
        if reading is None:
            return None
        place = self.places.at(name.at)
        self.cells += count_cells(reading.value)
        if self.cells > RUNNING.values:
            rule = f"more than {RUNNING.values:,} numbers stand in this text; so many are read at most"
            raise InputError([Fault(place, rule)])
        if len(self.found) >= ANSWERS:
            rule = f"more than {ANSWERS:,} answers stand in this text; so many are read at most"
            raise InputError([Fault(place, rule)])
        self.found.append(self._answer(name, reading, scanned=typeset and not reading.formula))
        return len(self.found) - 1

    def _answer(self, name: _Name, reading: Reading, *, scanned: bool = False) -> Answer:
        value, formula, fault, notes = reading
        return Answer(name.text, value, self.places.at(name.at), True, scanned, formula, fault, notes)

    def named(self, name: _Name, reading: Reading | None, *, typeset: bool) -> None:
        """Note the answer of an equation that a further line may go on with."""
        self.last = (name, self.add(name, reading, typeset=typeset))
        self.label = None

    # Equations

    def equations(self, begin: int, end: int, label: _Name | None) -> None:
        """Typeset equations; ``label`` is what stands before them."""
        for chain in chains(self.text, begin, end):
            value = self._value_of(chain)
            if value is None:
                continue
            reading = read_value(self.text, value.begin, value.end, self.places, typeset=True)
            if len(chain.sides) == 1:
                if label and reading and not reading.formula:
                    self.named(label, reading, typeset=True)
                continue
            if chain.goes_on:
                self._go_on(reading, label)
                continue
            name = self._name_in(self.text, chain) or label
            if name:
                for other in self._further_names(chain, name):
                    self.add(other, reading, typeset=True)
                self.named(name, reading, typeset=True)
            label = None

    def _go_on(self, reading: Reading | None, label: _Name | None) -> None:
        """A further line of an equation: its right end goes before what was found so far."""
        if self.last is None:
            if label:
                self.named(label, reading, typeset=True)
            return
        name, number = self.last
        if reading is None:
            return
        aside = False
        if number is not None and number == len(self.found) - 1:
            aside = self.found.pop().aside
        self.last = (name, self.add(name, reading, typeset=True))
        if aside:
            self.found[-1] = self.found[-1]._replace(aside=True)

    def _value_of(self, chain: Chain) -> Side | None:
        """The last side in which something stands."""
        for side in reversed(chain.sides if len(chain.sides) == 1 else chain.sides[1:]):
            begin, end = trimmed(self.text, *side)
            if begin < end:
                return side
        return None

    def _name_in(self, text: str, chain: Chain) -> _Name | None:
        """The first side of an equation that is a name; in ``Note: x = 3`` it is the x."""
        names = []
        for side in chain.sides[: min(len(chain.sides) - 1, SIDES)]:
            label = name_in(clean_label(text[side.begin : side.end]))
            names.append(_Name(label, _first(text, side)) if is_name(label) else None)
        titled = len(names) > 1 and ":" in text[chain.sides[0].end : chain.sides[1].begin]
        if titled and names[1] is not None:
            return names[1]
        return next((name for name in names if name is not None), None)

    def _further_names(self, chain: Chain, first: _Name) -> Iterator[_Name]:
        r"""The names that an equation gives its value besides the first: ``\\delta_o = \\nabla_{net_o} E = 0.3``."""
        if ":" in self.text[chain.sides[0].end : chain.sides[1].begin]:
            return
        for side in chain.sides[1:-1][:2]:
            label = clean_label(self.text[side.begin : side.end])
            if label != first.text and is_name(label):
                yield _Name(label, _first(self.text, side))

    # Lines

    def line(self, piece: Piece, *, printed: bool = False, program: bool = False) -> None:
        """A line of text, or one of a program's output."""
        begin, end = piece.begin, piece.end
        page = PAGE.match(self.plain, begin, end)
        begins, self.tried = self.label is not self.tried, self.label  # only once for a label: it may reach far
        if block := printed_block(self.plain, begin) if page or (self.label and begins) else None:
            self._block(block, page)
            return
        typeset = [chains(self.text, *span) for span in piece.inside]
        related = [any(len(chain.sides) > 1 for chain in found) for found in typeset]
        if any(related) and not any(self._ends_open(found) for found in typeset):
            self._mixed(piece, related)
            return
        lead = LEADING.match(self.plain, begin, end)
        begin = lead.end() if lead and not printed else begin
        if ROW.fullmatch(self.plain, begin, end) or OPENS_ARRAY.match(self.plain, begin, end):
            self._value_alone(begin, end)
            return
        self.last = None if not piece.inside else self.last
        has_relation = False
        for chain in sentences(self.plain, chains(self.plain, begin, end)):
            if len(chain.sides) > 1:
                has_relation = True
                self._plain(chain, end, typeset=bool(piece.inside), program=program)
        if not has_relation:
            self._without_relation(piece, begin, end, printed=printed)

    def _ends_open(self, found: Sequence[Chain]) -> bool:
        """Whether the value of an equation stands outside of it: ``$W =$ [0.1, 0.2]``."""
        return any(len(chain.sides) > 1 and _is_empty(self.text, chain.sides[-1]) for chain in found)

    def _mixed(self, piece: Piece, related: Sequence[bool]) -> None:
        """A line with whole equations in it, each of which may have its name before it."""
        at = piece.begin
        for span, has_relation in zip(piece.inside, related, strict=True):
            before = self.plain[at : span[0]].rstrip()
            label = clean_label(before) if before[-1:] in (":", "=", "≈") else ""
            name = (
                _Name(label, at + len(before) - len(before.lstrip()))
                if label
                else self.label
                if not before.strip()
                else None
            )
            if "=" in before[:-1]:
                self._said(at, at + len(before))
            if before.strip(" ,.;&") and not has_relation:
                self.last = None
            if has_relation:
                self.equations(*span, name)
            at = span[1] + 1
        self.label = None
        self._said(at, piece.end)
        behind = self.plain[at : piece.end].rstrip()
        if behind[-1:] in (":", "=") and is_name(label := clean_label(behind)):
            self.label = _Name(label, at + len(behind) - len(behind.lstrip()))

    def _said(self, begin: int, end: int) -> None:
        """Equations in the words between typeset ones."""
        for chain in sentences(self.plain, chains(self.plain, begin, end)):
            if len(chain.sides) > 1 and not chain.goes_on and not _is_empty(self.plain, chain.sides[-1]):
                name = self._name_in(self.plain, chain) or said_name(self.plain, chain.sides[0])
                reading = read_value(self.plain, *chain.sides[-1], self.places, typeset=False)
                self.aside(name, reading, chain.sides[-1].begin)

    def aside(self, name: tuple[str, int] | None, reading: Reading | None, begin: int) -> None:
        """Note what is said in passing: numbers, and not of what would be otherwise."""
        if name and reading and not reading.formula and not is_supposed(self.plain, begin):
            number = self.add(_Name(*name), reading, typeset=False)
            if number is not None:
                self.found[number] = self.found[number]._replace(aside=True)

    def _plain(self, chain: Chain, end: int, *, typeset: bool, program: bool) -> None:
        """An equation in plain text; its array may run over further lines."""
        name, said = self._name_in(self.plain, chain), None
        if name is None:
            first = clean_label(self.plain[chain.sides[0].begin : chain.sides[0].end])
            said = None if chain.goes_on else said_name(self.plain, chain.sides[0])
            if not chain.goes_on and _WORDS.fullmatch(first) and not is_numberish(first):
                name = _Name(first, _first(self.plain, chain.sides[0]))
            name = name or self.label
        if name is None and said is None:
            return
        value = chain.sides[-1]
        if _is_empty(self.plain, value):
            filled = [side for side in chain.sides[1:] if not _is_empty(self.plain, side)]
            if not filled or self._array_follows(end):
                self.label = name or self.label
                return
            value = filled[-1]
        if value.end >= end:
            value = Side(value.begin, self.reach.rows_end(value.begin, self.reach.array_end(value.begin, value.end)))
        reading = read_value(self.plain, value.begin, value.end, self.places, typeset=typeset)
        if reading is not None and reading.formula and (program or self._is_prose(chain, value)):
            reading = None
        if reading is not None and not typeset:
            reading = reading._replace(notes=(*reading.notes, *self._products(chain)))
        self.aside(said, reading, value.begin)
        prose = in_prose(self.plain, name.at) if name and reading and not reading.formula and not said else False
        if name is not None and prose is not False:
            before = len(self.found)
            self.aside(name if prose else None, reading, value.begin)
            self.last, self.label = (name, before if len(self.found) > before else None), None
        elif name is not None:
            self.named(name, reading, typeset=False)
            if reading and reading.formula and value != chain.sides[-1]:  # H = max(0, Z): and the numbers below
                self.label = name
        if self.reach.rest:
            rest, self.reach.rest = self.reach.rest, None
            self.line(Piece(LINE, *rest))

    def _products(self, chain: Chain) -> Iterator[Note]:
        """What may have been meant for the end of one equation and the name of the next: ``a = 0.7 b = 0.1``."""
        for side in chain.sides[1:-1][:SIDES]:
            if _PRODUCT.fullmatch(self.plain, *side):
                written = cut(self.plain[side.begin : side.end].strip())
                rule = f"{written!r} is taken for a product; where it ends one equation and begins the next"
                yield Note(self.places.at(_first(self.plain, side)), f"{rule}, write a comma between them")

    def _array_follows(self, end: int) -> bool:
        """Whether the next line is an array, or a row of one: ``Z = X W + c =``."""
        following = self.reach.next_line(end)
        return following is not None and bool(
            ROW.fullmatch(self.plain, *following) or OPENS_ARRAY.match(self.plain, *following)
        )

    def _is_prose(self, chain: Chain, value: Side) -> bool:
        """Whether words stand behind a colon where a formula could stand."""
        text = self.plain[value.begin : value.end]
        words = re.findall(r"(?<![\\\w])[^\W\d_]{2,}(?![\w(])", text)
        return (":" in self.plain[chain.sides[0].end : value.begin] and len(words) >= 2) or len(words) > 6

    def _without_relation(self, piece: Piece, begin: int, end: int, *, printed: bool) -> None:
        """A line without '=' or ':' may name what follows, or print a name and its value."""
        line = self.plain[begin:end]
        if dashed := _DASHED.fullmatch(line):
            label = clean_label(dashed["name"])
            if is_name(label):
                value = begin + dashed.start("value")
                self.named(
                    _Name(label, begin), read_value(self.plain, value, end, self.places, typeset=False), typeset=False
                )
                return
        shown = _PRINTED.fullmatch(line)
        if shown and is_name(shown["name"]) and (printed or shown["value"][0] not in "0123456789.+-"):
            value = begin + shown.start("value")
            reading = read_value(self.plain, value, self.reach.array_end(value, end), self.places, typeset=False)
            self.named(_Name(shown["name"], begin), reading, typeset=False)
            return
        label = clean_label(line)
        if label and (is_name(label) or _HEADING.match(self.text, piece.begin, piece.end)):
            self.label = _Name(label, begin)
        elif not is_numberish(line):
            self.label = None

    def _value_alone(self, begin: int, end: int) -> None:
        """A line that begins an array or is a row of numbers: what the label before it names."""
        if OPENS_ARRAY.match(self.plain, begin, end):
            end = self.reach.array_end(begin, end)
        else:
            while (following := self.reach.next_line(end)) and ROW.fullmatch(self.plain, *following):
                end = following[1]
            self.reach.done = end + 1
        if self.label is not None:
            self.named(self.label, read_value(self.plain, begin, end, self.places, typeset=False), typeset=False)

    def _block(self, block: re.Match[str], page: re.Match[str] | None) -> None:
        """What MATLAB or pandas printed; pages of MATLAB have their name above each, or ``ans``."""
        begin, end = block.span()
        self.reach.done = end
        label = self.label if page is None or page["name"] == "ans" else _Name(page["name"], begin)
        if label is not None:
            self.named(label, read_printed(self.plain, begin, end, self.places), typeset=False)

    # Blocks

    def fence(self, piece: Piece) -> None:
        """Program output, line by line."""
        begin = piece.begin
        program = piece.info in _PROGRAMS
        while begin < piece.end:
            close = self.plain.find("\n", begin, piece.end)
            close = piece.end if close < 0 else close
            indented = program and self.plain[begin : begin + 1] in (" ", "\t")
            if begin >= self.reach.done and not indented and self.plain[begin:close].strip():
                self.line(Piece(LINE, begin, close), printed=not program, program=program)
            begin = close + 1
        self.label = None

    def table(self, parts: Sequence[Piece], first: int) -> None:
        """A table: its head, the rule below it, its rows."""
        last = first + 1
        while (
            last + 1 < len(parts)
            and "|" in self._line(parts[last + 1])
            and parts[last].end + 1 == parts[last + 1].begin
        ):
            last += 1
        lines = [(piece.begin, piece.end) for k, piece in enumerate(parts[first : last + 1]) if k != 1]
        self.reach.done = parts[last].end + 1
        label = self.label
        self.label = self.last = None
        found = read_table(self.plain, lines, self.places, label.text if label else "")
        self._rows(found, label.at if label else lines[0][0])

    def _rows(self, rows: Iterable[Found], otherwise: int) -> None:
        """Note the answers of a table; those without a place of their own stand at ``otherwise``."""
        for found in rows:
            at = otherwise if found.at is None else found.at
            number = self.add(_Name(found.name, at), found.reading, typeset=False)
            if number is not None and found.steps:
                steps = tuple(self._answer(_Name(step.name, step.at or at), step.reading) for step in found.steps)
                self.found[number] = self.found[number]._replace(steps=steps)
        self.label = self.last = None


def running_answers(
    text: str, start: Location, *, latex: bool = False, expanded: Expanded | None = None
) -> list[Answer]:
    """The answers in a text, in its order. Raises InputError where it holds more numbers than are read."""
    text = plain_type(without_print(text), latex=latex)
    return _Collector(text, start, latex, expanded).run(pieces(text, latex=latex))


def _first(text: str, side: Side) -> int:
    part = text[side.begin : side.end]
    return side.begin + len(part) - len(part.lstrip())


def _is_empty(text: str, side: Side) -> bool:
    return not text[side.begin : side.end].strip(" \t\n.,;&$*`\\")
