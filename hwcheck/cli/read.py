"""``hwcheck read``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwcheck.cli.grade import SubmissionPath, submission_files
from hwcheck.cli.main import FAILED, bug, tell
from hwcheck.cli.shared import ProblemArgument, emit, put, report_width
from hwcheck.errors import Fault, HwcheckError, Location, SubmissionError

if TYPE_CHECKING:
    from hwcheck.grading.understand import Understood
    from hwcheck.problem.model import Problem
    from hwcheck.submissions.names import Names


@click.command("read")
@click.argument("submissions", metavar="SUBMISSION...", nargs=-1, required=True, type=SubmissionPath())
@click.option("--problem", "-p", type=ProblemArgument(), help="The problem's file or id; else the submission names it.")
@click.option("--values", is_flag=True, help="Show all numbers of every answer.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    context: click.Context, submissions: tuple[Path, ...], problem: str | None, values: bool, format_: str
) -> None:
    """Show how submissions are read, before anything is marked.

    SUBMISSION is a file, or a folder of files. Each answer has a row: where it stands, its name as written, what that
    is read as, its shape and its numbers. Below stand what was not understood, and which questions have no answer yet.
    No right answer is worked out or shown. Where no problem is named, names and shapes are shown alone.

    The exit code is 0 if everything was understood, 1 if not, 2 if a file could not be read.
    """
    from hwcheck.reports.read_view import ReadView, is_understood, read_json

    run = _Run(problem)
    files = list(submission_files(submissions))
    found: list[Understood] = []
    failures: list[tuple[str, tuple[Fault, ...]]] = []
    for file in files:
        try:
            found.append(run.understand(file))
        except SubmissionError as error:
            failures.append((str(file), error.faults))
        except HwcheckError:
            raise
        except Exception as error:  # the border of each submission: what hwcheck did not foresee costs no other
            failures.append((str(file), (Fault(Location(str(file)), bug(error)),)))
    if format_ == "json":
        put(read_json(found, failures))
    else:
        for position, understood in enumerate(found):
            if position:
                put("\n")
            emit(ReadView(understood, values, report_width()).blocks())
    for _, faults in failures:
        for fault in faults:
            tell(str(fault))
    if failures:
        context.exit(FAILED)
    context.exit(0 if all(map(is_understood, found)) else 1)


class _Run:
    """The submissions of one call, and the problems that they name."""

    def __init__(self, problem: str | None) -> None:
        self._problem = problem
        self._known: dict[str, tuple[Problem, Names]] = {}
        if problem is not None:
            self._load(problem)

    def understand(self, file: Path) -> Understood:
        """What one file says. Raises SubmissionError if that cannot be read at all."""
        from hwcheck.grading.understand import understand
        from hwcheck.problem.library import library
        from hwcheck.submissions.read import read_submission

        submission = read_submission(file)
        if self._problem is not None:
            return understand(submission, *self._load(self._problem))
        if submission.problem is None:
            return understand(submission, None)
        if submission.problem not in library():  # what a submission says is never followed as a path
            understood = understand(submission, None)
            rule = f"it names the problem {submission.problem!r}, which does not come with hwcheck: say --problem FILE"
            fault = Fault(submission.problem_at, rule)
            return understood._replace(faults=(fault, *understood.faults))
        return understand(submission, *self._load(submission.problem))

    def _load(self, reference: str) -> tuple[Problem, Names]:
        from hwcheck.problem.library import find_problem
        from hwcheck.problem.load import load_problem
        from hwcheck.submissions.names import Names

        if reference not in self._known:
            problem = load_problem(find_problem(reference))
            self._known[reference] = problem, Names(problem)
        return self._known[reference]
