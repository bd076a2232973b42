"""What the helper process costs a class run: ``python tests/benchmarks/helper_cost.py``.

Two hundred ordinary sheets (filled-in templates of the GAN, and the same answers as Markdown and as a notebook) are
read as ``limits.IN_PROCESS`` says, and all of them in the helper, in turns. Times are by the clock, for the work is
done in two processes; a ratio is the median of the ratios of the pairs, in brackets its quartiles.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by NumPy's import

from hwcheck.bounded import Helper
from hwcheck.problem.load import load_problem
from hwcheck.reports.template import template_text
from hwcheck.submissions.read import parse_submission
from hwcheck.submissions.sent import submission_from_json
from tests.benchmarks.measure import compare
from tests.benchmarks.reading import PROBLEM, answers_of, as_markdown, as_notebook
from tests.support.filled_templates import filled

SHEETS = 200
ROUNDS = 5
TASK = "hwcheck.submissions.read:read_as_json"


def sheets() -> dict[str, list[bytes]]:
    """The sheets of a class, by the ending of their files."""
    template = template_text(load_problem(PROBLEM))
    chance = random.Random(0)  # noqa: S311  no secret
    yamls = [filled(template, chance, "rounded") for _ in range(SHEETS)]
    answers = list(map(answers_of, yamls))
    texts = {".yaml": yamls, ".md": list(map(as_markdown, answers)), ".ipynb": list(map(as_notebook, answers))}
    return {ending: [text.encode() for text in each] for ending, each in texts.items()}


def timed(read: Callable[[bytes], object], inputs: Sequence[bytes]) -> Callable[[], float]:
    """A function that takes the time to read one of the inputs, on the average."""

    def once() -> float:
        start = perf_counter()
        for data in inputs:
            read(data)
        return (perf_counter() - start) / len(inputs)

    return once


def started() -> float:
    """How long a helper takes to start and to read its first sheet."""
    helper = Helper()
    start = perf_counter()
    helper.read(TASK, b"answers: {m: 1}\n", "ada.yaml")
    took = perf_counter() - start
    helper.close()
    return took


def main() -> None:
    """The table."""
    helper = Helper()
    print(f"to start a helper and read one sheet: {min(started() for _ in range(ROUNDS)) * 1e3:.0f} ms")
    print(f"{SHEETS} sheets, ms a sheet{'helper':>10}{'as set':>10}  ratio  (quartiles)")
    for ending, inputs in sheets().items():
        file = f"ada{ending}"
        outside = timed(lambda data, file=file: submission_from_json(helper.read(TASK, data, file)), inputs)  # type: ignore[misc]
        as_set = timed(lambda data, file=file: parse_submission(data, file), inputs)  # type: ignore[misc]
        found = compare(outside, as_set, ROUNDS)
        print(f"  {ending:22}{found.mine * 1e3:12.2f}{found.theirs * 1e3:10.2f}  {found}")
    helper.close()


if __name__ == "__main__":
    main()
