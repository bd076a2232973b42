"""From a file to a Submission."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hwcheck.bounded import read_bounded
from hwcheck.errors import Fault, InputError, Location, SubmissionError, did_you_mean
from hwcheck.files import decoded, read_bytes
from hwcheck.limits import ANSWERS, HEAD, IN_PROCESS, SUBMISSION
from hwcheck.located import Located, Map, Scalar, kind
from hwcheck.submissions.kinds import find_format, readers
from hwcheck.submissions.model import Answer, Parts, Submission
from hwcheck.submissions.numbers import is_blank
from hwcheck.submissions.sent import submission_from_json, submission_to_json

__all__ = ["parse_submission", "read_as_json", "read_submission", "readers"]

KEYS = ("problem", "student", "answers")
_PLAIN = Answer("", Scalar("", Location("")), Location(""))[3:]  # all else of an answer below ``answers:``


def read_submission(path: str | Path) -> Submission:
    """Read what a student handed in. Raises SubmissionError with every fault of the file's form."""
    path = Path(path)
    try:
        named = readers().get(path.suffix.lower())
        data = read_bytes(path, named.limit if named else SUBMISSION.bytes, follow_links=False)
        return parse_submission(data, str(path))
    except SubmissionError:
        raise
    except InputError as error:
        raise SubmissionError(error.faults) from None


def parse_submission(content: str | bytes, file: str) -> Submission:
    """The submission that a text states, or the bytes of a file.

    The ending of ``file`` tells its format, and the content where that lies; its stem tells the student. The bytes of
    a large file are read in the helper process, which is bounded in time and memory.
    """
    if isinstance(content, bytes) and len(content) > IN_PROCESS:
        try:
            return submission_from_json(read_bounded("hwcheck.submissions.read:read_as_json", content, file))
        except InputError as error:
            raise SubmissionError(error.faults) from None
    return _parsed(content, file)


def read_as_json(data: bytes, file: str) -> list[Any]:
    """What a file hands in, as JSON can hold it: runs in the helper process. Raises InputError."""
    return submission_to_json(_parsed(data, file))


def _parsed(content: str | bytes, file: str) -> Submission:
    path = Path(file)
    head = content if isinstance(content, bytes) else content[:HEAD].encode("utf-8", "replace")
    found = find_format(path, head)
    reader = found.reader
    if len(content) > reader.limit:
        raise SubmissionError(
            [Fault(Location(file), f"holds {len(content):,} bytes; at most {reader.limit:,} are read")]
        )
    if reader.read_data is not None:
        tree = reader.read_data(content if isinstance(content, bytes) else content.encode("utf-8", "replace"), file)
    elif reader.read is not None:
        tree = reader.read(content if isinstance(content, str) else decoded(content, path), file)
    else:
        raise ValueError(f"the format {reader.name} has no function that reads")
    if tree is None:
        raise SubmissionError(
            [Fault(Location(file), "the file is empty; 'hwcheck template PROBLEM' prints one to fill in")]
        )
    submission = _from_parts(tree, file, path.stem) if isinstance(tree, Parts) else _submission(tree, file, path.stem)
    if found.note:
        submission = submission._replace(notes=(Fault(Location(file), found.note), *submission.notes))
    return submission


def _from_parts(parts: Parts, file: str, stem: str) -> Submission:
    """The submission of a format without ``answers:``."""
    if len(parts.answers) > ANSWERS:
        rule = f"{len(parts.answers):,} answers stand here; at most {ANSWERS:,} are read"
        raise SubmissionError([Fault(Location(file), f"{rule}: write an array as one answer")])
    student, problem = (named.text.strip() if named else "" for named in (parts.student, parts.problem))
    place = parts.problem.location if parts.problem else Location(file)
    name = stem if is_blank(student) else student
    return Submission(file, name, problem or None, parts.answers, place, parts.faults, parts.notes)


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
    new = tuple.__new__  # as in the reader of YAML: less work for each of them
    entries = answers.entries if answers else ()
    found = tuple([new(Answer, (key.text, value, key.location, *_PLAIN)) for key, value in entries])
    student = texts.get("student", "")
    named = tree.get("problem")
    place = named.location if named else Location(file)
    return Submission(file, stem if is_blank(student) else student, texts.get("problem") or None, found, place)


def _unknown(key: Scalar) -> Fault:
    guess = did_you_mean(key.text, KEYS) or "; answers stand below 'answers:', further in"
    return Fault(key.location, f"unknown key {key.text!r} in a submission{guess}")
