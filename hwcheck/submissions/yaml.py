"""Submissions in YAML: what ``hwcheck template`` writes."""

from __future__ import annotations

from hwcheck.limits import SUBMISSION
from hwcheck.located import Located
from hwcheck.located_plain import read_plain
from hwcheck.submissions.model import Reader

__all__ = ["YAML"]


def _read(text: str, file: str) -> Located | None:
    """A filled-in template by the short way, which never imports yaml; all else by the full reader."""
    plain = read_plain(text, file, SUBMISSION)
    if plain is not None:
        return plain
    from hwcheck.located_yaml import read_yaml

    return read_yaml(text, file, SUBMISSION)


YAML = Reader("yaml", (".yaml", ".yml"), _read)
