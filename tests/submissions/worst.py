"""Inputs that ask as much of hwcheck as their bytes can: for each format what is slow, and what needs memory.

Each is a function from a size to the bytes of a file of about that size. The test of them holds that twice the size is
no more than about twice the work, and ``tests/benchmarks/worst_inputs.py`` measures the largest that is read.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from hwcheck import limits
from tests.submissions.mutations import CORPUS
from tests.submissions.worst_packed import NPY, NPZ, XLSX

__all__ = ["WORST", "Worst"]

# A quantity of data-mining that is an array, and one that is a number.
_HEAD = "problem: data-mining\nanswers:\n"


class Worst(NamedTuple):
    """A kind of input: the ending of its files, how one of a size is made, and how large one may be."""

    ending: str
    build: Callable[[int], bytes]
    most: int = limits.SUBMISSION.bytes


def _repeated(unit: str, before: str = "", behind: str = "") -> Callable[[int], bytes]:
    """A text of one thing over and over."""

    def build(size: int) -> bytes:
        number = max((size - len(before.encode()) - len(behind.encode())) // len(unit.encode()), 1)
        return (before + unit * number + behind).encode()

    return build


def _counted(unit: str, before: str = "", behind: str = "", most: int = 10**9) -> Callable[[int], bytes]:
    """A text of things that each have another number for ``{}``: at most so many."""

    def build(size: int) -> bytes:
        parts, left = [before], size - len(before) - len(behind)
        for number in range(most):
            part = unit.replace("{}", str(number))
            left -= len(part.encode())
            if left < 0:
                break
            parts.append(part)
        return "".join((*parts, behind)).encode()

    return build


def _filled(unit: str, pad: str, most: int, before: str = "", behind: str = "") -> Callable[[int], bytes]:
    """So many things with a number, each padded so that all of them have the size: ``{}`` and ``{pad}``."""

    def build(size: int) -> bytes:
        number = max(min(most, size // (len(unit) + 8)), 1)
        each = max((size - len(before) - len(behind)) // number - len(unit) - 4, 0)
        padding = (pad * (each // len(pad) + 1))[:each] if pad else ""
        parts = (unit.replace("{}", str(i)).replace("{pad}", padding) for i in range(number))
        return "".join((before, *parts, behind)).encode()[:size]

    return build


def _sheets(name: str) -> Callable[[int], bytes]:
    """Copies of a sheet of the corpus, one below the other."""

    def build(size: int) -> bytes:
        sheet = (CORPUS / name).read_bytes()
        return (sheet + b"\n\n") * max(size // (len(sheet) + 2), 1)

    return build


def _matrix(name: str = "I") -> Callable[[int], bytes]:
    """One matrix of numbers of five characters, in LaTeX."""

    def build(size: int) -> bytes:
        columns = 20
        rows = max(min(size // (columns * 8 + 4), limits.SUBMISSION.values // (columns + 1) - 2), 1)
        cells = itertools.count()
        body = " \\\\\n".join(" & ".join(f"0.{next(cells) % 1000:03}" for _ in range(columns)) for _ in range(rows))
        return f"$${name} = \\begin{{bmatrix}}{body}\\end{{bmatrix}}$$\n".encode()

    return build


def _numbers(form: str, around: tuple[str, str], between: str = ", ", values: int = 1) -> Callable[[int], bytes]:
    """As many numbers of a form as a submission may have, in one list; each counts as so many ``values``."""

    def build(size: int) -> bytes:
        each = len(form.replace("{}", "00000").encode()) + len(between)
        number = max(min(size // each, (limits.SUBMISSION.values - 60) // values), 1)
        return (around[0] + between.join(form.replace("{}", f"{i:05}") for i in range(number)) + around[1]).encode()

    return build


def _notebook(cells: Callable[[int], Iterator[dict[str, object]]]) -> Callable[[int], bytes]:
    return lambda size: json.dumps({"cells": list(cells(size)), "metadata": {}, "nbformat": 4}).encode()


def _output(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": [text]}


def _pictures(size: int) -> Iterator[dict[str, object]]:
    picture = base64.b64encode(bytes(size * 3 // 4)).decode()
    shown = {"output_type": "display_data", "data": {"image/png": picture}}
    yield {"cell_type": "code", "source": "print(I)", "outputs": [shown, _output("I = [1 0 1]")]}


def _many_cells(size: int) -> Iterator[dict[str, object]]:
    for i in range(min(size // 130, limits.NOTEBOOK.values // 14)):
        yield {"cell_type": "code", "source": f"print(a{i})", "outputs": [_output(f"a{i} = 0.5\n")]}


def _printed_lines(size: int) -> Iterator[dict[str, object]]:
    text = "".join(f"loss at step {i}: 0.{i:06}\n" for i in range(size // 26))
    yield {"cell_type": "code", "source": "train()", "outputs": [_output(text)]}


def _printed_array(size: int) -> Iterator[dict[str, object]]:
    numbers = min(size // 8, limits.SUBMISSION.values)
    rows = "\n ".join("[" + " ".join(f"0.{i:05}" for i in range(8)) + "]" for _ in range(numbers // 8))
    yield {"cell_type": "code", "source": "print(I)", "outputs": [_output(f"I =\n[{rows}]\n")]}


def _printed_words(size: int) -> Iterator[dict[str, object]]:
    yield {"cell_type": "code", "source": "print(I)", "outputs": [_output("[[ 1 a= (" * (size // 9))]}


def _markdown_cells(size: int) -> Iterator[dict[str, object]]:
    sheet = (
        (CORPUS / "markdown" / "displayed.md").read_text("utf-8")
        if (CORPUS / "markdown" / "displayed.md").exists()
        else "$I = [1, 0, 1]$\n\n"
    )
    for _ in range(min(size // (len(sheet) + 60), 10_000)):
        yield {"cell_type": "markdown", "source": sheet}


_YAML: Mapping[str, Callable[[int], bytes]] = {
    "numbers": _numbers("0.{}", (_HEAD + "  I: [", "]\n")),
    "numbers, long": _numbers("0.1234567890123{}", (_HEAD + "  I: [", "]\n")),
    "numbers, a line each": _numbers("0.{}", (_HEAD + "  I:\n    - ", "\n"), "\n    - "),
    "numbers in quotes": _numbers('"0.{}"', (_HEAD + "  I: [", "]\n")),
    "numbers with commas": _numbers("'0,{}'", (_HEAD + "  I: [", "]\n")),
    "numbers by ten": _numbers("0.{} x 10^2", (_HEAD + "  I: [", "]\n")),
    "expressions": _numbers("exp(-0.{})", (_HEAD + "  I: [", "]\n")),
    "expressions, long": _numbers("tanh(0.{})" + "+exp(-0.5)" * 18, (_HEAD + "  I: [", "]\n")),
    "expressions of brackets": _numbers("(" * 18 + "0.{}" + ")+1" * 18, (_HEAD + "  I: [", "]\n")),
    "words": _numbers("a{}b", (_HEAD + "  I: [", "]\n")),
    "words, unreadable expressions": _numbers("1+*a{}", (_HEAD + "  I: [", "]\n")),
    "infinite": _numbers("inf", (_HEAD + "  I: [", "]\n")),
    "blanks": _numbers('""', (_HEAD + "  I: [", "]\n")),
    "rows of one": _numbers("[{}]", (_HEAD + "  I: [", "]\n"), values=2),
    "rows of one text": _numbers("[0.{} 1]", (_HEAD + "  I: [", "]\n"), values=5),
    "rows of texts": _numbers('"1,2,3,4,5,6,{}"', (_HEAD + "  I: [", "]\n")),
    "rows of open texts": _numbers('"[[[[[[{}"', (_HEAD + "  I: [", "]\n")),
    "ragged": _numbers("[{}, 1]", (_HEAD + "  I: [[1], ", "]\n"), values=3),
    "a text of numbers": _numbers("0.{}", (_HEAD + "  I: '[", "]'\n"), " "),
    "a text of numbers in lines": _numbers("[0.{} 1 ]", (_HEAD + "  I: |\n    [", "]\n"), "\n     ", 3),
    "texts of arrays": _filled("  I[{}]: '[{pad}]'\n", "1 ", limits.ANSWERS, _HEAD),
    "text of brackets": _repeated("[", _HEAD + "  I: '", "'\n"),
    "text of pluses": _repeated("1+", _HEAD + "  I: '", "1'\n"),
    "text of digits": _repeated("1", _HEAD + "  I: ", "\n"),
    "text of escapes": _repeated("\\u0031", _HEAD + '  I: "', '"\n'),
    "text of matrices": _repeated("\\begin{bmatrix}1\\end{bmatrix}", _HEAD + "  I: '", "'\n"),
    "unknown names": _filled("  grad(I{}x{pad}): 1\n", "y", limits.ANSWERS, _HEAD),
    "unknown names, long": _filled("  {}{pad}: 1\n", "I6", limits.ANSWERS, _HEAD),
    "names with indices": _filled("  w_{1, 2, {}{pad}}: 1\n", " 1", limits.ANSWERS, _HEAD),
    "names of brackets": _filled("  'I[{}]{pad}': 1\n", "[0]", limits.ANSWERS, _HEAD),
    "names in LaTeX": _filled("  '\\frac{\\partial L}{\\partial I_{}{pad}}': 1\n", "{}_", limits.ANSWERS, _HEAD),
    "more names": _counted("  a{}: 1\n", _HEAD),
    "one name twice": _repeated("  I: 1\n", _HEAD),
    "one part": _repeated("  'I[0] ': 1\n", _HEAD),
    "deep": _repeated("[", _HEAD + "  I: "),
    "deep mappings": _repeated("{a: ", _HEAD + "  I: "),
    "lists in lists": _repeated("- ", _HEAD + "  I:\n   "),
    "comments": _repeated("# a\n", _HEAD),
    "empty lines": _repeated("\n", _HEAD + "  I: 'a", "'\n"),
    "block text": _repeated("    a\n", _HEAD + "  I: |\n"),
    "folded text": _repeated("    a\n", _HEAD + "  I: >\n"),
    "aliases": _repeated("*a, ", _HEAD + "  x: &a 1\n  I: [", "]\n"),
    "anchors": _counted("  a{}: &b{} 1\n", _HEAD),
    "tags": _repeated("!!float 1, ", _HEAD + "  I: [", "]\n"),
    "documents": _repeated("---\n", _HEAD),
    "questions": _repeated("? ", _HEAD + "  "),
    "other keys": _counted("k{}: 1\n", "answers: {I: 1}\n"),
    "no colon": _repeated("I 1\n", _HEAD),
    "tabs": _repeated("\t", _HEAD + "  I:"),
}  # fmt: skip
_JSON_HEAD = '{"problem": "data-mining", "answers": {'
_JSON: Mapping[str, Callable[[int], bytes]] = {
    "numbers": _numbers("0.{}", (_JSON_HEAD + '"I": [', "]}}")),
    "numbers, long": _numbers("0.1234567890123{}", (_JSON_HEAD + '"I": [', "]}}")),
    "texts": _numbers('"0.{}"', (_JSON_HEAD + '"I": [', "]}}")),
    "expressions": _numbers('"exp(-0.{})"', (_JSON_HEAD + '"I": [', "]}}")),
    "rows of one": _numbers("[{}]", (_JSON_HEAD + '"I": [', "]}}"), values=2),
    "lines": _numbers("0.{}", (_JSON_HEAD + '"I": [', "]}}"), ",\n"),
    "one number": _repeated("1", _JSON_HEAD + '"I": ', "}}"),
    "a text of numbers": _numbers("0.{}", (_JSON_HEAD + '"I": "[', ']"}}'), " "),
    "escapes": _repeated("\\u0031", _JSON_HEAD + '"I": "', '"}}'),
    "unknown names": _filled('"grad(I{}x{pad})": 1,', "y", limits.ANSWERS, _JSON_HEAD, '"I": 1}}'),
    "more names": _counted('"a{}": 1,', _JSON_HEAD, '"I": 1}}'),
    "one name twice": _repeated('"I": 1,', _JSON_HEAD, '"O": 1}}'),
    "deep": _repeated("[", _JSON_HEAD + '"I": '),
    "deep mappings": _repeated('{"a":', _JSON_HEAD + '"I": '),
    "blanks": _repeated(" ", _JSON_HEAD, '"I": 1}}'),
    "broken at its end": _repeated("1, ", _JSON_HEAD + '"I": [', ""),
    "commas": _repeated(",", _JSON_HEAD + '"I": ['),
    "bare words": _repeated("nan, ", _JSON_HEAD + '"I": [', "]}}"),
    "single quotes": _repeated("'a', ", _JSON_HEAD + '"I": [', "]}}"),
    "comments": _repeated("// a\n", _JSON_HEAD, '"I": 1}}'),
}  # fmt: skip
_CSV: Mapping[str, Callable[[int], bytes]] = {
    "long": _counted("I,{},0.5\n", "name,index,value\n", "", limits.SUBMISSION.values // 3 - 3),
    "long, names": _counted("a{},0,0.5\n", "name,index,value\n", "", limits.SUBMISSION.values // 3 - 3),
    "long, quoted": _counted('"I","{},0",0.5\n', "name,index,value\n", "", limits.SUBMISSION.values // 3 - 3),
    "long, commas": _counted("I,{},1,0.5\n", "name,index,value\n", "", limits.SUBMISSION.values // 4 - 3),
    "long, far indices": _counted("I,{}00000000,0.5\n", "name,index,value\n", "", limits.SUBMISSION.values // 3 - 3),
    "wide": _numbers("0.{}", ("I,", "\n"), ","),
    "rows": _numbers("0.{}", ("I\n", "\n"), "\n"),
    "wide names": _counted("a{},1\n", "", "", limits.SUBMISSION.values // 2),
    "columns": _numbers("a{}", ("", "\n" + "1," * 3000 + "\n"), ","),
    "open quote": _repeated("I,0.5\n", '"', ""),
    "quotes": _repeated('""', '"', '"\n'),
    "quoted lines": _repeated('I,"\n0.5"\n', "name,value\n", ""),
    "empty cells": _repeated(",", "I", "\n"),
    "empty lines": _repeated("\n", "I,1", "\n"),
    "decimal commas": _numbers("0,{}", ("I;", "\n"), ";"),
    "expressions": _numbers("exp(-0.{})", ("I;", "\n"), ";"),
    "blanks in one line": _repeated(" ", "I,", "1\n"),
    "long header": _repeated("name,index,value,", "", "\nI,0,0.5\n"),
    "brackets": _repeated("[1,", "I,", "\n"),
    "comments": _repeated("#a\n", "", "I,1\n"),
    "bars": _repeated("| I | 1 |\n"),
}
_MARKUP_UNITS = (
    *("[", "]", "(", "(,", "{", "}", "$", "$$", "$ ", "$a$", "$$a$$ ", "`", "``` ", "```\n", "~~~\n", "<!--", "-->"),
    *("=", "= ", "a=", "a = 1 ", "a = 1\n", "a = b\n", "I = 1\n", "I = 1\n\n", "I: ", "I:\n", ": ", "a: b: 1\n"),
    *("1 ", "1,", "1\n", "1\n\n", "- ", "- 1\n", "# a\n", "#", "\\", "\\\\", "&", "& ", "| ", "|1", "|---|\n|a|\n"),
    *("|a|1|\n", "\\begin{a}", "\\begin{aligned}", "\\end{aligned}", "\\begin{bmatrix}", "\\end{bmatrix}"),
    *("\\begin{bmatrix}1\\end{bmatrix}", "$I = \\begin{bmatrix}1 & 0 & 1\\end{bmatrix}$\n", "\\frac{", "\\frac{1}{2}"),
    *("\\left", "\\left(", "\\left[1\\right]", "\\text{", "\\text{a} ", "\\boxed{", "^", "_", "^{", "_{", "x^2", "∑"),
    *("\\sum_{i}", "a'", "**", "**a** ", "> ", ">", "I = [\n", "I = [1\n", "I = [1]\n", "[1]\n", "tensor([", "array(["),
    *("I = tensor([[1.,\n", "%\n", "\\[", "\\]", "\\[ a = 1 \\]\n", "\\(", "\\begin{cases}", "\\to ", "I 0.5\n"),
    *(" ", "\n", "\t", " \n", "a", "a ", "a b c d e f ", "I = 0.5 because ", ".", ",", ";", "é", "−", "½", "0.5 "),
    *(
        "$I =$ ",
        "$I =$ [1, ",
        "$$\nI = 1 \\\\\n",
        "= \\begin{bmatrix} 1 \\\\ ",
        "a = \\begin{array}{c}",
        "{a}",
        "()",
        "(a)",
    ),
    *(
        "\\section{I}\n",
        "\\item[I] 1\n",
        "\\section{",
        "a_{1}",
        "\\partial L",
        "\\frac{\\partial L}{\\partial I} = 1\n",
    ),
    *(
        "The output O6 is 0.474.\n",
        "Expected: O6 = 0.474\n",
        "EDIT: O6 = 0.4\n",
        "O6 = 0.4 (wrong)\n",
        "Expected: O6 = 1; ",
    ),
    *("a = \\frac{1}{", "a = (", "a = b + ", "a = -", "a = {", "I - 0.5\n", "I -> 1\n", ">>> I\n1\n", "\u202e", "\x7f"),
)
_SOURCE = "python"
_PYTHON: Mapping[str, Callable[[int], bytes]] = {
    "numbers": _numbers("0.{}", ("I = [", "]\n")),
    "array": _numbers("0.{}", ("import numpy as np\nI = np.array([", "])\n")),
    "arithmetic": _numbers("0.{}*2", ("I = [", "]\n")),
    "assignments": _counted("a{} = 0.5\n", "", "", limits.ANSWERS),
    "assignments of one name": _repeated("I = 1\n"),
    "sum": _repeated("1+", "I = ", "1\n"),
    "minuses": _repeated("-", "I = ", "1\n"),
    "not": _repeated("not ", "I = ", "1\n"),
    "calls": _repeated("f(", "I = "),
    "calls, one behind the other": _repeated("()", "I = f"),
    "attributes": _repeated(".a", "I = f"),
    "comparisons": _repeated("<1", "I = 1"),
    "blocks": _counted("if a{}: pass\n"),
    "texts": _repeated("'a = 1' ", "I = ", "\n"),
    "a text": _repeated("I = 1\n", "'''", "'''\n"),
    "a text of brackets": _repeated("[1 ", "'''I = ", "'''\n"),
    "texts with lines": _repeated("print('I = 1')\n"),
    "formatted": _repeated("print(f'{I} = {1}')\n"),
    "formatted, deep": _repeated("f'{", "I = "),
    "dict": _counted("'a{}': 1, ", "answers = {", "}\n", limits.ANSWERS),
    "comments": _repeated("#a\n", "I = 1\n"),
    "about": _repeated("# student:\n"),
    "lambda": _repeated("lambda: ", "I = ", "1\n"),
    "power": _repeated("1**", "I = ", "1\n"),
    "semicolons": _repeated("a=1;", "", "\n"),
    "digits": _repeated("9", "I = ", "\n"),
    "walrus": _repeated("(a:=", "I = "),
}  # fmt: skip
_NOTEBOOKS: Mapping[str, Callable[[int], bytes]] = {
    "pictures": _notebook(_pictures),
    "cells": _notebook(_many_cells),
    "printed lines": _notebook(_printed_lines),
    "printed array": _notebook(_printed_array),
    "printed words": _notebook(_printed_words),
    "Markdown": _notebook(_markdown_cells),
}


def _running() -> Iterator[tuple[str, Callable[[int], bytes]]]:
    """Running text, whatever its ending."""
    for unit in _MARKUP_UNITS:
        yield f"{unit!r}", _repeated(unit)
    for unit in ("1 ", "1, ", "[1 ", "\\frac{1}{2} ", "a ", "(", "1 & ", "a + ", "\\begin{bmatrix}1\\end{bmatrix}"):
        yield f"$$I = {unit!r}", _repeated(unit, "$$I = ", "$$\n")
        yield f"I = {unit!r}", _repeated(unit, "I = ", "\n")
    yield "a matrix", _matrix()
    yield "numbers", _numbers("0.{}", ("I = [", "]\n"))
    yield "numbers in lines", _numbers("0.{}", ("I =\n[", "]\n"), "\n ")
    yield "equations", _counted("$a_{} = 0.5$\n\n", "", "", limits.ANSWERS)
    yield "formulas", _filled("$a_{} = {pad}$\n", "\\frac{a}{b} + ", limits.ANSWERS)
    yield "a table", _counted("| a{} | 0.5 |\n", "| name | value |\n|---|---|\n", "", limits.ANSWERS)
    yield "a wide table", _numbers("0.{}", ("| I | 1 |\n|---|---|\n| I |", "|\n"), " | ")


_PLAIN = {"yaml": _YAML, "json": _JSON, "csv": _CSV, "npz": NPZ, "npy": NPY, "xlsx": XLSX}


def _all() -> Iterator[tuple[str, Worst]]:
    for what, inputs in _PLAIN.items():
        for name, build in inputs.items():
            yield f"{what}: {name}", Worst(f".{what}", build)
    for what, ending in (("markdown", ".md"), ("latex", ".tex"), ("text", ".txt")):
        for name, build in _running():
            yield f"{what}: {name}", Worst(ending, build, limits.RUNNING.bytes)
    for what, ending in (("markdown", ".md"), ("latex", ".tex")):
        for name in sorted(path.name for path in (CORPUS / what).iterdir()):
            yield f"{what}: copies of {name}", Worst(ending, _sheets(f"{what}/{name}"), limits.RUNNING.bytes)
    for name, build in _NOTEBOOKS.items():
        yield f"notebook: {name}", Worst(".ipynb", build, limits.NOTEBOOK.bytes)
    for name, build in _PYTHON.items():
        yield f"python: {name}", Worst(".py", build, limits.PYTHON.bytes)


WORST: Mapping[str, Worst] = dict(_all())
