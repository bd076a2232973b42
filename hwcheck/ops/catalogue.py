"""All ops by every name that they can be written with: their name, their aliases, their operator.

An op is declared by a decorated function, ``@op(...)``, ``@composite(...)`` or one that is made of these, with its
name, symbol and aliases as plain texts: so they can be read without running the module. ``{rank}`` in a name says that
there are three of it (hwcheck/ops/windows.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from hwcheck.catalogue import Catalogue
from hwcheck.graph.op import Op

__all__ = ["declared", "ops", "spellings"]

# Decorators with settings, each over as many lines as it takes, and the function below them.
_DECLARATION = re.compile(r"@(?!lru_cache)\w+\((?P<settings>.*\n(?:[ )@].*\n)*)def (?P<function>\w+)\(")
_SETTING = re.compile(r'\b(name|symbol|aliases)=("[^"]+"|\[[^\]]*\])')
_TEXT = re.compile(r'"([^"]+)"')


@cache
def ops() -> Catalogue[Op]:
    """The ops of this folder."""
    return Catalogue("hwcheck.ops", Op, spellings, declared)


def spellings(op: Op) -> Iterator[str]:
    """What an op can be written with."""
    yield op.name
    yield from op.aliases
    if op.symbol:
        yield op.symbol


def declared(source: str) -> Iterator[str]:
    """The names of the ops that a module's source declares."""
    for begin in _decorated(source):
        declaration = _DECLARATION.match(source, begin)
        if declaration:
            stated = {key: _TEXT.findall(value) for key, value in _SETTING.findall(declaration["settings"])}
            for name in stated.get("name", [declaration["function"]]):
                yield from [name.format(rank=rank) for rank in (1, 2, 3)] if "{rank}" in name else [name]
            yield from stated.get("aliases", [])
            yield from stated.get("symbol", [])


def _decorated(source: str) -> Iterator[int]:
    """Where decorators stand at the left margin; looked for by hand, which takes a tenth of a regular expression."""
    begin = source.find("\n@")
    while begin >= 0:
        yield begin + 1
        begin = source.find("\n@", begin + 1)
