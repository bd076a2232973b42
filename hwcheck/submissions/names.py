r"""Names as students write them: every usual spelling of a quantity, of its gradient, or of a part of it.

The problem's own names go first, then exact ones, then those that agree once they are folded (name_table.py,
spellings.py) and entries named by numbers (entries.py). A spelling that can be read in two ways is refused, never
guessed, unless only one of them is in the problem.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cached_property

from hwcheck.errors import close, meant_text, near, quoted
from hwcheck.graph.options import spell_shape
from hwcheck.limits import GUESSES, NAME, NAMES_REMEMBERED
from hwcheck.problem.model import Part, Problem
from hwcheck.submissions.entries import BadIndexError, index_of
from hwcheck.submissions.name_table import NameTable
from hwcheck.submissions.spellings import folded, half_folded, spaceless

__all__ = ["Guesses", "Names", "UnknownNameError"]

# An index at the end, or within what a gradient is taken in: W1[0], grad(W1[0]), W1[0].grad, W1[0]_new.
_INDEX = re.compile(
    r"(.*?)((?:\[[\d\s,:+-]*\]\s*)+)((?:[)}$*`]\s*)*(?:[._-]?(?:grad|new)|\^?\{?[+'′]\}?)?[)}$*`\s]*"
    r"(?:\}\s*[\w\\]{1,24})?[$\s]*)",
    re.DOTALL,
)
# Which step of a repetition is meant, behind what it is a step of: dW|_{t=1}, grad(W, t=1), h_{t=2}.
_STEPS = re.compile(r"[A-Za-z]\w{0,19} ?= ?\d{1,9}(?: ?, ?[A-Za-z]\w{0,19} ?= ?\d{1,9}){0,9}")
_BAR = re.compile(r"\\[Bb]igg?[lrm]?|\\left|\\right|\\[lr]?vert|\\mid|[|@.]")
# What a gradient is taken in, in a folded name.
_DERIVED = re.compile(r"(?:frac)?[d∂].{0,20}?/?[d∂](.+)|(?:∇|grad|d|∂)(.+)|(.+?)\.?grad")


class UnknownNameError(Exception):
    """A name stands for nothing that the problem has, or for more than one thing; the message says what is near.

    ``near`` are the quantities that may be meant.
    """

    def __init__(self, message: str, near: Iterable[str] = ()) -> None:
        self.near = tuple(near)
        super().__init__(message)


class Guesses:
    """How often the unknown names of one submission may still be compared with known ones."""

    def __init__(self, left: int = GUESSES) -> None:
        self._left = left

    def may(self, comparisons: int) -> bool:
        """Whether so many more may be made; if so, they are counted."""
        if comparisons > self._left:
            return False
        self._left -= comparisons
        return True


class Names:
    """The names of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._table = NameTable(problem)
        self._read: dict[str, Part] = {}  # what was read before: a class writes the same names

    def size(self, quantity: str) -> int:
        """How many numbers a quantity holds."""
        return math.prod(self._table.shapes[quantity])

    def told(self, part: Part) -> str:
        """A part by the name that says it without doubt, with entries counted as in the problem's submissions."""
        return self._table.told(part)

    @cached_property
    def from_one(self) -> Names:
        """The same names with entries counted from 1."""
        return Names(self._problem._replace(indexing=1))

    def part(self, text: str, guesses: Guesses | None = None) -> Part:
        """The quantity, or the part of it, that a name stands for. Raises UnknownNameError.

        ``guesses`` says what may still be spent on telling what an unknown name is near to; without it, all that is
        needed.
        """
        if len(text) > NAME:
            raise UnknownNameError(f"{quoted(text[:40])}... is too long to be a name")
        found = self._read.get(text)
        if found is None:
            found = self._understood(text, guesses or Guesses(len(self._table.shapes) * 8))
            if len(self._read) < NAMES_REMEMBERED:
                self._read[text] = found
        return found

    def known(self, text: str) -> Part | None:
        """What a name stands for, or None; nothing is spent on telling what an unknown one is near to."""
        try:
            return self.part(text, Guesses(0))
        except UnknownNameError:
            return None

    def _understood(self, text: str, guesses: Guesses) -> Part:
        exact = self._table.exact.get(spaceless(text)) or self._table.own.get(half_folded(text))
        if exact is not None:
            return exact
        if "=" in text and (found := self._step(" ".join(text.split()))) is not None:
            return found
        indexed = _INDEX.fullmatch(text.strip())
        if indexed is None:
            return self._find(text, guesses)
        return self._indexed(text, indexed[1], indexed[2], indexed[3], guesses)

    def _find(self, text: str, guesses: Guesses) -> Part:
        """What a name without an index in brackets stands for."""
        found = self._table.lookup(text) | self._table.entries(text)
        if len(found) == 1:
            return self._table.parts[found.pop()]
        if found:
            several = (self._table.parts[told].quantity for told in sorted(found))
            raise UnknownNameError(f"{quoted(text)} could be {' or '.join(sorted(found))}: write one of them", several)
        if beyond := self._beyond(text):
            raise UnknownNameError(f"the problem has no {quoted(text)}{beyond[1]}", beyond[:1])
        found_near = self._near(text, guesses)
        raise UnknownNameError(f"the problem has no {quoted(text)}{meant_text(found_near)}", found_near)

    def _beyond(self, text: str) -> tuple[str, str] | None:
        """The quantity that a name would be an entry of if it had so many, and what to say of that."""
        for quantity, numbers in self._table.numbered(text):
            shape = self._table.shapes[quantity]
            if len(numbers) == len(shape):
                return quantity, f": {quantity} is {spell_shape(shape)}, with entries counted from {self._table.first}"
        return None

    def _near(self, text: str, guesses: Guesses) -> list[str]:
        """The quantities that may be meant, ``grad(W0)`` by dW3: of the names themselves and of what is derived."""
        if not guesses.may(3 * len(self._table.shapes)):
            return []
        key = folded(text)
        match = _DERIVED.fullmatch(key)
        inner = next(filter(None, match.groups()), "") if match else ""
        of_gradient = {
            folded(name): self._table.gradients[part.quantity]
            for name, part in (self._table.exact.items() if inner else ())
            if not part.index and part.quantity in self._table.gradients
        }
        derived = sorted({of_gradient[name] for name in close(inner, of_gradient)})
        return derived or near(text, self._table.shapes) or near(key, self._table.shapes)

    # Steps of a repetition

    def _step(self, text: str) -> Part | None:
        """The share of a gradient, or the member of a repetition, at a step; None if the name is of neither."""
        bare = text.rstrip(" )}]$")
        begin = len(bare[: bare.find("=")].rstrip())
        while begin > 0 and bare[begin - 1].isalnum():
            begin -= 1
        at = _STEPS.fullmatch(bare, begin)
        if at is None:
            return None
        name = _BAR.sub("", bare[: at.start()]).rstrip(" _({[,")
        pairs = [(key.strip(), int(value)) for key, _, value in (item.partition("=") for item in at[0].split(","))]
        member = self._table.member(f"{name}[{', '.join(str(value) for _, value in pairs)}]")
        if member is not None:
            return member
        shares = [self._table.shares[told] for told in self._table.lookup(name) if told in self._table.shares]
        if len(shares) != 1:
            return None
        found = shares[0].get(tuple(sorted(pairs)))
        if found is None:
            raise UnknownNameError(f"the problem has no {quoted(text)}; its shares are {', '.join(shares[0].values())}")
        return Part(found)

    # Indices in brackets

    def _indexed(self, text: str, name: str, index: str, behind: str, guesses: Guesses) -> Part:
        brackets = re.findall(r"\[[^\]]*\]", index)
        for taken in range(len(brackets), 0, -1):  # h[1][0] is the entry 0 of the quantity h[1], where there is one
            member = self._table.member("".join([name, *brackets[:taken], behind]))
            if member is not None:
                rest = "".join(brackets[taken:])
                return self._part_of(member, rest, text) if rest else member
        whole = name + behind
        if any(known.startswith(f"{spaceless(whole)}[") for known in self._table.shapes):
            found = near(text, self._table.shapes) if guesses.may(len(self._table.shapes)) else []
            raise UnknownNameError(f"the problem has no {quoted(text)}{meant_text(found)}", found)
        numbered = self._numbered_by_brackets(name, brackets, behind)
        if numbered is not None and not (name.strip() and self._is_known(whole)):
            return self._part_of(numbered, "".join(brackets[1:]), text) if brackets[1:] else numbered
        base = self._understood(whole, guesses) if name.strip() else self._find(text, guesses)
        if base.index:
            raise UnknownNameError(f"{quoted(text)} takes a part of {quoted(whole)}, which is a part itself")
        if base.quantity.startswith("jacobian(") and not self._is_whole(whole, behind):
            rule = "takes a part of a jacobian, whose axes are those of both quantities"
            raise UnknownNameError(f"{quoted(text)} {rule}: write {base.quantity}[...]")
        share = self._share_in_brackets(base, whole, brackets)
        if share is not None:
            return self._part_of(share, "".join(brackets[1:]), text) if brackets[1:] else share
        try:
            part = self._part_of(base, index, text)
        except UnknownNameError:
            if numbered is None:
                raise
            return self._part_of(numbered, "".join(brackets[1:]), text) if brackets[1:] else numbered
        if numbered is not None:
            told = f"{numbered.quantity} or {self._table.told(part)}"
            rule = f"write {numbered.quantity}, or {base.quantity} with a slice"
            raise UnknownNameError(f"{quoted(text)} could be {told}: {rule}", (numbered.quantity, base.quantity))
        return part

    def _is_whole(self, name: str, behind: str) -> bool:
        """Whether an index that is written before ``behind`` is one of the name, not of the X in d<Y>/d<X>."""
        return not behind and (name.startswith("jacobian") or spaceless(name) in self._table.exact)

    def _is_known(self, name: str) -> bool:
        return spaceless(name) in self._table.exact or bool(self._table.lookup(name) | self._table.entries(name))

    def _numbered_by_brackets(self, name: str, brackets: list[str], behind: str) -> Part | None:
        """W1 where W[1] is written for it."""
        number = brackets[0][1:-1].strip()
        if not number.isdigit() or name.rstrip()[-1:].isdigit():
            return None
        found = self._table.lookup(f"{name}{number}{behind}", small=False)
        parts = [self._table.parts[told] for told in found]
        return parts[0] if len(parts) == 1 and not parts[0].index else None

    def _share_in_brackets(self, base: Part, name: str, brackets: list[str]) -> Part | None:
        """The share dW[1]; the name of the gradient as it stands in the problem has rows, grad(W)[1]."""
        number = brackets[0][1:-1].strip()
        if not number.isdigit() or spaceless(name) in self._table.exact:
            return None
        share = self._table.share_at(base.quantity, (int(number),))
        return None if share is None else Part(share)

    def _part_of(self, base: Part, brackets: str, text: str) -> Part:
        if base.index:
            raise UnknownNameError(
                f"{quoted(text)} takes a part of {quoted(self._table.told(base))}, which is a part itself"
            )
        try:
            return Part(base.quantity, index_of(brackets, self._table.shapes[base.quantity], self._table.first))
        except BadIndexError as error:
            raise UnknownNameError(f"the index of {quoted(text)} {error}", (base.quantity,)) from None
