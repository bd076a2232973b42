"""Named things found in a folder: ops, misconceptions, readers, reports.

To add one is to write it; nothing is listed by hand. ``collect`` imports the modules of a package and gathers what it
is told to look for. Where there are many, a ``Catalogue`` finds their names in the sources, and imports a module once
one of its names is asked for. A name that two things claim is a mistake in hwcheck itself and is refused.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

__all__ = ["Catalogue", "collect", "module_names"]

T = TypeVar("T")


@cache
def module_names(package: str) -> tuple[str, ...]:
    """The modules of a package, by their last name, without importing them."""
    found = importlib.import_module(package)
    return tuple(sorted(module.name for module in pkgutil.iter_modules(found.__path__)))


def collect(package: str, kind: type[T], names: Callable[[T], Iterable[str]]) -> Mapping[str, T]:
    """All module-level objects of a kind in a package's modules, by each of their names."""
    found: dict[str, T] = {}
    for module in module_names(package):
        for name, thing in _things(importlib.import_module(f"{package}.{module}"), kind, names):
            _claim(found, name, thing)
    return found


class Catalogue(Mapping[str, T]):
    """What ``collect`` finds, imported as it is asked for: its names are known without an import.

    ``declared`` reads from the source of a module the names of what it declares. They must be those that importing it
    finds; a test holds that.
    """

    def __init__(
        self,
        package: str,
        kind: type[T],
        names: Callable[[T], Iterable[str]],
        declared: Callable[[str], Iterable[str]],
    ) -> None:
        self._package = package
        self._kind = kind
        self._names = names
        self._declared = declared
        self._found: dict[str, T] = {}

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """The module that declares each name."""
        (folder,) = importlib.import_module(self._package).__path__
        homes: dict[str, str] = {}
        for module in module_names(self._package):
            for name in self._declared(Path(folder, f"{module}.py").read_text(encoding="utf-8")):
                _claim(homes, name, module)
        return homes

    def __getitem__(self, name: str) -> T:
        if name not in self._found:
            module = importlib.import_module(f"{self._package}.{self.homes[name]}")
            self._found.update(_things(module, self._kind, self._names))
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in self.homes

    def __iter__(self) -> Iterator[str]:
        return iter(self.homes)

    def __len__(self) -> int:
        return len(self.homes)


def _things(module: ModuleType, kind: type[T], names: Callable[[T], Iterable[str]]) -> Iterator[tuple[str, T]]:
    """The objects of a kind that a module has, whether its own or imported, by each of their names."""
    for thing in vars(module).values():
        if isinstance(thing, kind):
            yield from ((name, thing) for name in names(thing))


def _claim(found: dict[str, Any], name: str, thing: Any) -> None:
    if found.setdefault(name, thing) is not thing:
        raise ValueError(f"two things are called {name!r}: {found[name]} and {thing}")
