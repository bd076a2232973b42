"""``hwcheck grade``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwcheck.cli.main import FAILED, tell, warn
from hwcheck.cli.problem_meant import ProblemsMeant, problem_option, why_not
from hwcheck.cli.shared import emit, format_option, put, report_width
from hwcheck.cli.submission_files import submission_files, submissions_argument
from hwcheck.errors import Fault, InputError, Location, SubmissionError

if TYPE_CHECKING:
    from hwcheck.grading.grade import Grader
    from hwcheck.grading.result import Result
    from hwcheck.submissions.model import Submission

FEEDBACK = ("score", "verdict", "hint", "full")


class Percent(click.ParamType[float]):
    """A percentage: 80 or 80%."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The percentage as a number from 0 to 100."""
        text = str(value).strip().removesuffix("%")
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 100:
            self.fail(f"{value!r} is no percentage from 0 to 100", param, ctx)
        return number


@click.command("grade")
@submissions_argument
@problem_option
@click.option(
    "--feedback", type=click.Choice(FEEDBACK), default="full", show_default=True, help="How much the report tells."
)
@click.option("--fail-under", type=Percent(), help="The score in % below which the exit code is 1 (one sheet: 100).")
@format_option
@click.pass_context
def command(
    context: click.Context,
    submissions: tuple[Path, ...],
    problem: str | None,
    feedback: str,
    fail_under: float | None,
    format_: str,
) -> None:
    """Mark submissions and say where they go wrong.

    SUBMISSION is a file, or a folder of files. Of one file a full report is shown, of several a row each.

    The exit code of one submission is 0 if its score reaches --fail-under, 1 if not; of several it is 0 if all could
    be graded (and reach --fail-under, if that is given), 1 if not; it is 2 if the job could not be done.
    """
    from hwcheck.grading.grade import Grader

    files = list(submission_files(submissions))
    single = len(files) == 1 and not submissions[0].is_dir()
    run = _Run(ProblemsMeant(problem, Grader))
    results = [run.grade(files[0])] if single else list(run.grade_all(files))
    _show(results, run, feedback, format_, single)
    if feedback == "full":
        run.warn()
    for fault in (*run.faults(), *(fault for result in results for fault in result.faults)):
        tell(str(fault))
    if run.crashed:
        context.exit(FAILED)
    if single:
        context.exit(_code_of_one(results[0], 100.0 if fail_under is None else fail_under))
    context.exit(1 if run.failures or any(_below(result, fail_under) for result in results) else 0)


class _Run:
    """The marking of one call's submissions, and what could not be graded."""

    def __init__(self, graders: ProblemsMeant[Grader]) -> None:
        self._graders = graders
        self.failures: list[InputError] = []
        self.crashed = False

    def grade(self, file: Path) -> Result:
        """Mark one file. Raises InputError or UsageError."""
        submission, grader = self._read(file)
        return grader.grade(submission)

    def grade_all(self, files: list[Path]) -> Iterator[Result]:
        """Mark many, those of one problem together; what cannot be graded is noted and costs nobody else's result."""
        from hwcheck.grading.grade import TOGETHER

        for grader, group in groupby(self._readable(files), key=itemgetter(1)):
            while some := [submission for submission, _ in islice(group, TOGETHER)]:
                yield from self._marked(some, grader)

    def _marked(self, some: list[Submission], grader: Grader) -> list[Result]:
        """The results of some submissions; where that fails, of each by itself: a mistake of hwcheck's costs one."""
        try:
            return list(grader.grade_all(some))
        except Exception as error:  # the border of each submission: what hwcheck did not foresee
            if len(some) == 1:
                self._fail(some[0].file, error)
                return []
        return [result for submission in some for result in self._marked([submission], grader)]

    def _readable(self, files: list[Path]) -> Iterator[tuple[Submission, Grader]]:
        for file in files:
            try:
                submission, grader = self._read(file)
                grader.check(submission)
            except Exception as error:  # the border of each submission
                self._fail(str(file), error)
            else:
                yield submission, grader

    def _fail(self, file: str, error: Exception) -> None:
        self.failures.append(why_not(file, error))
        self.crashed |= not isinstance(error, InputError)

    def _read(self, file: Path) -> tuple[Submission, Grader]:
        """What a file hands in, and what marks it."""
        from hwcheck.submissions.read import read_submission

        submission = read_submission(file)
        grader = self._graders.of(submission)
        if grader is None:
            rule = "which problem is it for? Say --problem, or 'problem: ID' in the file"
            raise SubmissionError([Fault(Location(str(file)), rule)])
        return submission, grader

    def faults(self) -> Iterator[Fault]:
        """Why submissions could not be graded, place by place."""
        for failure in self.failures:
            yield from failure.faults

    def warn(self) -> None:
        """Say where a reference is infinite or undefined."""
        for grader in self._graders.made:
            for found in grader.unsound:
                warn(f"{grader.problem.location}: {found}")


def _show(results: list[Result], run: _Run, feedback: str, format_: str, single: bool) -> None:
    from hwcheck.reports.grade_view import Failure, GradeView, class_blocks

    failures = [Failure(error.faults[0].location.file, _reason(error), error.faults) for error in run.failures]
    if format_ == "json":
        from hwcheck.reports.json import grade_json

        problems = {result.problem for result in results}
        put(grade_json(problems.pop() if len(problems) == 1 else None, results, failures, feedback))
    elif single:
        emit(GradeView(results[0], feedback, report_width()).blocks())
    else:
        emit(class_blocks(results, failures, feedback))


def _reason(error: InputError) -> str:
    """The first fault, with its line, and how many more there are."""
    first = error.faults[0]
    place = f"line {first.location.line}: " if first.location.line else ""
    more = f" (and {len(error.faults) - 1} more)" if len(error.faults) > 1 else ""
    return f"{place}{first.message}{more}"


def _below(result: Result, percent: float | None) -> bool:
    return percent is not None and result.score * 100 < percent * result.max_score - 1e-9


def _code_of_one(result: Result, percent: float) -> int:
    if result.faults:
        return FAILED
    return 1 if _below(result, percent) else 0
