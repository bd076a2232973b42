"""The ops by their names: what the sources declare is what importing them finds, and is known without it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hwcheck.catalogue import collect
from hwcheck.graph.op import Op
from hwcheck.ops.catalogue import declared, ops, spellings
from tests.support.program import ROOT


def test_the_names_that_are_read_are_those_that_importing_finds() -> None:
    """Where not, an op is declared in another way than hwcheck.ops.catalogue says."""
    found = collect("hwcheck.ops", Op, spellings)
    assert set(ops()) == set(found)
    assert {name: ops()[name] for name in ops()} == found
    assert {"max", "amax", "@", "[]", ".T", "==", "σ", "cross_entropy"} <= set(ops())


def test_every_op_is_at_home_where_its_function_is() -> None:
    for name, op in ops().items():
        function = op.value or op.expand
        assert function is not None
        assert function.__module__ == f"hwcheck.ops.{ops().homes[name]}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@op(shape=same)\ndef relu(x):\n", ["relu"]),
        ("@composite()\ndef mean(x):\n", ["mean"]),
        ('x = 1\n\n\n@op(name="max", shape=same)\ndef largest(x):\n', ["max"]),
        ('\n@op(shape=same, symbol="[]", aliases=["σ", "logistic"])\ndef f(x):\n', ["f", "σ", "logistic", "[]"]),
        ('\n@op(\n    aliases=[\n        "a",\n        "b",\n    ],\n)\ndef f(x):\n', ["f", "a", "b"]),
        ('\n@op_in_ranks(name="conv{rank}d")\ndef convs(x):\n', ["conv1d", "conv2d", "conv3d"]),
        ("\n@lru_cache(maxsize=8)\ndef f(x):\n", []),
        ("\n@cache\ndef f(x):\n", []),
        ("\ndef f(x):\n", []),
        ("\n@dataclass(frozen=True)\nclass A:\n    x: int\n\n\n@op()\ndef f(x):\n", ["f"]),
        ("    @op()\n    def f(x):\n", []),
    ],
)
def test_what_a_source_declares(source: str, expected: list[str]) -> None:
    assert list(declared("\n" + source)) == expected


def test_to_know_a_name_imports_nothing() -> None:
    code = """
import sys
import hwcheck.ops
from hwcheck.ops.catalogue import ops
before = set(sys.modules)
assert "conv2d" in ops() and "nothing" not in ops() and len(list(ops())) > 50
print(sorted(set(sys.modules) - before))
ops()["mse_loss"]
print("hwcheck.ops.losses" in sys.modules, "hwcheck.ops.convolution" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\nTrue False\n", "")
