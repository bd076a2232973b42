"""Changes to a file that keep to its format: what gets past the first look of a reader, and is wrong further in."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["structured"]

# What may stand in a tree where something else stood.
_LEAVES: Sequence[Any] = (
    *(
        None,
        True,
        0,
        -1,
        1e308,
        10**30,
        "",
        " ",
        "nan",
        "0,5",
        "1/3",
        "½",
        "[1 2; 3 4]",
        "I",
        "\ud800",
        "\u202e",
        "x" * 300,
    ),
    *(
        [],
        {},
        [[]],
        [1, [2]],
        {"text/plain": ["array([1, 0, 1])"]},
        "array([[1, 2],\n       [3, 4]])",
        "$I = [1, 0, 1]$",
    ),
)
_KEYS = (
    "cells",
    "outputs",
    "source",
    "answers",
    "problem",
    "student",
    "data",
    "text",
    "cell_type",
    "output_type",
    "I",
    "O",
)
_TOKENS = re.compile(r"\\[A-Za-z]+|[A-Za-z_]\w*|[0-9.]+|\s+|.", re.DOTALL)
_XML = re.compile(rb"<[^<>]{0,300}>|[^<>]{1,300}")
_SCALARS = (
    "0,5",
    "[1 2]",
    "'",
    '"',
    "|",
    ">",
    "&a 1",
    "*a",
    "!!int 1",
    "- 1",
    "{a: 1}",
    "? 1",
    "---",
    "# 1",
    "<<: 1",
    "~",
    "\t",
)
_HEADERS: Sequence[tuple[bytes, Sequence[bytes]]] = (
    (
        rb"'<f8'|'<i8'|'<f4'|'\|b1'|'<U[0-9]+'",
        (b"'<f4'", b"'>f8'", b"'<U1'", b"'|S8'", b"'<c16'", b"'|O'", b"'<M8[s]'", b"'|V8'"),
    ),
    (rb"True|False", (b"True", b"False", b"None", b"1")),
    (
        rb"\([0-9, ]*\)",
        (b"()", b"(0,)", b"(1,)", b"(3,)", b"(1, 3)", b"(3, 1)", b"(-1,)", b"(99999999999,)", b"(1,)*9", b"(3L,)"),
    ),
    (rb"'shape'|'descr'|'fortran_order'", (b"'shape'", b"'descr'", b"''", b"'x'")),
)


def structured(name: str, data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The file after a change that suits its format. ``others`` are files from which parts may be taken."""
    ending = name.rpartition(".")[2]
    if data[:2] == b"PK":
        return _zip(name, data, chance)
    if data[:6] == b"\x93NUMPY":
        return _array(data, chance)
    change = _BY_ENDING.get(ending, _tokens)
    return change(data, chance, others)


def _tokens(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Words, numbers and commands left out, doubled, exchanged, or taken from another file."""
    tokens = _TOKENS.findall(data.decode("utf-8", "replace")[:20_000])
    foreign = _TOKENS.findall(chance.choice(others)[:5000].decode("utf-8", "replace")) or [" "]
    for _ in range(chance.choice((1, 1, 2, 4, 10))):
        at, to = (chance.randrange(len(tokens) + 1) for _ in range(2))
        end = min(len(tokens), at + chance.choice((1, 1, 3, 10)))
        kind = chance.randrange(5)
        if kind == 0:
            del tokens[at:end]
        elif kind == 1:
            tokens[to:to] = tokens[at:end]
        elif kind == 2 and at < len(tokens) and to < len(tokens):
            tokens[at], tokens[to] = tokens[to], tokens[at]
        else:
            begin = chance.randrange(len(foreign))
            tokens[at : end if kind == 3 else at] = foreign[begin : begin + chance.choice((1, 1, 3, 10))]
    return "".join(tokens).encode("utf-8", "replace")


def _lines(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Lines left out, doubled, moved in or out, their values exchanged."""
    if chance.random() < 0.3:
        return _tokens(data, chance, others)
    lines = data.decode("utf-8", "replace")[:20_000].split("\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, to = (chance.randrange(len(lines)) for _ in range(2))
        kind = chance.randrange(6)
        if kind == 0 and len(lines) > 1:
            del lines[at]
        elif kind == 1:
            lines.insert(to, lines[at])
        elif kind == 2:
            lines[at] = " " * chance.randrange(6) + lines[at].lstrip()
        elif kind == 3:
            key, colon, _ = lines[at].partition(":")
            lines[at] = key + colon + " " + chance.choice(_SCALARS)
        elif kind == 4:
            lines[at], lines[to] = lines[to], lines[at]
        else:
            lines[at] += chance.choice(_SCALARS)
    return "\n".join(lines).encode("utf-8", "replace")


def _tree(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A tree of JSON with branches left out, exchanged, put into others."""
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return _tokens(data, chance, others)
    for _ in range(chance.choice((1, 1, 2, 5))):
        places = list(_places(root))
        if not places:
            break
        holder, key = chance.choice(places)
        other_holder, other_key = chance.choice(places)
        other = other_holder.get(other_key) if isinstance(other_holder, dict) else other_holder[other_key]
        kind = chance.randrange(6)
        if kind == 0:
            del holder[key]
        elif kind == 1:
            holder[key] = json.loads(json.dumps(other))
        elif kind == 2:
            holder[key] = [copy.deepcopy(holder[key]) for _ in range(chance.choice((1, 2, 3)))]
        elif kind == 3 and isinstance(holder, dict):
            holder[chance.choice(_KEYS)] = holder.pop(key)
        elif kind == 4 and isinstance(holder[key], str):
            text = _tokens(holder[key].encode("utf-8", "replace"), chance, others)
            holder[key] = text.decode("utf-8", "replace")
        else:
            holder[key] = copy.deepcopy(chance.choice(_LEAVES))  # else a leaf could be put into itself
    return json.dumps(root, indent=chance.choice((None, 1)), ensure_ascii=chance.random() < 0.5).encode(
        "utf-8", "replace"
    )


def _places(root: Any) -> list[tuple[Any, Any]]:
    """Every holder with every key or number of it."""
    found: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting and len(found) < 2000:
        holder = waiting.pop()
        if isinstance(holder, dict):
            found += [(holder, key) for key in holder]
            waiting += holder.values()
        elif isinstance(holder, list):
            found += [(holder, i) for i in range(len(holder))]
            waiting += holder
    return found


def _array(data: bytes, chance: random.Random) -> bytes:
    """An array with another header, whose length is right."""
    length = int.from_bytes(data[8:10], "little")
    header, content = data[10 : 10 + length], data[10 + length :]
    for _ in range(chance.choice((1, 1, 2))):
        pattern, words = chance.choice(_HEADERS)
        header = re.sub(pattern, lambda _: chance.choice(words), header, count=1)  # noqa: B023  called at once
    if chance.random() < 0.3:
        content = content[: chance.randrange(len(content) + 1)] + bytes(
            chance.randrange(256) for _ in range(chance.randrange(9))
        )
    version = chance.choice((b"\1\0",) * 6 + (b"\2\0", b"\3\0", b"\4\0"))
    size = struct.pack("<H" if version < b"\2" else "<I", max(len(header) + chance.choice((0, 0, 0, 0, 1, -1)), 0))
    return b"\x93NUMPY" + version + size + header + content


def _xml(data: bytes, chance: random.Random) -> bytes:
    """Tags and texts left out, doubled, exchanged."""
    parts = _XML.findall(data[:200_000])
    for _ in range(chance.choice((1, 1, 2, 4))):
        if not parts:
            break
        at, to = (chance.randrange(len(parts)) for _ in range(2))
        kind = chance.randrange(5)
        if kind == 0:
            del parts[at]
        elif kind == 1:
            parts.insert(to, parts[at])
        elif kind == 2:
            parts[at], parts[to] = parts[to], parts[at]
        elif kind == 3:
            parts[at] = re.sub(
                rb"[0-9]+", lambda _: str(chance.choice((0, 1, 16384, 10**9, 10**30))).encode(), parts[at]
            )
        else:
            parts[at] = re.sub(
                rb"\"[^\"]*\"", lambda _: chance.choice((b'""', b'"s"', b'"e"', b'"A1"', b'"XFD9"')), parts[at]
            )
    return b"".join(parts)


def _zip(name: str, data: bytes, chance: random.Random) -> bytes:
    """A sound archive of which one member is changed within its format, left out, doubled or renamed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(member, archive.read(member)) for member in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return data[: chance.randrange(len(data) + 1)]
    if not members or sum(len(content) for _, content in members) > 1_000_000:
        return data[: chance.randrange(len(data) + 1)]
    at = chance.randrange(len(members))
    member, content = members[at]
    kind = chance.randrange(8)
    if kind == 0:
        del members[at]
    elif kind == 1:
        members[at] = (chance.choice(("problem.npy", "student.npy", "../x.npy", "\u202e.npy", "I.npy", "a/")), content)
    elif content[:6] == b"\x93NUMPY":
        members[at] = (member, _array(content, chance))
    elif member.endswith((".xml", ".rels")):
        members[at] = (member, _xml(content, chance))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for member, content in dict(members).items():
            archive.writestr(member, content)
    return buffer.getvalue()


_BY_ENDING: Mapping[str, Callable[[bytes, random.Random, Sequence[bytes]], bytes]] = {
    "yaml": _lines,
    "yml": _lines,
    "csv": _lines,
    "tsv": _lines,
    "json": _tree,
    "ipynb": _tree,
}
