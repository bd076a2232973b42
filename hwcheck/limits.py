"""Every limit of the program: how much of what others wrote is read before reading is refused.

Each is checked before the work that it bounds. A problem comes from a teacher and may hold a real network's weights
(LeNet-5 has 61,706); a submission comes from anyone and holds what a person, or a short program, writes.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ANSWERS",
    "ARRAY_HEADER",
    "ARRAY_TEXT",
    "ARRAY_TEXTS",
    "AXES",
    "CELL",
    "ENTRIES",
    "EXPRESSIONS",
    "FAULTS",
    "FIRST_LINE",
    "FORMULA",
    "FORMULA_OPERATIONS",
    "GUESSES",
    "HEAD",
    "HELPER",
    "HELPER_START",
    "IN_PROCESS",
    "LABEL",
    "LATEX_FORMULA",
    "LINE",
    "LINES_ABOUT",
    "MENDED",
    "NAME",
    "NAMES_COMPARED",
    "NAMES_REMEMBERED",
    "NOTEBOOK",
    "NPZ",
    "NUMBER",
    "POINTS",
    "PRINTED",
    "PROBLEM",
    "PYTHON",
    "PYTHON_PARTS",
    "REPLY",
    "ROWS",
    "RUNNING",
    "SAYINGS",
    "SCANS",
    "SEPARATOR",
    "SHORT_WAY",
    "SIDES",
    "SUBMISSION",
    "TABLE",
    "UNKNOWN_STEPS",
    "UNROLLED",
    "XLSX",
    "ZIP",
    "Archive",
    "Bounds",
    "Complexity",
    "Expressions",
    "Formula",
    "Limits",
    "Look",
    "Table",
    "Work",
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
RUNNING = Limits(bytes=1_000_000, depth=32, values=100_000)
"""Of Markdown, LaTeX and plain text. The longest sheet of the corpus has 8,000 bytes; a network's weights are handed
in as YAML, JSON or npz."""

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
ZIP = 2_000
"""So many members may any zip file have whose list is looked at, to tell what it is."""

ARRAY_HEADER = 10_000
"""So many bytes may the header of a NumPy array have; NumPy itself writes 128."""


class Work(NamedTuple):
    """How much of something one submission may ask for, and what each of two kinds of it costs."""

    all: int
    look: int
    read: int


POINTS = 1_000_000
"""So many points may one question have: sums of hundredths stay exact far beyond, and fit into a row of a report."""

ARRAY_TEXT = 10_000
"""So many characters may a text have that is an entry of a NumPy array. Each of its entries takes as many."""

ARRAY_TEXTS = Work(all=20_000, look=1, read=4)
"""How many cells of one submission may be arrays that are written as texts, an answer each or one within a list.

To look whether a text is an array takes about 15 us, to read it as one about four times that, besides its numbers: all
together 0.3 s. That is 5,000 such arrays, or 20,000 numbers with a decimal comma.
"""

AXES = 8
"""So many axes may an array of NumPy have, and an index in a table. The weights of a Conv3d have 5."""


PRINTED = 20_000
"""So many printed lines of a notebook are read, all its outputs together, where each takes about 30 us.

Of outputs that are longer, the ends are read. A training of five epochs that prints each of its batches has 5,000.
"""


class Table(NamedTuple):
    """How large a table in a workbook may be; ``cells`` counts what must be thought between those that are filled."""

    rows: int
    cells: int
    characters: int


TABLE = Table(rows=100_000, cells=300_000, characters=10_000)
"""A cell in the last column that there is stands behind 16,383 empty ones; ``characters`` are those of one cell."""

ENTRIES = 500
"""So many single entries of one name in a table are answers of their own; more are put together to one array."""


class Look(NamedTuple):
    """How much of a text is looked at to tell what it is: so many lines or words, and so many characters."""

    parts: int
    characters: int


HEAD = 4_096
"""So many bytes at the beginning of a text tell what format it has; of its first line, ``FIRST_LINE`` characters."""

FIRST_LINE = 500
SEPARATOR = Look(parts=50, characters=2_000)
"""So many lines of a CSV file, and so much of each, tell what its separator is."""

ROWS = Look(parts=400, characters=16_000)
"""So many words tell whether a text without brackets is rows of numbers."""

LINES_ABOUT = 20
"""So many lines of a notebook's first text are searched for the student and the problem."""


class Commands(NamedTuple):
    """How many commands a document may define, how long each may be, how many are written out, and how often all."""

    parts: int
    characters: int
    uses: int
    passes: int


MACROS = Commands(parts=200, characters=4_000, uses=5_000, passes=3)
"""Of LaTeX. A preamble that is handed on from sheet to sheet defines about a hundred."""


SHORT_WAY = 100_000
"""Arrays of plain numbers in running text are read by a short way up to so many characters.

It keeps 1 kB of memory for each number while it looks at them: 20 MB for an array of this length.
"""


MENDED = 200_000
"""A text that is nearly YAML or JSON, or has answers in comments, is mended up to so many characters.

It is read a second time then. The largest problem that comes with hwcheck is answered in 3,000.
"""


class Bounds(NamedTuple):
    """What the helper process may use for one file: memory in bytes, seconds of the processor, seconds on the clock."""

    memory: int
    processor: int
    clock: float


HELPER = Bounds(memory=200_000_000, processor=2, clock=20.0)
"""The helper itself, with what it imports, takes 40 MB; what it makes of a file that is read as meant, below 100.

The seconds of the processor are the bound, because they are the same however busy the machine is: nobody's file may be
refused for what others do. The clock is for what waits without working, which no reader does.
"""

HELPER_START = 60.0
"""So many seconds on the clock may the helper take to start and to import what reads: half a second if nobody waits."""

REPLY = 20_000_000
"""So many bytes may the helper send back of one file. 100,000 numbers with their places take 5 million."""

IN_PROCESS = 20_000
"""Files of more bytes than these are read in the helper process, whatever their format.

Below it no input that is known takes longer than 0.3 s (tests/benchmarks/worst_inputs.py). A filled in template has
about 2,000 bytes, the longest sheet of the corpus 8,000: a class's usual sheets are read without the helper.
"""

FAULTS = 50
"""So many faults of one file are told; beyond these, only their number."""

NAMES_COMPARED = 1_000
"""So many names of a folder's files are compared with one that is not there."""


class Complexity(NamedTuple):
    """How large one expression may be.

    ``depth`` counts brackets inside one another, ``parts`` the names, numbers and operators, ``entries`` the numbers
    that any one of its results may hold.
    """

    characters: int
    depth: int
    parts: int
    entries: int


class Expressions(NamedTuple):
    """How many different expressions are worked out, and how many characters they may have together."""

    number: int
    characters: int


class Formula(NamedTuple):
    """How long a formula may be, and how deep its brackets may stand inside one another."""

    characters: int
    depth: int


LINE = Complexity(characters=20_000, depth=40, parts=10_000, entries=50_000_000)
UNROLLED = 10_000
"""So many lines may a problem's network have once it is unrolled over its indices. They load and solve in about 2 s."""

FORMULA = Complexity(characters=2_000, depth=40, parts=300, entries=1_000_000)
ANSWERS = 5_000
"""So many answers may stand in one submission. The largest problem that comes with hwcheck asks for 26."""

NAME = 200
"""So many characters may a name have. The longest usual spelling, a derivative in LaTeX, has about 60."""

NAMES_REMEMBERED = 10_000
"""So many spellings are remembered that were understood before: a class writes the same ones."""

GUESSES = 20_000
"""So often may the unknown names of one submission be compared with known ones, to tell what is near.

One comparison takes 1 to 20 us, all of them 0.2 s. To a problem of 30 quantities that is the advice for 200 names; the
others are told to be unknown, and no more.
"""

UNKNOWN_STEPS = 3
"""So many rows of one table may be steps that the problem does not have; those behind them are not looked at."""

LABEL = 120
"""So many characters of running text may name what follows them."""

SAYINGS = 1_000
"""How many places of a text are looked at where words may say that a name has a value."""

SIDES = 8
"""So many sides of one equation in running text are looked at for its name, and so many for its value."""

SCANS = 8
"""So often may a text be gone over in search of closing brackets, all searches together."""

CELL = Complexity(characters=200, depth=20, parts=60, entries=1)
"""Of one number: arithmetic of single numbers, as it is typed into a calculator."""

NUMBER = 400
"""So many characters may one plain number have; a float64 needs 17 digits."""

EXPRESSIONS = Expressions(number=2_000, characters=40_000)
"""Of all number cells of one submission, those that cannot be read included.

A character takes about 5 us, so that all take 0.3 s; plain numbers are not counted, and equal ones once. A person
writes a few dozen.
"""

LATEX_FORMULA = Formula(characters=4_000, depth=80)
"""Of a formula in LaTeX, which says the same in more characters than the language of formulas does.

A bracket counts with what it belongs to: ``depth`` is twice that of ``FORMULA``.
"""

FORMULA_OPERATIONS = 50_000_000
"""So many additions and multiplications may one formula take at one point, by ``hwcheck.graph.cost.operations``.

A formula is tried at 8 points: 0.1 s of matrix products, and 1 to 2 s of slower functions. A layer of LeNet-5 and the
gradients of its weights take 3 million at most.
"""
