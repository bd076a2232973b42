r"""How students spell a name: the form in which the usual spellings of one name agree, and those of a gradient.

``W_{1}``, ``W₁`` and ``W1`` are folded to one text, and so are ``\hat{y}``, ``ŷ``, ``y-hat`` and ``y_hat``. What a
spelling stands for is for hwcheck/submissions/names.py to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "CALLED_LOSS",
    "LOSSES",
    "folded",
    "gradient_spellings",
    "half_folded",
    "plain_digits",
    "quotients",
    "spaceless",
    "updated",
]

# The loss, as the numerator of a derivative, in folded form; the problem's own name for it is added, and what is the
# name of another quantity there is left out.
CALLED_LOSS = frozenset({"L", "Loss", "loss", "cost", "ell", "mathcalL"})
"""What the loss itself may be called; a single letter is in a text too often something else."""

LOSSES = ("L", "J", "E", "C", "Loss", "loss", "cost", "ell", "mathcalL")

_FONTS = (
    "left|right|mathbf|mathrm|mathit|mathsf|mathtt|boldsymbol|bm|pmb|text|textbf|textit|textrm|operatorname|vec"
    "|displaystyle|bf|rm|it|limits"
)
_FONT = re.compile(rf"\\(?:{_FONTS})(?![A-Za-z])|\\[,;:! ]|[`\u200b-\u200d\u2060\ufeff]|\*\*")
_SIGNS = r"\s$_{}^()"
_DROPPED = re.compile(f"[{_SIGNS}]")
_HALF_DROPPED = re.compile(f"[{_SIGNS.replace('_', '').replace('^', '')}]")
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot"}
_LETTERS = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
_SMALL = "αβγδεζηθικλμνξοπρστυφχψω"
# Greek letters, small and large, and what LaTeX calls them.
_GREEK: Mapping[str, str] = {
    **dict(zip(_SMALL, _LETTERS, strict=True)),
    **{sign.upper(): name.capitalize() for sign, name in zip(_SMALL, _LETTERS, strict=True)},
}
_SPELLED_OUT = str.maketrans({**_GREEK, "ς": "sigma", "′": "'", "’": "'", "ʹ": "'"})
_COMMANDS: Mapping[str, str] = {
    **{name: sign for sign, name in _GREEK.items()},
    **{f"var{name}": sign for sign, name in _GREEK.items()},
    "partial": "∂", "nabla": "∇", "mathcal": "mathcal", "dfrac": "frac", "tfrac": "frac", "frac": "frac", "ell": "ell",
    "prime": "'",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_LATEX_ACCENT = re.compile(r"\\(hat|tilde|bar|dot|widehat|widetilde|overline)(?![A-Za-z])[\s{]*([^\W\d_])\s*")
_HYPHEN = re.compile(r"(?<=\w)-(?=[^\W\d_])")
# An accent, and the word for a quantity after an update, stand behind the letter, wherever they were written.
_BEHIND_NUMBER = re.compile(r"(?<=[^\W\d_])(\d+)((?:(?:hat|bar|tilde|dot|new)(?![a-z])|')+)")
_UPDATED = re.compile(r",?(?:new|updated|next|plus|neu)(?=\d*(?:\.?grad)?$)|\+(?=\d*$)")
_LOWERED = re.compile("[₀-₉]+(?:[,，][₀-₉]+)*")
_RAISED = re.compile("[⁰¹²³⁴-⁹]+")


def spaceless(text: str) -> str:
    """The text without spaces, in the one form of Unicode."""
    return unicodedata.normalize("NFC", "".join(text.split()))


def plain_digits(text: str) -> str:
    """Lowered digits behind ``_``, raised ones behind ``^``: ``W₁₂`` is ``W_{12}``."""
    if text.isascii():
        return text
    text = _LOWERED.sub(lambda match: f"_{{{unicodedata.normalize('NFKC', match[0])}}}", text)
    return _RAISED.sub(lambda match: f"^{{{unicodedata.normalize('NFKC', match[0])}}}", text)


def folded(text: str) -> str:
    """The form in which usual spellings of one name agree."""
    if text.isascii() and text.isalnum():
        return _settled(text)
    return _settled(_DROPPED.sub("", _in_words(text)))


def half_folded(text: str) -> str:
    """The same, but what is lowered or raised is still told from what is not: ``h_1`` is not ``h1``."""
    return _HALF_DROPPED.sub("", _in_words(plain_digits(text)))


def _in_words(text: str) -> str:
    """Without fonts, and every sign and command as the word that it stands for."""
    text = _FONT.sub("", text.replace("\\_", "_"))
    text = _COMMAND.sub(lambda match: _COMMANDS.get(match[1], match[0]), text)
    text = _LATEX_ACCENT.sub(lambda match: match[2] + match[1].replace("wide", "").replace("overline", "bar"), text)
    text = _HYPHEN.sub("", text)
    parts = [_ACCENTS.get(sign, sign) for sign in unicodedata.normalize("NFKD", text)]
    return "".join(parts).translate(_SPELLED_OUT).lstrip("\\")


def _settled(text: str) -> str:
    text = _UPDATED.sub("new", text.replace("prime", "'"))
    return _BEHIND_NUMBER.sub(r"\2\1", text)


def updated(key: str) -> tuple[str, str] | None:
    """Of a folded name of something after an update, ``Wnew1``: what it is of, and how it is written with a prime."""
    match = re.fullmatch(r"(.*[^\W\d_])new(\d*)", key)
    return (match[1] + match[2], f"{match[1]}'{match[2]}") if match else None


def gradient_spellings(name: str, losses: Iterable[str]) -> Iterator[str]:
    """The usual ways to write the gradient of the loss in a quantity: folded ones, of folded names.

    A delta is none of them: it is the gradient of something else in every course, or an update.
    There are a hundred for each quantity; to fold them one by one took 4 ms.
    """
    yield from (f"d{name}", f"∂{name}", f"∇{name}", f"grad{name}", f"{name}.grad", f"{name}grad")
    yield from (f"gradientof{name}", f"gradient{name}", f"gradof{name}")
    for numerator in losses:
        yield from quotients(numerator, name)
        yield from (f"∇{name}{numerator}", f"grad{numerator},{name}", f"∂{name}{numerator}")


def quotients(numerator: str, name: str) -> Iterator[str]:
    """The usual ways to write the derivative of one quantity in another, of folded names."""
    yield from (f"d{numerator}/d{name}", f"∂{numerator}/∂{name}", f"d{numerator}d{name}", f"∂{numerator}∂{name}")
    yield from (f"frac∂{numerator}∂{name}", f"fracd{numerator}d{name}")
