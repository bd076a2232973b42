r"""Names as textbooks write them: ``W0`` is ``W_{0}``, ``yhat`` is ``\hat{y}``, ``grad(W1)`` a fraction.

Any text can be given: what is no name is set as text, in which nothing is read as a command.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

__all__ = ["GREEK", "name_latex", "text_latex", "word_latex"]

GREEK = frozenset(
    {
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta",
        "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    }
)  # fmt: skip
_ACCENTS: Mapping[str, str] = {
    "hat": "\\hat{%s}", "bar": "\\bar{%s}", "tilde": "\\tilde{%s}", "dot": "\\dot{%s}", "vec": "\\vec{%s}",
    "\u0302": "\\hat{%s}", "\u0304": "\\bar{%s}", "\u0303": "\\tilde{%s}", "\u0307": "\\dot{%s}", "prime": "%s'",
}  # fmt: skip
_NAME = re.compile(
    rf"""
    (?P<letter>{"|".join(GREEK)}|[^\W\d_])
    (?P<accent>[\u0302\u0303\u0304\u0307]|_?(?:hat|bar|tilde|dot|vec|prime)(?![a-z]))?
    (?:_?(?P<number>[0-9]+)|_(?P<word>[^\W_]+))?
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"(?P<word>[^\W\d]\w*?)_?(?P<number>[0-9]+)")
_DERIVATIVE = re.compile(r"(?P<form>grad|jacobian)\((?P<arguments>.*)\)", re.DOTALL)
_PART = re.compile(r"(?P<name>\w+)(?P<index>\[[0-9:, -]+\])")
MOST_NESTED = 4  # derivatives of derivatives that are still written as fractions

# A backslash, a caret and a tilde are no characters of text to every renderer: these are mathematics.
_ESCAPES = str.maketrans(
    {
        **{sign: "\\" + sign for sign in "{}$&#%_"},
        "\\": r"}\backslash\text{",
        "^": r"}\wedge\text{",
        "~": r"}\sim\text{",
    }
)


def name_latex(name: str, loss: str = "L", nested: int = MOST_NESTED) -> str:
    r"""Any name of a quantity or a question; ``loss`` is the name of what ``grad(X)`` derives."""
    derivative = _DERIVATIVE.fullmatch(name)
    if derivative and nested:
        parts = _split(derivative["arguments"])
        if derivative["form"] == "grad" and len(parts) == 1:
            parts = [loss, *parts]
        if len(parts) == 2:
            above, below = (name_latex(part, loss, nested - 1) for part in parts)
            return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    part = _PART.fullmatch(name)
    if part and part["name"].isidentifier():
        return word_latex(part["name"]) + part["index"]
    return word_latex(name) if name.isidentifier() else text_latex(name)


def _split(text: str) -> list[str]:
    """The arguments in a text, at the commas outside brackets; none if the brackets do not match."""
    depth, begin, parts = 0, 0, []
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return []
        if sign == "," and not depth:
            parts.append(text[begin:place].strip())
            begin = place + 1
    return [] if depth else [*parts, text[begin:].strip()]


def word_latex(name: str) -> str:
    """The LaTeX of an identifier."""
    name = unicodedata.normalize("NFKC", name)
    known = _NAME.fullmatch(unicodedata.normalize("NFD", name))
    if known:
        accent = (known["accent"] or "").removeprefix("_")
        base = _ACCENTS.get(accent, "%s") % _letter(known["letter"])
        below = known["number"] or known["word"] or ""
        below = below if len(below) < 2 or known["number"] else rf"\mathrm{{{below}}}"
        return f"{base}_{{{below}}}" if below else base
    numbered = _NUMBERED.fullmatch(name)
    word, number = (numbered["word"], f"_{{{numbered['number']}}}") if numbered else (name, "")
    return rf"\mathrm{{{word.translate(_ESCAPES)}}}{number}"


def _letter(letter: str) -> str:
    """A letter of formulas; Greek ones by their names."""
    described = unicodedata.name(letter[0], "").split()
    if described[:1] == ["GREEK"] and described[2:3] == ["LETTER"]:
        name = described[-1].lower().replace("lamda", "lambda")
        spelled = name if described[1] == "SMALL" else name.capitalize()
    else:
        spelled = letter
    return "\\" + spelled if spelled in GREEK else letter


def text_latex(text: str) -> str:
    """Any text, as text."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return rf"\text{{{shown.translate(_ESCAPES)}}}".replace(r"\text{}", "")
