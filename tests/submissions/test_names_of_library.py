r"""Every quantity of every problem of the library, in every generated spelling, is read as itself or refused.

A spelling that is refused must name what it stands for among the readings. It must never be read as anything else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem
from hwcheck.problem.model import Part, Problem
from hwcheck.submissions.names import Names, UnknownNameError

LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}


def spelled(name: str) -> Iterator[str]:
    """An identifier as students write it."""
    yield from (name, f"${name}$", f" {name} ", f"`{name}`")
    if match := re.fullmatch(r"([A-Za-z])_?(\d+)", name):
        letter, number = match.groups()
        yield from (f"{letter}_{number}", f"{letter}_{{{number}}}", f"{letter}{number.translate(LOWERED)}")
        yield from (f"{letter}^{{({number})}}", rf"\mathbf{{{letter}}}_{number}", f"{letter}[{number}]")
        yield from (f"{letter}{number}", f"{letter.swapcase()}{number}", f"{letter} {number}")
    if match := re.fullmatch(r"([A-Za-z])_?(hat|bar|tilde)(\d*)", name):
        letter, accent, number = match.groups()
        below = f"_{number}" if number else ""
        yield from (rf"\{accent}{{{letter}}}{below}", f"{letter}{ACCENTS[accent]}{below}", f"{letter}_{accent}{number}")
        yield from (f"{letter}-{accent}{number}", f"{letter}{accent}{number}")
    if match := re.fullmatch(r"([A-Za-z])(\d*)_new", name):
        letter, number = match.groups()
        below = f"_{number}" if number else ""
        yield from (
            f"{letter}{below}'",
            f"{letter}{below}^+",
            rf"{letter}{below}^{{\text{{new}}}}",
            f"new {letter}{number}",
        )
    if match := re.fullmatch(r"(\w+)\[(\d+)\]", name):
        family, number = match.groups()
        yield from (f"{family}_{number}", f"{family}_{{{number}}}", f"{family}^{{({number})}}", f"{family}[ {number} ]")


def derived(name: str, loss: str) -> Iterator[str]:
    """The gradient in a quantity as students write it."""
    for own in spelled(name):
        yield from (f"d{own}", f"d{loss}/d{own}", f"∂{loss}/∂{own}", f"∇{own}", rf"\nabla_{{{own}}} {loss}")
        yield from (
            rf"\frac{{\partial {loss}}}{{\partial {own}}}",
            f"grad({own})",
            f"grad_{own}",
            f"{own.strip()}.grad",
        )


def all_spellings(problem: Problem) -> Iterator[tuple[str, Part]]:
    """Every generated spelling with what it stands for."""
    for name in problem.quantities:
        yield from ((text, Part(name)) for text in spelled(name))
    for name, gradient in problem.gradients.items():
        yield from ((text, Part(gradient.name)) for text in derived(name, problem.loss or "L"))
    for name in problem.shares:
        yield name, Part(name)
        if match := re.fullmatch(r"grad\((\w+), (\w+=\d+)\)", name):
            yield from (
                (text, Part(name)) for text in (f"dL/d{match[1]}|_{{{match[2]}}}", f"grad({match[1]},{match[2]})")
            )
    for question in problem.questions:
        yield question.name, Part(question.name)
    for name, quantity in problem.all_quantities().items():
        if 0 < quantity.size <= 12 and name.isidentifier():
            yield from entries(name, quantity.shape, problem.indexing)


def entries(name: str, shape: tuple[int, ...], first: int) -> Iterator[tuple[str, Part]]:
    """The last entry of a small array."""
    if shape:
        index = tuple(length - 1 for length in shape)
        written = [str(at + first) for at in index]
        for text in (f"{name}[{', '.join(written)}]", name + "".join(f"[{at}]" for at in written)):
            yield text, Part(name, index)
        if not name[-1].isdigit():
            yield f"{name}_{{{','.join(written)}}}", Part(name, index)
            yield f"{name}_{{{''.join(written)}}}", Part(name, index)


# The problem's own words go before the usual spellings: h_1 is h1[0] in gan.
def own_words(problem: Problem) -> set[str]:
    return {re.sub(r"\W", "", word) for word in problem.names}


def found(names: Names, text: str) -> tuple[Part | None, str]:
    """What a spelling is read as, or why it is not."""
    try:
        return names.part(text), ""
    except UnknownNameError as error:
        return None, str(error)


@pytest.mark.parametrize("id_", sorted(library()))
def test_every_spelling_is_read_as_itself_or_refused(id_: str) -> None:
    problem = load_problem(library()[id_])
    names = Names(problem)
    words = own_words(problem)
    counted: Counter[str] = Counter()
    for text, expected in all_spellings(problem):
        part, message = found(names, text)
        bare = text.replace(" ", "")
        if part is None:
            told = names.told(expected)
            assert " could be " in message, (text, told, message)
            assert told in message, (text, told, message)
            counted["refused"] += 1
        elif part == expected:
            counted["read"] += 1
        elif bare in problem.all_quantities():
            assert part == Part(bare)  # a quantity's own name, such as grad_soft, goes before all spellings
        else:  # and so does what the problem calls something: h_1 is h1[0] in gan
            plain = re.sub(r"\W", "", text.translate(DIGITS))
            assert any(word and word in plain for word in words), (text, names.told(part), names.told(expected))
    assert counted["read"] > 5 * counted["refused"]


DIGITS = str.maketrans({**{chr(0x2080 + digit): f"_{digit}" for digit in range(10)}})
