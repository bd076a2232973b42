"""Submissions that NumPy wrote: ``np.savez`` (a quantity a member) and ``np.save`` (one quantity, named by the file).

NumPy's own reader is not used: the header is read by one pattern and checked against the bytes that are there before
anything is made of it, and what would need a pickle is refused. The format is that of NumPy's NEP 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

import numpy as np

from hwcheck.errors import Fault, InputError, Location
from hwcheck.graph.node import Shape
from hwcheck.limits import ARRAY_HEADER, ARRAY_TEXT, AXES, FAULTS, NPZ, SUBMISSION
from hwcheck.located import List, Located, Scalar
from hwcheck.located_build import shown, too_many
from hwcheck.submissions.model import Answer, Parts, Reader, inside
from hwcheck.submissions.zipped import members

__all__ = ["NPZ_READER"]

_MAGIC = b"\x93NUMPY"
_HEADER = re.compile(
    r"\{'descr': '([^'\\]{1,20})', 'fortran_order': (True|False), "
    r"'shape': \(((?:[0-9]{1,18}, ?)*(?:[0-9]{1,18})?)\),? ?\}\s*"
)
_TYPE = re.compile(r"[<>|=]?([fiubcSU])([0-9]{1,6})")
_SIZES = {"f": (2, 4, 8), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "b": (1,), "c": (8, 16)}
_KINDS = {"O": "objects, which are pickled and never loaded", "V": "records", "M": "dates", "m": "durations"}
_Array: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
_NAMED = ("problem", "student")
_MADE_ANEW = "save it anew with np.savez('ada.npz', W1=W1, b1=b1)"


class _Header(NamedTuple):
    """What an array's header says, once it is known to be possible."""

    dtype: str
    fortran: bool
    shape: Shape
    offset: int


class _Bad(Exception):  # noqa: N818  a finding, not a failure
    """An array that is not read; the message says why and what to do."""


def _read(data: bytes, file: str) -> Parts | None:
    if not data:
        return None
    answers: list[Answer] = []
    faults: list[Fault] = []
    named: dict[str, Scalar] = {}
    values = 0
    for name, content in _arrays(data, file):
        place = inside(file, name)
        try:
            array = _array(content)
        except _Bad as bad:
            faults.append(Fault(place, str(bad)))
            continue
        values += array.size
        if values > SUBMISSION.values:
            raise InputError([too_many(Location(file), SUBMISSION)])
        if name in _NAMED and array.dtype.kind == "U":
            if array.size == 1:
                named[name] = Scalar(str(array.reshape(-1)[0]), place)
            else:
                faults.append(Fault(place, f"{name} must be one text, not {array.size}"))
            continue
        answers.append(Answer(name, _located(array, file, name), place))
    notes = [
        Fault(answer.location, "np.savez names an array that is given without a name so; write np.savez(file, W1=W1)")
        for answer in answers
        if re.fullmatch("arr_[0-9]+", answer.name)
    ]
    return Parts(tuple(answers), named.get("problem"), named.get("student"), tuple(faults), tuple(notes[:1]))


def _arrays(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each array."""
    if data.startswith(_MAGIC):
        yield PurePath(file).stem, data
        return
    for name, content in members(data, file, NPZ):
        yield name.removesuffix(".npy"), content


def _array(content: bytes) -> _Array:
    """The array in the bytes of a .npy file. Raises _Bad."""
    header = _header(content)
    dtype = np.dtype(header.dtype)
    count = 1
    for length in header.shape:
        count *= length
    if count == 0:
        raise _Bad(f"the array is empty: its shape is {header.shape}")
    there = len(content) - header.offset
    if count * dtype.itemsize != there:
        stated = f"{count:,} numbers of {dtype.itemsize} bytes"
        raise _Bad(f"the header states {stated}, but {there:,} bytes follow it; {_MADE_ANEW}")
    array = np.frombuffer(content, dtype, count, header.offset)
    array = array.reshape(header.shape, order="F" if header.fortran else "C")
    return _as_text(array) if dtype.kind in "SU" else array


def _header(content: bytes) -> _Header:
    """What the header says; every number in it has been compared with what can be."""
    if not content.startswith(_MAGIC) or len(content) < 10:
        raise _Bad(f"this is no array that NumPy wrote; {_MADE_ANEW}")
    wide = content[6] >= 2
    offset = 12 if wide else 10
    length = int.from_bytes(content[8:offset], "little")
    if content[6] not in (1, 2, 3) or length > min(ARRAY_HEADER, len(content) - offset):
        raise _Bad(f"the header of this array is damaged or longer than {ARRAY_HEADER:,} bytes; {_MADE_ANEW}")
    text = content[offset : offset + length].decode("latin-1")
    found = _HEADER.fullmatch(text)
    if found is None:
        if re.match(r"\{'descr': \[", text):
            raise _Bad(f"this array holds records with several fields, not numbers; {_MADE_ANEW}")
        raise _Bad(f"the header of this array cannot be read; {_MADE_ANEW}")
    shape = tuple(int(size) for size in re.findall("[0-9]+", found[3]))
    if len(shape) > AXES:
        raise _Bad(f"this array has {len(shape)} axes; at most {AXES} are read")
    _check_type(found[1])
    return _Header(found[1], found[2] == "True", shape, offset + length)


def _check_type(descr: str) -> None:
    """Only numbers and texts are read. Raises _Bad."""
    found = _TYPE.fullmatch(descr)
    if found is None:
        kind = _KINDS.get(descr.strip("<>|=")[:1], f"{shown(descr)}, which are no numbers")
        raise _Bad(f"this array holds {kind}; save numbers: np.asarray(W1, dtype=float)")
    kind, size = found[1], int(found[2])
    if kind in _SIZES and size not in _SIZES[kind]:
        raise _Bad(f"numbers of the type {shown(descr)} are not read; save them as np.asarray(W1, dtype=float)")
    if kind in "SU" and not 0 < size <= ARRAY_TEXT:
        raise _Bad(f"texts of the type {shown(descr)} are not read")


def _as_text(array: _Array) -> _Array:
    """Texts whose every character is one. Raises _Bad."""
    if array.dtype.kind == "S":
        texts = [bytes(item).decode("utf-8", "replace") for item in array.reshape(-1).tolist()]
        return np.array(texts, dtype=np.str_).reshape(array.shape)
    codes = np.frombuffer(array.tobytes(), array.dtype.str[0] + "u4")
    if np.any(codes > 0x10FFFF) or np.any((codes >= 0xD800) & (codes < 0xE000)):
        raise _Bad(f"the texts of this array hold characters that do not exist; {_MADE_ANEW}")
    return array


def _located(array: _Array, file: str, name: str) -> Located:
    """The array as nested lists. A number has the digits that tell it from its neighbours, and no more."""
    place = inside(file, name)
    flat = array.reshape(-1)
    exact = flat.dtype == np.float64 or flat.dtype.kind not in "fc"
    texts = [str(value) for value in (flat.tolist() if exact else flat)]
    items: list[Located] = [Scalar(text, place) for text in texts]
    if array.dtype.kind == "f" and not np.isfinite(flat).all():
        for i in np.flatnonzero(~np.isfinite(flat))[:FAULTS]:  # only what will be asked about needs its own place
            index = ", ".join(str(k) for k in np.unravel_index(int(i), array.shape))
            items[i] = Scalar(texts[i], inside(file, f"{name}[{index}]" if index else name))
    for length in reversed(array.shape):
        items = [List(tuple(items[i : i + length]), place) for i in range(0, len(items), length)]
    return items[0]


NPZ_READER = Reader("npz", (".npz", ".npy"), read_data=_read)
