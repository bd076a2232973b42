"""The helper process of ``hwcheck.bounded``: bounds itself, then reads the files that come on its standard input.

An error that no reader foresaw ends it: the process that asked sees that, tells it of that file, and starts another.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any, BinaryIO

from hwcheck.errors import InputError

__all__ = ["main"]

_LEFT_OUT = ("numpy", "lxml")  # what libraries would import if it were there: slow to import, and not needed


def main(bounds: tuple[int, int, float]) -> None:
    """Answer until the input ends: ``[task, file, size]`` on a line and the bytes; back go a size and JSON."""
    memory, processor, _ = bounds
    _bind(memory)
    for name in _LEFT_OUT:
        sys.modules[name] = None  # type: ignore[assignment]
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no reply
    requests = sys.stdin.buffer
    while line := requests.readline():
        task, file, size = json.loads(line)
        data = requests.read(size)
        _allow(processor)
        _send(replies, _reply(task, data, file))


def _reply(task: str, data: bytes, file: str) -> list[Any]:
    module, _, function = task.partition(":")
    try:
        return ["done", getattr(import_module(module), function)(data, file)]
    except InputError as error:
        return ["faults", [[list(fault.location), fault.message] for fault in error.faults]]
    except RecursionError:
        return ["depth", None]
    except MemoryError:
        return ["memory", None]


def _send(replies: BinaryIO, reply: list[Any]) -> None:
    answer = json.dumps(reply).encode()
    replies.write(b"%d\n" % len(answer) + answer)
    replies.flush()


def _bind(memory: int) -> None:
    """Take from this process what it will not need: memory, written files, core dumps."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS does not know all of them; the clock still bounds
            continue


def _allow(seconds: int) -> None:
    """So many more seconds of the processor, counted from now."""
    if sys.platform == "win32":
        return
    import resource
    import time

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
