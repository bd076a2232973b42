"""Submissions in JSON: what a program writes."""

from __future__ import annotations

from hwcheck.errors import InputError
from hwcheck.limits import SUBMISSION
from hwcheck.located import Located
from hwcheck.located_plain_json import read_plain_json
from hwcheck.mending import Mended
from hwcheck.submissions.model import Reader

__all__ = ["JSON"]


def _read(text: str, file: str) -> Located | Mended | None:
    """Plain answers by the short way; all else by the full reader, and what that refuses mended where it can be."""
    plain = read_plain_json(text, file, SUBMISSION)
    if plain is not None:
        return plain
    from hwcheck.located_json import read_json

    try:
        return read_json(text, file, SUBMISSION)
    except InputError:
        from hwcheck.json_mending import mended_json

        mended = mended_json(text, file, SUBMISSION)
        if mended is None:
            raise
        return mended


JSON = Reader("json", (".json",), _read)
