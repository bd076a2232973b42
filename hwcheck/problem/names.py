"""The names of a problem file: what each stands for, and which of them are in doubt.

A name whose own fault is told already is in doubt: whatever uses it follows from that fault and is not told again.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Mapping, Sequence

from hwcheck.errors import InputError, Location
from hwcheck.graph.node import Node
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.located import Located, Scalar
from hwcheck.located_build import shown
from hwcheck.ops.catalogue import ops

__all__ = ["FollowsError", "Names", "spelled"]

FORMS = ("grad", "jacobian")


class FollowsError(Exception):
    """Something cannot be read only because of a fault that is told already."""


class Names:
    """Every name of one file, as far as it has been read.

    ``known`` are the names that an expression can use. ``complete`` is False once a section that holds names could
    not be read: a name that is not known may then be one of those.
    """

    def __init__(self) -> None:
        self.known: dict[str, Node | float] = {}
        self.complete = True
        self.indices: list[str] = []
        self.families: dict[str, list[str]] = {}
        self._repeated: set[str] = set()
        self._defined: dict[str, tuple[str, Location]] = {}
        self._doubtful: set[str] = set()
        self._unusable: list[str] = []
        self._coming: Mapping[str, Located] = {}

    def define(self, key: Scalar, what: str) -> str:
        """The name as expressions spell it. Raises InputError if they cannot, or if it stands for something already."""
        name = spelled(key.text)
        message = _not_a_name(key.text, what) if name is None else self._taken(name, what)
        if name is None or message:
            self.doubt(name or key.text)
            raise InputError.at(key.location, message)
        self._defined[name] = what, key.location
        return name

    def define_member(self, key: Scalar, what: str, family: str, members: Sequence[str], *, repeated: bool) -> None:
        """Names with an index, ``h[1]``. Raises InputError if one is taken, or if ``h`` alone stands for something.

        A bare ``h`` lists the members of its ``repeated`` key, ``h[t]``; where there is none, all of them.
        """
        fresh = () if family in self.families else (family,)
        message = next(filter(None, (self._taken(name, what) for name in (*fresh, *members))), "")
        if message:
            for name in members:
                self.doubt(name)
            raise InputError.at(key.location, message)
        self._defined.update((name, (what, key.location)) for name in members)
        if repeated and family not in self._repeated:
            self._repeated.add(family)
            self.families[family] = []
        listed = self.families.setdefault(family, [])
        if repeated or family not in self._repeated:
            listed.extend(members)

    def _taken(self, name: str, what: str) -> str:
        if name in ops() or name in FORMS:
            return f"{name!r} is the name of an op and cannot be the name of {what}; choose another name"
        if name in self.families:
            return f"{name!r} has an index elsewhere, {self.families[name][0]}; a name has an index always or never"
        if name in self._defined:
            whose, place = self._defined[name]
            return (
                f"{name!r} is the name of {whose} on line {place.line} already; a name stands for one thing, rename one"
            )
        return ""

    def places(self) -> dict[str, Location]:
        """Where each name is defined."""
        return {name: place for name, (_, place) in self._defined.items()}

    def doubt(self, name: str) -> None:
        """Note that a fault about this name is told already."""
        self._doubtful.add(name)
        self.known.pop(name, None)
        if not name.isidentifier() or keyword.iskeyword(name):
            self._unusable.append(name)

    def is_doubtful(self, name: str) -> bool:
        """Whether a fault about this name is told already, or could be what keeps the name from being known."""
        return name in self._doubtful or (not self.complete and name not in self.known)

    def in_doubt(self, text: str) -> bool:
        """Whether an expression holds something that was meant for a name and cannot be one, such as ``h-1``."""
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in self._unusable)

    def expect(self, coming: Mapping[str, Located]) -> None:
        """The names of the section that is read next: a use before the definition is told as such."""
        self._coming = coming

    def is_coming(self, name: str) -> bool:
        """Whether a name is defined further on in the section that is being read."""
        return name in self._coming and name not in self.known and name not in self._doubtful

    def absent(self, name: str, user: str) -> str | None:
        """Why a name is not known where ``user`` is defined, if there is more to say than that.

        Raises FollowsError if that is no news.
        """
        if name in self._doubtful:
            raise FollowsError
        if name in self.indices:
            of = f"{user} has none in its name: name it {user}[{name}]" if user else "this stands for one value only"
            return f"{name} is an index, and {of}, or use a bare name to mean all of them, as in sum(h)"
        if name == user:
            return f"{name} refers to itself; it may use only what stands before it"
        if user and self.is_coming(name):
            if user in self._needs(name):
                return f"{user} and {name} need each other: a network cannot be cyclic"
            return f"{user} needs {name}, which comes later; it may use only what stands before it"
        if not self.complete:
            raise FollowsError
        return None

    def _needs(self, start: str) -> set[str]:
        """The names of this section that a name needs, and those that they need, by the words in them."""
        reached: set[str] = set()
        waiting = [start]
        while waiting:
            value = self._coming.get(waiting.pop())
            if isinstance(value, Scalar):
                words = {word for word in re.findall(r"\w+", value.text) if word in self._coming}
                waiting += words - reached
                reached |= words
        return reached


def spelled(text: str) -> str | None:
    """A name as the parser of expressions reads it (NFKC, subscripts as digits), or None where it is no name."""
    if text.isascii() and text.isidentifier() and not keyword.iskeyword(text):
        return text
    if any(sign.isascii() and not (sign.isalnum() or sign == "_") for sign in text):
        return None
    try:
        tree = Source(text, Location(""), LINE).parse()
    except InputError:
        return None
    return tree.id if isinstance(tree, ast.Name) else None


def _not_a_name(text: str, what: str) -> str:
    if keyword.iskeyword(text):
        return f"{text!r} is a reserved word and cannot be the name of {what}; choose another name"
    near = re.sub(r"\W+", "_", text).strip("_")
    advice = f"; write {near}" if near.isidentifier() and near != text and not keyword.iskeyword(near) else ""
    rule = "a name has letters, digits and _, and begins with no digit"
    return f"{shown(text)} cannot be the name of {what}: {rule}{advice}"
