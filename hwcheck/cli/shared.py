"""What several commands share: options, finding problems, and where reports go."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from hwcheck.reports.blocks import Block

__all__ = [
    "ProblemArgument",
    "emit",
    "format_option",
    "problem_argument",
    "put",
    "report_width",
    "terminal_width",
    "wrapped",
]

PLAIN_WIDTH = 100
NARROWEST = 20


class ProblemArgument(click.ParamType[str]):
    """The path or the id of a problem; a shell completes both."""

    name = "problem"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """The ids that begin so, and files."""
        from click.shell_completion import CompletionItem

        from hwcheck.problem.library import library

        ids = [CompletionItem(name) for name in library() if name.startswith(incomplete)]
        return [*ids, CompletionItem(incomplete, type="file")]


problem_argument = click.argument("problem", type=ProblemArgument())
format_option = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)


def on_terminal() -> bool:
    """Whether a person reads the output in a terminal that can show tables."""
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def report_width() -> int:
    """The columns that a report may use."""
    return terminal_width() if on_terminal() else PLAIN_WIDTH


def terminal_width() -> int:
    """The columns of the terminal; 80 where they are not known."""
    import shutil  # with all the archive formats that it knows

    return shutil.get_terminal_size().columns


def wrapped(text: str, columns: int) -> str:
    """Lines broken between words to fit into so many columns; what goes on is indented."""
    import textwrap

    wrap = textwrap.TextWrapper(
        max(columns, NARROWEST), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(part for line in text.split("\n") for part in wrap.wrap(line) or [""])


def put(text: str) -> None:
    """Print a whole output. Who reads it through a pipe may stop early: that changes nothing, nor the exit code."""
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python still holds of the text


def emit(blocks: Iterable[Block]) -> None:
    """Print a report: rich tables in a terminal, plain text everywhere else."""
    if on_terminal():
        from rich.console import Console

        from hwcheck.reports.terminal import paint as paint_terminal

        plain = bool(os.environ.get("NO_COLOR"))  # rich alone would still send bold and underlined
        paint_terminal(blocks, Console(highlight=False, color_system=None if plain else "auto"))
    else:
        from hwcheck.reports.plain import paint as paint_plain

        put(paint_plain(blocks, PLAIN_WIDTH))
