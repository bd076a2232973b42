"""``hwcheck lint``."""

from __future__ import annotations

import click

from hwcheck.cli.main import FAILED, tell
from hwcheck.cli.shared import ProblemArgument, put
from hwcheck.errors import InputError


@click.command("lint")
@click.argument("problems", metavar="PROBLEM...", nargs=-1, required=True, type=ProblemArgument())
@click.pass_context
def command(context: click.Context, problems: tuple[str, ...]) -> None:
    """Check problem files: are they sound, are the gradients right.

    Every fault of a file is told, and every gradient is compared with central differences. The exit code is 0 if
    nothing was found, 1 if something was, 2 if a file could not be read as a problem or its answers cannot be marked.
    """
    from hwcheck.lint import lint
    from hwcheck.misconceptions.credit import unknown_credits
    from hwcheck.problem.library import find_problem
    from hwcheck.problem.load import load_problem
    from hwcheck.reports.escape import show

    code = 0
    for problem in problems:
        path = find_problem(problem)
        try:
            found = lint(load_problem(path))
        except InputError as error:
            for fault in error.faults:
                tell(str(fault))
            code = FAILED
            continue
        faults = [*unknown_credits(found.problem), *found.faults]
        for fault in sorted(faults):
            tell(str(fault))
            code = FAILED
        for finding in found.findings:
            put(show(f"{path}: {finding.quantity}: {finding.message}", 1000) + "\n")
        code = max(code, 1 if found.findings else 0)
        if not found.findings and not faults:
            checked = f"{found.gradients} gradients ({found.entries} entries) agree with central differences"
            count = len(found.problem.questions)
            put(show(f"{path}: sound; {count} question{'s' * (count != 1)}, {checked}", 1000) + "\n")
    context.exit(code)
