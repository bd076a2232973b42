"""Broken submissions, made from the sound ones of the corpus: the same ones for the same seed.

Run as a program it tries as many as it is told and prints what it found::

    python -m tests.submissions.mutations 100000 [SEED]
"""

from __future__ import annotations

import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hwcheck.errors import InputError
from hwcheck.submissions.arrays import read_cells
from hwcheck.submissions.numbers import NumberReader
from hwcheck.submissions.read import parse_submission

CORPUS = Path(__file__).parents[2] / "fixtures" / "submissions"
# What means something to one of the formats.
WORDS: Sequence[bytes] = (
    *(b"[", b"]", b"{", b"}", b"(", b")", b'"', b"'", b'"""', b"\\", b",", b";", b"\t", b"\n", b"\r", b"=", b":", b"#"),
    *(
        b"name,index,value\n",
        b"sep=;\n",
        b"array([",
        b"tensor(",
        b"nan",
        b"1e999",
        b"-",
        b"...",
        b"\xff",
        b"\0",
        b"\xef\xbb\xbf",
    ),
    *(
        b"print(I6)",
        b"True",
        b"None",
        b"lambda: 0",
        b"'cells': [",
        b"\\begin{bmatrix}",
        b"\\frac{1}{2}",
        b"$",
        b"&",
        b"\\\\",
    ),
    *(
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"\x93NUMPY\x01\x00",
        b"'descr': '|O'",
        b"(9999999999,)",
        b"<!DOCTYPE",
    ),
    *(b"\xe2\x88\x92", b"\xed\xa0\x80", b"\xe2\x80\xae", b"<c r='A1'><v>1</v></c>", b"=HYPERLINK(1)", b"[[0.1 0.2]\n"),
)
MOST_BYTES = 200_000


class Outcome(NamedTuple):
    """What became of many inputs: how many were read, how many refused, and the slowest with its seconds."""

    read: int
    refused: int
    slowest: float
    slowest_input: str


def seeds() -> list[tuple[str, bytes]]:
    """The files of the corpus that are small enough to be changed often."""
    files = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.name != "manifest.yaml")
    return [(path.name, path.read_bytes()) for path in files if path.stat().st_size <= MOST_BYTES]


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many inputs: the name of a file and its bytes."""
    chance = random.Random(seed)  # noqa: S311  no secret
    known = seeds()
    for _ in range(count):
        name, data = chance.choice(known)
        if data[:2] == b"PK" and chance.random() < 0.7:
            yield name, _with_member_changed(data, chance, known)
        else:
            yield name, _changed(data, chance, known)


def _changed(data: bytes, chance: random.Random, known: Sequence[tuple[str, bytes]]) -> bytes:
    """The bytes after a few changes."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        size = len(content)
        start = chance.randrange(size + 1)
        end = min(size, start + chance.choice((1, 1, 2, 4, 16, 64, 500)))
        kind = chance.randrange(8)
        if kind == 0 and size:
            content[min(start, size - 1)] = chance.randrange(256)
        elif kind == 1:
            del content[start:end]
        elif kind == 2:
            content[start:start] = content[start:end] * chance.choice((1, 2, 50))
        elif kind in (3, 4):
            content[start:start] = chance.choice(WORDS) * chance.choice((1, 1, 1, 3, 100))
        elif kind == 5:
            del content[start:]
        elif kind == 6:
            other = chance.choice(known)[1]
            cut = chance.randrange(len(other) + 1)
            content[start:] = other[cut : cut + 5000]
        else:
            content[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
    return bytes(content)


def _with_member_changed(data: bytes, chance: random.Random, known: Sequence[tuple[str, bytes]]) -> bytes:
    """A sound zip file in which one member is not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return _changed(data, chance, known)
    if not members or sum(len(content) for _, content in members) > 1_000_000:
        return _changed(data, chance, known)
    which = chance.randrange(len(members))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(dict(members).items()):
            archive.writestr(name, _changed(content, chance, known) if number == which else content)
    return buffer.getvalue()


def _check(error: InputError, name: str) -> None:
    """A refusal says what is wrong, and where."""
    assert error.faults
    assert all(fault.message and fault.location.file.startswith(name) for fault in error.faults)


def try_all(inputs: Iterator[tuple[str, bytes]]) -> Outcome:
    """Read each input and the numbers in it. Whatever is raised but InputError is a mistake of hwcheck and gets out."""
    counts: Counter[str] = Counter()
    slowest, slowest_input = 0.0, ""
    for number, (name, data) in enumerate(inputs):
        start = time.process_time()
        try:
            submission = parse_submission(data, name)
        except InputError as error:
            counts["refused"] += 1
            _check(error, name)
        else:
            counts["read"] += 1
            assert submission.file == name
            reader = NumberReader()
            for answer in submission.answers:
                read_cells(answer.value, reader)
        taken = time.process_time() - start
        if taken > slowest:
            slowest, slowest_input = taken, f"{name}, number {number}"
    return Outcome(counts["read"], counts["refused"], slowest, slowest_input)


if __name__ == "__main__":
    many = int(sys.argv[1])
    print(try_all(mutations(many, int(sys.argv[2]) if len(sys.argv) > 2 else 0)))  # noqa: T201
