"""How fast one submission is read: ``python tests/benchmarks/reading.py``.

Submissions for the GAN in the form that ``hwcheck template gan`` prints, each filled in with other numbers, and the
same answers as JSON, Markdown and a notebook. Each row is measured in turns with its rival (A B A B), each time all
files, one after the other, as those of a class are read; a time is that of one file. Times are those of the processor,
which other load disturbs less. A ratio is the median of the ratios of the pairs, in
brackets its quartiles, behind it that of the shortest times: below 1 hwcheck is faster. Rows are

- (a) from the bytes to the submission: names, values, every place that a message could need;
- (b) the same and the numbers of every answer, with their texts, blanks and notes, as a class run needs them;
- the file from the disk to (a), against opening, reading and closing it, and nothing else.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import thread_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by NumPy's import

import numpy as np
import yaml

from hwcheck.problem.load import load_problem
from hwcheck.reports.template import template_text
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.numbers import NumberReader
from hwcheck.submissions.read import parse_submission, read_submission
from tests.benchmarks.measure import compare
from tests.support.filled_templates import filled

PROBLEM = Path(__file__).parents[2] / "problems" / "gan.yaml"
FILES = 40
ROUNDS = 15
STYLES = {"rounded": "3 or 4 decimals", "program": "all digits", "hand": "as typed: comments, .5, lists over lines"}
Read = Callable[[Any], object]


def answers_of(text: str) -> dict[str, Any]:
    """The answers of a submission in YAML: numbers in nested lists, None for a blank."""
    return {name: _numbers(value) for name, value in yaml.safe_load(text)["answers"].items()}


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_numbers, value))
    return None if value == "_" else float(value) if isinstance(value, str) else value


def as_json(answers: Mapping[str, Any]) -> str:
    """The answers in JSON, as Python writes it."""
    return json.dumps({"problem": "gan", "student": "ada", "answers": answers})


def as_markdown(answers: Mapping[str, Any]) -> str:
    """The answers in Markdown: a heading, a line of words, and the name with its array, one after the other."""
    parts = [f"## {name}\n\nFrom the step above:\n\n{name} = {_listed(value)}\n" for name, value in answers.items()]
    return "\n".join(["---\nproblem: gan\nstudent: ada\n---\n", *parts])


def as_notebook(answers: Mapping[str, Any]) -> str:
    """The answers in a notebook: a cell for each, which prints the name and its array."""
    cells = [
        {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": [f"print('{name} =', x{number})"],
         "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"{name} = {_listed(value)}\n"]}]}
        for number, (name, value) in enumerate(answers.items())
    ]  # fmt: skip
    head = {"cell_type": "markdown", "metadata": {}, "source": ["# Homework 3"]}
    return json.dumps({"cells": [head, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def _listed(value: Any) -> str:
    return str(value).replace("None", "_")


FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "JSON": as_json, "Markdown": as_markdown, "notebook": as_notebook,
}  # fmt: skip
ENDINGS = {"YAML": ".yaml", "JSON": ".json", "Markdown": ".md", "notebook": ".ipynb"}


def to_submission(ending: str) -> Read:
    """What (a) measures."""
    return lambda data: parse_submission(data, f"ada{ending}")


def to_numbers(ending: str) -> Read:
    """What (b) measures."""

    def read(data: bytes) -> list[object]:
        submission, reader = parse_submission(data, f"ada{ending}"), NumberReader()
        return [read_cells(answer.value, reader) for answer in submission.answers]

    return read


def bare(path: Path) -> bytes:
    """Open, read, close."""
    descriptor = os.open(path, os.O_RDONLY)
    data = os.read(descriptor, 1 << 20)
    os.close(descriptor)
    return data


def one_after_the_other(read: Read, inputs: Sequence[object]) -> Callable[[], float]:
    """A function that takes the time to read all inputs; of one of them, on the average."""

    def once() -> float:
        start = thread_time()
        for data in inputs:
            read(data)
        return (thread_time() - start) / len(inputs)

    return once


def row(name: str, mine: tuple[Read, Sequence[object]], rival: tuple[Read, Sequence[object]], aim: str = "") -> None:
    """Measure and print one row."""
    rounds = 3 if "pure Python" in name else ROUNDS
    found = compare(one_after_the_other(*mine), one_after_the_other(*rival), rounds)
    print(
        f"  {name:44}{found.mine * 1e6:8.0f}{found.theirs * 1e6:9.0f}  {found!s:26}{found.of_shortest:7.3f}  {aim}",
        flush=True,
    )


def check(texts: Mapping[str, Sequence[bytes]]) -> None:
    """Every format says the same numbers, or the comparison would be none."""
    for number in range(FILES):
        arrays = {}
        for name, inputs in texts.items():
            cells = [each for each in to_numbers(ENDINGS[name])(inputs[number]) if isinstance(each, Cells)]  # type: ignore[attr-defined]
            arrays[name] = np.concatenate([each.values.reshape(-1) for each in cells])
        for name, values in arrays.items():
            if not np.array_equal(values, arrays["YAML"], equal_nan=True):
                raise SystemExit(f"the {name} of submission {number} does not say what its YAML says")


def main() -> None:
    """All tables."""
    template = template_text(load_problem(PROBLEM))
    for style, told in STYLES.items():
        chance = random.Random(style)  # noqa: S311  no secret
        yamls = [filled(template, chance, style) for _ in range(FILES)]
        answers = list(map(answers_of, yamls))
        texts = {"YAML": [text.encode() for text in yamls]}
        texts |= {name: [write(each).encode() for each in answers] for name, write in FORMATS.items()}
        check(texts)
        sizes = ", ".join(f"{name} {len(inputs[0]):,}" for name, inputs in texts.items())
        print(f"\n{style} ({told}); bytes: {sizes}")
        print(f"  {'':44}{'us':>8}{'rival':>9}  ratio  (quartiles)       shortest  aim")
        tables(texts, style)


def tables(texts: Mapping[str, Sequence[bytes]], style: str) -> None:
    """The rows of one style."""
    fast = (lambda data: yaml.load(data, yaml.CSafeLoader)) if yaml.__with_libyaml__ else yaml.safe_load
    for part, read in (("(a)", to_submission), ("(b)", to_numbers)):
        mine = (read(".yaml"), texts["YAML"])
        row(f"{part} YAML / json.loads", mine, (json.loads, texts["JSON"]), "1.5" if part == "(a)" else "")
        row(f"{part} YAML / CSafeLoader", mine, (fast, texts["YAML"]), "0.083" if part == "(a)" else "")
        row(f"{part} YAML / safe_load, pure Python", mine, (yaml.safe_load, texts["YAML"]))
        for name in FORMATS:
            row(f"{part} {name} / json.loads", (read(ENDINGS[name]), texts[name]), (json.loads, texts["JSON"]))
            row(f"{part} {name} / CSafeLoader", (read(ENDINGS[name]), texts[name]), (fast, texts["YAML"]))
    with tempfile.TemporaryDirectory() as folder:
        for name, inputs in texts.items():
            paths = [Path(folder, f"{style}{number}{ENDINGS[name]}") for number in range(FILES)]
            for path, data in zip(paths, inputs, strict=True):
                path.write_bytes(data)
            row(f"{name}, the file / open, read, close", (read_submission, paths), (bare, paths))


if __name__ == "__main__":
    main()
