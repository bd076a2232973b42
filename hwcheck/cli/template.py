"""``hwcheck template``."""

from __future__ import annotations

import click

from hwcheck.cli.shared import problem_argument, put


@click.command("template")
@problem_argument
def command(problem: str) -> None:
    """Print an empty submission to fill in.

    It is YAML with the name of every question and a blank for each entry; 'hwcheck grade' takes it as it is.
    """
    from hwcheck.problem.library import find_problem
    from hwcheck.problem.load import load_problem
    from hwcheck.reports.template import template_text

    put(template_text(load_problem(find_problem(problem))))
