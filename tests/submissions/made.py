"""Submissions that are made when they are needed: too large for the repository, or no file that it could hold.

Each maker writes what it makes to the path it is given, or makes something else of that name; always the same.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

__all__ = ["MADE", "cannot_be_made"]

SOUND = "answers:\n  I6: -0.105\n  O6: 0.474\n"
MEGABYTE = 1_000_000


def cannot_be_made(name: str) -> str:
    """Why this system cannot make it, or nothing."""
    if name == "fifo" and not hasattr(os, "mkfifo"):
        return "there are no FIFOs here"
    if name == "device" and not Path("/dev/zero").exists():
        return "there are no devices here"
    if name == "unreadable" and (not hasattr(os, "geteuid") or os.geteuid() == 0):
        return "everything can be read by this user"
    return ""


def _text(make: Callable[[], str]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(make(), encoding="utf-8")

    return write


def _bytes(make: Callable[[], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(make())

    return write


# What is no regular file.


def _link(path: Path) -> None:
    solution = path.with_name("solution-of-the-teacher.yaml")
    solution.write_text(SOUND, encoding="utf-8")
    path.symlink_to(solution)


def _unreadable(path: Path) -> None:
    path.write_text(SOUND, encoding="utf-8")
    path.chmod(0)


# YAML and JSON.


def _alias_bomb() -> str:
    levels = ["  a0: &a0 [1, 1]"]
    levels += [f"  a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    return "\n".join(["answers:", *levels, "  I6: -0.105", ""])


def _merge_bomb() -> str:
    levels = ["  a0: &a0 {x: 1}"] + [f"  a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], k{i}: 1}}" for i in range(1, 26)]
    return "\n".join(["answers:", *levels, ""])


def _nested_json() -> str:
    return '{"answers": {"I6": ' + "[" * 100_000 + "]" * 100_000 + "}}"


def _many_answers() -> str:
    return "answers:\n" + "".join(f"  x{i}: {i}\n" for i in range(6_000))


def _equal_hashes() -> str:
    step = 2**61 - 1  # all of these integers have one hash in Python
    return json.dumps({"answers": {str(i * step): 1 for i in range(4_000)}})


# Archives.


def _packed(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _array(values: object) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(values))
    return file.getvalue()


def _encrypted() -> bytes:
    """A member that says, in both places, that it is encrypted."""
    data = bytearray(_packed({"I6.npy": _array(-0.105)}))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(head) + flags] |= 1
    return bytes(data)


def _gigabyte() -> bytes:
    """A gigabyte of zeros, packed into a megabyte: written in parts, never held."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo("I6.npy", (1980, 1, 1, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(member, "w", force_zip64=True) as inner:
            for _ in range(200):
                inner.write(bytes(5 * MEGABYTE))
    return file.getvalue()


def _zip_in_zip() -> bytes:
    data = _packed({"answers.yaml": SOUND.encode()})
    for _ in range(10):
        data = _packed({"inner.zip": data})
    return data


# Running text.


def _lines(line: str, size: int) -> str:
    return line * (size // len(line))


def _wide_table() -> str:
    return "\n".join(["I6 = -0.105", "", *(cell * 20_000 + "|" for cell in ("|a", "|-", "|1")), ""])


def _fractions() -> str:
    return "$I_6 = -0.105$\n\n$$O_6 = " + r"\frac{1}{" * 20_000 + "1" + "}" * 20_000 + "$$\n"


def _log() -> str:
    return _notebook(1, _lines("Epoch 17: loss = 0.123, accuracy = 0.95\n", MEGABYTE) + "I6 = -0.105\n")


def _notebook(outputs: int, text: str) -> str:
    output = {"name": "stdout", "output_type": "stream", "text": text}
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": "train()",
        "outputs": [output] * outputs,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _honest_notebook() -> str:
    picture = {"data": {"image/png": "iVBORw0KGgo" + "A" * 3 * MEGABYTE}, "metadata": {}, "output_type": "display_data"}
    answer = {"name": "stdout", "output_type": "stream", "text": "I6 = -0.105\nO6 = 0.474\n"}
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "plot()", "outputs": [picture, answer]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


MADE: Mapping[str, Callable[[Path], None]] = {
    "missing": lambda _: None,
    "folder": lambda path: path.mkdir(),
    "fifo": lambda path: os.mkfifo(path),
    "link": _link,
    "dangling link": lambda path: path.symlink_to("nowhere.yaml"),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "unreadable": _unreadable,
    "yaml alias bomb": _text(_alias_bomb),
    "yaml merge bomb": _text(_merge_bomb),
    "yaml base 60": _text(lambda: "answers:\n  I6: -0.105\n  O6: " + "1:" * 300_000 + "1\n"),
    "yaml brackets": _text(lambda: "answers:\n  I6: " + "[" * 50_000 + "\n"),
    "yaml indented": _text(lambda: "answers:\n" + "".join(" " * i + "a:\n" for i in range(1, 1_200))),
    "yaml floats": _text(lambda: "answers:\n  I6: [" + _lines("0.123, ", MEGABYTE) + "1]\n"),
    "yaml too large": _text(lambda: SOUND + _lines("# nothing more\n", 2 * MEGABYTE)),
    "yaml comments": _text(lambda: SOUND + _lines("# nothing more\n", 2 * MEGABYTE - 100)),
    "many answers": _text(_many_answers),
    "json nested": _text(_nested_json),
    "json equal hashes": _text(_equal_hashes),
    "json long text": _text(lambda: json.dumps({"answers": {"I6": -0.105, "O6": "9" * 1_900_000}})),
    "csv long cell": _text(lambda: "name,value\nI6,-0.105\nO6," + "4" * 200_000 + "\n"),
    "csv many rows": _text(lambda: "name,index,value\n" + "".join(f"I,{i},1\n" for i in range(90_000))),
    "npz gigabyte": _bytes(_gigabyte),
    "npz objects": _bytes(lambda: _packed({"I6.npy": _array(-0.105), "O.npy": _array(np.array([{}, 1], object))})),
    "npz encrypted": _bytes(_encrypted),
    "zip in zip": _bytes(_zip_in_zip),
    "markdown dollars": _text(lambda: "$" * 200_000 + "\n\n$I_6 = -0.105$\n"),
    "markdown brackets": _text(lambda: "O = " + "[" * 300_000 + "\n\nI6 = -0.105\n"),
    "markdown one line": _text(lambda: "I6 = -0.105\n\n" + _lines("and so on ", 900_000) + "\n"),
    "markdown equals": _text(lambda: "I6 = -0.105\n\n" + "= " * 300_000 + "\n"),
    "markdown quotes": _text(lambda: "I6 = -0.105\n\n" + ">" * 300_000 + " O6 = 0.474\n"),
    "markdown table": _text(_wide_table),
    "latex environments": _text(lambda: "$I_6 = -0.105$\n\n" + r"\begin{bmatrix}" * 40_000 + "\n"),
    "latex fractions": _text(_fractions),
    "latex braces": _text(lambda: "$I_6 = -0.105$\n\n$$O_6 = " + "{" * 200_000 + "0.474" + "}" * 200_000 + "$$\n"),
    "text digits": _text(lambda: "I6 = -0.105\nO6 = 0." + "474" * 300_000 + "\n"),
    "text numbers": _text(lambda: "I6 = -0.105\n\nO =\n" + _lines("0.1 0.2 0.3 0.4\n", 950_000)),
    "text many answers": _text(lambda: "".join(f"x{i} = {i}\n" for i in range(4_900)) + "I6 = -0.105\n"),
    "notebook outputs": _text(lambda: _notebook(4_000, "I6 = -0.105\n")),
    "notebook log": _text(_log),
    "notebook pictures": _text(_honest_notebook),
    "python sum": _text(lambda: "I6 = -0.105\nO6 = " + "+".join(["1"] * 100_000) + "\n"),
    "python names": _text(lambda: "I6 = -0.105\n" + "".join(f"x{i} = {i}\n" for i in range(40_000))),
    "random bytes": _bytes(lambda: np.random.default_rng(7).bytes(100_000)),
}  # fmt: skip
