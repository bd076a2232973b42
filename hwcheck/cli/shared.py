"""What several commands share: options, finding problems, and where reports go."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from hwcheck.reports.blocks import Block

__all__ = ["ProblemArgument", "emit", "problem_argument", "report_width"]

F = TypeVar("F", bound=Callable[..., Any])

PLAIN_WIDTH = 100


class ProblemArgument(click.ParamType[str]):
    """The path or the id of a problem; a shell completes both."""

    name = "problem"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """The ids that begin so, and files."""
        from click.shell_completion import CompletionItem

        from hwcheck.problem.library import library

        ids = [CompletionItem(name) for name in library() if name.startswith(incomplete)]
        return [*ids, CompletionItem(incomplete, type="file")]


def problem_argument(function: F) -> F:
    """The PROBLEM argument."""
    return click.argument("problem", type=ProblemArgument())(function)


def on_terminal() -> bool:
    """Whether a person reads the output in a terminal that can show tables."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def report_width() -> int:
    """The columns that a report may use."""
    return shutil.get_terminal_size().columns if on_terminal() else PLAIN_WIDTH


def emit(blocks: Iterable[Block]) -> None:
    """Print a report: rich tables in a terminal, plain text everywhere else."""
    if on_terminal():
        from rich.console import Console

        from hwcheck.reports.terminal import paint as paint_terminal

        paint_terminal(blocks, Console(highlight=False))
    else:
        from hwcheck.reports.plain import paint as paint_plain

        click.echo(paint_plain(blocks, PLAIN_WIDTH), nl=False)
