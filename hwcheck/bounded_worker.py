"""The helper process of ``hwcheck.bounded``: bounds itself, then reads the files that come on its standard input.

An error that no reader foresaw ends it: the process that asked sees that, tells it of that file, and starts another.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from importlib import import_module
from typing import Any, BinaryIO

from hwcheck.errors import InputError

__all__ = ["main"]

_LEFT_OUT = ("numpy", "lxml")  # what libraries would import if it were there: slow to import, and not needed
_OF_ALL = "hwcheck.submissions.read"  # needs NumPy, as all readers together do


def main(bounds: tuple[int, int, float]) -> None:
    """Answer until the input ends: ``[task, file, size]`` on a line and the bytes; back go a size and JSON.

    Where no size is told, the task is only imported, which is no part of what a file may take.
    """
    memory, processor, _ = bounds
    _bind()
    # What is read is made of values that hold no cycles: to search them again and again takes a third of the time.
    gc.set_threshold(100_000)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no reply
    requests = sys.stdin.buffer
    while line := requests.readline():
        task, file, size = json.loads(line)
        if size is None:
            _load(task)
            _allow_memory(memory)
            _send(replies, ["done", None])
            continue
        data = requests.read(size)
        _allow(processor)
        _send(replies, _reply(task, data, file))


def _load(task: str) -> None:
    """Import what a task needs."""
    module = task.partition(":")[0]
    for name in _LEFT_OUT:
        if module != _OF_ALL:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]
        elif sys.modules.get(name, sys) is None:
            del sys.modules[name]
    import_module(module)
    if bounded := sys.modules.get("hwcheck.bounded"):
        bounded.answer_here(_call)


def _call(task: str, data: bytes, file: str) -> Any:
    module, _, function = task.partition(":")
    return getattr(import_module(module), function)(data, file)


def _reply(task: str, data: bytes, file: str) -> list[Any]:
    try:
        return ["done", _call(task, data, file)]
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


def _bind() -> None:
    """Take from this process what it will not need: written files, core dumps."""
    if sys.platform == "win32":
        return
    import resource

    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        _limit(what, 0, 0)


def _allow_memory(most: int) -> None:
    """So much memory in all. Libraries reserve addresses that they do not use, which are no memory."""
    if sys.platform == "win32":
        return
    import resource

    reserved = 0
    with contextlib.suppress(OSError), open("/proc/self/statm", encoding="ascii") as numbers:  # noqa: PTH123
        size, resident = map(int, numbers.read().split()[:2])
        reserved = (size - resident) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = most + reserved
    _limit(resource.RLIMIT_AS, soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)


def _limit(what: int, soft: int, hard: int) -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):  # macOS does not know all of them; the clock still bounds
        resource.setrlimit(what, (soft, hard))


def _allow(seconds: int) -> None:
    """So many more seconds of the processor, counted from now."""
    if sys.platform == "win32":
        return
    import resource
    import time

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
