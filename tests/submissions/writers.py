"""One set of answers, written into a file of every format that is read: what the markup styles do not write.

Each writer is a function from names and values (a number as text, or nested lists of such) to the content of a file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from tests.submissions.markup.styles import Value, depth, displayed, headed, inline, listed, printed, table, typeset

Answers: TypeAlias = Mapping[str, Value]
Writer: TypeAlias = Callable[[Answers], "str | bytes"]

ENVIRONMENTS = ("matrix", "bmatrix", "pmatrix", "vmatrix", "Vmatrix", "Bmatrix", "smallmatrix", "array", "cases")


def cells(value: Value) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every number with its index."""
    if isinstance(value, str):
        yield (), value
        return
    for i, part in enumerate(value):
        for index, text in cells(part):
            yield (i, *index), text


def floats(value: Value) -> Any:
    return float(value) if isinstance(value, str) else [floats(part) for part in value]


def yaml_flow(answers: Answers) -> str:
    return "answers:\n" + "".join(f"  {json.dumps(name)}: {listed(value)}\n" for name, value in answers.items())


def yaml_block(answers: Answers) -> str:
    def block(value: Value, indent: int) -> str:
        if isinstance(value, str):
            return f" {value}\n"
        space = " " * indent
        return "\n" + "".join(f"{space}-{block(part, indent + 2)}" for part in value)

    return "answers:\n" + "".join(f"  {json.dumps(name)}:{block(value, 4)}" for name, value in answers.items())


def yaml_texts(answers: Answers) -> str:
    """Every array as one text, as it is pasted."""
    lines = "".join(f"  {json.dumps(name)}: {json.dumps(printed(value))}\n" for name, value in answers.items())
    return f"answers:\n{lines}"


def json_numbers(answers: Answers) -> str:
    return json.dumps({"answers": {name: floats(value) for name, value in answers.items()}}, indent=1)


def json_texts(answers: Answers) -> str:
    return json.dumps({"answers": dict(answers)})


def as_csv(rows: list[list[str]], separator: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def long_rows(answers: Answers) -> list[list[str]]:
    found = [[name, ",".join(map(str, index)), text] for name, value in answers.items() for index, text in cells(value)]
    return [["name", "index", "value"], *found]


def wide_rows(answers: Answers) -> list[list[str]]:
    """A row a quantity; a matrix goes on in the next rows, an array of more axes below its name, block by block."""
    rows: list[list[str]] = []
    for name, value in answers.items():
        if depth(value) == 0:
            rows.append([name, str(value)])
        elif depth(value) == 1:
            rows.append([name, *map(str, value)])
        elif depth(value) == 2:
            rows += [["" if i else name, *map(str, row)] for i, row in enumerate(value)]
        else:
            blocks: list[Value] = [value]
            while depth(blocks[0]) > 2:
                blocks = [part for block in blocks for part in block]
            rows.append([name])
            for i, block in enumerate(blocks):
                rows += [*[[]] * bool(i), *(list(map(str, line)) for line in block)]
            rows.append([])
    return rows


def csv_long(answers: Answers) -> str:
    return as_csv(long_rows(answers))


def csv_semicolons(answers: Answers) -> str:
    return as_csv(long_rows(answers), ";")


def csv_wide(answers: Answers) -> str:
    return as_csv(wide_rows(answers))


def csv_columns(answers: Answers) -> str:
    """A column a quantity: numbers and vectors alone."""
    columns = {name: [text for _, text in cells(value)] for name, value in answers.items()}
    longest = max(map(len, columns.values()))
    rows = [[column[i] if i < len(column) else "" for column in columns.values()] for i in range(longest)]
    return as_csv([list(columns), *rows])


def npz(answers: Answers) -> bytes:
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {name: np.array(floats(value)) for name, value in answers.items()}
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def python_assigned(answers: Answers) -> str:
    return "import numpy as np\n" + "".join(
        f"answers[{name!r}] = {f'np.array({listed(value)})' if depth(value) else value}\n"
        for name, value in answers.items()
    )


def python_dict(answers: Answers) -> str:
    return "answers = {\n" + "".join(f"    {name!r}: {listed(value)},\n" for name, value in answers.items()) + "}\n"


def notebook(*cells_: dict[str, Any]) -> str:
    return json.dumps({"cells": cells_, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def stream(text: str, source: str = "") -> dict[str, Any]:
    output = {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}
    return {"cell_type": "code", "source": source, "metadata": {}, "execution_count": 1, "outputs": [output]}


def notebook_prints(answers: Answers) -> str:
    return notebook(*(stream(f"{name} = {printed(value)}\n") for name, value in answers.items()))


def notebook_numpy(answers: Answers) -> str:
    """As NumPy itself prints the arrays."""
    with np.printoptions(precision=17, linewidth=75):
        return notebook(stream("".join(f"{n}:\n{np.array(floats(v))}\n" for n, v in answers.items())))


def notebook_markdown(answers: Answers) -> str:
    return notebook(
        *(
            {"cell_type": "markdown", "metadata": {}, "source": f"$${name} = {typeset(value)}$$"}
            for name, value in answers.items()
        )
    )


def numpy_in_fence(answers: Answers) -> str:
    with np.printoptions(precision=17, linewidth=75):
        lines = "\n".join(f"{name} = {np.array(floats(value))!r}" for name, value in answers.items())
    return f"```\n{lines}\n```\n"


def xlsx(rows: list[list[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append([number(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def xlsx_long(answers: Answers) -> bytes:
    return xlsx([[name, f"[{index}]" if index else "", value] for name, index, value in long_rows(answers)])


def xlsx_wide(answers: Answers) -> bytes:
    return xlsx(wide_rows(answers))


def in_environment(environment: str) -> Writer:
    def write(answers: Answers) -> str:
        return "".join(f"$${name} = {typeset(value, environment)}$$\n\n" for name, value in answers.items())

    write.__name__ = environment
    return write


TEXTS: Mapping[str, tuple[Writer, ...]] = {
    ".yaml": (yaml_flow, yaml_block, yaml_texts),
    ".json": (json_texts,),
    ".csv": (csv_long, csv_semicolons, csv_wide),
    ".py": (python_assigned, python_dict),
    ".ipynb": (notebook_prints, notebook_markdown),
    ".md": tuple(map(in_environment, ENVIRONMENTS)),
    ".tex": (displayed, inline),
    ".markdown": (headed, table),
}
"""Writers that keep the text of each number, by the ending of the file."""

FLOATS: Mapping[str, tuple[Writer, ...]] = {
    ".json": (json_numbers,),
    ".npz": (npz,),
    ".ipynb": (notebook_numpy,),
    ".md": (numpy_in_fence,),
    ".xlsx": (xlsx_long, xlsx_wide),
}
"""Writers through which each number goes as a float: its text comes out as the shortest."""
