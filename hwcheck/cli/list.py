"""``hwcheck list``."""

from __future__ import annotations

import click

from hwcheck.cli.shared import emit


@click.command("list")
def command() -> None:
    """List the problems that come with hwcheck."""
    from hwcheck.problem.library import library, topic
    from hwcheck.problem.load import load_problem
    from hwcheck.reports.blocks import Column, Table, line

    columns = (
        Column("Problem", fixed=True),
        Column("Topic", fixed=True),
        Column("Level", fixed=True),
        Column("Minutes", numeric=True),
        Column("Questions", numeric=True),
        Column("Title"),
    )
    rows = []
    for name, path in sorted(library().items(), key=lambda item: (topic(item[1]), item[0])):
        problem = load_problem(path)
        told = (topic(path), problem.level, str(problem.minutes or ""), str(len(problem.questions)), problem.title)
        rows.append(((line(name, "name"),), *((line(text),) for text in told)))
    emit([Table(columns, tuple(rows))])
