"""Named things found in a folder: ops, misconceptions, readers, reports.

To add one is to write it; nothing is listed by hand. A catalogue imports the modules of a package and collects what
it is told to look for; a name that two things claim is a mistake in hwcheck itself and is refused.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

__all__ = ["collect", "module_names"]

T = TypeVar("T")


@cache
def module_names(package: str) -> tuple[str, ...]:
    """The modules of a package, by their last name, without importing them."""
    found = importlib.import_module(package)
    return tuple(sorted(module.name for module in pkgutil.iter_modules(found.__path__)))


def collect(package: str, kind: type[T], names: Callable[[T], Iterator[str]]) -> Mapping[str, T]:
    """All module-level objects of a kind in a package's modules, by each of their names."""
    found: dict[str, T] = {}
    for module in module_names(package):
        for thing in vars(importlib.import_module(f"{package}.{module}")).values():
            if isinstance(thing, kind):
                for name in names(thing):
                    _claim(found, name, thing)
    return found


def _claim(found: dict[str, T], name: str, thing: Any) -> None:
    if found.setdefault(name, thing) is not thing:
        raise ValueError(f"two things are called {name!r}: {found[name]} and {thing}")
