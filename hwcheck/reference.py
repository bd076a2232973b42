"""From a Problem to its Reference: the right value of everything that has a name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwcheck.errors import Fault, ProblemError, UsageError
from hwcheck.graph.evaluate import Plan
from hwcheck.graph.node import Array, Call, Quantity, Shape, order
from hwcheck.graph.op import Op
from hwcheck.graph.options import spell_shape
from hwcheck.problem.load import with_ops
from hwcheck.problem.model import Draw, Problem
from hwcheck.problem.soundness import NotFinite, not_finite, outside_domain, seen_from

__all__ = [
    "Reference", "drawn_numbers", "float_noise", "label_names", "rel_alone_at_zero", "solve", "stated_numbers",
    "unsound",
]  # fmt: skip

SHAKEN = 8  # runs with moved numbers
MOST_NOISE = 1e-9


@dataclass(frozen=True)
class Reference:
    """The right values of a problem, by name, each in its own shape."""

    problem: Problem
    values: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.values[name]


def solve(
    problem: Problem, *, given: Mapping[str, npt.ArrayLike] | None = None, instead: Mapping[str, Op] | None = None
) -> Reference:
    """Compute every input, weight, network line, gradient and question of a problem, in float64.

    ``given`` are numbers for some of them, in their shapes, that later steps use in place of the computed ones (NaN:
    the computed entry stays); its own value is still what follows from the steps before it. ``instead`` replaces ops
    by name: the same network with one thing done wrong (hwcheck.problem.load.with_ops).

    Raises ProblemError where an op cannot take the problem's own numbers: a class that is not there, a mask that hides
    all.
    """
    if instead:
        problem = with_ops(problem, instead)
    quantities = problem.all_quantities()
    put_in = {quantities[name]: np.asarray(values, dtype=np.float64) for name, values in (given or {}).items()}
    for quantity, values in put_in.items():
        if values.shape != quantity.shape:
            shapes = f"{spell_shape(quantity.shape)}, but is given as {spell_shape(values.shape)}"
            raise UsageError(f"{quantity.name} is {shapes}")
    numbers = stated_numbers(problem) | {quantity: values[np.newaxis] for quantity, values in put_in.items()}
    if not given and not instead:
        faults = outside_domain(problem, numbers)
        if faults:
            raise ProblemError(sorted(faults))
    results = Plan(quantities.values(), [quantity for quantity in put_in if quantity.body is not None]).run(numbers)
    return Reference(problem, {name: array[0] for name, array in zip(quantities, results, strict=True)})


def unsound(reference: Reference) -> list[NotFinite]:
    """Where a reference becomes infinite or undefined, and why: the log of a 0, a division by 0."""
    return list(not_finite(reference.problem, reference.values, stated_numbers(reference.problem)))


def rel_alone_at_zero(reference: Reference) -> list[Fault]:
    """Questions that are marked by ``rel`` alone although their reference has a 0, where that allows nothing at all.

    A 0 that float64 leaves as 1e-17 is one too.
    """
    problem = reference.problem
    asked = [question for question in problem.questions if question.answer == "number"]
    asked = [question for question in asked if question.tolerance.is_relative_alone]
    noise = float_noise(problem, [question.name for question in asked]) if asked else {}
    found = []
    for question in asked:
        zeros = np.argwhere(np.abs(reference[question.name]) <= noise[question.name])
        if len(zeros):
            index = tuple(int(i) for i in zeros[0])
            place = f"entry {list(index)} of {question.name} is" if index else f"{question.name} is"
            more = f", as are {len(zeros) - 1} more" if len(zeros) > 1 else ""
            rel = f"{question.tolerance.rel:g}"
            rule = f"{place} 0{more}, where tolerance's rel: {rel} allows no difference"
            advice = f"add what is still right there, such as tolerance: {{rel: {rel}, abs: {rel}}}"
            found.append(Fault(question.location, f"{rule}; {advice}"))
    return found


def float_noise(problem: Problem, names: Iterable[str]) -> dict[str, Array]:
    """How far float64 may be off in each entry of some quantities: what is exactly 0 need not come out as 0.

    A number such as 0.1 has no exact float64. The problem is worked again with every stated number moved by a few units
    of its last place, and the largest change is taken: an entry that cancels shows as one that moves.
    """
    names = list(names)
    quantities = problem.all_quantities()
    numbers = stated_numbers(problem)
    exact = Plan([quantities[name] for name in names])
    moved = {
        quantity: values * (1.0 + _jitter(quantity.name, values.shape[1:])) for quantity, values in numbers.items()
    }
    result = {}
    for name, here, there in zip(names, exact.run(numbers), exact.run(moved), strict=True):
        with np.errstate(invalid="ignore"):
            change = np.max(np.abs(there - here), axis=0)
        # What moves by more sits on a kink, which is no matter of rounding.
        result[name] = np.where(change < MOST_NOISE * np.maximum(1.0, np.abs(here[0])), 4 * change, 0.0)
    return result


def _jitter(name: str, shape: Shape) -> Array:
    """Relative changes of up to four units of the last place, ``(SHAKEN, *shape)``, the same on every machine."""
    import random

    generator = random.Random(name)  # noqa: S311  no secret depends on it
    steps = [generator.uniform(-1.0, 1.0) for _ in range(SHAKEN * math.prod(shape))]
    return 2.0**-50 * np.array(steps).reshape(SHAKEN, *shape)


def stated_numbers(problem: Problem) -> dict[Quantity, Array]:
    """The numbers of inputs and weights, ``(1, *shape)`` each; what the file does not state is drawn from its seed."""
    numbers = {}
    for name in (*problem.inputs, *problem.weights):
        quantity = problem.quantities[name]
        stated = problem.values.get(name)
        drawn = _draw(problem, name, 0) if stated is None else stated
        numbers[quantity] = drawn.reshape(1, *quantity.shape)
    return numbers


def drawn_numbers(problem: Problem, points: int, begin: int = 0) -> dict[Quantity, Array]:
    """Numbers of inputs and weights at so many drawn points, ``(points, *shape)`` each, from the point ``begin`` on.

    What the problem calls fixed keeps its stated value, and so do labels, for which other numbers make no sense: an
    input that is the target of a cross-entropy, or one of both zeros and ones (a mask, a one-hot vector). What the
    problem calls not fixed is drawn whatever it is.
    """
    numbers = {}
    kept = label_names(problem)
    for name in (*problem.inputs, *problem.weights):
        stated = problem.values.get(name)
        if stated is not None and problem.fixed.get(name, name in kept):
            numbers[problem.quantities[name]] = stated[np.newaxis]
        else:
            drawn = [_draw(problem, name, 1 + point) for point in range(begin, begin + points)]
            numbers[problem.quantities[name]] = np.stack(drawn)
    return numbers


def label_names(problem: Problem) -> set[str]:
    """The inputs that some op takes as labels, or that have both zeros and ones and nothing else."""
    names = {name for name in problem.inputs if name in problem.values and _zeros_and_ones(problem.values[name])}
    for node in order(problem.quantities.values(), below=seen_from):
        if isinstance(node, Call) and node.op.labels:
            inputs = zip(node.names, node.inputs, strict=True)
            names |= {input_.name for name, input_ in inputs if name in node.op.labels and isinstance(input_, Quantity)}
    return names & set(problem.inputs)


def _zeros_and_ones(stated: Array) -> bool:
    return set(stated.reshape(-1)) == {0.0, 1.0}


def _draw(problem: Problem, name: str, point: int) -> Array:
    """Numbers that depend on the problem's seed, the name and the point alone, on every machine and in every version.

    Python promises that of random() for a text as seed; NumPy promises it of none of its generators.
    """
    import random  # 1 ms, and few problems leave a number to be drawn

    generator = random.Random(f"{problem.seed}/{name}/{point}")  # noqa: S311  no secret depends on it
    shape = problem.quantities[name].shape
    rule = problem.draws.get(name, Draw())
    numbers = [_one(rule, generator.random()) for _ in range(math.prod(shape))]
    return np.array(numbers, dtype=np.float64).reshape(shape)


def _one(rule: Draw, fraction: float) -> float:
    number = rule.low + (rule.high - rule.low) * fraction
    return number if rule.decimals is None else round(number, rule.decimals) + 0.0  # no -0.0
