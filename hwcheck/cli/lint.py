"""``hwcheck lint``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from hwcheck.cli.main import FAILED, tell
from hwcheck.cli.shared import ProblemArgument, format_option, put
from hwcheck.errors import Fault, InputError

if TYPE_CHECKING:
    from hwcheck.lint import Finding, Lint


class _Checked(NamedTuple):
    """One file: ``found`` is None where it is no problem; ``further`` is what its numbers cannot show."""

    path: Path
    found: Lint | None
    further: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return (*(self.found.findings if self.found else ()), *self.further)

    @property
    def code(self) -> int:
        """The exit code that it deserves."""
        if self.faults or self.found is None:
            return FAILED
        return 1 if any(finding.severity == "error" for finding in self.findings) else 0


@click.command("lint")
@click.argument("problems", metavar="PROBLEM...", nargs=-1, required=True, type=ProblemArgument())
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes too, and name everything.")
@format_option
@click.pass_context
def command(context: click.Context, problems: tuple[str, ...], strict: bool, verbose: bool, format_: str) -> None:
    """Check problem files: sound, gradients right, mistakes visible.

    Every fault of a file is told, and every gradient is compared with central differences. Of a sound problem every
    known mistake is tried in every step: warnings say which ones its numbers cannot show at the digits that it asks
    for, which answers 0 or a copy would be right for, where rounding decides too much, and what to change. Notes say
    which mistakes cannot be told apart.

    The exit code is 0 if there was no error, 1 if there was, 2 if a file could not be read as a problem or its answers
    cannot be marked.
    """
    from hwcheck.problem.library import find_problem

    code = 0
    documents: list[dict[str, Any]] = []
    for problem in problems:
        checked = _check(find_problem(problem), strict)
        code = max(code, checked.code)
        for fault in checked.faults:
            tell(str(fault))
        if format_ == "json":
            from hwcheck.reports.lint_json import file_json

            documents.append(file_json(str(checked.path), checked.found, checked.findings, checked.faults))
        elif checked.found is not None:
            from hwcheck.reports.lint_view import lint_text

            sound = not checked.found.findings and not checked.faults
            put(lint_text(str(checked.path), checked.found, checked.further, sound=sound, verbose=verbose))
    if format_ == "json":
        from hwcheck.reports.lint_json import lint_json

        put(lint_json(documents))
    context.exit(code)


def _check(path: Path, strict: bool) -> _Checked:
    from hwcheck.grading.showing import showing
    from hwcheck.lint import lint
    from hwcheck.misconceptions.credit import unknown_credits
    from hwcheck.problem.load import load_problem

    try:
        found = lint(load_problem(path))
    except InputError as error:
        return _Checked(path, None, (), tuple(error.faults))
    faults = tuple(sorted([*unknown_credits(found.problem), *found.faults]))
    if faults or found.findings:
        return _Checked(path, found, (), faults)
    further = showing(found.problem)
    if strict:
        further = tuple(f._replace(severity="error") if f.severity == "warning" else f for f in further)
    return _Checked(path, found, further)
