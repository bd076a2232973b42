"""Submissions in YAML: what ``hwcheck template`` writes."""

from __future__ import annotations

from hwcheck.limits import SUBMISSION
from hwcheck.located import Located
from hwcheck.submissions.model import Reader

__all__ = ["YAML"]


def _read(text: str, file: str) -> Located | None:
    from hwcheck.located_yaml import read_yaml

    return read_yaml(text, file, SUBMISSION)


YAML = Reader("yaml", (".yaml", ".yml"), _read)
