r"""Names as students write them: every usual spelling of a quantity, of its gradient, or of a part of it.

The problem's own names go first, then exact ones, then those that agree once they are folded
(hwcheck/submissions/spellings.py) and entries named by numbers (entries.py). A spelling that can be read in two ways is
refused, never guessed, unless only one of them is in the problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from hwcheck.errors import close, meant_text, near
from hwcheck.graph.node import Shape
from hwcheck.graph.options import spell_shape
from hwcheck.limits import GUESSES, NAME, NAMES_REMEMBERED
from hwcheck.problem.model import Part, Problem
from hwcheck.submissions.entries import BadIndexError, entry, index_of, part_text, splits
from hwcheck.submissions.spellings import (
    CALLED_LOSS,
    LOSSES,
    folded,
    gradient_spellings,
    half_folded,
    quotients,
    spaceless,
    updated,
)

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
_MEMBER = re.compile(r"[^()]*\](?:\.[^()]*)?")
_BRACKETS = re.compile(r"[\[\]]")
_OF_TWO = re.compile(r"(grad|jacobian)\((.+), (.+)\)")
_SHARE = re.compile(r"grad\((.+?), (\w+=-?\d+(?:, \w+=-?\d+)*)\)")


# What a gradient is taken in, in a folded name.
_DERIVED = re.compile(r"(?:frac)?[d∂].{0,20}?/?[d∂](.+)|(?:∇|grad|d|∂)(.+)|(.+?)\.?grad")
_NEW = re.compile(r"new|updated", re.IGNORECASE)


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
        self._first = problem.indexing
        self._read: dict[str, Part] = {}  # what was read before: a class writes the same names
        self._shapes: dict[str, Shape] = {}
        self._own: dict[str, Part] = {}  # by what the problem file itself calls them
        self._exact: dict[str, Part] = {}
        self._parts: dict[str, Part] = {}  # by the text that tells them
        self._folded: dict[str, set[str]] = {}
        self._gradients = {name: gradient.name for name, gradient in problem.gradients.items()}
        self._shares: dict[str, dict[tuple[tuple[str, int], ...], str]] = {}
        for name, quantity in problem.all_quantities().items():
            self._shapes[name] = quantity.shape
            self._exact[spaceless(name)] = Part(name)
        for name in problem.shares:
            self._add_share(name)
        losses = self._losses(problem)
        for name in self._shapes:
            self._add(_spellings(name), Part(name))
        if problem.loss:
            self._add(losses & CALLED_LOSS, Part(problem.loss))
        for name in problem.gradients:
            self._add_gradient(_spellings(name), Part(name), losses)
        for name in self._shapes:
            if pair := _OF_TWO.fullmatch(name):
                self._add(quotients(folded(pair[2]), folded(pair[3])), Part(name))
        if problem.loss:
            self._add({"loss", "Loss", "cost"} & losses, Part(problem.loss))
        self._add_own_names(problem.names, losses)
        self._add_updated()
        self._casefolded: dict[str, set[str]] = {}
        for spelling, names in self._folded.items():
            self._casefolded.setdefault(spelling.casefold(), set()).update(names)

    # The tables

    def _losses(self, problem: Problem) -> set[str]:
        """What may stand for the loss: no name of another quantity, not even in letters of the other size."""
        others = {folded(name).casefold() for name in self._shapes if name != problem.loss}
        usual = {name for name in LOSSES if name.casefold() not in others}
        return usual | ({folded(problem.loss)} if problem.loss else set())

    def _add(self, spellings: Iterable[str], part: Part) -> None:
        told = self._told(part)
        self._parts[told] = part
        for spelling in spellings:
            self._folded.setdefault(spelling, set()).add(told)

    def _add_gradient(self, spellings: Iterable[str], part: Part, losses: Iterable[str]) -> None:
        """The gradient of a part, where there is one."""
        if part.quantity in self._gradients:
            gradient = Part(self._gradients[part.quantity], part.index)
            for own in spellings:
                self._add(gradient_spellings(own, losses), gradient)

    def _add_share(self, name: str) -> None:
        if match := _SHARE.fullmatch(name):
            steps = tuple((key, int(value)) for key, value in re.findall(r"(\w+)=(-?\d+)", match[2]))
            self._shares.setdefault(f"grad({match[1]})", {})[tuple(sorted(steps))] = name

    def _add_own_names(self, names: Mapping[str, Part], losses: set[str]) -> None:
        """What the problem file says that a student may call things: it goes before the usual spellings."""
        other_size: dict[str, set[str]] = {}
        for key, told in self._folded.items() if names else ():
            other_size.setdefault(key.casefold(), set()).update(told)
        for name, part in names.items():
            self._exact[spaceless(name)] = self._own[spaceless(name)] = part
            half = half_folded(name)
            lowered = "_" in half or "^" in half
            key = folded(name)
            if not (lowered and key in self._folded):  # h_1 says nothing of what h1 is, if that is there
                self._add([key], part)
                self._add_gradient([key], part, losses)
                if lowered and key.casefold() in other_size:  # h2 may be what is called h_2, or else H2
                    for spelling in (key, *gradient_spellings(key, losses)):
                        found = self._folded.get(spelling, set())
                        found |= other_size.get(spelling.casefold(), set())
            if lowered:
                self._own.setdefault(half, part)
            if lowered and part.quantity in self._gradients:
                gradient = Part(self._gradients[part.quantity], part.index)
                for spelling in (*gradient_spellings(half, losses), f"∇_{half}", f"grad_{half}", f"{half}_grad"):
                    self._own.setdefault(spelling, gradient)

    def _add_updated(self) -> None:
        """What is called new may be written with a prime, if its old name is there: W1' for W1_new."""
        for key, told in list(self._folded.items()):
            found = updated(key) if "new" in key else None
            if found and found[0] in self._folded:
                self._folded.setdefault(found[1], set()).update(told)
        for name, part in list(self._own.items()):
            new = f"{part.quantity}_new"
            if part.index and new in self._shapes and self._shapes[new] == self._shapes[part.quantity]:
                self._add([folded(f"{name}_new"), folded(f"{name}'")], Part(new, part.index))

    def _told(self, part: Part) -> str:
        """A part as a student may write it."""
        return part_text(part, self._shapes[part.quantity], self._first)

    @cached_property
    def from_one(self) -> Names:
        """The same names with entries counted from 1."""
        return Names(self._problem._replace(indexing=1))

    # Reading

    def part(self, text: str, guesses: Guesses | None = None) -> Part:
        """The quantity, or the part of it, that a name stands for. Raises UnknownNameError.

        ``guesses`` says what may still be spent on telling what an unknown name is near to; without it, all that is
        needed.
        """
        if len(text) > NAME:
            raise UnknownNameError(f"{text[:40]!r}... is too long to be a name")
        found = self._read.get(text)
        if found is None:
            found = self._understood(text, guesses or Guesses(len(self._shapes) * 8))
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
        exact = self._exact.get(spaceless(text)) or self._own.get(half_folded(text))
        if exact is not None:
            return exact
        if "=" in text and (found := self._step(" ".join(text.split()))) is not None:
            return found
        indexed = _INDEX.fullmatch(text.strip())
        if indexed is None:
            return self._find(text, guesses)
        return self._indexed(text, indexed[1], indexed[2], indexed[3], guesses)

    def told(self, part: Part) -> str:
        """A part by the name that says it without doubt, with entries counted as in the problem's submissions."""
        return self._told(part)

    def _find(self, text: str, guesses: Guesses) -> Part:
        """What a name without an index in brackets stands for."""
        found = self._lookup(text) | self._entries(text)
        if len(found) == 1:
            return self._parts[found.pop()]
        if found:
            several = (self._parts[told].quantity for told in sorted(found))
            raise UnknownNameError(f"{text!r} could be {' or '.join(sorted(found))}: write one of them", several)
        if beyond := self._beyond(text):
            raise UnknownNameError(f"the problem has no {text!r}{beyond[1]}", beyond[:1])
        found_near = self._near(text, guesses)
        raise UnknownNameError(f"the problem has no {text!r}{meant_text(found_near)}", found_near)

    def _lookup(self, text: str, *, small: bool = True) -> set[str]:
        """What a spelling stands for as it is, or where that is nothing, in letters of the other size."""
        key = folded(text)
        found = self._folded.get(key, set())
        if not found and (new := _NEW.match(key)):
            found = self._folded.get(folded(f"{key[new.end() :]}_new"), set())
        if not found and small:
            found = self._casefolded.get(key.casefold(), set())
        return set(found)

    def _entries(self, text: str) -> set[str]:
        """The single entries that a name with numbers in it may stand for."""
        found = set()
        for quantity, numbers in self._numbered(text):
            index = entry(numbers, self._shapes[quantity], self._first)
            if index is not None:
                part = Part(quantity, index)
                self._parts[self._told(part)] = part
                found.add(self._told(part))
            share = self._share_at(quantity, numbers)
            if share is not None:
                found.add(share)
        return found

    def _numbered(self, text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The quantities of which a name with numbers in it may be an entry. A small letter may stand for a matrix."""
        for name, numbers, small in splits(text):
            for told in self._lookup(name, small=small):
                part = self._parts[told]
                if not part.index:
                    yield part.quantity, numbers

    def _beyond(self, text: str) -> tuple[str, str] | None:
        """The quantity that a name would be an entry of if it had so many, and what to say of that."""
        for quantity, numbers in self._numbered(text):
            shape = self._shapes[quantity]
            if len(numbers) == len(shape):
                return quantity, f": {quantity} is {spell_shape(shape)}, with entries counted from {self._first}"
        return None

    def _near(self, text: str, guesses: Guesses) -> list[str]:
        """The quantities that may be meant, ``grad(W0)`` by dW3: of the names themselves and of what is derived."""
        if not guesses.may(3 * len(self._shapes)):
            return []
        key = folded(text)
        match = _DERIVED.fullmatch(key)
        inner = next(filter(None, match.groups()), "") if match else ""
        of_gradient = {
            folded(name): self._gradients[part.quantity]
            for name, part in (self._exact.items() if inner else ())
            if not part.index and part.quantity in self._gradients
        }
        derived = sorted({of_gradient[name] for name in close(inner, of_gradient)})
        return derived or near(text, self._shapes) or near(key, self._shapes)

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
        member = self._member(f"{name}[{', '.join(str(value) for _, value in pairs)}]")
        if member is not None:
            return member
        shares = [self._shares[told] for told in self._lookup(name) if told in self._shares]
        if len(shares) != 1:
            return None
        found = shares[0].get(tuple(sorted(pairs)))
        if found is None:
            raise UnknownNameError(f"the problem has no {text!r}; its shares are {', '.join(shares[0].values())}")
        return Part(found)

    def _share_at(self, gradient: str, numbers: tuple[int, ...]) -> str | None:
        """The share at a step that is named by its number alone, dW_1: where there is one index."""
        for steps, name in self._shares.get(gradient, {}).items():
            if tuple(value for _, value in steps) == numbers and len(steps) == 1:
                return name
        return None

    # Indices in brackets

    def _indexed(self, text: str, name: str, index: str, behind: str, guesses: Guesses) -> Part:
        brackets = re.findall(r"\[[^\]]*\]", index)
        for taken in range(len(brackets), 0, -1):  # h[1][0] is the entry 0 of the quantity h[1], where there is one
            member = self._member("".join([name, *brackets[:taken], behind]))
            if member is not None:
                rest = "".join(brackets[taken:])
                return self._part_of(member, rest, text) if rest else member
        whole = name + behind
        if any(known.startswith(f"{spaceless(whole)}[") for known in self._shapes):
            found = near(text, self._shapes) if guesses.may(len(self._shapes)) else []
            raise UnknownNameError(f"the problem has no {text!r}{meant_text(found)}", found)
        numbered = self._numbered_by_brackets(name, brackets, behind)
        if numbered is not None and not (name.strip() and self._is_known(whole)):
            return self._part_of(numbered, "".join(brackets[1:]), text) if brackets[1:] else numbered
        base = self._understood(whole, guesses) if name.strip() else self._find(text, guesses)
        if base.index:
            raise UnknownNameError(f"{text!r} takes a part of {whole!r}, which is a part itself")
        if base.quantity.startswith("jacobian(") and not self._is_whole(whole, behind):
            rule = "takes a part of a jacobian, whose axes are those of both quantities"
            raise UnknownNameError(f"{text!r} {rule}: write {base.quantity}[...]")
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
            told = f"{numbered.quantity} or {self._told(part)}"
            rule = f"write {numbered.quantity}, or {base.quantity} with a slice"
            raise UnknownNameError(f"{text!r} could be {told}: {rule}", (numbered.quantity, base.quantity))
        return part

    def _is_whole(self, name: str, behind: str) -> bool:
        """Whether an index that is written before ``behind`` is one of the name, not of the X in d<Y>/d<X>."""
        return not behind and (name.startswith("jacobian") or spaceless(name) in self._exact)

    def _is_known(self, name: str) -> bool:
        return spaceless(name) in self._exact or bool(self._lookup(name) | self._entries(name))

    def _member(self, text: str) -> Part | None:
        """The quantity of a repetition, or its gradient, that a name with an index stands for as it is."""
        exact = self._exact.get(spaceless(text))
        if exact is not None:
            return exact
        names = self._folded.get(folded(text), set())
        return self._parts[next(iter(names))] if len(names) == 1 else None

    def _numbered_by_brackets(self, name: str, brackets: list[str], behind: str) -> Part | None:
        """W1 where W[1] is written for it."""
        number = brackets[0][1:-1].strip()
        if not number.isdigit() or name.rstrip()[-1:].isdigit():
            return None
        found = self._lookup(f"{name}{number}{behind}", small=False)
        parts = [self._parts[told] for told in found]
        return parts[0] if len(parts) == 1 and not parts[0].index else None

    def _share_in_brackets(self, base: Part, name: str, brackets: list[str]) -> Part | None:
        """The share dW[1]; the name of the gradient as it stands in the problem has rows, grad(W)[1]."""
        number = brackets[0][1:-1].strip()
        if not number.isdigit() or spaceless(name) in self._exact:
            return None
        share = self._share_at(base.quantity, (int(number),))
        return None if share is None else Part(share)

    def _part_of(self, base: Part, brackets: str, text: str) -> Part:
        if base.index:
            raise UnknownNameError(f"{text!r} takes a part of {self._told(base)!r}, which is a part itself")
        try:
            return Part(base.quantity, index_of(brackets, self._shapes[base.quantity], self._first))
        except BadIndexError as error:
            raise UnknownNameError(f"the index of {text!r} {error}", (base.quantity,)) from None


def _spellings(name: str) -> tuple[str, ...]:
    """A name in folded form; that of a repetition, ``h[1]`` or ``h[1].i``, also as ``h_1`` and ``h^{(1)}``."""
    plain = folded(name)
    if not _MEMBER.fullmatch(name):
        return (plain,)
    bare = _BRACKETS.sub("", name)
    return tuple(dict.fromkeys((plain, folded(bare.replace(",", "")), folded(bare))))
