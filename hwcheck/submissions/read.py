"""From a file to a Submission."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hwcheck.bounded import read_bounded
from hwcheck.errors import Fault, InputError, Location, SubmissionError
from hwcheck.files import decoded, read_bytes
from hwcheck.limits import ANSWERS, HEAD, IN_PROCESS, SUBMISSION
from hwcheck.submissions.kinds import find_format, readers
from hwcheck.submissions.mapping import submission_of
from hwcheck.submissions.model import Parts, Submission
from hwcheck.submissions.numbers import is_blank
from hwcheck.submissions.sent import submission_from_json, submission_to_json

__all__ = ["parse_submission", "read_as_json", "read_submission", "readers"]


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
    submission = _from_parts(tree, file, path.stem) if isinstance(tree, Parts) else submission_of(tree, file, path.stem)
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
