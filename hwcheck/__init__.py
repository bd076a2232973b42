"""hwcheck: reference values, gradients and fair marking for deep-learning homework.

>>> from hwcheck import grade, load_problem, read_submission, solve
>>> problem = load_problem("problems/gan.yaml")
>>> reference = solve(problem)
>>> result = grade(problem, read_submission("fixtures/gan/perfect.yaml"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hwcheck.grading.grade import grade
    from hwcheck.problem.load import load_problem
    from hwcheck.reference import solve
    from hwcheck.submissions.read import read_submission

__all__ = ["__version__", "grade", "load_problem", "read_submission", "solve"]

__version__ = "0.4.0"

# Where each name lives: importing hwcheck must not import NumPy, which costs more than all else together.
_HOMES = {
    "grade": "hwcheck.grading.grade",
    "load_problem": "hwcheck.problem.load",
    "read_submission": "hwcheck.submissions.read",
    "solve": "hwcheck.reference",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'hwcheck' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value  # found without this function from now on
    return value
