"""Submissions as Python files, which are read and never run.

Answers are assignments of what is written out: numbers and their arithmetic, lists, ``np.array([...])``, a dict of
answers. What would have to be computed is no answer; a note says so. Strings are running text, as in Markdown.
"""

from __future__ import annotations

import re

from hwcheck.bounded import read_bounded
from hwcheck.errors import Fault, Location
from hwcheck.limits import FAULTS, PYTHON
from hwcheck.located import Scalar
from hwcheck.submissions.handed_over import from_json, running_text
from hwcheck.submissions.model import Answer, Parts, Reader

__all__ = ["PYTHON_SOURCE"]

_ABOUT = re.compile(
    r"^#[ \t]*(problem|student|name|author)[ \t]*[:=][ \t]*(\S.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_STUDENT = ("student", "name", "author")
_RUNNING = re.compile(r"[=|&\n]|\\begin|->|→")  # a text with more in it than one number


def _read(text: str, file: str) -> Parts | None:
    if not text.strip():
        return None
    found = read_bounded("hwcheck.submissions.python_literals:read", text.encode("utf-8", "replace"), file)
    about = _about(text, file)
    answers: dict[str, Answer] = {}
    notes = [Fault(Location(file, line, column), message) for line, column, message in found["notes"]]
    texts = [(text, line, column) for text, line, column in found["texts"]]
    for name, line, column, loose, value in found["answers"]:
        place = Location(file, line, column)
        located = from_json(value, file)
        if isinstance(located, Scalar) and located.quoted:
            if name in ("problem", *_STUDENT):
                about.setdefault(name, located)
                continue
            if _RUNNING.search(located.text):
                texts.append((located.text, located.location.line, located.location.column))
                continue
            located = located._replace(quoted=False)
        if name in answers:
            if len(notes) < FAULTS:
                notes.append(Fault(place, f"{name} is assigned again here; the last one is read, as Python would"))
            del answers[name]
        answers[name] = Answer(name, located, place, loose)
    faults: list[Fault] = []
    running = []
    for content, line, column in texts:
        running += running_text(content, Location(file, line, column), faults)
    student = next((about[key] for key in _STUDENT if key in about), None)
    if not (answers or running or faults):
        faults.append(_nothing(file))
    return Parts((*answers.values(), *running), about.get("problem"), student, tuple(faults), tuple(notes))


def _nothing(file: str) -> Fault:
    rule = "no answers are written out here, and Python files are read, never run"
    return Fault(Location(file), f"{rule}: hand in the numbers that it prints, or write W1 = [[0.1, 0.2], [0.3, 0.4]]")


def _about(text: str, file: str) -> dict[str, Scalar]:
    """What comments say of the problem and the student."""
    about: dict[str, Scalar] = {}
    for found in _ABOUT.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        about.setdefault(found[1].lower(), Scalar(found[2], Location(file, line, found.start(2) - found.start() + 1)))
        if len(about) == 4:
            break
    return about


PYTHON_SOURCE = Reader("python", (".py",), _read, limit=PYTHON.bytes)
