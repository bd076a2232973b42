"""A Python file as statements, those around a mistake of syntax too: runs in the helper process, and runs nothing.

A file that is Python is parsed at once. Any other is cut where a line begins that no bracket, string or indented block
can go on with, and each part is parsed alone: a mistake costs its own part.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from hwcheck.errors import InputError, Location
from hwcheck.limits import PYTHON_PARTS

__all__ = ["SIGN", "Broken", "statements"]

SIGN = re.compile(r"\\(?:.|\n)|'''|\"\"\"|'|\"|#[^\n]*|[()\[\]{}]|\n")
"""What opens, closes, or hides brackets, and what ends a line."""

_DETECTED = re.compile(r" \(detected at line \d+\)")  # of the part, not of the file
_GOES_ON = re.compile(r"[\s#)\]}]|(?:else|elif|except|finally|case)\b|$")
# What begins a statement even where a bracket was left open before it.
_SURELY_BEGINS = re.compile(
    r"[^\W\d]\w*(?:\[[^\]\n]{0,40}\]|\.\w{1,40})*[ \t]*=(?!=)|(?:import|from|def|class|for|while|if|with|print)\b"
)


class Broken(NamedTuple):
    """A part that is no Python: its text and first line, and what is wrong in which line and column."""

    text: str
    first: int
    line: int
    column: int
    message: str


def statements(text: str, file: str) -> tuple[list[ast.stmt], list[Broken]]:
    """The statements of a file, in order, with lines as in the file; and its parts that are none.

    Raises:
        InputError: it is nothing that Python's parser can read, or too deep, or has too many parts to be read one by
            one.

    """
    try:
        return list(_parsed(text).body), []
    except SyntaxError as error:
        whole = error
    except ValueError as error:
        raise InputError.at(Location(file), f"this is no Python that can be read ({error})") from None
    except (MemoryError, RecursionError):  # how the parser reports that its stack is at its end
        rule = "an expression in this file is nested too deep or too long to be read"
        raise InputError.at(Location(file), f"{rule}; write plain numbers") from None
    found: list[ast.stmt] = []
    broken: list[Broken] = []
    for number, (first, part) in enumerate(_parts(text)):
        if number == PYTHON_PARTS:
            raise refused(Broken(text, 1, whole.lineno or 0, whole.offset or 0, whole.msg), file)
        try:
            tree = _parsed(part)
        except SyntaxError as error:
            line = first - 1 + (error.lineno or 1)
            message = _DETECTED.sub("", error.msg)
            broken.append(Broken(part, first, line, max(error.offset or 0, 1), message))
        except (MemoryError, RecursionError):
            broken.append(Broken("", first, first, 1, "nested too deep or too long"))
        else:
            found += ast.increment_lineno(tree, first - 1).body
    return found, broken


def refused(broken: Broken, file: str) -> InputError:
    """The error of a file in which nothing can be read."""
    rule = f"this is no Python that can be read ({broken.message})"
    place = Location(file, broken.line, broken.column if broken.line else 0)
    return InputError.at(place, f"{rule}; a text of equations is handed in as .md or .txt")


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of "\\beta" in a text
        # To show the line of an error Python opens the file of that name: '<unknown>' could be one, '' cannot.
        return ast.parse(text, "")


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a text, each with the number of its first line."""
    lines = text.split("\n")
    begin = 0
    for number, (quoted, depth) in enumerate(_open_at(text, lines)):
        line = lines[number]
        if quoted or _GOES_ON.match(line) or (lines[begin].startswith("@") and number - begin == 1):
            continue
        if depth > 0 and not _SURELY_BEGINS.match(line):
            continue
        if number > begin:
            yield begin + 1, "\n".join(lines[begin:number])
        begin = number
    yield begin + 1, "\n".join(lines[begin:])


def _open_at(text: str, lines: list[str]) -> Iterator[tuple[bool, int]]:
    """For each line, whether it begins inside of a string, and how many brackets are open there.

    A line that surely begins a statement begins with none.
    """
    yield False, 0
    depth, number, quote = 0, 0, ""
    for found in SIGN.finditer(text):
        sign = found.group()
        if sign.endswith("\n"):
            number += 1
            quote = quote if len(quote) == 3 else ""
            yield bool(quote) or len(sign) > 1, depth
            if not quote and _SURELY_BEGINS.match(lines[number]):
                depth = 0
        elif sign[0] == "\\" or sign[0] == "#":
            continue
        elif quote:
            quote = "" if sign == quote else quote
        elif sign[0] in "'\"":
            quote = sign
        else:
            depth += 1 if sign in "([{" else -1
