"""The short ways through submissions in YAML and JSON against the full readers: what they take, both read alike.

Run as a program it tries as many changed texts as it is told, and prints how many were taken::

    python -m tests.support.plain_agreement 200000 [SEED [json]]
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hwcheck.errors import InputError
from hwcheck.limits import SUBMISSION, Limits
from hwcheck.located import List, Located, Map
from hwcheck.located_json import read_json
from hwcheck.located_plain import read_plain
from hwcheck.located_plain_json import read_plain_json
from hwcheck.located_yaml import read_yaml
from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem
from hwcheck.reports.template import template_text
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.numbers import NumberReader
from tests.support import located_values
from tests.support.filled_templates import filled

FIXTURES = Path(__file__).parents[2] / "fixtures"
STYLES = ("program", "rounded", "hand")
# What means something to YAML, to the reader of numbers, or to the grammar of the short way.
PIECES: Sequence[str] = (
    *("[", "]", "[[", "]]", "],[", "], [", ",", ", ", ",,", "{", "}", "{a: 1}", ":", ": ", "#", " #", "# x"),
    *(" # [1]", "- ", "-", "--", "---\n", "...\n", "?", "? ", "!", "!!x ", "&a ", "*a", "|", ">", "'", '"', "''"),
    *("%", "@", "`", "\n", "\n\n", "\n  ", "\n    ", "\n      ", "\n]", "\n    - ", "\n    - - ", "\n  - [1]\n"),
    *(" ", "  ", "\t", "\\", "_", "~", "=", "<<", "<<: 1\n", "a", "e", "E", ".", "..", "...", "+", "1", "01", "1."),
    *(".5", "1e5", "1e999", "1_0", "nan", "inf", "1/3", "-log(0.5)", "3,14", "1 2", "1 - 2", "- 1", "−1", "½"),
    *("√2", "é", "\u00a0", "\u2028", "\ufeff", "\x85", "\x07", "\r", "\x7f", "x: 1\n", "  x: 1\n", "    x: 1\n"),
    *("x:\n", "  x:\n", "h0: [1]\n", "  h0: [1]\n", '"a": 1\n', "  'a': 1\n", "  - 1\n", "    - 1\n"),
    *("    - [1, 2]\n", "    - - 1\n", "[_]", "[]", "[[1], [2]]", "9"*320),
)  # fmt: skip
SMALL = Limits(bytes=1000, depth=4, values=60)


class Ways(NamedTuple):
    """The short way through a format, and the full reader."""

    short: Callable[[str, str, Limits], Map | None]
    full: Callable[[str, str, Limits], Located | None]


YAML = Ways(read_plain, read_yaml)
JSON = Ways(read_plain_json, read_json)


def agrees(text: str, limits: Limits = SUBMISSION, ways: Ways = YAML) -> bool:
    """Whether the short way takes a text; then its tree and its numbers are those of the full reader."""
    plain = ways.short(text, "ada", limits)
    if plain is None:
        return False
    try:
        full = ways.full(text, "ada", limits)
    except InputError as error:
        raise AssertionError(f"taken, but refused by the full reader: {error}\n{text}") from None
    assert full is not None, text
    readers = NumberReader(), NumberReader()
    for short, long in zip(_values(plain), _values(full), strict=True):
        _same_cells(read_cells(short, readers[0]), read_cells(long, readers[1]), text)
    assert plain == full, text
    return True


def _values(tree: Located) -> Iterator[Located]:
    """What stands under the names, without what is in a list."""
    for _, value in tree.entries if isinstance(tree, Map) else ():
        if isinstance(value, Map):
            yield from _values(value)
        else:
            yield value


def _same_cells(short: object, long: object, text: str) -> None:
    if not (isinstance(short, Cells) and isinstance(long, Cells)):
        assert short == long, text
        return
    assert (short.shape, short.values.dtype, short.values.tobytes()) == (long.shape, long.values.dtype, long.values.tobytes()), text  # fmt: skip  # noqa: E501
    assert (short.blank.shape, short.blank.dtype, short.blank.tobytes()) == (long.blank.shape, long.blank.dtype, long.blank.tobytes())  # fmt: skip  # noqa: E501
    assert short[2:] == long[2:], text


def is_still_text(tree: Located) -> bool:
    """Whether no list below a mapping has been built."""
    return all(value.written is not None for value in _values(tree) if isinstance(value, List))


def templates() -> dict[str, str]:
    """The template of every problem of the library."""
    return {name: template_text(load_problem(path)) for name, path in library().items()}


def json_of(text: str, chance: random.Random) -> str:
    """A filled-in template as JSON, in one of the forms in which programs write it; a blank is null."""
    forms: Sequence[dict[str, Any]] = ({}, {}, {"indent": 1}, {"indent": 4}, {"separators": (",", ":")})
    tree = located_values.plain(read_yaml(text, "ada", SUBMISSION))
    tree["answers"] = {name: _bare(value) for name, value in tree["answers"].items()}
    return re.sub('"@|@"', "", json.dumps(tree, **chance.choice(forms)))


def _bare(value: Any) -> Any:
    """Its words marked, so that they lose their quotes, but for single ones that JSON would not take without."""
    if isinstance(value, list):
        return list(map(_bare, value)) if isinstance(value[0], list) else [f"@{_word(word)}@" for word in value]
    return f"@{_word(value)}@" if re.fullmatch(r"_|-?\d+\.\d+(?:e-?\d+)?", value) else value


def _word(word: str) -> str:
    return "null" if word == "_" else word


def changed(count: int, seed: int, *, as_json: bool = False) -> Iterator[str]:
    """So many texts: templates that were filled in and then changed."""
    chance = random.Random(seed)  # noqa: S311  no secret
    empty = sorted(templates().values(), key=len)[:40]
    texts = [filled(text, chance, style) for text in empty for style in STYLES] + empty
    texts += [path.read_text("utf-8") for path in sorted((FIXTURES / "published").glob("*.yaml"))]
    if as_json:
        texts = [json_of(text, chance) for text in texts]
    for _ in range(count):
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            text = _changed(text, chance, texts)
        yield text


def _changed(text: str, chance: random.Random, texts: Sequence[str]) -> str:
    begin = chance.randrange(len(text) + 1)
    if chance.random() < 0.6:  # where the answers are, not the comments above
        begin = max(begin, text.find("answers:"))
    end = min(len(text), begin + chance.choice((1, 1, 2, 4, 16, 64)))
    kind = chance.randrange(7)
    if kind == 0:
        return text[:begin] + text[end:]
    if kind == 1:
        return text[:begin] + text[begin:end] * 2 + text[end:]
    if kind == 2:
        return text[:begin] + chance.choice(PIECES) + text[end:]
    if kind == 3:
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        lines[at:at] = chance.choice(([lines[at]], [chance.choice(lines)], [""], ["  " + lines[at]]))
        return "\n".join(lines)
    if kind == 4:
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        lines[at] = chance.choice(
            (lines[at][1:], "  " + lines[at], " " + lines[at], lines[at] + " ", lines[at].strip())
        )
        return "\n".join(lines)
    if kind == 5 and chance.random() < 0.2:
        other = chance.choice(texts)
        return text[:begin] + other[chance.randrange(len(other)) :]
    return text[:begin] + chance.choice(PIECES) + text[begin:]


def try_all(count: int, seed: int, ways: Ways = YAML) -> int:
    """Try so many changed texts, each with the usual limits or small ones; give how many were taken."""
    taken = 0
    for number, text in enumerate(changed(count, seed, as_json=ways is JSON)):
        taken += agrees(text, SMALL if number % 5 == 0 else SUBMISSION, ways)
    return taken


if __name__ == "__main__":
    many, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    chosen = JSON if sys.argv[3:] == ["json"] else YAML
    print(f"{many:,} texts agree, {try_all(many, first, chosen):,} of them taken by the short way")  # noqa: T201
