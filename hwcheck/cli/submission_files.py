"""The files that a call of ``grade`` or ``read`` is for: those that are named, and what is found in folders."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from hwcheck.errors import UsageError

__all__ = ["submission_files", "submissions_argument"]


class SubmissionPath(click.ParamType[Path]):
    """A file or a folder. An empty text (a variable that is not set) is neither, and must not mean this folder."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path."""
        if not str(value):
            self.fail("it is empty; name a file or a folder", param, ctx)
        return Path(str(value))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """Files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


submissions_argument = click.argument(
    "submissions", metavar="SUBMISSION...", nargs=-1, required=True, type=SubmissionPath()
)


def submission_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files themselves, and in folders all that may be submissions, in order of name; none of them twice.

    What is known to be no format that can be read (a PDF, a picture) is among them, so that it is told.
    """
    from hwcheck.submissions.kinds import OTHER_ENDINGS, readers

    met: set[str] = set()
    for path in paths:
        if not path.is_dir():
            yield from _new([path], met)
            continue
        found = sorted(_found_in(path, {*readers(), *OTHER_ENDINGS}))
        if not found:
            known = ", ".join(sorted(readers()))
            raise UsageError(f"there is no submission in the folder {path} (files that end in {known})")
        yield from _new(found, met)


def _new(paths: Iterable[Path], met: set[str]) -> Iterator[Path]:
    """The files that were not met before, by whatever way they are named: each has one row."""
    for path in paths:
        place = os.path.abspath(path)  # noqa: PTH100  a link stays one: it is refused, and not what it leads to
        if place not in met:
            met.add(place)
            yield path


def _found_in(folder: Path, endings: Container[str]) -> Iterator[Path]:
    """What may be a submission in a folder and the folders in it, however deep they are; what is hidden is left out.

    A folder that cannot be looked into, or that is a link, stands for what is in it: to read it tells why not.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                inside = [entry for entry in entries if not entry.name.startswith((".", "__"))]
        except OSError:
            yield here
            continue
        for entry in inside:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif path.suffix.lower() in endings or entry.is_dir():
                yield path
