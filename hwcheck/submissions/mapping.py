"""A tree with ``answers:`` as a submission, also where the mapping around the answers is not quite what is asked.

Names that can be no mistake for ``problem``, ``student`` and ``answers`` are answers where they stand beside or without
``answers:``; a list of entries is read as one mapping. Notes say so. What is nearly one of the three is told.
"""

from __future__ import annotations

import re

from hwcheck.errors import Fault, Location, SubmissionError, did_you_mean, quoted
from hwcheck.limits import ANSWERS
from hwcheck.located import List, Located, Map, Scalar, kind
from hwcheck.mending import Mended
from hwcheck.submissions.model import Answer, Submission
from hwcheck.submissions.numbers import is_blank

__all__ = ["submission_of"]

KEYS = ("problem", "student", "answers")
_PLAIN = Answer("", Scalar("", Location("")), Location(""))[3:]  # all else of an answer below ``answers:``
_SENTENCE = re.compile(r"[^\W\d_]{2,40}[.,;:]?\s{1,9}[^\W\d_]{2}")
_WORD = re.compile(r"[^\W\d_]{3,}[.!]?")
_STUDENT = ("student", "name", "author")  # as in the other formats
_NAMES, _VALUES = ("name", "quantity", "question"), ("value", "values", "answer")  # of a list of records

_INSIDE = "; answers stand below 'answers:', further in"
_BESIDE = "stands beside 'answers:' and is read as an answer"
_WITHOUT = "there is no 'answers:' around the names; they are read as answers"
_LISTED = "a list of names with values is read as a mapping of them"


def submission_of(tree: Located | Mended, file: str, stem: str) -> Submission:
    """The submission that a tree states; ``stem`` is the student where it names none. Raises SubmissionError."""
    root, told = tree if isinstance(tree, Mended) else (tree, ())
    notes = list(told)
    root = _joined(root, notes)
    if not isinstance(root, Map):
        raise SubmissionError([Fault(root.location, f"a submission is a mapping (answers: ...), not {kind(root)}")])
    fields, others = _sorted(root)
    faults: list[Fault] = []
    texts = {}
    for key in ("problem", "student"):
        value = fields.get(key)
        if isinstance(value, Scalar):
            texts[key] = value.text
        elif value is not None:
            faults.append(Fault(value.location, f"{key} must be a name, not {kind(value)}"))
    guesses = {name.text: did_you_mean(name.text, KEYS) for name, _ in others}
    faults += [_unknown(name, guesses[name.text]) for name, _ in others if guesses[name.text]]
    values = [each for each in others if not guesses[each[0].text] and _is_value(each[1])]
    aside = [_unknown(name, _INSIDE) for name, value in others if not guesses[name.text] and not _is_value(value)]
    if "answers" not in fields and not values:
        faults, aside = faults + aside, []
    entries = _entries(fields.get("answers"), values, root, faults, notes)
    if faults:
        raise SubmissionError(sorted(faults))
    new = tuple.__new__  # as in the reader of YAML: less work for each of them
    found = tuple([new(Answer, (key.text, value, key.location, *_PLAIN)) for key, value in entries])
    student = texts.get("student", "")
    named = fields.get("problem")
    place = named.location if named else Location(file)
    name = stem if is_blank(student) else student
    return Submission(file, name, texts.get("problem") or None, found, place, tuple(aside), tuple(notes))


def _unknown(key: Scalar, advice: str) -> Fault:
    return Fault(key.location, f"unknown key {quoted(key.text)} in a submission{advice}")


def _joined(root: Located, notes: list[Fault]) -> Located:
    """A list of mappings as one mapping, where no name stands in two of them."""
    if not (isinstance(root, List) and root.items and all(isinstance(item, Map) for item in root.items)):
        return root
    entries: list[tuple[Scalar, Located]] = []
    for item in root.items:
        if isinstance(item, Map):
            entries += _record(item) or item.entries
    if len({key.text for key, _ in entries}) < len(entries):
        return root
    notes.append(Fault(root.location, _LISTED))
    return Map(tuple(entries), root.location)


def _record(item: Map) -> list[tuple[Scalar, Located]]:
    """The name and the value of ``{"name": "m", "value": 3}``; nothing where it is something else."""
    if len(item.entries) != 2:
        return []
    (first, name), (second, value) = item.entries
    if first.text.casefold() in _NAMES and second.text.casefold() in _VALUES and isinstance(name, Scalar):
        return [(name, value)]
    return []


def _sorted(root: Map) -> tuple[dict[str, Located], list[tuple[Scalar, Located]]]:
    """What stands under the three keys, and all other entries. ``name`` and ``author`` are the student, too."""
    fields: dict[str, Located] = {}
    others = []
    for key, value in root.entries:
        plain = key.text if key.text in KEYS else key.text.strip().casefold()
        if plain in KEYS and plain not in fields:
            fields[plain] = value
        else:
            others.append((key, value))
    if "student" not in fields:
        named = [pair for pair in others if pair[0].text.casefold() in _STUDENT and _is_word(pair[1])]
        if len(named) == 1:
            fields["student"] = named[0][1]
            others.remove(named[0])
    return fields, others


def _is_word(value: Located) -> bool:
    return isinstance(value, Scalar) and (not value.text or any(sign.isalpha() for sign in value.text))


def _is_value(value: Located) -> bool:
    """Whether this may be what stands under the name of a quantity: not a sentence, and not a mapping."""
    if isinstance(value, Scalar):
        return is_blank(value.text) or not (_SENTENCE.search(value.text) or _WORD.fullmatch(value.text))
    return isinstance(value, List)


def _entries(
    answers: Located | None,
    others: list[tuple[Scalar, Located]],
    root: Map,
    faults: list[Fault],
    notes: list[Fault],
) -> list[tuple[Scalar, Located]]:
    """The names and values of all answers; what is wrong with them goes to ``faults``."""
    if answers is None:
        if not others and not any("answers" in fault.message for fault in faults):  # one fault, not two
            rule = "a submission needs 'answers': the names of quantities with their values"
            faults.append(Fault(root.location, rule))
        elif others:
            notes.append(Fault(others[0][0].location, _WITHOUT))
        return _few(others, root, faults)
    answers = _joined(answers, notes)
    if not isinstance(answers, Map) and not (isinstance(answers, Scalar) and not answers.text):
        faults.append(Fault(answers.location, f"answers must be a mapping (h0: ...), not {kind(answers)}"))
        return []
    inside = list(answers.entries) if isinstance(answers, Map) else []
    lines = {key.text: key.location.line for key, _ in inside}
    for key, _ in others:
        if key.text in lines:
            rule = f"the name {quoted(key.text)} stands twice: also on line {lines[key.text]}"
            faults.append(Fault(key.location, f"{rule}; delete or rename one of them"))
    if others:
        more = f", and so are {len(others) - 1} more" if len(others) > 1 else ""
        notes.append(Fault(others[0][0].location, f"{quoted(others[0][0].text)} {_BESIDE}{more}"))
    return _few([*inside, *others], answers, faults)


def _few(entries: list[tuple[Scalar, Located]], around: Located, faults: list[Fault]) -> list[tuple[Scalar, Located]]:
    if len(entries) > ANSWERS:
        rule = f"{len(entries):,} answers stand here; at most {ANSWERS:,} are read"
        faults.append(Fault(around.location, f"{rule}: write an array as one answer"))
    return entries
