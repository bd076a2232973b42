"""The helper process that reads Python files and spreadsheets, with an audit hook in it.

``main`` runs the helper as hwcheck does; the tasks ``arm`` and ``probe`` are asked of it like any other. Once it is
armed, the process ends at what reading must never do, and says what that was.
"""

from __future__ import annotations

import os
import sys

from hwcheck.bounded_worker import main as work
from hwcheck.limits import HELPER
from tests.submissions.audited import FORBIDDEN

__all__ = ["arm", "main", "probe"]

ARMED: list[bool] = []
CAUGHT = 9


def arm(data: bytes, file: str) -> str:
    """From now on nothing is forgiven."""
    ARMED.append(True)
    return "armed"


def probe(data: bytes, file: str) -> str:
    """What a student's program might do, for each name one thing."""
    if file == "open":
        open(__file__)  # noqa: PTH123, SIM115
    elif file == "exec":
        exec(compile("x = 1", "ada.py", "exec"))  # noqa: S102
    elif file == "socket":
        sys.modules["socket"].socket()
    elif file == "system":
        os.system("true")  # noqa: S605, S607
    return "not caught"


def hook(event: str, arguments: tuple[object, ...]) -> None:
    """End the process at a forbidden event. To open '' is none: no file has that name."""
    if ARMED and (event, arguments[:1]) != ("open", ("",)) and event.startswith(FORBIDDEN):
        os.write(2, f"{event} {arguments!r:.200}\n".encode())
        os._exit(CAUGHT)


def main() -> None:
    """The helper process; what is imported while it reads is imported by the first reading of each file."""
    import socket  # noqa: F401  to be there for the probe

    sys.addaudithook(hook)
    work((HELPER.memory, HELPER.processor, HELPER.clock))
