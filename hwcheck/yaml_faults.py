"""What a place that YAML cannot read means to the person who wrote it.

The parser says where it stopped, and in which state: "expected <block end>, but found '<scalar>'". The state names the
family of the fault; what was done wrong shows in the text at that place. Each family is one small function below,
found by the parser's phrase; libyaml and PyYAML's own parser word theirs differently, and both are listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hwcheck.located_build import shown

__all__ = ["Advice", "Trouble", "explain", "lines_of", "not_read"]

_NOT_READ = {"*": "aliases ('*name')", "&": "anchors ('&name')", "!": "tags ('!type')"}
_LONGEST_KEY = 1024
# Patterns are compiled when a fault is found, not when this is imported.
_STRANGE_SPACE = r"(?:^ *|: *)([\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000])"
_LONE_QUESTION_MARK = r"(?<=[\s,\[{])\?(?=[\s,\]}]|$)"
_NO_SPACE_AFTER_COLON = r"\s*(?:- +)*([^\s:#'\"]+):([^\s:].*)"


class Trouble(NamedTuple):
    """What the parser said: its phrases, the place it stopped at and the place where the broken thing begins.

    Lines and columns count from 1; (0, 0) is unknown.
    """

    problem: str
    context: str
    stop: tuple[int, int]
    begin: tuple[int, int]
    opened: tuple[int, int]
    """The innermost bracket that is still open."""
    lines: Sequence[str]

    def line(self, number: int) -> str:
        """A line of the file; an empty one outside of it."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    @property
    def before(self) -> str:
        """What stands left of the place, in its line."""
        return self.line(self.stop[0])[: self.stop[1] - 1]

    @property
    def rest(self) -> str:
        """What stands at the place and right of it, in its line; the file's end is nothing."""
        return self.line(self.stop[0])[self.stop[1] - 1 :].strip()

    @property
    def at_end(self) -> bool:
        """Nothing follows in the whole file."""
        following = (line.strip() for line in self.lines[self.stop[0] :])
        return not self.rest and all(not line or line.startswith("#") for line in following)

    @property
    def found(self) -> str:
        """What stands at the place, for a message."""
        return shown(self.rest) if self.rest else "the end of the file" if self.at_end else "the end of the line"

    def previous(self) -> tuple[int, str]:
        """The number and text of the nearest line above that holds something; (0, "") where none does."""
        for number in range(self.stop[0] - 1, 0, -1):
            if self.line(number).strip():
                return number, self.line(number)
        return 0, ""


class Advice(NamedTuple):
    """Where to look, and what to say."""

    place: tuple[int, int]
    message: str


def lines_of(text: str) -> list[str]:
    """The lines of a text as YAML 1.1 counts them."""
    return re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text)


def not_read(sign: str, found: str) -> str:
    """The message about an alias, an anchor or a tag, by the sign that it begins with."""
    advice = f"write the value itself, or put a text that begins with {sign!r} in quotes"
    return f"{_NOT_READ[sign]} are not read, found {shown(found)}; {advice}"


def explain(trouble: Trouble) -> Advice:
    """What was done wrong, and what to do."""
    if trouble.stop[0] > len(trouble.lines):  # libyaml sets the end of the file on a line of its own
        trouble = trouble._replace(stop=(len(trouble.lines), len(trouble.lines[-1]) + 1))
    said = f"{trouble.context}; {trouble.problem}"
    for phrases, rule in _RULES:
        if re.search(phrases, said) and (advice := rule(trouble)):
            return advice
    check = "check the quotes, brackets, colons and the indentation of this line and the one above"
    return Advice(trouble.stop, f"cannot be read from here on, found {trouble.found}; {check}")


def _strange_space(trouble: Trouble) -> Advice | None:
    """A no-break space, as copied from a web page, indents a line or follows a colon."""
    for number in (trouble.begin[0], trouble.stop[0], trouble.previous()[0]):
        if found := re.search(_STRANGE_SPACE, trouble.line(number)):
            character = f"U+{ord(found.group(1)):04X}"
            message = f"this space is the character {character}, which YAML takes for a letter; type an ordinary space"
            return Advice((number, found.start(1) + 1), message)
    return None


def _tab(trouble: Trouble) -> Advice | None:
    number = trouble.stop[0]
    line = trouble.line(number)
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation:
        message = "a tab indents this line, but YAML counts spaces only; replace each tab by spaces"
        return Advice((number, indentation.index("\t") + 1), message)
    if line[trouble.stop[1] - 1 : trouble.stop[1]] == "\t":
        return Advice(trouble.stop, "a tab stands here; replace it by a space")
    return None


def _lone_question_mark(trouble: Trouble) -> Advice | None:
    """``[0.1, ?, 0.3]``: an answer that is not known. To YAML it begins a name."""
    number = trouble.stop[0]
    found = re.search(_LONE_QUESTION_MARK, trouble.line(number))
    return Advice((number, found.start() + 1), "put a '?' that stands alone in quotes") if found else None


def _bad_first_character(trouble: Trouble) -> Advice:
    first = trouble.rest[:1]
    return Advice(trouble.stop, f"no value may begin with {shown(first)}; put the text in quotes")


def _missing_space(trouble: Trouble, number: int) -> Advice | None:
    """``a:0.5`` in a line of its own."""
    line = trouble.line(number)
    if not (found := re.fullmatch(_NO_SPACE_AFTER_COLON, line)):
        return None
    better = shown(f"{found.group(1)}: {found.group(2)}")
    return Advice((number, found.end(1) + 1), f"a space is missing after the colon; write {better}")


def _no_colon(trouble: Trouble) -> Advice:
    """A line among the entries of a mapping that is none."""
    number, column = trouble.begin
    if advice := _missing_space(trouble, number):
        return advice
    return _line_without_colon(trouble, number, column)


def _line_without_colon(trouble: Trouble, number: int, column: int) -> Advice:
    line = trouble.line(number)[column - 1 :].strip()
    if len(line) > _LONGEST_KEY:
        return _long_key((number, column))
    return Advice((number, column), f"expected 'name: value', found {shown(line)}; a colon and a space are missing")


def _long_key(place: tuple[int, int]) -> Advice:
    return Advice(place, f"the name before the colon has more than {_LONGEST_KEY:,} characters; shorten it")


def _colon_not_allowed(trouble: Trouble) -> Advice:
    """A colon where a value, not a name, was being read: in ``a: b: c``, or on a line that continues the one above."""
    if len(trouble.before.strip()) > _LONGEST_KEY:
        return _long_key(trouble.stop)
    if re.search(r":\s", trouble.before):
        rule = "a second colon with a space in one entry; put the value in quotes, or begin a new line"
        return Advice(trouble.stop, rule)
    number, above = trouble.previous()
    if advice := _missing_space(trouble, number):
        return advice
    column = _indentation(trouble.before) + 1
    if re.search(r":(?:\s|$)", above):
        rule = f"this line is indented deeper than line {number}, whose entry has its value already"
        return Advice((trouble.stop[0], column), f"{rule}; begin both in the same column")
    if number:
        return _line_without_colon(trouble, number, _indentation(above) + 1)
    return Advice(trouble.stop, "a colon cannot stand here; put the text in quotes")


def _colon_before_bracket(trouble: Trouble) -> Advice:
    return Advice(trouble.stop, "a space and a value are missing after the colon; or put the text in quotes")


def _dash_not_allowed(trouble: Trouble) -> Advice:
    rule = "'- ' begins an item of a list, which needs a line of its own"
    return Advice(trouble.stop, f"{rule}; write a negative number without the space (-0.5), a lone '-' in quotes")


def _question_mark_not_allowed(trouble: Trouble) -> Advice:
    return Advice(trouble.stop, "'? ' cannot begin a value; put the text in quotes")


def _bracket_open(trouble: Trouble) -> Advice:
    """Between brackets something else came than a comma or the end."""
    number, column = trouble.begin
    opening = trouble.line(number)[column - 1 : column]
    closing = {"[": "]", "{": "}"}.get(opening, "]")
    if trouble.at_end:
        return Advice(trouble.begin, f"{opening!r} is never closed; add the missing {closing!r}")
    opened = f"{opening!r} of line {number}, column {column}"
    if trouble.rest[0] in "]}":
        return Advice(trouble.stop, f"the {opened} is closed by {trouble.rest[0]!r}; the two must match")
    # The parser stops at a colon, but what went wrong stands before the name left of it.
    name = re.search(r"[^\s,\[\]{}]*\s*$", trouble.before) if trouble.rest[0] == ":" else None
    at = trouble._replace(stop=(trouble.stop[0], name.start() + 1)) if name else trouble
    rule = f"a ',' is missing before this place, or the closing {closing!r} of the {opened}"
    return Advice(at.stop, f"{rule}; found {at.found}")


def _no_value(trouble: Trouble) -> Advice:
    """Something stands where a value must."""
    if trouble.at_end and trouble.opened[0]:
        return _bracket_open(trouble._replace(begin=trouble.opened))
    first = trouble.rest[:1]
    if first in ("]", "}"):
        return _closes_nothing(trouble)
    if first == ",":
        return Advice(trouble.stop, "a value is missing before this comma")
    if first == ":":
        return Advice(trouble.stop, "a name is missing before the colon")
    if first == "-":
        return _dash_not_allowed(trouble)
    return Advice(trouble.stop, f"a value is missing here, found {trouble.found}")


def _quote_open(trouble: Trouble) -> Advice:
    return Advice(trouble.begin, "this quote is never closed; add the closing one")


def _escape(trouble: Trouble) -> Advice:
    r"""``"\sigma"``: a backslash in double quotes. The two parsers stop at, or right after, the backslash."""
    number, column = trouble.stop
    backslash = trouble.line(number).rfind("\\", 0, column)
    written = shown(trouble.line(number)[backslash : backslash + 2])[1:-1].replace("\\\\", "\\")
    rule = rf"inside double quotes a backslash begins a code, and there is no code {written!s}"
    return Advice((number, backslash + 1), rf"{rule}; use single quotes, or write \\ for a backslash")


def _escape_number(trouble: Trouble) -> Advice:
    number, column = trouble.stop
    backslash = trouble.line(number).rfind("\\", 0, column)
    rule = r"\x, \u and \U need the 2, 4 or 8 hexadecimal digits of a character"
    return Advice((number, backslash + 1), f"{rule}; write the character itself, or use single quotes")


def _block_of_text(trouble: Trouble) -> Advice:
    number, column = trouble.begin
    first = trouble.line(number)[column - 1 : column]
    rule = f"{first!r} at the beginning announces a text on the lines below"
    return Advice(trouble.begin, f"{rule}, found {trouble.found}; put a text that begins so in quotes")


def _not_read(trouble: Trouble) -> Advice:
    number, column = trouble.begin
    word = trouble.line(number)[column - 1 :].split(maxsplit=1)[0]
    return Advice(trouble.begin, not_read(word[0], word))


def _order(trouble: Trouble) -> Advice:
    """A line that begins with ``%``, which some take for a comment."""
    if "incompatible" in trouble.problem:
        return Advice(trouble.stop, "the file asks for a version of YAML that is not read; delete this line")
    rule = "'%' at the beginning of a line gives orders to the YAML reader"
    return Advice(max(trouble.begin, (trouble.stop[0], 1)), f"{rule}; begin a comment with '#'")


def _after_the_value(trouble: Trouble) -> Advice:
    """Something follows the value of the whole file."""
    if any(line.startswith("%") for line in trouble.lines[: trouble.stop[0]]):
        return Advice(trouble.stop, "after a line that begins with '%' a line '---' is missing; or delete that line")
    if trouble.before.strip() == "" and trouble.begin == (0, 0):
        rule = "this line is indented less than the first one, or the file's value has ended above it"
        return Advice(trouble.stop, f"{rule}; begin all names of the file in the same column")
    return Advice(trouble.stop, f"the file's value has ended, found {trouble.found}")


_AFTER_CLOSING = {
    "'": "write an apostrophe inside single quotes twice: ''",
    '"': "put one pair of quotes around the whole value, single ones if it holds double ones",
    "]": "delete it, or put both into one list",
    "}": "delete it, or put both into one mapping",
}


def _no_name(trouble: Trouble) -> Advice:
    """Among the entries of a mapping stands something that is no entry."""
    before, rest = trouble.before.rstrip(), trouble.rest
    if rest[:1] in ("]", "}"):
        return _closes_nothing(trouble)
    if before[-1:] in _AFTER_CLOSING:
        rule = f"nothing may follow the closing {before[-1]} in this entry, found {trouble.found}"
        return Advice(trouble.stop, f"{rule}; {_AFTER_CLOSING[before[-1]]}")
    if rest.startswith(":"):
        return Advice(trouble.stop, "a name is missing before the colon")
    begin, column = trouble.begin
    if rest == "-" or rest.startswith("- "):
        rule = f"an item of a list stands among the entries of a mapping (which begins on line {begin})"
        return Advice(trouble.stop, f"{rule}; write 'name: value', or begin it in the column of its list's other items")
    rule = f"this line begins in column {trouble.stop[1]}, the mapping it belongs to (line {begin}) in column {column}"
    return Advice(trouble.stop, f"{rule}; begin both in the same column")


def _closes_nothing(trouble: Trouble) -> Advice:
    return Advice(
        trouble.stop, f"{trouble.rest[0]!r} closes nothing here; delete it, or add the bracket it should close"
    )


def _no_item(trouble: Trouble) -> Advice:
    begin, column = trouble.begin
    rule = f"the items of the list that begins on line {begin} begin with '- ' in column {column}"
    return Advice(trouble.stop, f"{rule}, found {trouble.found} in column {trouble.stop[1]}; check the indentation")


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


_RULES: tuple[tuple[str, Callable[[Trouble], Advice | None]], ...] = (
    (r"", _strange_space),
    (r"tab character|cannot start any token|expected key|<block end>", _tab),
    (r"cannot start any token", _bad_first_character),
    (r"unexpected ':'", _colon_before_bracket),
    (r"could not find expected ':'", _no_colon),
    (r"mapping values are not allowed", _colon_not_allowed),
    (r"sequence entries are not allowed", _dash_not_allowed),
    (r"parsing a flow|mapping keys are not allowed", _lone_question_mark),
    (r"mapping keys are not allowed", _question_mark_not_allowed),
    (r"parsing a flow (sequence|mapping)", _bracket_open),
    (r"node content", _no_value),
    (r"quoted scalar; found unexpected (end|document)", _quote_open),
    (r"scanning an (alias|anchor)|(scanning|parsing) a tag|undefined tag", _not_read),
    (r"unknown escape", _escape),
    (r"hexdecimal|hexadecimal|escape code", _escape_number),
    (r"scanning a block scalar", _block_of_text),
    (r"directive|incompatible|duplicate tag", _order),
    (r"document start", _after_the_value),
    (r"parsing a block mapping", _no_name),
    (r"parsing a block collection|parsing a block sequence", _no_item),
)
