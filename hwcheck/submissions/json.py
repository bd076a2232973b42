"""Submissions in JSON: what a program writes."""

from __future__ import annotations

from hwcheck.limits import SUBMISSION
from hwcheck.located import Located
from hwcheck.located_plain_json import read_plain_json
from hwcheck.submissions.model import Reader

__all__ = ["JSON"]


def _read(text: str, file: str) -> Located | None:
    """Plain answers by the short way; all else by the full reader."""
    plain = read_plain_json(text, file, SUBMISSION)
    if plain is not None:
        return plain
    from hwcheck.located_json import read_json

    return read_json(text, file, SUBMISSION)


JSON = Reader("json", (".json",), _read)
