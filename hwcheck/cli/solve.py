"""``hwcheck solve``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hwcheck.cli.main import warn
from hwcheck.cli.shared import emit, format_option, problem_argument, put, report_width
from hwcheck.errors import quoted

if TYPE_CHECKING:
    from hwcheck.problem.model import Problem


@click.command("solve")
@problem_argument
@click.option("--only", "only", multiple=True, metavar="NAMES", help="Only these quantities: h0,dW1. May be repeated.")
@click.option("--steps", is_flag=True, help="Show how each quantity is computed, gradients included.")
@click.option("--decimals", type=click.IntRange(0, 15), help="Decimals to show; by default the problem's own digits.")
@click.option("--all", "everything", is_flag=True, help="Show long arrays whole.")
@format_option
def command(
    problem: str, only: tuple[str, ...], steps: bool, decimals: int | None, everything: bool, format_: str
) -> None:
    """Print the reference of a problem: every value and every gradient.

    PROBLEM is a problem file, or the id of a problem that comes with hwcheck.
    """
    from hwcheck.problem.library import find_problem
    from hwcheck.problem.load import load_problem
    from hwcheck.reference import solve, unsound

    loaded = load_problem(find_problem(problem))
    chosen = _chosen(loaded, only)
    reference = solve(loaded)
    for found in unsound(reference):
        warn(f"{loaded.location}: {found}")
    if format_ == "json":
        from hwcheck.reports.json import solve_json

        put(solve_json(reference, chosen))
        return
    from hwcheck.reports.numbers import Digits
    from hwcheck.reports.solve_view import SolveView

    digits = Digits.of(loaded.tolerance) if decimals is None else Digits(decimals=decimals)
    emit(SolveView(reference, digits, chosen, steps, everything, report_width()).blocks())


def _chosen(problem: Problem, only: tuple[str, ...]) -> list[str]:
    """The quantities that --only names, in any usual spelling."""
    from hwcheck.submissions.names import Names, UnknownNameError

    if not only:
        return []
    wanted = _split(",".join(only))
    if not wanted:
        raise click.BadParameter("it needs the name of a quantity, such as --only h0,dW1", param_hint="--only")
    names = Names(problem)
    chosen = []
    for text in wanted:
        try:
            chosen.append(names.part(text).quantity)
        except UnknownNameError as error:
            message = str(error)
            if message == f"the problem has no {quoted(text)}":  # and nothing that is near
                message += f"; it has {', '.join(problem.all_quantities())}"
            raise click.BadParameter(message, param_hint="--only") from None
    return chosen


def _split(text: str) -> list[str]:
    """At commas that stand in no brackets: jacobian(h0, W0) is one name."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]
