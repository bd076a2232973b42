"""``hwcheck explain``."""

from __future__ import annotations

from typing import Any

import click

from hwcheck.cli.shared import emit, put, report_width


class NameArgument(click.ParamType[str]):
    """What can be explained; a shell completes it."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """The names that begin so."""
        from click.shell_completion import CompletionItem

        from hwcheck.ops.catalogue import ops

        return [CompletionItem(name) for name in ops() if name.startswith(incomplete)]


@click.command("explain")
@click.argument("name", required=False, type=NameArgument())
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(name: str | None, format_: str) -> None:
    """Explain an op: formula, options, gradients, an example.

    NAME is what an op is written with: its name, another name of it, or its operator. Without NAME the ops are listed.
    """
    from hwcheck.explain import explain, families

    if format_ == "json":
        from hwcheck.reports.explain_json import explanation_json, families_json

        put(families_json(families()) if name is None else explanation_json(explain(name)))
        return
    from hwcheck.reports.explain_view import explanation_blocks, families_blocks

    emit(families_blocks(families()) if name is None else explanation_blocks(explain(name), report_width()))
