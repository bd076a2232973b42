"""All that may stand for a quantity of one problem: its own names, the usual spellings of them, and its entries.

What a whole text stands for, with its indices and steps, is for hwcheck/submissions/names.py to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from hwcheck.graph.node import Shape
from hwcheck.problem.model import Part, Problem
from hwcheck.submissions.entries import entry, part_text, splits
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

__all__ = ["NameTable"]

_MEMBER = re.compile(r"[^()]*\](?:\.[^()]*)?")
_BRACKETS = re.compile(r"[\[\]]")
_OF_TWO = re.compile(r"(grad|jacobian)\((.+), (.+)\)")
_SHARE = re.compile(r"grad\((.+?), (\w+=-?\d+(?:, \w+=-?\d+)*)\)")
_TOTAL = re.compile(r"(.{1,20})(?:total|tot|sum)")
_NEW = re.compile(r"new|updated", re.IGNORECASE)


class NameTable:
    """What each spelling stands for, and each quantity's shape.

    ``exact`` has parts by what they are called in the problem, ``own`` by what the problem says that students may call
    them; ``parts`` by the text that tells them. ``gradients`` has the name of each quantity's gradient, ``shares`` of a
    gradient's the name of its share at each step.
    """

    def __init__(self, problem: Problem) -> None:
        self.first = problem.indexing
        self.shapes: dict[str, Shape] = {}
        self.own: dict[str, Part] = {}
        self.exact: dict[str, Part] = {}
        self.parts: dict[str, Part] = {}
        self._folded: dict[str, set[str]] = {}
        self.gradients = {name: gradient.name for name, gradient in problem.gradients.items()}
        self.shares: dict[str, dict[tuple[tuple[str, int], ...], str]] = {}
        for name, quantity in problem.all_quantities().items():
            self.shapes[name] = quantity.shape
            self.exact[spaceless(name)] = Part(name)
        for name in problem.shares:
            self._add_share(name)
        losses = self._losses(problem)
        for name in self.shapes:
            self._add(_spellings(name), Part(name))
        repeated = _repeats(problem.loss, self.shapes) if problem.loss else False  # then "loss" says nothing alone
        if problem.loss and not repeated:
            self._add(losses & CALLED_LOSS, Part(problem.loss))
        for name in problem.gradients:
            self._add_gradient(_spellings(name), Part(name), losses)
        for name in self.shapes:
            if pair := _OF_TWO.fullmatch(name):
                for numerator, name_below in product(_spellings(pair[2]), _spellings(pair[3])):
                    self._add(quotients(numerator, name_below), Part(name))
        if problem.loss and not repeated:
            self._add({"loss", "Loss", "cost"} & losses, Part(problem.loss))
        self._add_own_names(problem.names, losses)
        self._add_updated()
        self._casefolded: dict[str, set[str]] = {}
        for spelling, names in self._folded.items():
            self._casefolded.setdefault(spelling.casefold(), set()).update(names)

    def told(self, part: Part) -> str:
        """A part as a student may write it."""
        return part_text(part, self.shapes[part.quantity], self.first)

    def lookup(self, text: str, *, small: bool = True) -> set[str]:
        """What a spelling stands for as it is, or where that is nothing, in letters of the other size."""
        key = folded(text)
        found = self._folded.get(key, set())
        if not found and (new := _NEW.match(key)):
            found = self._folded.get(folded(f"{key[new.end() :]}_new"), set())
        if not found and small:
            found = self._casefolded.get(key.casefold(), set())
        return set(found)

    def entries(self, text: str) -> set[str]:
        """The single entries that a name with numbers in it may stand for."""
        found = set()
        for quantity, numbers in self.numbered(text):
            index = entry(numbers, self.shapes[quantity], self.first)
            if index is not None:
                part = Part(quantity, index)
                self.parts[self.told(part)] = part
                found.add(self.told(part))
            share = self.share_at(quantity, numbers)
            if share is not None:
                found.add(share)
        return found

    def numbered(self, text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The quantities of which a name with numbers in it may be an entry. A small letter may stand for a matrix."""
        for name, numbers, small in splits(text):
            for told in self.lookup(name, small=small):
                part = self.parts[told]
                if not part.index:
                    yield part.quantity, numbers

    def member(self, text: str) -> Part | None:
        """The quantity of a repetition, or its gradient, that a name with an index stands for as it is."""
        exact = self.exact.get(spaceless(text))
        if exact is not None:
            return exact
        names = self._folded.get(folded(text), set())
        return self.parts[next(iter(names))] if len(names) == 1 else None

    def share_at(self, gradient: str, numbers: tuple[int, ...]) -> str | None:
        """The share at a step that is named by its number alone, dW_1: where there is one index."""
        for steps, name in self.shares.get(gradient, {}).items():
            if tuple(value for _, value in steps) == numbers and len(steps) == 1:
                return name
        return None

    def _losses(self, problem: Problem) -> set[str]:
        """What may stand for the loss: no name of another quantity, not even in letters of the other size."""
        others = {folded(name).casefold() for name in self.shapes if name != problem.loss}
        usual = {name for name in LOSSES if name.casefold() not in others}
        if not problem.loss:
            return usual
        own = folded(problem.loss)
        whole = _TOTAL.fullmatch(own)  # dE/dW is that of E_total: the parts of E in one W are summed up
        single = {folded(name) for name, shape in self.shapes.items() if not shape}  # but of one E it is E's
        return usual | {own} | ({whole[1]} - single if whole else set())

    def _add(self, spellings: Iterable[str], part: Part) -> None:
        told = self.told(part)
        self.parts[told] = part
        for spelling in spellings:
            self._folded.setdefault(spelling, set()).add(told)

    def _add_gradient(self, spellings: Iterable[str], part: Part, losses: Iterable[str]) -> None:
        """The gradient of a part, where there is one."""
        if part.quantity in self.gradients:
            gradient = Part(self.gradients[part.quantity], part.index)
            for own in spellings:
                self._add(gradient_spellings(own, losses), gradient)

    def _add_share(self, name: str) -> None:
        if match := _SHARE.fullmatch(name):
            steps = tuple((key, int(value)) for key, value in re.findall(r"(\w+)=(-?\d+)", match[2]))
            self.shares.setdefault(f"grad({match[1]})", {})[tuple(sorted(steps))] = name

    def _add_own_names(self, names: Mapping[str, Part], losses: set[str]) -> None:
        """What the problem file says that a student may call things: it goes before the usual spellings."""
        other_size: dict[str, set[str]] = {}
        for key, told in self._folded.items() if names else ():
            other_size.setdefault(key.casefold(), set()).update(told)
        for name, part in names.items():
            self.exact[spaceless(name)] = self.own[spaceless(name)] = part
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
                self.own.setdefault(half, part)
            if lowered and part.quantity in self.gradients:
                gradient = Part(self.gradients[part.quantity], part.index)
                for spelling in (*gradient_spellings(half, losses), f"∇_{half}", f"grad_{half}", f"{half}_grad"):
                    self.own.setdefault(spelling, gradient)

    def _add_updated(self) -> None:
        """What is called new may be written with a prime, if its old name is there: W1' for W1_new."""
        for key, told in list(self._folded.items()):
            found = updated(key) if "new" in key else None
            if found and found[0] in self._folded:
                self._folded.setdefault(found[1], set()).update(told)
        for name, part in list(self.own.items()):
            new = f"{part.quantity}_new"
            if part.index and new in self.shapes and self.shapes[new] == self.shapes[part.quantity]:
                self._add([folded(f"{name}_new"), folded(f"{name}'")], Part(new, part.index))


def _repeats(name: str, names: Iterable[str]) -> bool:
    """Whether a quantity is one of several steps: L[1], where there is an L[2]."""
    base, bracket, _ = name.partition("[")
    return bool(bracket) and sum(each.startswith(f"{base}[") for each in names) > 1


def _spellings(name: str) -> tuple[str, ...]:
    """A name in folded form; that of a repetition, ``h[1]`` or ``h[1].i``, also as ``h_1`` and ``h^{(1)}``."""
    plain = folded(name)
    if not _MEMBER.fullmatch(name):
        return (plain,)
    bare = _BRACKETS.sub("", name)
    return tuple(dict.fromkeys((plain, folded(bare.replace(",", "")), folded(bare))))
