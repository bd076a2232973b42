"""The reference of every problem against its network in PyTorch: all that is asked, and the gradient of everything."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose

from hwcheck.problem.library import library, topic
from hwcheck.problem.load import load_problem
from hwcheck.problem.model import Problem
from hwcheck.reference import Reference, solve
from tests.oracle.libraries import torch
from tests.oracle.networks import Tensor, Values


def arguments(numbers: Mapping[str, Tensor]) -> dict[str, Any]:
    """Inputs and weights by their names; those of one name with an index are a mapping."""
    found: dict[str, Any] = {}
    for name, number in numbers.items():
        indexed = re.fullmatch(r"(\w+)\[(-?\d+)\]", name)
        if indexed:
            found.setdefault(indexed[1], {})[int(indexed[2])] = number
        else:
            found[name] = number
    return found


def in_torch(path: Path, problem: Problem, numbers: Mapping[str, Tensor]) -> Values:
    """What the network of a problem computes from its numbers."""
    networks = importlib.import_module(f"tests.oracle.networks.{topic(path) or 'top'}")
    values: Values = getattr(networks, problem.id.replace("-", "_"))(**arguments(numbers))
    return values


def gradients(problem: Problem, numbers: Values, values: Values) -> Values:
    """The gradients of the numbers and the values, from what differentiation starts from: by their own names.

    That of an input may be missing: PyTorch does not differentiate by labels.
    """
    loss = sum((torch.tensor(start) * values[name]).sum() for name, start in problem.starts.items())
    known = {name: x for name, x in (numbers | values).items() if name in problem.gradients and x.requires_grad}
    found = torch.autograd.grad(loss, list(known.values()), allow_unused=True, retain_graph=True)
    return {
        problem.gradients[name].name: torch.zeros_like(x) if g is None else g
        for (name, x), g in zip(known.items(), found, strict=True)
        if g is not None or name not in problem.inputs
    }


def assert_same(reference: Reference, found: Mapping[str, Tensor]) -> None:
    for name, value in found.items():
        assert_allclose(value.detach().numpy(), reference[name], rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("path", library().values(), ids=library())
def test_reference_is_that_of_pytorch(path: Path) -> None:
    problem = load_problem(path)
    reference = solve(problem)
    given = (*problem.inputs, *problem.weights)
    numbers = {name: torch.tensor(reference[name], requires_grad=True) for name in given}
    values = in_torch(path, problem, numbers)
    assert_same(reference, values)
    backward = gradients(problem, numbers, values)
    assert_same(reference, backward)
    assert {question.name for question in problem.questions} <= {*values, *backward}
