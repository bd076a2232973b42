"""A seeded mutator of documents: pieces of real sheets, cut, doubled, swapped and sprinkled with what breaks readers.

tests/submissions/fuzz.py tries as many as it is told.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from hwcheck.errors import InputError
from hwcheck.submissions.read import parse_submission

FIXTURES = Path(__file__).parents[3] / "fixtures" / "submissions"
ENDINGS = (".md", ".tex", ".txt")
SPICES = (
    *("$", "$$", "\\[", "\\]", "\\(", "\\)", "```", "```math\n", "~~~", "`", "\\begin{bmatrix}", "\\end{bmatrix}"),
    *(
        "\\begin{cases}",
        "\\begin{aligned}",
        "\\end{aligned}",
        "\\begin{equation}",
        "\\end{align}",
        "&",
        "\\\\",
        "{",
        "}",
    ),
    *(
        "[",
        "]",
        "(",
        ")",
        "=",
        ":",
        "->",
        "\\to",
        "\\approx",
        "|",
        "|---|---|\n",
        "\n\n",
        "\n",
        "# ",
        "- ",
        "**",
        "---\n",
    ),
    *(
        "\\frac",
        "\\frac{1}{",
        "\\sum",
        "^T",
        "_",
        "^",
        "'",
        "\\boxed{",
        "\\left(",
        "\\right)",
        "\\text{",
        "%",
        "<!--",
        "-->",
    ),
    *(
        "0.5",
        "1e999",
        "O.5",
        "(.63",
        "½",
        "−",
        "nan",
        "x",
        "h_1",
        "W_1 = ",
        "\\nabla ",
        "\u202e",
        "\ud7ff",
        "𝟙",
        "array([",
    ),
    *("tensor([", "grad_fn=<", "...", ",", ";", "\t", "\\", "#" * 30, "[" * 40, "{" * 40, "$" * 9, "`" * 30, ">" * 20),
)


def sources() -> list[str]:
    """The documents that are mutated."""
    folders = ("markdown", "latex", "text")
    return [path.read_text("utf-8") for folder in folders for path in sorted((FIXTURES / folder).glob("*"))]


def documents(seed: int, texts: Sequence[str]) -> Iterator[str]:
    """Mutated documents without end, the same ones for the same seed."""
    draw = random.Random(seed)  # noqa: S311  no secret
    while True:
        text = draw.choice(texts)
        begin = draw.randrange(len(text) + 1)
        text = text[begin : begin + draw.choice((40, 200, 1000))]
        for _ in range(draw.choice((1, 2, 4, 8))):
            text = _mutated(text, draw, texts)
        yield text


def _mutated(text: str, draw: random.Random, texts: Sequence[str]) -> str:
    at, to = sorted((draw.randrange(len(text) + 1), draw.randrange(len(text) + 1)))
    kind = draw.randrange(6)
    if kind <= 2:
        return text[:at] + draw.choice(SPICES) * draw.choice((1, 1, 1, 2, 5)) + text[at:]
    if kind == 3:
        return text[:at] + text[min(to, at + 30) :]
    if kind == 4:
        return text[:to] + text[at : min(to, at + 60)] * 2 + text[to:]
    other = draw.choice(texts)
    begin = draw.randrange(len(other) + 1)
    return text[:at] + other[begin : begin + 80] + text[at:]


def attempt(text: str, ending: str) -> int:
    """Read a document; how many answers it has, -1 where it is refused. Anything but InputError goes through."""
    try:
        return len(parse_submission(text, f"sheet{ending}").answers)
    except InputError:
        return -1
