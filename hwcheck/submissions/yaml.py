"""Submissions in YAML: what ``hwcheck template`` writes."""

from __future__ import annotations

import re

from hwcheck.errors import InputError
from hwcheck.limits import SUBMISSION
from hwcheck.located import Located, Map, Scalar
from hwcheck.located_plain import read_plain
from hwcheck.mending import Mended
from hwcheck.submissions.model import Reader

__all__ = ["YAML"]

_STRANGE_SPACE = re.compile(r"^ *[\u00a0\u2002-\u200a\u202f\u3000]", re.MULTILINE)  # to YAML a letter of a name


def _read(text: str, file: str) -> Located | Mended | None:
    """A filled-in template by the short way, which never imports yaml; all else by the full reader.

    What that refuses, or takes for a text, is mended where it can be.
    """
    plain = read_plain(text, file, SUBMISSION)
    if plain is not None:
        return plain
    from hwcheck.located_yaml import read_yaml

    try:
        root = read_yaml(text, file, SUBMISSION)
    except InputError:
        mended = _mended(text, file)
        if mended is None:
            raise
        return mended
    return (_mended(text, file) if _is_text(root) or _STRANGE_SPACE.search(text) else None) or root


def _mended(text: str, file: str) -> Mended | None:
    from hwcheck.yaml_mending import mended_yaml

    return mended_yaml(text, file, SUBMISSION)


def _is_text(root: Located | None) -> bool:
    """Whether YAML takes a file, or its answers, for one text."""
    answers = root.get("answers") if isinstance(root, Map) else root
    return isinstance(answers, Scalar) and bool(answers.text)


YAML = Reader("yaml", (".yaml", ".yml"), _read)
