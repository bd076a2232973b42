"""The problems that come with hwcheck, and how a problem is found by its path or its id."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from hwcheck.errors import UsageError, did_you_mean
from hwcheck.located_build import shown

__all__ = ["find_problem", "library", "topic"]

PACKAGE = Path(__file__).parents[1]


def library() -> Mapping[str, Path]:
    """The problem files that come with hwcheck, by id: in the package once installed, beside it in a checkout."""
    folder = PACKAGE / "problems"
    if not folder.is_dir():
        folder = PACKAGE.parent / "problems"
    return {path.stem: path for path in sorted(folder.glob("**/*.yaml"))}


def topic(path: Path) -> str:
    """The topic of a problem that comes with hwcheck: the folder it stands in."""
    folder = path.parent.name
    return "" if folder == "problems" else folder


def find_problem(reference: str) -> Path:
    """The file of a problem, from a path or an id. Raises UsageError with what is near."""
    path = Path(reference)
    # A folder does not hide a problem of the same name. os.path never raises, whatever the name.
    if path.name != reference or os.path.isfile(path):  # noqa: PTH113
        return path
    known = library()
    if path.suffix in (".yaml", ".yml"):
        if path.stem in known and not os.path.lexists(path):
            raise UsageError(f"{shown(reference)} does not exist; did you mean the problem {path.stem!r}?")
        return path
    if reference not in known:
        if os.path.exists(path):  # noqa: PTH110
            return path  # reading it says what it is
        guess = did_you_mean(reference, known) or f"; problems that come with hwcheck: {', '.join(known)}"
        raise UsageError(f"there is no problem {shown(reference)}{guess}")
    return known[reference]
