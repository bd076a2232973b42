"""Tiny problem files for records: a line for each quantity, and a loss where none is stated."""

from __future__ import annotations

__all__ = ["tiny"]


def tiny(inputs: str, *, loss: str = "", upstream: str = "", ask: str = "", **lines: str) -> str:
    """The text of a problem. Unless a loss or an upstream gradient is stated, the loss is the sum of the last line."""
    if not loss and not upstream:
        lines["total"], loss = f"sum({list(lines)[-1]})", "total"
    network = "".join(f'  {name}: "{line}"\n' for name, line in lines.items())
    start = f"loss: {loss}\n" if loss else f"upstream: {{{upstream}}}\n"
    questions = f'questions: [{{ask: "{ask}"}}]\n' if ask else ""
    return f"inputs: {{{inputs}}}\nnetwork:\n{network}{start}{questions}"
