"""How something was read that could have been written more plainly: notes that travel with what was read."""

from __future__ import annotations

from typing import NamedTuple

from hwcheck.errors import Location

__all__ = ["Note"]


class Note(NamedTuple):
    """One thing that was read in its one sensible meaning, and where it stands: ``3,14 read as 3.14``."""

    location: Location
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"
