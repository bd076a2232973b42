"""The problems that come with hwcheck, and how a problem is found by its path or its id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hwcheck.errors import UsageError, did_you_mean

__all__ = ["find_problem", "library"]

PACKAGE = Path(__file__).parents[1]


def library() -> Mapping[str, Path]:
    """The problem files that come with hwcheck, by id: in the package once installed, beside it in a checkout."""
    folder = PACKAGE / "problems"
    if not folder.is_dir():
        folder = PACKAGE.parent / "problems"
    return {path.stem: path for path in sorted(folder.glob("**/*.yaml"))}


def find_problem(reference: str) -> Path:
    """The file of a problem, from a path or an id. Raises UsageError with what is near."""
    path = Path(reference)
    if path.suffix in (".yaml", ".yml") or path.parent != Path() or path.exists():
        return path
    known = library()
    if reference not in known:
        guess = did_you_mean(reference, known) or f"; problems that come with hwcheck: {', '.join(known)}"
        raise UsageError(f"there is no problem {reference!r}{guess}")
    return known[reference]
