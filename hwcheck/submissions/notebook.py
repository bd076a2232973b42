"""Submissions as notebooks: what their cells printed when the student ran them, and their Markdown. Nothing is run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import ANSWERS, FAULTS, LINES_ABOUT, NOTEBOOK, PRINTED
from hwcheck.located import List, Located, Map, Scalar, kind
from hwcheck.submissions.handed_over import running_text
from hwcheck.submissions.model import Answer, Parts, Reader, inside
from hwcheck.submissions.outputs import (
    bare_names,
    displayed_name,
    html_table,
    printed_answers,
    printed_side_by_side,
    shown_name,
    shown_names,
    shows_others,
    tuple_answers,
)

__all__ = ["NOTEBOOK_READER"]

_ABOUT = re.compile(
    r"[#*>\s-]{0,8}(problem|student|name|author)\**[ \t]*[:=]\**[ \t]*(\S.{0,100}?)[ \t*]*", re.IGNORECASE
)
_STUDENT = ("student", "name", "author")
_KEY = re.compile(r"[\s$_{}\\]")
_NUMBERS = re.compile(r"[0-9]+")
_EMPTY = "neither printed numbers with names nor answers in Markdown stand here: run all cells, print names, save it"


class _Cell(NamedTuple):
    """A cell, its number from 1, and its text."""

    number: int
    tree: Map
    kind: str
    source: str


def _read(text: str, file: str) -> Parts | None:
    from hwcheck.located_json import read_json

    if not text.strip():
        return None
    root = read_json(text, file, NOTEBOOK)
    if not isinstance(root, Map):
        raise InputError.at(root.location, f"a notebook is a mapping with 'cells', not {kind(root)}")
    cells = list(_cells(root))
    found: list[Answer] = []
    notes: list[Fault] = []
    faults: list[Fault] = []
    most = _most_lines(cells)
    for cell in cells:
        place = inside(file, f"cell {cell.number}")
        if cell.kind == "code":
            _outputs(cell, file, most, found, notes, faults)
        elif cell.kind in ("markdown", "heading", "raw"):
            found += running_text(cell.source, place._replace(line=1, column=1), faults)
    about = _about(root, cells, file)
    answers, again = _last_ones(found, file)
    student = next((about[key] for key in _STUDENT if key in about), None)
    if not (answers or faults):
        faults.append(Fault(Location(file), _EMPTY))
    return Parts(answers, about.get("problem"), student, tuple(faults), (*notes[:FAULTS], *again))


def _cells(root: Map) -> Iterator[_Cell]:
    """The cells of a notebook of format 4, or of format 3, which has them in worksheets."""
    cells = root.get("cells")
    if cells is None:
        sheets = root.get("worksheets")
        if not isinstance(sheets, List):
            raise InputError.at(root.location, "a notebook has 'cells', but there are none; save it anew")
        lists = [sheet.get("cells") for sheet in sheets.items if isinstance(sheet, Map)]
        trees = [cell for cells in lists if isinstance(cells, List) for cell in cells.items]
    elif isinstance(cells, List):
        trees = list(cells.items)
    else:
        raise InputError.at(cells.location, f"'cells' must be a list, not {kind(cells)}")
    for number, cell in enumerate(trees, 1):
        if isinstance(cell, Map):
            source = _text(cell.get("source")) or _text(cell.get("input"))
            yield _Cell(number, cell, _text(cell.get("cell_type")), source)


def _text(value: Located | None) -> str:
    """A text of a notebook: one string, or a list of its lines."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, List):
        return "".join(item.text for item in value.items if isinstance(item, Scalar))
    return ""


def _most_lines(cells: list[_Cell]) -> int:
    """How many lines of one cell are read, so that no more than ``PRINTED`` are of all, and short ones are whole."""
    left = PRINTED
    lengths = sorted(sum(text.count("\n") + 1 for text in _printed(cell)) for cell in cells if cell.kind == "code")
    for number, length in enumerate(lengths):
        share = left // (len(lengths) - number)
        if length > share:
            return max(share, 1)
        left -= length
    return PRINTED


def _printed(cell: _Cell) -> Iterator[str]:
    """What a cell printed, output by output."""
    outputs = cell.tree.get("outputs")
    for output in outputs.items if isinstance(outputs, List) else ():
        if isinstance(output, Map):
            data = output.get("data")
            yield _text(output.get("text")) or (_text(data.get("text/plain")) if isinstance(data, Map) else "")


def _outputs(cell: _Cell, file: str, most: int, found: list[Answer], notes: list[Fault], faults: list[Fault]) -> None:
    """The answers in a cell's outputs, of each at most so many lines."""
    outputs = cell.tree.get("outputs")
    streams: list[str] = []
    place = inside(file, f"cell {cell.number} output")
    shown: list[tuple[str, str]] = []
    for output in outputs.items if isinstance(outputs, List) else ():
        if not isinstance(output, Map):
            continue
        what = _text(output.get("output_type"))
        if what == "stream":
            if _text(output.get("name")) != "stderr":
                streams.append(_text(output.get("text")))
        elif what in ("execute_result", "display_data", "pyout"):
            data = output.get("data")
            data = data if isinstance(data, Map) else output
            running = _text(data.get("text/markdown")) or _text(data.get("text/latex"))
            if "=" in running:
                found += running_text(running, place._replace(line=1, column=1), faults)
            elif text := _text(data.get("text/plain")) or _text(data.get("text")):
                if several := tuple_answers(text, place, shown_names(cell.source)):
                    found += several
                else:
                    name = displayed_name if what == "display_data" else shown_name
                    shown.append((text, name(cell.source)))
            elif html := _text(data.get("text/html")):
                found += html_table(html, place, shown_name(cell.source) or displayed_name(cell.source))
        elif what in ("error", "pyerr"):
            notes.append(
                Fault(place, f"this cell ended in an error ({_text(output.get('ename'))[:40]}) when it was run")
            )
    if several := printed_side_by_side("".join(streams), place, cell.source):
        found += several
        streams = []
    parts = [("".join(streams), bare_names(cell.source))] if streams else []
    for text, bare in (*parts, *((text, [name] if name else []) for text, name in shown)):
        skipped = max(text.count("\n") + 1 - most, 0)
        if skipped:
            rule = f"{skipped + most:,} lines were printed here; the last {most:,} are read"
            notes.append(Fault(place, f"{rule}: print the answers in a cell of their own"))
            text, bare = text.split("\n", skipped)[-1], []  # what an array begins with may be cut off
        printed = printed_answers(text, place, bare, skipped, others=shows_others(cell.source))
        found += printed.answers
        notes += printed.notes


def _last_ones(found: list[Answer], file: str) -> tuple[tuple[Answer, ...], list[Fault]]:
    """Of each name the last answer, and a note where there were several, or more than are read."""
    last: dict[str, Answer] = {}
    counts: dict[str, int] = {}
    for answer in found:
        key = f"{'said ' * answer.aside}{_KEY.sub('', answer.name)}"  # what a sentence says replaces no output
        last.pop(key, None)
        last[key] = answer
        counts[key] = counts.get(key, 0) + 1
    notes = [
        Fault(answer.location, f"{answer.name} stands {counts[key]} times in this notebook; the last is read")
        for key, answer in last.items()
        if counts[key] > 1
    ]
    notes = notes[:FAULTS]
    if len(last) > ANSWERS:  # a log of a training may have more, and names nothing
        rule = f"{len(last):,} names with numbers stand in this notebook; at most {ANSWERS:,} are read"
        notes.append(Fault(Location(file), f"{rule}: hand in one that prints the answers alone"))
        last = _without_logs(last)
    return tuple(last.values())[-ANSWERS:], notes


def _without_logs(found: dict[str, Answer]) -> dict[str, Answer]:
    """The answers without names that differ in their numbers alone, where these are more than are read of all."""
    families = {key: _NUMBERS.sub("0", key) for key in found}
    sizes = Counter(families.values())
    return {key: answer for key, answer in found.items() if sizes[families[key]] <= ANSWERS} or found


def _about(root: Map, cells: list[_Cell], file: str) -> dict[str, Scalar]:
    """The problem and the student: what the metadata say, else comments in the first cell, or the first text."""
    about: dict[str, Scalar] = {}
    metadata = root.get("metadata")
    if isinstance(metadata, Map):
        own = metadata.get("hwcheck")
        for place in (own, metadata):
            for key in ("problem", *_STUDENT):
                value = place.get(key) if isinstance(place, Map) else None
                if isinstance(value, Scalar):
                    about.setdefault(key, value)
    told = [cell for cell in cells[:1] if cell.kind == "code"]
    told += [cell for cell in cells if cell.kind in ("markdown", "raw")][:1]
    for first in told:
        for number, line in enumerate(first.source.split("\n")[:LINES_ABOUT], 1):
            if (first.kind != "code" or line.startswith("#")) and (named := _ABOUT.fullmatch(line)):
                at = inside(file, f"cell {first.number}")._replace(line=number, column=named.start(2) + 1)
                about.setdefault(named[1].lower(), Scalar(named[2], at))
    return about


NOTEBOOK_READER = Reader("notebook", (".ipynb",), _read, limit=NOTEBOOK.bytes)
