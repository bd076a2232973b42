"""An empty submission: every question's name with a blank for each of its entries."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.node import Shape
from hwcheck.graph.options import spell_shape
from hwcheck.located_yaml import plain_scalar
from hwcheck.problem.model import Problem, Question

__all__ = ["template_text"]

BLANK = "_"
WIDE = 72


def template_text(problem: Problem) -> str:
    """A YAML submission to fill in; it can be graded as it is, and then everything is missing."""
    return "\n".join(_lines(problem)) + "\n"


def _lines(problem: Problem) -> Iterator[str]:
    yield f"# {' '.join(problem.title.split())}"
    yield f"# Put your answers where the {BLANK} stand. A number may be an expression: 1/3, -log(0.999)."
    if problem.tolerance.decimals is not None:
        yield f"# Work to {problem.tolerance.decimals} decimals."
    elif problem.tolerance.sigfigs is not None:
        yield f"# Work to {problem.tolerance.sigfigs} significant figures."
    yield f"problem: {plain_scalar(problem.id)}"
    yield f"student: {BLANK}"
    yield "answers:"
    for question in problem.questions:
        yield ""
        yield f"  # {_asked(question)}"
        yield from _blanks(plain_scalar(question.name), question)


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
