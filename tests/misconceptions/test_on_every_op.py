"""Wrong steps are found in, and run on, the example of every op: no shape and no option of one makes them fail."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pytest

from hwcheck.errors import Location
from hwcheck.graph.evaluate import evaluate
from hwcheck.graph.op import Op
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.misconceptions.catalogue import wrong_steps
from hwcheck.ops.catalogue import ops
from hwcheck.ops.page import page
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve
from tests.support.run_wrong_steps import values_of
from tests.support.tiny import tiny

OPS = {op.name: op for op in ops().values() if page(op).example}


def _worked_out(text: str) -> object:
    source = Source(text, Location("the example"), LINE)
    (value,) = evaluate([build(source, Scope({}, ops()))], {})
    return value[0].tolist()


def _renamed(call: str, names: Collection[str]) -> str:
    """The call with inputs called x_in, for no name of an op or of an option."""
    for name in names:
        call = re.sub(rf"\b{name}\b(?!\s*(\(|=[^=]))", f"{name}_in", call)
    return call.replace('"', "'")


@pytest.mark.parametrize("line", ["{}", "2 * {}"], ids=["alone", "within"])
@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_its_wrong_steps_can_be_run(op: Op, line: str) -> None:
    example = page(op).example
    assert example is not None
    inputs = ", ".join(f"{name}_in: {_worked_out(text)}" for name, text in example.values.items())
    problem = parse_problem(tiny(inputs, out=line.format(_renamed(example.call, example.values))), "tiny.yaml")
    values = solve(problem).values
    for quantity in problem.all_quantities().values():
        steps = list(wrong_steps(problem, quantity))
        with np.errstate(all="ignore"):
            outcomes = values_of([step.body for step in steps], values)
        assert {outcome.shape for outcome in outcomes} <= {quantity.shape}
