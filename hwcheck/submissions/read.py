"""From a file to a Submission."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hwcheck.catalogue import collect
from hwcheck.errors import Fault, InputError, Location, SubmissionError, did_you_mean
from hwcheck.files import read_text
from hwcheck.limits import ANSWERS, SUBMISSION
from hwcheck.located import Located, Map, Scalar, kind
from hwcheck.submissions.model import Answer, Reader, Submission
from hwcheck.submissions.numbers import is_blank

__all__ = ["parse_submission", "read_submission", "readers"]

KEYS = ("problem", "student", "answers")


@cache
def readers() -> Mapping[str, Reader]:
    """The formats that are understood, by the ending of a file's name."""
    return collect("hwcheck.submissions", Reader, lambda reader: iter(reader.suffixes))


def read_submission(path: str | Path) -> Submission:
    """Read what a student handed in. Raises SubmissionError with every fault of the file's form."""
    path = Path(path)
    try:
        return parse_submission(read_text(path, SUBMISSION.bytes, follow_links=False), str(path))
    except SubmissionError:
        raise
    except InputError as error:
        raise SubmissionError(error.faults) from None


def parse_submission(text: str, file: str) -> Submission:
    """The submission that a text states; the ending of ``file`` tells its format, its stem the student."""
    path = Path(file)
    reader = readers().get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(readers()))
        raise SubmissionError(
            [Fault(Location(file), f"files that end in {path.suffix!r} are not read; known are {known}")]
        )
    tree = reader.read(text, file)
    if tree is None:
        raise SubmissionError(
            [Fault(Location(file), "the file is empty; 'hwcheck template PROBLEM' prints one to fill in")]
        )
    return _submission(tree, file, path.stem)


def _submission(tree: Located, file: str, stem: str) -> Submission:
    if not isinstance(tree, Map):
        raise SubmissionError([Fault(tree.location, f"a submission is a mapping (answers: ...), not {kind(tree)}")])
    faults = [_unknown(key) for key, _ in tree.entries if key.text not in KEYS]
    texts: dict[str, str] = {}
    for key in ("problem", "student"):
        value = tree.get(key)
        if isinstance(value, Scalar):
            texts[key] = value.text
        elif value is not None:
            faults.append(Fault(value.location, f"{key} must be a name, not {kind(value)}"))
    answers = tree.get("answers")
    if answers is None:
        if not any("answers" in fault.message for fault in faults):  # a key that stands for it is one fault, not two
            rule = "a submission needs 'answers': the names of quantities with their values"
            faults.append(Fault(tree.location, rule))
    elif not isinstance(answers, Map):
        if not (isinstance(answers, Scalar) and not answers.text):
            faults.append(Fault(answers.location, f"answers must be a mapping (h0: ...), not {kind(answers)}"))
        answers = None
    elif len(answers.entries) > ANSWERS:
        rule = f"{len(answers.entries):,} answers stand here; at most {ANSWERS:,} are read"
        faults.append(Fault(answers.location, f"{rule}: write an array as one answer"))
    if faults:
        raise SubmissionError(sorted(faults))
    found = tuple(Answer(key.text, value, key.location) for key, value in answers.entries) if answers else ()
    student = texts.get("student", "")
    named = tree.get("problem")
    place = named.location if named else Location(file)
    return Submission(file, stem if is_blank(student) else student, texts.get("problem") or None, found, place)


def _unknown(key: Scalar) -> Fault:
    guess = did_you_mean(key.text, KEYS) or "; answers stand below 'answers:', further in"
    return Fault(key.location, f"unknown key {key.text!r} in a submission{guess}")
