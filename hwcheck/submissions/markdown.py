"""Answers in Markdown: equations, tables, lists, printed output.

The text is gone through by a scanner of its own (hwcheck/submissions/pieces.py): markdown-it-py, which comes with rich,
knows no equations and reads ``_`` and ``*`` inside them as emphasis, and its inline tokens have no places; pylatexenc
raises RecursionError where brackets nest a few hundred deep.
"""

from __future__ import annotations

import re

from hwcheck.errors import Location
from hwcheck.limits import RUNNING
from hwcheck.located import Scalar
from hwcheck.submissions.model import Answer, Parts, Reader
from hwcheck.submissions.places import Expanded, Places
from hwcheck.submissions.running_text import running_answers

__all__ = ["MARKDOWN", "about_of", "answers_of", "parts_of"]

_FRONT = re.compile(r"\s*---[ \t]*\n(?P<inner>(?:[^\n]*\n){0,40}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_NAMED = re.compile(
    r"^[ \t]*(?:(?:<!--|%{1,9}|\#{1,9}|[-*>](?=[ \t]))[ \t]*)?"
    r"\*{0,2}(?P<key>problem|[Ss]tudent)\*{0,2}[ \t]*:\*{0,2}[ \t]*"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'][^\n\"']{0,60}?)(?P=quote)"
    r"(?:[ \t]{0,9}-->|[ \t]{1,9}\#[^\n]*)?[ \t]{0,9}$",
    re.MULTILINE,
)
_ID = re.compile(r"[a-z][\w.-]{0,60}")


def answers_of(text: str, start: Location) -> list[Answer]:
    """The answers that a Markdown text gives, in its order; ``start`` is where its first character stands.

    Each is ``loose`` (text round about it is no answer), and ``scanned`` where it stands in a formula. Later lines
    count from ``start.line``, their columns from 1. Text that is no answer is left out.

    Raises:
        InputError: the text holds more numbers than are read.

    """
    return running_answers(text, start)


def about_of(text: str, start: Location) -> dict[str, Scalar]:
    """The problem and the student that a text names, ``problem: gan``; the first of each."""
    named: dict[str, Scalar] = {}
    places: Places | None = None
    for found in _NAMED.finditer(text):
        value, key = found["value"].strip(), found["key"].lower()
        if key in named or (key == "problem" and not _ID.fullmatch(value)):
            continue  # problem: compute the loss
        places = places or Places(text, start)
        named[key] = Scalar(value, places.at(found.start("value")))
    return named


def parts_of(text: str, file: str, *, latex: bool = False, expanded: Expanded | None = None) -> Parts | None:
    """What a file of running text hands in; None of an empty one. ``expanded`` says where its characters come from."""
    if not text.strip():
        return None
    named = about_of(text, Location(file, 1, 1))
    blanked = _NAMED.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    if front := _FRONT.match(blanked):
        blanked = re.sub(r"[^\n]", " ", front.group()) + blanked[front.end() :]
    answers = running_answers(blanked, Location(file, 1, 1), latex=latex, expanded=expanded)
    return Parts(tuple(answers), named.get("problem"), named.get("student"))


MARKDOWN = Reader("markdown", (".md", ".markdown", ".rmd", ".qmd"), parts_of, limit=RUNNING.bytes)
