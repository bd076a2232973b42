"""Reading in a helper process that has bounds of its own, for what has no other real bound.

Python's parser and the readers of spreadsheets are not ours: how long they take and how much memory they need cannot
be told before. Our own readers are linear, but a large file still takes them a second. So both run in a helper
process that the system ends once it has used what ``limits.HELPER`` allows; that costs the one file, never the run.
One helper serves all files of a run, but for those that follow one that made it large: to start it takes about 50 ms
(half a second with all readers), each file after that a fraction of a millisecond. It holds no reference and no other
student's answers, and what it sends back is JSON, never a pickle. Without POSIX's limits (Windows) only the clock
bounds it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import HELPER, HELPER_START, REPLY, Bounds

__all__ = ["Helper", "answer_here", "read_bounded"]

# Isolated (-I): neither the folder that the program runs in, where a student's json.py may lie, nor the environment
# says what is imported; where hwcheck and its libraries are is told instead.
_START = "import sys; sys.path[:] = {path!r}; from hwcheck.bounded_worker import main; main({bounds!r})"
_ADVICE = "hand in its numbers in a plainer form, such as YAML or CSV"
_KILLED = "was killed from outside, or for want of memory in the whole machine: grade it again"
_TOO_MUCH = {
    "memory": "reading this file needs too much memory",
    "depth": "this file nests its expressions too deep to be read",
    "reply": f"what stands in this file is longer than {REPLY:,} bytes",
}
# A library of linear algebra takes address space for each of its threads.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def read_bounded(task: str, data: bytes, file: str) -> Any:
    """What the function ``task`` (``package.module:function``) makes of the bytes of a file, as JSON gives it.

    The function is called as ``function(data, file)`` in the helper process.

    Raises:
        InputError: what the function raised; or it took too long, needed too much memory, or ended the helper.

    """
    here = _HERE.get(os.getpid())
    return here(task, data, file) if here else _shared().read(task, data, file)


class _KilledError(InputError):
    """Somebody else ended the helper."""


class Helper:
    """A helper process, started when it is first needed and again after a file that ended it."""

    def __init__(self, bounds: Bounds = HELPER) -> None:
        self._bounds = bounds
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded: set[str] = set()  # what it has imported to read with
        self._lock = threading.Lock()

    def read(self, task: str, data: bytes, file: str) -> Any:
        """As ``read_bounded``."""
        with self._lock:
            try:
                status, reply = self._exchange_again(task, data, file)
            except BaseException:  # an interrupt too: nobody knows what the helper would send next
                self._stop()
                raise
        if status == "faults":
            raise InputError(Fault(Location(*place), message) for place, message in reply)
        if status in _TOO_MUCH:
            raise _fault(file, f"{_TOO_MUCH[status]}; {_ADVICE}")
        return reply

    def close(self) -> None:
        """End the helper, if there is one."""
        with self._lock:
            self._stop()

    def _exchange_again(self, task: str, data: bytes, file: str) -> tuple[str, Any]:
        """As ``_exchange``, twice where the helper was killed, which is no fault of the file."""
        try:
            return self._exchange(task, data, file)
        except _KilledError:
            self._stop()
            return self._exchange(task, data, file)

    def _exchange(self, task: str, data: bytes, file: str) -> tuple[str, Any]:
        process = self._running(file)
        if task not in self._loaded:
            self._ask(process, [task, file, None], b"", HELPER_START)
            self._loaded.add(task)
        status, reply = self._ask(process, [task, file, len(data)], data, self._bounds.clock)
        return status, reply

    def _ask(self, process: subprocess.Popen[bytes], request: list[Any], data: bytes, clock: float) -> tuple[str, Any]:
        """Send one request, and wait for the answer."""
        if process.stdin is None or process.stdout is None:  # never: both are pipes
            raise ValueError("the helper has no pipes")
        late = threading.Event()
        timer = threading.Timer(clock, _end, (process, late))
        timer.start()
        try:
            head = json.dumps(request).encode()
            process.stdin.write(head + b"\n" + data)
            process.stdin.flush()
            size = int(process.stdout.readline(20) or b"0")
            answer = process.stdout.read(size) if 0 < size <= REPLY else b""
        except (BrokenPipeError, ConnectionResetError, ValueError):
            size, answer = 0, b""
        finally:
            timer.cancel()
        if size > REPLY:
            self._stop()
            raise _fault(request[1], f"{_TOO_MUCH['reply']}; {_ADVICE}")
        if not answer or len(answer) != size:
            raise self._ended(process, request[1], late=late.is_set())
        status, reply, last = json.loads(answer)
        if last:
            self._stop()
        return status, reply

    def _running(self, file: str) -> subprocess.Popen[bytes]:
        """The helper, started where there is none."""
        if self._process is None or self._process.poll() is not None:
            self._stop()
            home = str(Path(__file__).parents[1])
            path = [home, *(entry for entry in sys.path if os.path.isabs(entry) and entry != home)]  # noqa: PTH117
            code = _START.format(path=path, bounds=tuple(self._bounds))
            try:
                self._process = subprocess.Popen(  # noqa: S603  our own program, no word of a student's
                    [sys.executable, "-I", "-S", "-X", "utf8", "-c", code],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, **_ONE_THREAD},
                )
            except OSError as error:
                raise _fault(file, f"the helper process that reads it could not be started: {error.strerror}") from None
        return self._process

    def _ended(self, process: subprocess.Popen[bytes], file: str, *, late: bool) -> InputError:
        """What to tell of a file that ended the helper; ``late`` says that the clock did."""
        _close(process)
        try:
            code = process.wait(self._bounds.clock)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if late:
            return _fault(file, f"reading this file took more than {self._bounds.clock:g} seconds; {_ADVICE}")
        if -code == getattr(signal, "SIGXCPU", None):
            return _fault(file, f"reading this file took more than {self._bounds.processor:g} seconds; {_ADVICE}")
        if -code in (getattr(signal, name, None) for name in ("SIGKILL", "SIGTERM")):
            return _KilledError([Fault(Location(file), f"the program that reads this file {_KILLED}")])
        how = f"signal {-code}" if code < 0 else f"code {code}"
        return _fault(file, f"the program that reads this file was ended by it ({how}); {_ADVICE}")

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._loaded.clear()
        if process is None:
            return
        process.kill()
        process.wait()
        _close(process)


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    """End a helper that has taken too long."""
    late.set()
    process.kill()


def _close(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes to a helper that has ended, or that shall end."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


_HELPERS: dict[int, Helper] = {}  # of each process that was forked: a helper answers to one
_HERE: dict[int, Callable[[str, bytes, str], Any]] = {}  # in the helper itself: what is bounded already is called


def answer_here(call: Callable[[str, bytes, str], Any]) -> None:
    """From now on ``read_bounded`` calls this in the same process: it is the helper, and bounded."""
    _HERE[os.getpid()] = call


def _shared() -> Helper:
    """The helper of this process."""
    helper = _HELPERS.get(os.getpid())
    if helper is None:
        helper = _HELPERS[os.getpid()] = Helper()
        atexit.register(helper.close)
    return helper


def _fault(file: str, message: str) -> InputError:
    return InputError.at(Location(file), message)
