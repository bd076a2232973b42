"""Runs ``hwcheck grade`` with an audit hook and prints what it opened, ran and started.

It does so twice, to part what is loaded from what is done with each submission.

python -m tests.cli.audited_grade ARGUMENT...
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any

import click

from hwcheck.cli.main import cli

WATCHED = ("open", "exec", "import", "socket.", "subprocess.", "os.", "pickle.", "shutil.", "ctypes.", "urllib.")


def run(arguments: list[str]) -> None:
    """One run of the program in this process."""
    out = io.TextIOWrapper(io.BytesIO())
    with contextlib.suppress(click.exceptions.Exit), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        cli.main(args=arguments, prog_name="hwcheck", standalone_mode=False)


def main() -> None:
    """The events of both runs as JSON: lists of names and arguments."""
    seen: list[list[str]] = []
    listening = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event.startswith(WATCHED):
            seen.append([event, *(str(getattr(a, "co_filename", a)) for a in arguments[:3])])

    sys.addaudithook(hook)
    run(sys.argv[1:])
    loading = len(seen)
    run(sys.argv[1:])
    listening = False
    print(json.dumps([seen[:loading], seen[loading:]]))  # noqa: T201


if __name__ == "__main__":
    main()
