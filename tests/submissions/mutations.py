"""The corpus, and changes to the bytes of its files: tests/submissions/fuzz.py tries them."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["CORPUS", "changed", "seeds", "with_member_changed"]

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


def seeds() -> list[tuple[str, bytes]]:
    """The files of the corpus that are small enough to be changed often."""
    files = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.name != "manifest.yaml")
    return [(path.name, path.read_bytes()) for path in files if path.stat().st_size <= MOST_BYTES]


def changed(data: bytes, chance: random.Random, known: Sequence[tuple[str, bytes]]) -> bytes:
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


def with_member_changed(data: bytes, chance: random.Random, known: Sequence[tuple[str, bytes]]) -> bytes:
    """A sound zip file in which one member is not."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return changed(data, chance, known)
    if not members or sum(len(content) for _, content in members) > 1_000_000:
        return changed(data, chance, known)
    which = chance.randrange(len(members))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(dict(members).items()):
            archive.writestr(name, changed(content, chance, known) if number == which else content)
    return buffer.getvalue()
