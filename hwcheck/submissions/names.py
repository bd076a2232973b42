r"""Names as students write them: every usual spelling of a quantity, of its gradient, or of a part of it.

A spelling is folded to a form in which the usual variants agree (``W_{1}``, ``W₁`` and ``W1``; ``\hat{y}``, ``ŷ`` and
``y_hat``). Exact names go before folded ones, and a folded name that two quantities share is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from hwcheck.errors import did_you_mean
from hwcheck.graph.node import Shape
from hwcheck.graph.op import Misfit
from hwcheck.graph.options import to_index
from hwcheck.problem.model import Part, Problem

__all__ = ["Names", "UnknownNameError"]

# The loss, as the numerator of a derivative, in folded form; the problem's own name for it is added, and what is the
# name of another quantity there is left out.
LOSSES = ("L", "J", "E", "C", "Loss", "loss", "cost", "ell", "mathcalL")
LONGEST = 200
_DROPPED = re.compile(r"[\s$_{}^()]|\\(?:left|right|mathbf|mathrm|boldsymbol|bm|text|vec)(?![A-Za-z])|\\[,;!]")
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
_SPELLED_OUT = str.maketrans({**_GREEK, "ς": "sigma"})
_COMMANDS: Mapping[str, str] = {
    **{name: sign for sign, name in _GREEK.items()},
    **{f"var{name}": sign for sign, name in _GREEK.items()},
    "partial": "∂", "nabla": "∇", "mathcal": "mathcal", "dfrac": "frac", "tfrac": "frac", "frac": "frac", "ell": "ell",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_LATEX_ACCENT = re.compile(r"\\(hat|tilde|bar|dot|widehat|overline)(?![A-Za-z])\s*\{?\s*([^\W\d_])\s*\}?")
# An index at the end, or within what a gradient is taken in: W1[0], grad(W1[0]), W1[0].grad.
_INDEX = re.compile(r"(.*?)((?:\[[\d\s,:+-]*\]\s*)+)((?:[)}$]\s*)*(?:[._]grad)?)", re.DOTALL)
_MEMBER = re.compile(r"[^()]*\](?:\.[^()]*)?")
_BRACKETS = re.compile(r"[\[\],]")
_OF_TWO = re.compile(r"(grad|jacobian)\((.+), (.+)\)")


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
            for spelling in _spellings(name):
                self._folded.setdefault(spelling, set()).add(name)
        losses = self._losses(problem)
        for name, gradient in problem.gradients.items():
            for own in _spellings(name):
                for spelling in _gradient_spellings(own, losses):
                    self._folded.setdefault(spelling, set()).add(gradient.name)
        for name in self._shapes:
            if pair := _OF_TWO.fullmatch(name):
                for spelling in _quotients(folded(pair[2]), folded(pair[3])):
                    self._folded.setdefault(spelling, set()).add(name)
        for name, part in problem.names.items():
            self._parts[_spaceless(name)] = part
        self._casefolded: dict[str, set[str]] = {}
        for spelling, names in self._folded.items():
            self._casefolded.setdefault(spelling.casefold(), set()).update(names)

    def _losses(self, problem: Problem) -> set[str]:
        """What may stand for the loss: no name of another quantity, not even in letters of the other size."""
        others = {folded(name).casefold() for name in self._shapes if name != problem.loss}
        usual = {name for name in LOSSES if name.casefold() not in others}
        return usual | ({folded(problem.loss)} if problem.loss else set())

    def part(self, text: str) -> Part:
        """The quantity, or the part of it, that a name stands for. Raises UnknownNameError."""
        if len(text) > LONGEST:
            raise UnknownNameError(f"{text[:40]!r}... is too long to be a name")
        exact = self._parts.get(_spaceless(text))
        if exact is not None:
            return exact
        indexed = _INDEX.fullmatch(text.strip())
        if indexed is None:
            return self._find(text)
        brackets = re.findall(r"\[[^\]]*\]", indexed[2])
        for taken in range(len(brackets), 0, -1):  # h[1][0] is the entry 0 of the quantity h[1], where there is one
            member = self._member("".join([indexed[1], *brackets[:taken], indexed[3]]))
            if member is not None:
                rest = "".join(brackets[taken:])
                return self._indexed(member.quantity, rest, text) if rest else member
        name = indexed[1] + indexed[3]
        if any(known.startswith(f"{_spaceless(name)}[") for known in self._shapes):
            raise UnknownNameError(f"the problem has no {text!r}{did_you_mean(text, self._shapes)}")
        base = self.part(name) if indexed[1].strip() else self._find(text)
        if base.index:
            raise UnknownNameError(f"{text!r} takes a part of {name!r}, which is a part itself")
        if base.quantity.startswith("jacobian(") and not self._is_whole(name, indexed[3]):
            rule = "takes a part of a jacobian, whose axes are those of both quantities"
            raise UnknownNameError(f"{text!r} {rule}: write {base.quantity}[...]")
        return self._indexed(base.quantity, indexed[2], text)

    def _is_whole(self, name: str, behind: str) -> bool:
        """Whether an index that is written before ``behind`` is one of the name, not of the X in d<Y>/d<X>."""
        return not behind and (name.startswith("jacobian") or _spaceless(name) in self._parts)

    def _member(self, text: str) -> Part | None:
        """The quantity of a repetition, or its gradient, that a name with an index stands for as it is."""
        exact = self._parts.get(_spaceless(text))
        if exact is not None:
            return exact
        names = self._folded.get(folded(text), set())
        return Part(next(iter(names))) if len(names) == 1 else None

    def _find(self, text: str) -> Part:
        key = folded(text)
        candidates = self._folded.get(key, set())
        if not candidates:
            candidates = self._casefolded.get(key.casefold(), set())
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
    """A whole number, or a slice of such: 0, -1, :, 0:2, ::2."""
    bounds = item.split(":")
    try:
        if len(bounds) <= 3 and max(map(len, bounds)) <= 9:
            numbers = [int(bound) if bound.strip() or len(bounds) == 1 else None for bound in bounds]
            return numbers[0] if len(bounds) == 1 and numbers[0] is not None else slice(*numbers)
    except ValueError:
        pass  # told below
    raise UnknownNameError(f"the index of {text!r} must be whole numbers or slices, such as 0 or 0:2, not {item!r}")


def _spellings(name: str) -> tuple[str, ...]:
    """A name in folded form; that of a repetition, ``h[1]`` or ``h[1].i``, also as ``h_1`` and ``h^{(1)}``."""
    plain = folded(name)
    return (plain, folded(_BRACKETS.sub("", name))) if _MEMBER.fullmatch(name) else (plain,)


def _spaceless(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


def folded(text: str) -> str:
    """The form in which usual spellings of one name agree."""
    if text.isascii() and text.isalnum():
        return text.replace("prime", "'")
    text = _COMMAND.sub(lambda match: _COMMANDS.get(match[1], match[0]), text)
    text = _LATEX_ACCENT.sub(lambda match: match[2] + match[1].replace("wide", "").replace("overline", "bar"), text)
    parts = [_ACCENTS.get(sign, sign) for sign in unicodedata.normalize("NFKD", text)]
    plain = "".join(parts).replace("prime", "'").replace("′", "'").translate(_SPELLED_OUT)
    return _DROPPED.sub("", plain).lstrip("\\")


def _gradient_spellings(name: str, losses: Iterable[str]) -> Iterator[str]:
    """The usual ways to write the gradient of the loss in a quantity: folded ones, of folded names.

    There are a hundred for each quantity; to fold them one by one took 4 ms.
    """
    yield from (f"d{name}", f"∂{name}", f"∇{name}", f"grad{name}", f"{name}.grad", f"{name}grad", f"delta{name}")
    yield f"gradientof{name}"
    for numerator in losses:
        yield from _quotients(numerator, name)
        yield from (f"∇{name}{numerator}", f"grad{numerator},{name}")


def _quotients(numerator: str, name: str) -> Iterator[str]:
    """The usual ways to write the derivative of one quantity in another, of folded names."""
    yield from (f"d{numerator}/d{name}", f"∂{numerator}/∂{name}", f"d{numerator}d{name}", f"∂{numerator}∂{name}")
    yield from (f"frac∂{numerator}∂{name}", f"fracd{numerator}d{name}")
