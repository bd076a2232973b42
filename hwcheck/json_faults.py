"""What a place that is no JSON means to the person who wrote it.

The standard module says where it stopped and what it expected, and says both differently from one version of Python
to the next; what was done wrong shows in the text at that place.
"""

from __future__ import annotations

import json
import re

from hwcheck.located_build import shown

__all__ = ["explain"]

_CLOSING = {"[": "]", "{": "}"}
_BRACKET = re.compile(r'"[^"]*"?|([\[{])|([\]}])')
_NUMBER_BEGUN = re.compile(r"[\w.+-]*[0-9]$")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")

# What stands where a value or a name was expected.
_FOUND = (
    (r"\ufeff", "the file begins with two byte order marks; save it as UTF-8"),
    (r"'", "JSON writes text in double quotes; replace the single ones"),
    (r"[“”„«»‘’]", 'JSON writes text in straight double quotes: "'),
    (r"//|/\*|#", "JSON has no comments; delete it"),
    (r"True\b|False\b", "JSON writes true and false in small letters"),
    (r"None\b", "JSON writes null for nothing"),
    (r"[-+]?\.\d", "JSON writes a digit before the decimal point: 0.5"),
    (r"\+", "JSON writes a positive number without its sign"),
)
_EXPECTED = {
    "Expecting property name": "a name in double quotes must stand here",
    "Expecting ':'": "a ':' and a value are missing after the name",
    "Expecting ','": "a ',' is missing before this place",
    "Expecting value": "a number, list, mapping or text in double quotes must stand here",
    "Extra data": "the file's value has ended; delete what follows, or put everything into one list or mapping",
}


def explain(error: json.JSONDecodeError, masked: str) -> tuple[int, str]:
    """Where to look (an index into the text), and what was done wrong and what to do.

    ``masked`` is the text with its escapes masked, so that every quote in it begins or ends a string.
    """
    if not masked.strip():
        return 0, "the file is empty; JSON needs a value"
    in_string = _in_string(error, masked)
    if in_string:
        return in_string
    comma = _comma_too_many(error, masked)
    if comma is not None:
        return comma, "a comma stands before a closing bracket; delete the comma"
    found = error.doc[error.pos :].lstrip()
    if not found:
        return _unclosed(masked)
    return _at(error, masked, found)


def _in_string(error: json.JSONDecodeError, masked: str) -> tuple[int, str] | None:
    """What is wrong inside a string, if the fault is there."""
    place, text = error.pos, error.doc
    if error.msg.startswith("Unterminated string"):
        return place, "this quote is never closed; add the closing one"
    if error.msg.startswith("Invalid control character"):
        if text[place] in "\r\n":
            return masked.rfind('"', 0, place), "this quote is not closed on its line; add the closing one"
        return place, f"the character U+{ord(text[place]):04X} stands in a text; write \\u{ord(text[place]):04x}"
    if error.msg.startswith("Invalid \\"):
        place = text.rfind("\\", 0, place + 1)
        if text[place + 1] == "u":
            return place, r"\u needs the 4 hexadecimal digits of a character; write the character itself"
        rule = f"inside quotes a backslash begins a code, and there is no code {text[place : place + 2]}"
        return place, rf"{rule}; write \\ for a backslash"
    return None


def _comma_too_many(error: json.JSONDecodeError, masked: str) -> int | None:
    """The comma before a closing bracket: Python 3.13 stops at it, earlier ones behind it."""
    at_comma = masked.startswith(",", error.pos)
    up_to = masked[: error.pos + at_comma].rstrip()
    if up_to.endswith(",") and masked[len(up_to) :].lstrip()[:1] in ("]", "}"):
        return len(up_to) - 1
    return None


def _at(error: json.JSONDecodeError, masked: str, found: str) -> tuple[int, str]:
    """Where to look and what to say about what stands where the module stopped."""
    place = len(error.doc) - len(found)
    word = _WORD.match(found)
    begun = _NUMBER_BEGUN.search(error.doc, max(0, place - 40), place)
    if word and begun:
        written = shown(begun.group() + word.group())
        return begun.start(), f"{written} is no number in JSON; write it like -0.5 or 1e-3, or in double quotes"
    expects_value = error.msg.startswith(("Expecting value", "Expecting property"))
    if expects_value or error.msg.startswith("Extra data"):
        for pattern, message in _FOUND:
            if re.match(pattern, found):
                return place, f"{message}, found {shown(word.group() if word else found[0])}"
    if found[0] in "]}":
        return place, _closing(error, masked, found[0])
    if expects_value and found[0] == ",":
        return place, "a value is missing before this comma"
    if expects_value and word:
        what = "names" if error.msg.startswith("Expecting property") else "text"
        return place, f"JSON writes {what} in double quotes, found {shown(word.group())}"
    expected = next((message for family, message in _EXPECTED.items() if error.msg.startswith(family)), error.msg)
    return place, f"{expected}, found {shown(found[:80].splitlines()[0])}"


def _closing(error: json.JSONDecodeError, masked: str, bracket: str) -> str:
    """The message about a closing bracket where something else was expected."""
    opened = _open_brackets(masked[: error.pos])
    if not opened:
        return f"{bracket!r} closes nothing here; delete it, or add the bracket it should close"
    place = opened[-1]
    if _CLOSING[masked[place]] == bracket:
        return f"a value is missing before this {bracket!r}"
    line, column = masked.count("\n", 0, place) + 1, place - masked.rfind("\n", 0, place)
    return f"the {masked[place]!r} of line {line}, column {column} is closed by {bracket!r}; the two must match"


def _open_brackets(masked: str) -> list[int]:
    """Where the brackets stand that are still open at the end of this text."""
    opened: list[int] = []
    for bracket in _BRACKET.finditer(masked):
        if bracket.lastindex == 1:
            opened.append(bracket.start())
        elif bracket.lastindex == 2 and opened:
            opened.pop()
    return opened


def _unclosed(masked: str) -> tuple[int, str]:
    opened = _open_brackets(masked)
    if not opened:
        return len(masked), "the file ends where a value must stand"
    bracket = masked[opened[-1]]
    return opened[-1], f"{bracket!r} is never closed; add the missing {_CLOSING[bracket]!r}"
