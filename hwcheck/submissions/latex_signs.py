"""A formula in LaTeX, or with the signs of Unicode, as a list of signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hwcheck.errors import quoted
from hwcheck.submissions.latex_products import UntranslatableError

__all__ = ["signs_of"]

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\\(?:[,;:! ]|(?:left|right|big|Big|bigl|bigr|quad|displaystyle)(?![A-Za-z]))|&)
    | (?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    | (?P<command>\\[A-Za-z]+)
    | (?P<word>[^\W\d_∂∇∑ᵀ⊤]+)
    | (?P<sign>\*\*|[<>!=]=|\\[{}|]|[-+*/@<>()\[\]{}^_',−·⊙×∘ᵀ⊤∂∇≥≤≠])
    """,
    re.VERBOSE,
)
_SIGNS: Mapping[str, str] = {
    "−": "-", "·": "\\cdot", "⊙": "\\odot", "×": "\\times", "∘": "\\odot", "**": "^", "⊤": "ᵀ",
    "∂": "\\partial", "∇": "\\nabla", "\\{": "[", "\\}": "]", "≥": ">=", "≤": "<=", "≠": "!=", "\\geq": ">=",
    "\\ge": ">=", "\\leq": "<=", "\\le": "<=", "\\gt": ">",
    "\\lt": "<", "\\neq": "!=", "\\ne": "!=", "\\circ": "\\odot",
    "\\dfrac": "\\frac", "\\tfrac": "\\frac",
}  # fmt: skip


def signs_of(latex: str) -> list[str]:
    """The signs of a formula in order, each kind in one spelling. Raises UntranslatableError at what is none."""
    signs: list[str] = []
    at = 0
    while at < len(latex):
        found = _TOKEN.match(latex, at)
        if found is None:
            raise UntranslatableError(f"{quoted(latex[at])} has no meaning in a formula")
        at = found.end()
        if found.lastgroup == "space":
            signs.append(" ")
        else:
            signs.append(_SIGNS.get(found.group(), found.group()))
    return signs
