"""Which cases are run: those of cases.txt, which is a list so that collecting tests need not compute all the cases.

A line of it is an operator and its cases. Those whose model is the operator's definition in terms of others stand under
``Operator expanded``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.oracle.onnx_nodes.cases import Case, cases, operators
from tests.oracle.onnx_nodes.reasons import CASES
from tests.oracle.onnx_nodes.table import STATIC, TRANSLATIONS

__all__ = ["listed", "runnable", "write"]

_LIST = Path(__file__).with_name("cases.txt")


@cache
def listed() -> Mapping[str, str]:
    """The operator of each case that is to be run, by the case's name."""
    lines = (line.split(": ") for line in _LIST.read_text().splitlines())
    return {f"test_{name}": operator for operator, names in lines for name in names.split()}


def runnable(case: Case) -> bool:
    """Whether all of a case is translated, and some of it computes."""
    found = set(operators(case))
    return found <= TRANSLATIONS.keys() and not found <= STATIC and case.name not in CASES


def _operator(case: Case) -> str:
    name, expanded, _ = case.name.partition("_expanded")
    (operator, *_) = operators(cases()[name])
    return f"{operator}{expanded.replace('_', ' ')}"


def write() -> None:
    """Write the list anew, of all the cases that can be run."""
    found: dict[str, list[str]] = {}
    for case in filter(runnable, cases().values()):
        found.setdefault(_operator(case), []).append(case.name.removeprefix("test_"))
    _LIST.write_text("".join(f"{operator}: {' '.join(sorted(found[operator]))}\n" for operator in sorted(found)))
