"""Any text at all as a name: a part that is there, or a refusal, in no time; nothing else is ever raised."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Part
from hwcheck.submissions.names import Names, UnknownNameError
from tests.submissions.test_name_spellings import ENTRIES, FROM_0, FROM_1, NETWORK, OF_STEPS, WHOLE

PROBLEM = parse_problem(NETWORK, "small.yaml")
SHAPES = {name: quantity.shape for name, quantity in PROBLEM.all_quantities().items()}
SIGNS = "W1_{}()[]^+'=|,.-:012 dLhvx∂∇δ\\$`*\u0302₁²\u200b\u202e\n#ﬁ\ud800"
WORDS = (
    r"\frac",
    r"\partial",
    r"\hat{",
    r"\mathbf{",
    "|_{t=1}",
    "grad(",
    "[0]",
    "_{12}",
    "^{(1)}",
    "_new",
    "99999999999",
)
MUTANTS = 8_000


def found(names: Names, text: str) -> tuple[Part | None, str]:
    """What a text is read as, or why it is not."""
    try:
        return names.part(text), ""
    except UnknownNameError as error:
        return None, str(error)


def read(names: Names, text: str) -> bool:
    """Whether it is read; what it is read as must be there."""
    part, message = found(names, text)
    if part is None:
        assert 0 < len(message) < 1_000
        return False
    if names in (FROM_0, FROM_1):
        assert np.zeros(SHAPES[part.quantity])[part.index].size > 0
    assert names.told(part)
    return True


@given(st.text(max_size=210))
def test_any_text(text: str) -> None:
    for names in (FROM_0, FROM_1, OF_STEPS):
        read(names, text)


@given(st.lists(st.sampled_from([*SIGNS, *WORDS, "V", "w", "b", "h1"]), max_size=12).map("".join))
def test_any_pieces(text: str) -> None:
    for names in (FROM_0, FROM_1, OF_STEPS):
        read(names, text)


def mutants(seed: int, count: int = MUTANTS) -> Iterator[str]:
    """Spellings by hand with a few signs changed, left out, or put in."""
    chance = random.Random(seed)  # noqa: S311  no secret depends on it
    good = [*(text for texts in WHOLE.values() for text in texts), *(text for text, _ in ENTRIES)]
    for _ in range(count):
        text = chance.choice(good)
        for _ in range(chance.randint(1, 3)):
            at = chance.randint(0, len(text))
            new = chance.choice((*SIGNS, *WORDS, ""))
            text = text[:at] + new + text[at + chance.randint(0, 1) :]
        yield text


def test_mutants_of_good_spellings() -> None:
    counts = dict.fromkeys((FROM_0, FROM_1), 0)
    for text in mutants(5):
        for names in counts:
            counts[names] += read(names, text)
    for count in counts.values():
        assert MUTANTS / 20 < count < MUTANTS  # some are still names, and some are none


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[" * 190,
            "_" * 190,
            "{" * 190,
            "(" * 190,
            " " * 190,
            "1" * 190,
            "=" * 190,
            "\\" * 190,
            "'" * 190,
            "|" * 190,
        ),
        *("[1]" * 60, "_1" * 90, "^{(1)}" * 30, "t=1," * 45, "1," * 90, "d" * 190, "∂" * 190, "grad" * 45, "W1" * 90),
        *(r"\hat" * 45, r"\hat{" * 35, r"\frac" * 35, r"\mathbf" * 25, "new" * 60, "-a" * 90, "1hat" * 45, "+" * 190),
        *("\u0302" * 190, "₁" * 190, "¹₁" * 90, "ﷺ" * 190, "1 " * 95, "[0]new" * 30, "a=1 " * 45, ":" * 190),
    ],
)
def test_what_is_made_to_be_slow_is_not(text: str) -> None:
    begin = time.perf_counter()
    for names in (FROM_0, FROM_1, OF_STEPS):
        for ending in ("", "x", "]", "}", "=", "!"):
            read(names, text + ending)
    assert time.perf_counter() - begin < 2
