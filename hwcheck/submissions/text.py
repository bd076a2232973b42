"""Answers in plain text: lines ``name = value``, printed arrays, and equations where there are any."""

from __future__ import annotations

from hwcheck.limits import RUNNING
from hwcheck.submissions.markdown import parts_of
from hwcheck.submissions.model import Reader

__all__ = ["TEXT"]

TEXT = Reader("text", (".txt", ".text"), parts_of, limit=RUNNING.bytes)
