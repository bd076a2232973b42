"""The entry point: finds a command, runs it, turns every error into text and an exit code.

Commands are imported when they are called: ``hwcheck --help`` needs nothing but click.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from hwcheck import __version__
from hwcheck.errors import HwcheckError, InputError

__all__ = ["bug", "cli", "main", "tell", "warn"]

# Each command's module has its name; a test compares these lines with the commands' own help.
COMMANDS = {
    "solve": "Print the reference of a problem: every value and every gradient.",
    "grade": "Mark submissions and say where they go wrong.",
    "read": "Show how submissions are read, before anything is marked.",
    "template": "Print an empty submission to fill in.",
    "lint": "Check problem files: sound, gradients right, mistakes visible.",
    "explain": "Explain an op, a misconception, a slip or a verdict.",
    "list": "List the problems that come with hwcheck.",
}
FAILED = 2
INTERRUPTED = 130


class _Commands(click.Group):
    """Subcommands that are imported only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"hwcheck.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from hwcheck.errors import did_you_mean

            raise click.UsageError(f"there is no command {args[0]!r}{did_you_mean(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="hwcheck %(version)s")
def cli() -> None:
    """Check deep-learning homework: reference values, gradients, fair marking.

    PROBLEM is a problem file, or the id of a problem that comes with hwcheck ('hwcheck list').
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with an exit code.

    0: done (and of a single submission: the score is reached); 1: a score is not reached, a submission of many could
    not be graded, lint found an error, or something in a submission is not understood; 2: the job could not be done;
    130: interrupted.
    """
    if arguments is None:
        _settle_in()
    _show_everything()
    try:
        code = cli.main(args=None if arguments is None else list(arguments), prog_name="hwcheck", standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        _say(told.getvalue().rstrip("\n"))
        code = FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = INTERRUPTED
    except InputError as error:
        for fault in error.faults:
            tell(str(fault))
        code = FAILED
    except HwcheckError as error:
        tell(str(error))
        code = FAILED
    except OSError as error:  # an output that cannot be written, such as a full disk
        tell(f"{error.strerror or error}")
        code = FAILED
    except Exception as error:  # the border: whatever happens, no traceback, and exit code 2
        tell(bug(error))
        code = FAILED
    sys.exit(code if isinstance(code, int) else 0)


def _settle_in() -> None:
    """Settings of a process that does one job and ends; the times are those of grading one submission."""
    # On small arrays a second BLAS thread only waits, and busily: 171 ms with it where cores are scarce, 114 without.
    if "OMP_NUM_THREADS" not in os.environ:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is imported is no garbage. Not to search it again and again, nor once more at the end, saves 20 ms.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)


def _show_everything() -> None:
    """What a terminal's encoding cannot show is spelled out instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def tell(message: str) -> None:
    """A message to a person, on standard error, with nothing in it that a terminal would obey."""
    from hwcheck.reports.escape import show

    _say(f"error: {show(message, 1000)}")


def warn(message: str) -> None:
    """Something that a person should know, on standard error; the job goes on."""
    from hwcheck.reports.escape import show

    _say(f"warning: {show(message, 1000)}")


def _say(text: str) -> None:
    """Print lines on standard error; where that is a terminal, no word is cut at its edge."""
    if sys.stderr is not None and sys.stderr.isatty():
        from hwcheck.cli.shared import terminal_width, wrapped

        text = wrapped(text, terminal_width())
    click.echo(text, err=True)


def bug(error: Exception) -> str:
    """What to tell of an error that hwcheck did not foresee; raises it where HWCHECK_TRACEBACK asks for all of it."""
    if os.environ.get("HWCHECK_TRACEBACK"):
        raise error
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "?"  # noqa: PTH119
    what = f"a mistake in hwcheck itself ({type(error).__name__} at {where})"
    return f"{what}: report it to its developers, with what HWCHECK_TRACEBACK=1 shows"
