r"""Names as students write them: every usual spelling of a quantity, of its gradient, or of a part of it.

A spelling is folded to a form in which the usual variants agree (``W_{1}``, ``W₁`` and ``W1``; ``\hat{y}``, ``ŷ`` and
``y_hat``). Exact names go before folded ones, and a folded name that two quantities share is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from hwcheck.errors import did_you_mean
from hwcheck.graph.node import Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import to_index
from hwcheck.problem.model import Part, Problem

__all__ = ["Names", "UnknownNameError"]

# The loss, as the numerator of a derivative, in folded form; the problem's own name for it is added.
LOSSES = ("L", "J", "E", "C", "Loss", "loss", "cost", "ell", "mathcalL")
LONGEST = 200
_DROPPED = re.compile(r"[\s$_{}^()]|\\left|\\right|\\,|\\;|\\!|\\mathbf|\\mathrm|\\boldsymbol|\\bm|\\text|\\vec")
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot"}
_COMMANDS = {"\\partial": "∂", "\\nabla": "∇", "\\delta": "δ", "\\mathcal": "mathcal"}
_LATEX_ACCENT = re.compile(r"\\(hat|tilde|bar|dot|widehat|overline)\s*\{?\s*([A-Za-z])\s*\}?")
_INDEX = re.compile(r"^(.*?)\s*((?:\[[\d\s,:+-]*\]\s*)+)$", re.DOTALL)


class UnknownNameError(Exception):
    """A name stands for nothing that the problem has; the message says what is near."""


class Names:
    """The names of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._parts: dict[str, Part] = {}
        self._shapes: dict[str, Shape] = {}
        self._folded: dict[str, set[str]] = {}
        for name, quantity in problem.all_quantities().items():
            self._shapes[name] = quantity.shape
            self._parts[_spaceless(name)] = Part(name)
            self._folded.setdefault(folded(name), set()).add(name)
        losses = {*LOSSES, *([folded(problem.loss)] if problem.loss else [])}
        for name, gradient in problem.gradients.items():
            for spelling in _gradient_spellings(folded(name), losses):
                self._folded.setdefault(spelling, set()).add(gradient.name)
        for name, part in problem.names.items():
            self._parts[_spaceless(name)] = part

    def part(self, text: str) -> Part:
        """The quantity, or the part of it, that a name stands for. Raises UnknownNameError."""
        if len(text) > LONGEST:
            raise UnknownNameError(f"{text[:40]!r}... is too long to be a name")
        exact = self._parts.get(_spaceless(text))
        if exact is not None:
            return exact
        indexed = _INDEX.match(text)
        if indexed is None:
            return self._find(text)
        base = self.part(indexed[1]) if indexed[1].strip() else self._find(text)
        if base.index:
            raise UnknownNameError(f"{text!r} takes a part of {indexed[1]!r}, which is a part itself")
        return self._indexed(base.quantity, indexed[2], text)

    def _find(self, text: str) -> Part:
        key = folded(text)
        candidates = self._folded.get(key, set())
        if not candidates:
            wanted = key.casefold()
            candidates = {name for known, names in self._folded.items() if known.casefold() == wanted for name in names}
        if len(candidates) == 1:
            return Part(next(iter(candidates)))
        if candidates:
            raise UnknownNameError(f"{text!r} could be {' or '.join(sorted(candidates))}: write one of them")
        raise UnknownNameError(f"the problem has no {text!r}{did_you_mean(text, self._shapes) or self._near(key)}")

    def _near(self, key: str) -> str:
        """``; did you mean 'grad(W0)'?`` for dW3: the quantities of which a usual spelling is near."""
        from difflib import get_close_matches  # 8 ms to import, and needed by messages only

        names = sorted({name for known in get_close_matches(key, self._folded) for name in self._folded[known]})
        return f"; did you mean {' or '.join(map(repr, names))}?" if names else ""

    def _indexed(self, quantity: str, brackets: str, text: str) -> Part:
        items: list[int | slice] = []
        for bracket in re.findall(r"\[([^\]]*)\]", brackets):
            items += [_one_index(item, text) for item in bracket.split(",")]
        try:
            index = to_index(tuple(items), self._shapes[quantity])
        except (ValueError, Misfit) as error:
            raise UnknownNameError(f"the index of {text!r} {error}") from None
        return Part(quantity, index)


def _one_index(item: str, text: str) -> int | slice:
    item = item.strip()
    if item == ":":
        return slice(None)
    try:
        if len(item) <= 9:
            return int(item)
    except ValueError:
        pass  # told below
    raise UnknownNameError(f"the index of {text!r} must be whole numbers or ':', not {item!r}")


def _spaceless(text: str) -> str:
    return "".join(text.split())


def folded(text: str) -> str:
    """The form in which usual spellings of one name agree."""
    text = _LATEX_ACCENT.sub(lambda match: match[2] + match[1].replace("wide", "").replace("overline", "bar"), text)
    for command, sign in _COMMANDS.items():
        text = text.replace(command, sign)
    parts = [_ACCENTS.get(sign, sign) for sign in unicodedata.normalize("NFKD", text)]
    plain = "".join(parts).replace("prime", "'").replace("′", "'")
    return _DROPPED.sub("", plain).lstrip("\\")


def _gradient_spellings(name: str, losses: Iterable[str]) -> Iterator[str]:
    """The usual ways to write the gradient of the loss in a quantity: folded ones, of folded names.

    There are a hundred for each quantity; to fold them one by one took 4 ms.
    """
    yield from (f"d{name}", f"∇{name}", f"grad{name}", f"{name}.grad", f"{name}grad", f"δ{name}", f"gradientof{name}")
    for numerator in losses:
        yield from (
            f"d{numerator}/d{name}",
            f"∂{numerator}/∂{name}",
            f"frac∂{numerator}∂{name}",
            f"fracd{numerator}d{name}",
        )
        yield from (f"∇{name}{numerator}", f"d{numerator}d{name}", f"∂{numerator}∂{name}")
