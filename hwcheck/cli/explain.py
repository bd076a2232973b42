"""``hwcheck explain``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from hwcheck.cli.shared import emit, format_option, put, report_width

if TYPE_CHECKING:
    from hwcheck.explain import Explanation, Listed
    from hwcheck.misconceptions.topics import Topic
    from hwcheck.reports.blocks import Block


class NameArgument(click.ParamType[str]):
    """What can be explained; a shell completes it."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """The names that begin so."""
        from click.shell_completion import CompletionItem

        from hwcheck.explain import names

        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]


@click.command("explain")
@click.argument("name", required=False, type=NameArgument())
@format_option
def command(name: str | None, format_: str) -> None:
    """Explain an op, a misconception, a slip or a verdict.

    NAME is what an op is written with: its name, another name of it, or its operator; or a name that a report tells.
    'ops', 'misconceptions', 'slips', 'formulas' and 'verdicts' list what there is, and without NAME all is listed.
    """
    from hwcheck.explain import LISTS, explain, listed

    found = listed(name) if name is None or name in LISTS else explain(name)
    if format_ == "json":
        put(_document(found))
    else:
        emit(_report(found))


def _document(found: Listed | Explanation | Topic) -> str:
    from hwcheck.explain import Explanation, Listed
    from hwcheck.reports.explain_json import explanation_json, listed_json, topic_json

    if isinstance(found, Listed):
        return listed_json(found)
    return explanation_json(found) if isinstance(found, Explanation) else topic_json(found)


def _report(found: Listed | Explanation | Topic) -> Iterator[Block]:
    from hwcheck.explain import Explanation, Listed
    from hwcheck.reports.explain_view import explanation_blocks, listed_blocks, topic_blocks

    if isinstance(found, Listed):
        return listed_blocks(found)
    return explanation_blocks(found, report_width()) if isinstance(found, Explanation) else topic_blocks(found)
