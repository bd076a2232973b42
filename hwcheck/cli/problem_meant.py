"""Which problem a submission is for: that of the command line, else the one that its file names."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Generic, TypeVar

import click

from hwcheck.cli.main import bug
from hwcheck.cli.shared import ProblemArgument
from hwcheck.errors import Fault, HwcheckError, InputError, Location, SubmissionError

if TYPE_CHECKING:
    from hwcheck.problem.model import Problem
    from hwcheck.submissions.model import Submission

__all__ = ["ProblemsMeant", "problem_option", "why_not"]

T = TypeVar("T")

problem_option = click.option(
    "--problem", "-p", type=ProblemArgument(), help="The problem's file or id; else the submission names it."
)


class ProblemsMeant(Generic[T]):
    """What is made of each problem that the submissions of one call are for, once; ``said`` is the call's own.

    The call's own problem is made at once: where it is not sound, nothing is read. Raises UsageError or ProblemError.
    """

    def __init__(self, said: str | None, make: Callable[[Problem], T]) -> None:
        self._said = said
        self._make = make
        self._made: dict[str, T] = {}
        if said is not None:
            self._of(said)

    @property
    def made(self) -> Collection[T]:
        """What was made until now."""
        return self._made.values()

    def of(self, submission: Submission) -> T | None:
        """What was made of the problem that a submission is for; None where nothing says which that is.

        Raises SubmissionError if the file names one that does not come with hwcheck: what a submission says is never
        followed as a path.
        """
        from hwcheck.problem.library import library

        named = submission.problem
        if self._said is not None:
            return self._of(self._said)
        if named is None:
            return None
        if named not in self._made and named not in library():
            rule = f"it names the problem {named!r}, which does not come with hwcheck: say --problem FILE"
            raise SubmissionError([Fault(submission.problem_at, rule)])
        return self._of(named)

    def _of(self, reference: str) -> T:
        from hwcheck.problem.library import find_problem
        from hwcheck.problem.load import load_problem

        if reference not in self._made:
            self._made[reference] = self._make(load_problem(find_problem(reference)))
        return self._made[reference]


def why_not(file: str, error: Exception) -> InputError:
    """Why one submission of many failed, a mistake of hwcheck's included; raises what is no fault of a file."""
    if isinstance(error, InputError):
        return error
    if isinstance(error, HwcheckError):
        raise error
    return InputError.at(Location(file), bug(error))
