"""How long whole commands take, from start to end: ``python tests/benchmarks/startup.py``.

hwcheck must be installed in the environment whose python runs this; so must PyTorch for the rows that need it. Each
row is a command of hwcheck against a rival, in turns (A B A B); the ratio is the median of the ratios of the pairs, in
brackets its quartiles. CPU is the ratio of the processor time, which other load on the machine disturbs less. Memory is
the largest that the process had. The rivals are in rivals/.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import compare

HERE = Path(__file__).parent
FIXTURES = HERE.parent.parent / "fixtures" / "gan"
HWCHECK = str(Path(sys.executable).with_name("hwcheck"))
MIB = 1024 if sys.platform != "darwin" else 1024 * 1024  # what ru_maxrss counts in

GRADE = [HWCHECK, "grade", str(FIXTURES / "perfect.json"), "--format", "text"]
FILES = [str(FIXTURES / "reference.json"), str(FIXTURES / "perfect.json")]
NUMPY = [sys.executable, str(HERE / "rivals" / "check_numpy.py"), *FILES]
TORCH = [sys.executable, str(HERE / "rivals" / "check_torch.py"), *FILES]

# What would decide for the commands how they start. Bytecode must be there, as it is after an install.
UNSET = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED"}
PLAIN = {name: value for name, value in os.environ.items() if name not in UNSET}
TERMINAL = {**PLAIN, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
ONE_THREAD = {**PLAIN, "OPENBLAS_NUM_THREADS": "1"}


class Command:
    """A command to run; it notes the processor time and the memory of each run."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], *, terminal: bool = False) -> None:
        self.command = command
        self.environment = environment
        self.terminal = terminal
        self.cpu: list[float] = []
        self.memory: list[float] = []

    def __call__(self) -> float:
        """The seconds from the start of the process to its end."""
        reading, writing = os.openpty() if self.terminal else os.pipe()
        reader = threading.Thread(target=_drain, args=(reading,))
        reader.start()
        start = perf_counter()
        process = subprocess.Popen(self.command, stdout=writing, env=self.environment)
        os.close(writing)
        _, status, usage = os.wait4(process.pid, 0)
        took = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        reader.join()
        if process.returncode:
            raise SystemExit(f"{' '.join(self.command)} failed with exit code {process.returncode}")
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.memory.append(usage.ru_maxrss / MIB)
        return took


def _drain(descriptor: int) -> None:
    """Read what a command prints, so that it never waits."""
    try:
        while os.read(descriptor, 1 << 16):
            pass
    except OSError:  # how a terminal ends
        pass
    os.close(descriptor)


class Row(NamedTuple):
    """One comparison, and what is aimed at: the largest ratio of times, and of memory."""

    name: str
    mine: Command
    rival: Command
    aim: str
    rounds: int = 31


def rows() -> list[Row]:
    """All comparisons that can be made here."""
    nothing = Command([sys.executable, "-c", "pass"], PLAIN)
    click = Command([sys.executable, "-c", "import click"], PLAIN)
    found = [
        Row("hwcheck --help / python -c pass", Command([HWCHECK, "--help"], PLAIN), nothing, ""),
        Row("hwcheck --help / import click", Command([HWCHECK, "--help"], PLAIN), click, "1.15"),
        Row("grade, plain / NumPy script", Command(GRADE, PLAIN), Command(NUMPY, PLAIN), "1.25"),
        Row("grade, plain / the same, one BLAS thread", Command(GRADE, PLAIN), Command(NUMPY, ONE_THREAD), ""),
        Row("grade, rich / NumPy script", Command(GRADE, TERMINAL, terminal=True), Command(NUMPY, PLAIN), "1.6"),
        Row(
            "grade, rich / the same, one BLAS thread",
            Command(GRADE, TERMINAL, terminal=True),
            Command(NUMPY, ONE_THREAD),
            "",
        ),
    ]
    if importlib.util.find_spec("torch"):
        found.append(
            Row("grade, plain / PyTorch script", Command(GRADE, PLAIN), Command(TORCH, PLAIN), "0.09, 0.15", 9)
        )
    else:
        print("PyTorch is not installed: its row is left out")
    return found


def main() -> None:
    """Print the table."""
    print(f"{'':42}{'ms':>7}{'rival':>8}  ratio  (quartiles)     aim          CPU   MiB  rival  ratio")
    for name, mine, rival, aim, rounds in rows():
        times = compare(mine, rival, rounds)
        cpu = median(first / second for first, second in zip(mine.cpu, rival.cpu, strict=True))
        memory, theirs = median(mine.memory), median(rival.memory)
        print(f"{name:42}{times.mine * 1e3:7.1f}{times.theirs * 1e3:8.1f} {times!s:22} {aim:10}", end="")
        print(f"{cpu:6.2f} {memory:5.0f} {theirs:6.0f} {memory / theirs:6.2f}")


if __name__ == "__main__":
    main()
