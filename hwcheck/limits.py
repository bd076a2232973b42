"""Every limit of the program: how much of what others wrote is read before reading is refused.

Each is checked before the work that it bounds. A problem comes from a teacher and may hold a real network's weights
(LeNet-5 has 61,706); a submission comes from anyone and holds what a person, or a short program, writes.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ANSWERS",
    "ARRAY_HEADER",
    "CELL",
    "EXPRESSIONS",
    "FAULTS",
    "FORMULA",
    "FORMULA_OPERATIONS",
    "HELPER",
    "INDEX_AXES",
    "LINE",
    "NOTEBOOK",
    "NPZ",
    "POINTS",
    "PROBLEM",
    "PYTHON",
    "PYTHON_PARTS",
    "SUBMISSION",
    "UNROLLED",
    "XLSX",
    "Archive",
    "Bounds",
    "Complexity",
    "Limits",
]


class Limits(NamedTuple):
    """How much one file may hold.

    ``depth`` counts the lists and mappings that stand inside one another; ``values`` counts every word, number,
    list and mapping, the keys of mappings included.
    """

    bytes: int
    depth: int
    values: int


PROBLEM = Limits(bytes=50_000_000, depth=32, values=1_000_000)
SUBMISSION = Limits(bytes=2_000_000, depth=32, values=100_000)
NOTEBOOK = Limits(bytes=10_000_000, depth=32, values=200_000)
"""A notebook carries its pictures inside, as text that nobody reads: a few plots make megabytes."""

PYTHON = Limits(bytes=1_000_000, depth=60, values=100_000)
"""Of a Python file: ``depth`` counts brackets and indented blocks inside one another."""


PYTHON_PARTS = 5_000
"""Into so many parts may a Python file fall that has a mistake of syntax: each takes about 0.03 ms."""


class Archive(NamedTuple):
    """How much may be packed into a zip file: so many members, so many bytes once all of them are unpacked."""

    members: int
    bytes: int


NPZ = Archive(members=2_000, bytes=16_000_000)
XLSX = Archive(members=500, bytes=20_000_000)

ARRAY_HEADER = 10_000
"""So many bytes may the header of a NumPy array have; NumPy itself writes 128."""

POINTS = 1_000_000
"""So many points may one question have: sums of hundredths stay exact far beyond, and fit into a row of a report."""

INDEX_AXES = 8
"""So many axes may an index have that a table gives to a number."""


class Bounds(NamedTuple):
    """What the helper process may use for one file: memory in bytes, seconds of the processor, seconds on the clock."""

    memory: int
    processor: int
    clock: float


HELPER = Bounds(memory=200_000_000, processor=2, clock=5.0)
"""The helper itself, with what it imports, takes 30 MB; what it makes of a file that is read as meant, below 100."""

FAULTS = 50
"""So many faults of one file are told; beyond these, only their number."""


class Complexity(NamedTuple):
    """How large one expression may be.

    ``depth`` counts brackets inside one another, ``parts`` the names, numbers and operators, ``entries`` the numbers
    that any one of its results may hold.
    """

    characters: int
    depth: int
    parts: int
    entries: int


LINE = Complexity(characters=20_000, depth=40, parts=10_000, entries=50_000_000)
UNROLLED = 10_000
"""So many lines may a problem's network have once it is unrolled over its indices. They load and solve in about 2 s."""

FORMULA = Complexity(characters=2_000, depth=40, parts=300, entries=1_000_000)
ANSWERS = 5_000
"""So many answers may stand in one submission: to tell what an unknown name is near to takes up to 1 ms."""

CELL = Complexity(characters=200, depth=20, parts=60, entries=1)
"""Of one number: arithmetic of single numbers, as it is typed into a calculator."""

EXPRESSIONS = 2_000
"""So many different expressions may stand in the number cells of one submission, those that cannot be read included.

One takes 0.1 to 1 ms, so that all take a second or two; plain numbers are not counted. A person writes a few dozen.
"""

FORMULA_OPERATIONS = 50_000_000
"""So many additions and multiplications may one formula take at one point, by ``hwcheck.graph.cost.operations``.

A formula is tried at 8 points: 0.1 s of matrix products, and 1 to 2 s of slower functions. A layer of LeNet-5 and the
gradients of its weights take 3 million at most.
"""
