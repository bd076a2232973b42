"""hwcheck's values against the node tests that come with ONNX; see tests/oracle/onnx_nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.oracle.onnx_nodes.cases import Case, cases, operators
from tests.oracle.onnx_nodes.interpreter import compare
from tests.oracle.onnx_nodes.listing import listed, runnable
from tests.oracle.onnx_nodes.reasons import CASES, OPERATORS
from tests.oracle.onnx_nodes.table import TRANSLATIONS


@pytest.mark.parametrize("name", listed())
def test_outputs_are_those_of_onnx(name: str, record_property: Callable[[str, object], None]) -> None:
    compare(cases()[name])
    record_property("onnx operator", listed()[name])


def test_every_case_that_can_be_run_is_listed() -> None:
    found = {case.name for case in cases().values() if runnable(case)}
    assert found == set(listed()), "python -m tests.oracle.onnx_nodes writes the list anew"


def test_every_case_that_is_left_out_has_a_reason_and_every_reason_a_case() -> None:
    left_out = [case for case in cases().values() if not runnable(case) and case.name not in CASES]
    assert {operator for case in left_out for operator in _obstacles(case)} == set(OPERATORS)


def _obstacles(case: Case) -> list[str]:
    """The operators without a translation; where all have one, none of them computes anything."""
    found = operators(case)
    return [operator for operator in found if operator not in TRANSLATIONS] or found


@pytest.mark.parametrize("name", CASES)
def test_a_case_that_is_left_out_for_itself_does_fail(name: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  in whatever way
        compare(cases()[name])


@pytest.mark.parametrize("off", [1e-4, float("nan")])
def test_a_wrong_output_is_noticed(off: float) -> None:
    case = cases()["test_relu"]
    inputs, (output,) = case.data_sets[0]
    wrong = output.copy()
    wrong[1, 2, 3] += off
    with pytest.raises(AssertionError):
        compare(replace(case, data_sets=[(inputs, [wrong])]))
