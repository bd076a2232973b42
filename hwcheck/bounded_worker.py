"""The helper process of ``hwcheck.bounded``: bounds itself, then reads the files that come on its standard input.

An error that no reader foresaw ends it: the process that asked sees that, tells it of that file, and starts another.
"""

from __future__ import annotations

import contextlib
import gc
import json
import mmap
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO

from hwcheck.errors import InputError

__all__ = ["main"]

_LEFT_OUT = ("numpy", "lxml")  # what libraries would import if it were there: slow to import, and not needed
_OF_ALL = "hwcheck.submissions.read"  # needs NumPy, as all readers together do


def main(bounds: tuple[int, int, float]) -> None:
    """Answer until the input ends: ``[task, file, size]`` on a line and the bytes; back go a size and JSON.

    Where no size is told, the task is only imported, which is no part of what a file may take. The last of a reply
    says whether this process has grown so large that it should read nothing more: what a file may take must not hang on
    what stood in the files before it.
    """
    memory, processor, _ = bounds
    _bind()
    # What is read is made of values that hold no cycles: to search them again and again takes a third of the time.
    gc.set_threshold(100_000)
    usual = _pages()[0]
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no reply
    requests = sys.stdin.buffer
    while line := requests.readline():
        task, file, size = json.loads(line)
        if size is None:
            _load(task)
            _allow_memory(memory)
            usual = _pages()[0]
            _send(replies, ["done", None, False])
            continue
        data = requests.read(size)
        _allow(processor)
        reply = _reply(task, data, file)
        grown = (_pages()[0] - usual) * mmap.PAGESIZE
        _send(replies, [*reply, reply[0] == "memory" or grown > memory // 4])


def _load(task: str) -> None:
    """Import what a task needs."""
    module = task.partition(":")[0]
    for name in _LEFT_OUT:
        if module != _OF_ALL:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]
        elif sys.modules.get(name, sys) is None:
            del sys.modules[name]
    _prepared(module)
    if bounded := sys.modules.get("hwcheck.bounded"):
        bounded.answer_here(_call)


def _call(task: str, data: bytes, file: str) -> Any:
    module, _, function = task.partition(":")
    with contextlib.nullcontext() if module in sys.modules else _memory_unbounded():
        loaded = _prepared(module)
    return getattr(loaded, function)(data, file)


def _prepared(name: str) -> ModuleType:
    """A module with what it would import later. Imported among a file's bounds, it could look as if it were missing."""
    module = import_module(name)
    if name == _OF_ALL:
        module.readers()
    return module


@contextlib.contextmanager
def _memory_unbounded() -> Iterator[None]:
    """For imports, which are no part of what a file may take."""
    if sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    _limit(resource.RLIMIT_AS, hard, hard)
    try:
        yield
    finally:
        _limit(resource.RLIMIT_AS, soft, hard)


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

    size, resident = _pages()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = most + (size - resident) * mmap.PAGESIZE
    _limit(resource.RLIMIT_AS, soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)


def _pages() -> tuple[int, int]:
    """How many pages of memory this process has reserved, and how many it uses; nothing where no system tells."""
    if (numbers := _statm()) is None:
        return 0, 0
    size, resident = map(int, os.pread(numbers, 100, 0).split()[:2])
    return size, resident


@cache
def _statm() -> int | None:
    """Opened once: while a file is read, nothing is."""
    with contextlib.suppress(OSError):
        return os.open("/proc/self/statm", os.O_RDONLY)
    return None


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
