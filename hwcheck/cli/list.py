"""``hwcheck list``."""

from __future__ import annotations

import click

from hwcheck.cli.shared import emit


@click.command("list")
def command() -> None:
    """List the problems that come with hwcheck."""
    from hwcheck.problem.library import library
    from hwcheck.problem.load import load_problem
    from hwcheck.reports.blocks import Column, Table, line

    columns = (Column("Problem", fixed=True), Column("Questions", numeric=True), Column("Title"))
    rows = []
    for name, path in library().items():
        problem = load_problem(path)
        rows.append(((line(name, "name"),), (line(str(len(problem.questions))),), (line(problem.title),)))
    emit([Table(columns, tuple(rows))])
