r"""Answers in running text: who says what, from the pieces of a document.

A name is taken from the equation itself, or from what stands before it: the words of its line, a line that ends in a
colon, a heading. What no name can be found for, and what is no value, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hwcheck.errors import Location
from hwcheck.submissions.beginnings import CALL
from hwcheck.submissions.collected import Collected
from hwcheck.submissions.corrections import without_taken_back
from hwcheck.submissions.drawn import without_drawing
from hwcheck.submissions.equations import (
    first_of,
    forward,
    further_names,
    is_checked,
    is_empty,
    is_prose,
    name_of,
    names_in,
    products,
    subject_of,
    term_of,
    value_of,
)
from hwcheck.submissions.given import Given
from hwcheck.submissions.labels import LEADING, Name, clean_label, is_name, name_in
from hwcheck.submissions.loose_values import is_numberish, read_printed, read_value
from hwcheck.submissions.model import Answer
from hwcheck.submissions.pieces import FENCE, HTML, LINE, MATH, TABLE, Piece, pieces
from hwcheck.submissions.pipe_tables import is_rule, read_html, read_table, read_tabular
from hwcheck.submissions.places import Expanded, Places
from hwcheck.submissions.plain_type import plain_type
from hwcheck.submissions.printers import PAGE, printed_block, without_print
from hwcheck.submissions.reach import OPENS_ARRAY, ROW, Reach
from hwcheck.submissions.said import SAID, heading_name
from hwcheck.submissions.sentences import hangs, in_prose, is_rejected, said_name, sentences
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
_PRINTED = re.compile(
    r"[ \t]*(?:>>>[ \t]*)?(?P<name>[^\W\d][^\s:=]{0,40})[ \t]*"
    r"(?P<value>(?:(?<=[ \t])[+\-]?[0-9.][0-9.eE+\-]*|\[.*|"
    rf"{CALL}.*))[ \t]*"
)


class _Document:
    """A text while it is gone through, piece by piece; ``so_far`` is what was found in it."""

    def __init__(self, text: str, start: Location, expanded: Expanded | None = None) -> None:
        self.text = text
        self.plain = _DELIMITER.sub(lambda found: " " * len(found.group()), text)
        self.places = Places(text, start, expanded)
        self.so_far = Collected(self.plain, self.places)
        self.tried: Name | None = None  # the label for which a block was looked for
        self.reach = Reach(self.plain)

    def run(self, parts: Sequence[Piece]) -> list[Answer]:
        given = Given(self._line(piece) for piece in parts)
        for i, piece in enumerate(parts):
            if given.holds(self._line(piece)) or piece.begin < self.reach.done:
                continue
            if piece.kind == MATH:
                self.equations(piece.begin, piece.end, self.so_far.label)
            elif piece.kind == FENCE:
                self.fence(piece)
            elif piece.kind == TABLE:
                self.so_far.rows(read_tabular(self.plain, piece.begin, piece.end, self.places, ""), piece.begin)
            elif piece.kind == HTML:
                label = self.so_far.label
                found = read_html(self.plain, piece.begin, piece.end, self.places, label.text if label else "")
                self.so_far.rows(found, label.at if label else piece.begin)
            elif piece.kind == LINE and i + 1 < len(parts) and is_rule(self._line(parts[i + 1])):
                self.table(parts, i)
            elif self._line(piece).strip():
                self.line(piece)
        return self.so_far.answers

    def _line(self, piece: Piece) -> str:
        return self.text[piece.begin : piece.end] if piece.kind == LINE else ""

    # Equations

    def equations(self, begin: int, end: int, label: Name | None) -> None:
        """Typeset equations; ``label`` is what stands before them."""
        for chain in chains(self.text, begin, end):
            chain = forward(self.text, chain)
            value = value_of(self.text, chain)
            if value is None:
                continue
            reading = read_value(self.text, value.begin, value.end, self.places, typeset=True)
            if len(chain.sides) == 1:
                if label and reading and not reading.formula:
                    self.so_far.named(label, reading, typeset=True)
                continue
            if chain.goes_on:
                self.so_far.go_on(reading, label, typeset=True)
                continue
            name = name_of(self.text, chain) or label or term_of(self.text, chain)
            if names := names_in(self.text, chain):
                self.so_far.each(names, reading, typeset=True)
                self.so_far.last = None
            elif name:
                for other in further_names(self.text, chain, name):
                    self.so_far.add(other, reading, typeset=True)
                self.so_far.named(name, reading, typeset=True)
            label = None

    # Lines

    def line(self, piece: Piece, *, printed: bool = False, program: bool = False) -> None:
        """A line of text, or one of a program's output."""
        begin, end = piece.begin, piece.end
        page = PAGE.match(self.plain, begin, end)
        label, first = self.so_far.label, self.so_far.label is not self.tried
        self.tried = label
        if block := printed_block(self.plain, begin) if page or (label and first) else None:  # it may reach far
            self._block(block, page)
            return
        typeset = [chains(self.text, *span) for span in piece.inside]
        related = [any(len(chain.sides) > 1 for chain in found) for found in typeset]
        if any(related) and not any(self._ends_open(found) for found in typeset):
            self._mixed(piece, related)
            return
        if _HEADING.match(self.text, begin, end) and (name := heading_name(self.plain[begin:end])):
            self.so_far.label = Name(name, begin)
            return
        lead = LEADING.match(self.plain, begin, end)
        begin = lead.end() if lead and not printed else begin
        if ROW.fullmatch(self.plain, begin, end) or OPENS_ARRAY.match(self.plain, begin, end):
            self._value_alone(begin, end)
            return
        goes_on = self.plain[begin : begin + 1] in ("=", "≈") or self.plain[begin:end].lstrip()[:1] in ("=", "≈")
        self.so_far.last = self.so_far.last if piece.inside or goes_on else None
        has_relation = False
        for chain in sentences(self.plain, chains(self.plain, begin, end)):
            if len(chain.sides) > 1:
                has_relation = True
                if chain.goes_on and self.so_far.last:
                    value = value_of(self.plain, chain)
                    if value:
                        reading = read_value(self.plain, *value, self.places, typeset=bool(piece.inside))
                        self.so_far.go_on(reading, None, typeset=bool(piece.inside))
                elif SAID in self.plain[chain.sides[0].end : chain.sides[-1].begin]:
                    self._aside(chain)
                else:
                    self._plain(forward(self.plain, chain), end, typeset=bool(piece.inside), program=program)
        if not has_relation:
            self._without_relation(piece, begin, end, printed=printed)

    def _ends_open(self, found: Sequence[Chain]) -> bool:
        """Whether the value of an equation stands outside of it: ``$W =$ [0.1, 0.2]``."""
        return any(len(chain.sides) > 1 and is_empty(self.text, chain.sides[-1]) for chain in found)

    def _mixed(self, piece: Piece, related: Sequence[bool]) -> None:
        """A line with whole equations in it, each of which may have its name before it."""
        at = piece.begin
        for span, has_relation in zip(piece.inside, related, strict=True):
            before = self.plain[at : span[0]].rstrip()
            label = clean_label(before) if before[-1:] in (":", "=", "≈") else ""
            name = (
                Name(label, at + len(before) - len(before.lstrip()))
                if label
                else self.so_far.label
                if not before.strip()
                else None
            )
            if re.search(r"[=≔]", before[:-1]):
                self._said(at, at + len(before))
            if not has_relation and SAID in self.plain[at : piece.end]:
                continue  # $O_6$ is $0.474$
            if before.strip(" ,.;&") and not has_relation:
                self.so_far.last = None
            if has_relation:
                self.equations(*span, name)
            at = span[1] + 1
        self.so_far.label = None
        self._said(at, piece.end)
        behind = self.plain[at : piece.end].rstrip()
        if behind[-1:] in (":", "=") and is_name(label := clean_label(behind)):
            self.so_far.label = Name(label, at + len(behind) - len(behind.lstrip()))

    def _said(self, begin: int, end: int) -> None:
        """Equations in the words between typeset ones."""
        for chain in sentences(self.plain, chains(self.plain, begin, end)):
            if len(chain.sides) > 1 and not chain.goes_on and not is_empty(self.plain, chain.sides[-1]):
                self._aside(chain)

    def _aside(self, chain: Chain) -> None:
        """An equation that a sentence says in passing."""
        chain = forward(self.plain, chain)
        name = name_of(self.plain, chain) or said_name(self.plain, chain.sides[0])
        reading = read_value(self.plain, *chain.sides[-1], self.places, typeset=False)
        self.so_far.aside(name, reading, chain.sides[-1].begin)

    def _plain(self, chain: Chain, end: int, *, typeset: bool, program: bool) -> None:
        """An equation in plain text; its array may run over further lines."""
        if names := names_in(self.plain, chain):
            self.so_far.each(
                names, read_value(self.plain, *chain.sides[-1], self.places, typeset=typeset), typeset=False
            )
            return
        name, said = name_of(self.plain, chain), None
        if name is None:
            first = clean_label(self.plain[chain.sides[0].begin : chain.sides[0].end])
            said = None if chain.goes_on else said_name(self.plain, subject_of(self.plain, chain))
            if not chain.goes_on and _WORDS.fullmatch(first) and not is_numberish(first):
                name = Name(first, first_of(self.plain, chain.sides[0]))
            name = name or self.so_far.label or (None if chain.goes_on else term_of(self.plain, chain))
        if name is None and said is None:
            return
        value = chain.sides[-1]
        if is_empty(self.plain, value):
            filled = [side for side in chain.sides[1:] if not is_empty(self.plain, side)]
            if not filled or self._array_follows(end):
                self.so_far.label = name or self.so_far.label
                return
            value = filled[-1]
        if value.end >= end:
            value = Side(value.begin, self.reach.rows_end(value.begin, self.reach.array_end(value.begin, value.end)))
        reading = read_value(self.plain, value.begin, value.end, self.places, typeset=typeset)
        if reading is not None and reading.formula and (program or is_prose(self.plain, chain, value)):
            reading = None
        if is_rejected(self.plain, value.begin):
            return
        if reading is not None and not typeset:
            reading = reading._replace(notes=(*reading.notes, *products(self.plain, chain, self.places)))
        self.so_far.aside(said, reading, value.begin)
        if said is None and name and is_checked(self.plain, chain):
            self.so_far.aside(name, reading, value.begin)
            return
        prose = in_prose(self.plain, name.at) if name and reading and not reading.formula and not said else False
        if name is not None and prose is not False:
            before = len(self.so_far.answers)
            self.so_far.aside(name if prose else None, reading, value.begin)
            self.so_far.last, self.so_far.label = (name, before if len(self.so_far.answers) > before else None), None
        elif name is not None:
            self.so_far.named(name, reading, typeset=False)
            if reading and reading.formula and value != chain.sides[-1]:  # H = max(0, Z): and the numbers below
                self.so_far.label = name
        if self.reach.rest:
            rest, self.reach.rest = self.reach.rest, None
            self.line(Piece(LINE, *rest))

    def _array_follows(self, end: int) -> bool:
        """Whether the next line is an array, or a row of one: ``Z = X W + c =``."""
        following = self.reach.next_line(end)
        return following is not None and bool(
            ROW.fullmatch(self.plain, *following) or OPENS_ARRAY.match(self.plain, *following)
        )

    def _without_relation(self, piece: Piece, begin: int, end: int, *, printed: bool) -> None:
        """A line without '=' or ':' may name what follows, or print a name and its value."""
        line = self.plain[begin:end]
        if (dashed := _DASHED.fullmatch(line)) and not hangs(self.plain, begin):
            label = clean_label(dashed["name"])
            if is_name(label):
                value = begin + dashed.start("value")
                self.so_far.named(
                    Name(label, begin), read_value(self.plain, value, end, self.places, typeset=False), typeset=False
                )
                return
        shown = _PRINTED.fullmatch(line)
        if shown and is_name(shown["name"]) and (printed or shown["value"][0] not in "0123456789.+-"):
            value = begin + shown.start("value")
            reading = read_value(self.plain, value, self.reach.array_end(value, end), self.places, typeset=False)
            self.so_far.named(Name(shown["name"], begin), reading, typeset=False)
            return
        label = name_in(clean_label(line))
        if label and (is_name(label) or _HEADING.match(self.text, piece.begin, piece.end)):
            self.so_far.label = Name(label, begin)
        elif not is_numberish(line):
            self.so_far.label = None

    def _value_alone(self, begin: int, end: int) -> None:
        """A line that begins an array or is a row of numbers: what the label before it names."""
        if OPENS_ARRAY.match(self.plain, begin, end):
            end = self.reach.array_end(begin, end)
        else:
            while (following := self.reach.next_line(end)) and ROW.fullmatch(self.plain, *following):
                end = following[1]
            self.reach.done = end + 1
        if label := self.so_far.label:
            self.so_far.named(label, read_value(self.plain, begin, end, self.places, typeset=False), typeset=False)

    def _block(self, block: re.Match[str], page: re.Match[str] | None) -> None:
        """What MATLAB or pandas printed; pages of MATLAB have their name above each, or ``ans``."""
        begin, end = block.span()
        self.reach.done = end
        label = self.so_far.label if page is None or page["name"] == "ans" else Name(page["name"], begin)
        if label is not None:
            self.so_far.named(label, read_printed(self.plain, begin, end, self.places), typeset=False)

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
        self.so_far.label = None

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
        label = self.so_far.label
        self.so_far.label = self.so_far.last = None
        found = read_table(self.plain, lines, self.places, label.text if label else "")
        self.so_far.rows(found, label.at if label else lines[0][0])


def running_answers(
    text: str, start: Location, *, latex: bool = False, expanded: Expanded | None = None
) -> list[Answer]:
    """The answers in a text, in its order. Raises InputError where it holds more numbers than are read."""
    text = plain_type(without_print(without_drawing(text)), latex=latex)
    found = _Document(text, start, expanded).run(pieces(text, latex=latex))
    return without_taken_back(found, expanded.source if expanded else text, start)
