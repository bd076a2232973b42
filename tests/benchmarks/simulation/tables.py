"""Counts in rows, printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

__all__ = ["Shares", "print_shares"]


class Shares:
    """How often each of some things holds, by row."""

    def __init__(self, columns: Iterable[str]) -> None:
        self.columns = tuple(columns)
        self.rows: dict[str, Counter[str]] = {}

    def add(self, row: str, holds: Mapping[str, bool]) -> None:
        """Count one case in its row and in all."""
        for name in (row, "all"):
            counts = self.rows.setdefault(name, Counter())
            counts["number"] += 1
            counts.update({column: 1 for column in self.columns if holds[column]})


def print_shares(title: str, shares: Shares) -> None:
    """A row each, that of all at the end; in per cent of the number."""
    print(f"\n{title:32} {'number':>7} " + " ".join(f"{column:>8}" for column in shares.columns))
    for row in sorted(shares.rows, key=lambda row: (row == "all", row)):
        counts = shares.rows[row]
        parts = (f"{100 * counts[column] / counts['number']:7.2f}%" for column in shares.columns)
        print(f"{row:32} {counts['number']:7} {' '.join(parts)}", flush=True)
