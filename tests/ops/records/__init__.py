"""One record an op: numbers to try it with, calls that it must refuse, and another library's function to compare with.

The generic tests take all they know of an op from its record; an op without one fails ``test_every_op.py``. A module of
this folder has the records of some families of ops in its table ``RECORDS``; in PyTorch's functions ``T`` is the module
torch, in JAX's ``J`` is the module jax.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from tests.support.op_records import Record

__all__ = ["RECORDS"]


def _found() -> Iterator[tuple[str, Record]]:
    for module in pkgutil.iter_modules(__path__):
        yield from importlib.import_module(f"{__name__}.{module.name}").RECORDS.items()


def _joined() -> Mapping[str, Record]:
    records: dict[str, Record] = {}
    for name, record in _found():
        if name in records:
            raise ValueError(f"two records are of the op {name!r}")
        records[name] = record
    return records


RECORDS = _joined()
