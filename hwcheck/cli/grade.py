"""``hwcheck grade``."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hwcheck.cli.main import FAILED, bug, tell, warn
from hwcheck.cli.shared import ProblemArgument, emit, put, report_width
from hwcheck.errors import Fault, HwcheckError, InputError, Location, SubmissionError, UsageError

if TYPE_CHECKING:
    from hwcheck.grading.grade import Grader
    from hwcheck.grading.result import Result
    from hwcheck.submissions.model import Submission

__all__ = ["SubmissionPath", "command", "submission_files"]

FEEDBACK = ("score", "verdict", "hint", "full")
TOGETHER = 64  # submissions that are read before they are marked


class SubmissionPath(click.ParamType[Path]):
    """A file or a folder. An empty text (a variable that is not set) is neither, and must not mean this folder."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path."""
        if not str(value):
            self.fail("it is empty; name a file or a folder", param, ctx)
        return Path(str(value))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """Files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


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
@click.argument("submissions", metavar="SUBMISSION...", nargs=-1, required=True, type=SubmissionPath())
@click.option("--problem", "-p", type=ProblemArgument(), help="The problem's file or id; else the submission names it.")
@click.option(
    "--feedback", type=click.Choice(FEEDBACK), default="full", show_default=True, help="How much the report tells."
)
@click.option("--fail-under", type=Percent(), help="The score in % below which the exit code is 1 (one sheet: 100).")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
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
    files = list(submission_files(submissions))
    single = len(files) == 1 and not submissions[0].is_dir()
    run = _Run(problem)
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
    """The submissions of one call: a grader for each problem that they name, and what could not be graded."""

    def __init__(self, problem: str | None) -> None:
        self._problem = problem
        self._graders: dict[str, Grader] = {}
        self.failures: list[InputError] = []
        self.crashed = False
        if problem is not None:
            self._grader(problem)  # a problem that is not sound stops the run before anything is graded

    def grade(self, file: Path) -> Result:
        """Mark one file. Raises InputError or UsageError."""
        submission, grader = self._read(file)
        return grader.grade(submission)

    def grade_all(self, files: list[Path]) -> Iterator[Result]:
        """Mark many, those of one problem together; what cannot be graded is noted and costs nobody else's result."""
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
        """Note why a submission could not be graded; what is no fault of a submission or a problem goes on."""
        if isinstance(error, InputError):
            self.failures.append(error)
        elif isinstance(error, HwcheckError):
            raise error
        else:
            self.crashed = True
            self.failures.append(InputError.at(Location(file), bug(error)))

    def _read(self, file: Path) -> tuple[Submission, Grader]:
        """What a file hands in, and what marks it."""
        from hwcheck.submissions.read import read_submission

        submission = read_submission(file)
        reference = self._problem or submission.problem
        if reference is None:
            raise SubmissionError(
                [Fault(Location(str(file)), "which problem is it for? Say --problem, or 'problem: ID' in the file")]
            )
        return submission, self._grader(reference, named_at=None if self._problem else submission.problem_at)

    def faults(self) -> Iterator[Fault]:
        """Why submissions could not be graded, place by place."""
        for failure in self.failures:
            yield from failure.faults

    def warn(self) -> None:
        """Say where a reference is infinite or undefined."""
        for grader in self._graders.values():
            for found in grader.unsound:
                warn(f"{grader.problem.location}: {found}")

    def _grader(self, reference: str, named_at: Location | None = None) -> Grader:
        from hwcheck.grading.grade import Grader
        from hwcheck.problem.library import find_problem, library
        from hwcheck.problem.load import load_problem

        if reference not in self._graders:
            if named_at is not None and reference not in library():
                # What a submission says is never followed as a path.
                rule = f"it names the problem {reference!r}, which does not come with hwcheck: say --problem FILE"
                raise SubmissionError([Fault(named_at, rule)])
            self._graders[reference] = Grader(load_problem(find_problem(reference)))
        return self._graders[reference]


def submission_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files themselves, and in folders all that may be submissions, in order of name; none of them twice.

    What is known to be no format that can be read (a PDF, a picture) is among them, so that it is told.
    """
    from hwcheck.submissions.kinds import OTHER_ENDINGS, readers

    met: set[str] = set()
    for path in paths:
        if not path.is_dir():
            yield from _new([path], met)
            continue
        found = sorted(_found_in(path, {*readers(), *OTHER_ENDINGS}))
        if not found:
            known = ", ".join(sorted(readers()))
            raise UsageError(f"there is no submission in the folder {path} (files that end in {known})")
        yield from _new(found, met)


def _new(paths: Iterable[Path], met: set[str]) -> Iterator[Path]:
    """The files that were not met before, by whatever way they are named: each has one row."""
    for path in paths:
        place = os.path.abspath(path)  # noqa: PTH100  a link stays one: it is refused, and not what it leads to
        if place not in met:
            met.add(place)
            yield path


def _found_in(folder: Path, endings: Container[str]) -> Iterator[Path]:
    """What may be a submission in a folder and the folders in it, however deep they are; what is hidden is left out.

    A folder that cannot be looked into, or that is a link, stands for what is in it: to read it tells why not.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                inside = [entry for entry in entries if not entry.name.startswith((".", "__"))]
        except OSError:
            yield here
            continue
        for entry in inside:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif path.suffix.lower() in endings or entry.is_dir():
                yield path


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
