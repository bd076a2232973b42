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
from hwcheck.submissions.handed_over import running_text
from hwcheck.submissions.markdown import about_of
from hwcheck.submissions.model import Answer, Parts, Reader
from hwcheck.submissions.python_comments import commented_answers
from hwcheck.submissions.python_parts import Broken, refused
from hwcheck.submissions.sent import values_from_json

__all__ = ["PYTHON_SOURCE"]

_ABOUT = re.compile(
    r"^#[ \t]*(problem|student|name|author)[ \t]*[:=][ \t]*(\S.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_STUDENT = ("student", "name", "author")
_ASSIGNED = re.compile(r"[^\W\d]\w{0,60}(?:\[[^\]\n]{0,40}\])?[ \t]*[:=]|[rR]?['\"]{3}")
_RUNNING = re.compile(r"[=|&\n]|\\begin|->|→")  # a text with more in it than one number


def _read(text: str, file: str) -> Parts | None:
    if not text.strip():
        return None
    found = read_bounded("hwcheck.submissions.python_literals:read", text.encode("utf-8", "replace"), file)
    about = _about(text, file)
    answers: dict[str, Answer] = {}
    notes = [Fault(Location(file, line, column), message) for line, column, message in found["notes"]]
    texts = [(text, line, column) for text, line, column in found["texts"]]
    for (name, line, column, loose), located in zip(found["answers"], values_from_json(found["values"]), strict=True):
        place = Location(file, line, column)
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
        start = Location(file, line, column)
        about = {**about_of(content, start), **about}
        running += running_text(content, start, faults)
    broken = [Broken(*part) for part in found["broken"]]
    for part in broken:
        place = Location(file, part.line, part.column)
        plain = _as_text(part, file)
        running += plain
        if plain and len(notes) < FAULTS:
            notes.append(Fault(place, f"this is no Python ({part.message}) and was read as plain text"))
        if not plain and len(faults) < FAULTS:
            faults.append(Fault(place, f"this is no Python that can be read ({part.message}), and was left out"))
    running += commented_answers(text, file, notes)
    if broken and not (answers or running):
        raise refused(broken[0], file)
    student = next((about[key] for key in _STUDENT if key in about), None)
    if not (answers or running or faults):
        faults.append(_nothing(file))
    return Parts((*answers.values(), *running), about.get("problem"), student, tuple(faults), tuple(notes))


def _as_text(part: Broken, file: str) -> list[Answer]:
    """The numbers in lines ``name = value`` of a part that is no Python, as in [[0.1 0.2], [0.3 0.4]]."""
    if not _ASSIGNED.match(part.text):
        return []
    answers = running_text(part.text, Location(file, part.first, 1), [])
    return [answer for answer in answers if not answer.formula]


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
