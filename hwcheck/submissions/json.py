"""Submissions in JSON: what a program writes."""

from __future__ import annotations

from hwcheck.limits import SUBMISSION
from hwcheck.located import Located
from hwcheck.submissions.model import Reader

__all__ = ["JSON"]


def _read(text: str, file: str) -> Located | None:
    from hwcheck.located_json import read_json

    return read_json(text, file, SUBMISSION)


JSON = Reader("json", (".json",), _read)
