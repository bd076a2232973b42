"""An empty submission: the numbers that are given, and every question's name with a blank for each of its entries."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from hwcheck.graph.node import Array, Shape
from hwcheck.graph.options import spell_shape
from hwcheck.located_yaml import plain_scalar
from hwcheck.problem.model import Problem, Question, Tolerance
from hwcheck.reference import stated_numbers
from hwcheck.reports.numbers import Digits

__all__ = ["template_text"]

BLANK = "_"
WIDE = 72
COMMENT = 100
# Entries; what has more is found faster in the problem than in a comment.
GIVEN = 64


def template_text(problem: Problem) -> str:
    """A YAML submission to fill in; it can be graded as it is, and then everything is missing."""
    return "\n".join(_lines(problem)) + "\n"


def _lines(problem: Problem) -> Iterator[str]:
    yield f"# {' '.join(problem.title.split())}"
    yield f"# Put your answers where the {BLANK} stand. A number may be an expression: 1/3, -log(0.999)."
    digits = _digits(problem.tolerance)
    if digits:
        yield f"# Work to {digits}."
    yield from _given(problem)
    yield f"problem: {plain_scalar(problem.id)}"
    yield f"student: {BLANK}"
    yield "answers:"
    for question in problem.questions:
        yield ""
        own = _digits(question.tolerance) if question.answer == "number" else ""
        yield f"  # {_asked(question)}{f'; to {own}' if own not in ('', digits) else ''}"
        yield from _blanks(plain_scalar(question.name), question)


def _digits(tolerance: Tolerance) -> str:
    """To how many digits answers are worked; nothing where the tolerance does not say so."""
    if tolerance.decimals is not None:
        return f"{tolerance.decimals} decimals"
    return f"{tolerance.sigfigs} significant figures" if tolerance.sigfigs is not None else ""


def _given(problem: Problem) -> Iterator[str]:
    """The numbers that the answers are computed from, drawn ones among them, as comments; formulas need none."""
    if all(question.answer == "formula" for question in problem.questions):
        return
    numbers = {quantity.name: array[0] for quantity, array in stated_numbers(problem).items()}
    if problem.loss is None:
        numbers.update((f"upstream of {name}", array) for name, array in problem.starts.items())
    for name, array in numbers.items():
        if array.size > GIVEN:
            told = f"given: {name}, {spell_shape(array.shape)}: left out here, it has {array.size} entries"
        else:
            told = f"given: {name} = {_written(array)}"
        yield from textwrap.wrap(
            told, COMMENT, initial_indent="# ", subsequent_indent="#   ", break_long_words=False, break_on_hyphens=False
        )


def _written(array: Array) -> str:
    """Numbers as they can be written into a submission: nested lists, a single number as such."""
    if array.ndim == 0:
        return Digits.given().text(float(array))
    return f"[{', '.join(map(_written, array))}]"


def _asked(question: Question) -> str:
    points = f"{question.points:g} point{'' if question.points == 1 else 's'}"
    if question.answer == "number":
        return f"{spell_shape(question.shape)}; {points}"
    entry = f" of the entry {', '.join(question.indices)}" if question.indices else ""
    return f"a formula{entry} in {', '.join([*question.using, *question.indices])}; {points}"


def _blanks(name: str, question: Question) -> Iterator[str]:
    if question.answer == "formula" or not question.shape:
        yield f"  {name}: {BLANK}"
        return
    whole = _nested(question.shape)
    if len(whole) <= WIDE:
        yield f"  {name}: {whole}"
        return
    yield f"  {name}:"
    yield from _block(question.shape, "    ")


def _nested(shape: Shape) -> str:
    text = BLANK
    for length in reversed(shape):
        text = f"[{', '.join([text] * length)}]"
    return text


def _block(shape: Shape, indent: str) -> Iterator[str]:
    """A row of blanks a line; further axes as nested lists."""
    for _ in range(shape[0]):
        inner = _nested(shape[1:])
        if len(shape) <= 2 or len(inner) <= WIDE:
            yield f"{indent}- {inner}"
        else:
            first, *rest = _block(shape[1:], indent + "  ")
            yield f"{indent}- {first.strip()}"
            yield from rest
