"""``hwcheck read``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwcheck.cli.main import FAILED, tell
from hwcheck.cli.problem_meant import ProblemsMeant, problem_option, why_not
from hwcheck.cli.shared import emit, format_option, put, report_width
from hwcheck.cli.submission_files import submission_files, submissions_argument
from hwcheck.errors import Fault, SubmissionError

if TYPE_CHECKING:
    from hwcheck.grading.understand import Understood
    from hwcheck.problem.model import Problem
    from hwcheck.submissions.names import Names


@click.command("read")
@submissions_argument
@problem_option
@click.option("--values", is_flag=True, help="Show all numbers of every answer.")
@format_option
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

    files = list(submission_files(submissions))
    problems = ProblemsMeant(problem, _with_names)
    found: list[Understood] = []
    failures: list[tuple[str, tuple[Fault, ...]]] = []
    for file in files:
        try:
            found.append(_understood(file, problems))
        except Exception as error:  # the border of each submission
            failures.append((str(file), why_not(str(file), error).faults))
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


def _understood(file: Path, problems: ProblemsMeant[tuple[Problem, Names]]) -> Understood:
    """What one file says. Raises SubmissionError if that cannot be read at all."""
    from hwcheck.grading.understand import understand
    from hwcheck.submissions.read import read_submission

    submission = read_submission(file)
    try:
        known = problems.of(submission)
    except SubmissionError as error:  # its names and shapes can be shown all the same
        understood = understand(submission, None)
        return understood._replace(faults=(*error.faults, *understood.faults))
    return understand(submission, *known) if known else understand(submission, None)


def _with_names(problem: Problem) -> tuple[Problem, Names]:
    from hwcheck.submissions.names import Names

    return problem, Names(problem)
