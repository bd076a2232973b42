"""Imports go one way: what a module may import is said here, and read from its source.

The layers, from above::

    cli -> reports -> grading -> explain -> misconceptions -> lint -> reference -> problem -> language -> ops -> graph
    -> numpy

``submissions`` stands beside grading: it may import problem and what is below, and only grading and what is above may
import it. The foundation (errors, places, limits, files, the located trees, the catalogue) may be imported by all, and
imports nothing but itself. Each library has its folder or its file.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hwcheck"

FOUNDATION = frozenset(
    {
        "errors", "limits", "located", "files", "catalogue", "located_array", "located_build", "located_json",
        "located_plain", "located_plain_json", "located_yaml", "json_faults", "yaml_faults", "bounded",
        "bounded_worker", "mending", "json_mending", "yaml_mending",
    }
)  # fmt: skip
LAYERS = (
    "graph", "ops", "language", "problem", "reference", "lint", "misconceptions", "explain", "grading", "reports",
    "cli", "__main__",
)  # fmt: skip
BESIDE: Mapping[str, tuple[str, str]] = {"submissions": ("problem", "grading")}  # what it may import, what imports it
# Who may import a library, by the beginning of its name; NumPy is for all but the foundation.
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "numpy": (*LAYERS, *BESIDE),
    "yaml": ("located_yaml",),
    "click": ("cli",),
    "rich": ("reports", "cli"),
    "openpyxl": ("submissions",),  # an extra: spreadsheets are read in a helper process, by one file
}
OPEN_TO_ALL = ("hwcheck.__version__",)  # no module: the package's own, which imports nothing
ROOT = "hwcheck"


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Every module that a source imports, at its top or inside a function, with the line. Relative ones as '.'."""
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.Import):
            yield from ((part.lineno, alias.name) for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            base = "." if part.level else part.module or ""
            yield from ((part.lineno, f"{base}.{alias.name}" if base == ROOT else base) for alias in part.names)


def violations(module: str, source: str) -> list[str]:
    """What a module (``hwcheck.ops.matrix``) imports against the rules."""
    user = layer_of(module)
    found = []
    for line, name in imported(source):
        top = name.split(".")[0]
        if name == ".":
            broken = "a relative import hides where it goes"
        elif top != ROOT:
            allowed = top in sys.stdlib_module_names or user in LIBRARIES.get(top, ()) or user == ROOT
            broken = "" if allowed else f"{top} is not for {user}"
        elif name in OPEN_TO_ALL or user == ROOT:
            broken = ""
        else:
            used = layer_of(name)
            broken = "" if may_import(user, used) else f"{user} may not import {used}"
        if broken:
            found.append(f"{module}:{line}: {broken} ({name})")
    return found


def layer_of(module: str) -> str:
    """The layer of a module of the package: its folder, or its file."""
    parts = module.split(".")
    layer = parts[1] if len(parts) > 1 else ROOT
    assert layer in {ROOT, *FOUNDATION, *LAYERS, *BESIDE}, f"{module}: say here which layer {layer} is"
    return layer


def may_import(user: str, used: str) -> bool:
    """Whether modules of one layer may import modules of another."""
    if user == used or used in FOUNDATION:
        return True
    if user in FOUNDATION or used == ROOT:
        return False
    if user in BESIDE:
        return used in LAYERS and LAYERS.index(used) <= LAYERS.index(BESIDE[user][0])
    if used in BESIDE:
        return LAYERS.index(user) >= LAYERS.index(BESIDE[used][1])
    return LAYERS.index(used) < LAYERS.index(user)


def modules() -> dict[str, Path]:
    """Every module of the package, by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_stands_below_it(module: str) -> None:
    assert violations(module, modules()[module].read_text(encoding="utf-8")) == []


def test_all_layers_are_there() -> None:
    """The rules speak of what exists, and the modules are found at all."""
    found = {layer_of(module) for module in modules()}
    assert FOUNDATION | {"graph", "ops", "language", "problem", "reference", "explain", "submissions", "cli"} <= found
    assert len(modules()) > 40


def test_yaml_is_imported_in_one_file() -> None:
    users = [name for name, path in modules().items() for _, used in imported(path.read_text("utf-8"))
             if used.split(".")[0] == "yaml"]  # fmt: skip
    assert set(users) == {"hwcheck.located_yaml"}


def test_spreadsheets_are_opened_in_one_file() -> None:
    """It is loaded in the helper process alone, which has bounds of its own."""
    sources = {name: path.read_text("utf-8") for name, path in modules().items()}
    users = [name for name, source in sources.items() if "openpyxl" in source for _, used in imported(source)
             if used.split(".")[0] == "openpyxl"]  # fmt: skip
    assert set(users) == {"hwcheck.submissions.xlsx_cells"}


@pytest.mark.parametrize(
    ("module", "source", "broken"),
    [
        ("hwcheck.graph.node", "from hwcheck.ops.matrix import matmul", "graph may not import ops"),
        ("hwcheck.ops.matrix", "import hwcheck.language.build", "ops may not import language"),
        ("hwcheck.ops.matrix", "def f():\n    from hwcheck.problem import load", "ops may not import problem"),
        ("hwcheck.ops", "from hwcheck import reference", "ops may not import reference"),
        ("hwcheck.language.build", "from hwcheck import reference", "language may not import reference"),
        ("hwcheck.problem.load", "import hwcheck.reference as s", "problem may not import reference"),
        ("hwcheck.problem.load", "from hwcheck.submissions.read import x", "problem may not import submissions"),
        ("hwcheck.reference", "from hwcheck.grading.grade import grade", "reference may not import grading"),
        (
            "hwcheck.misconceptions.a",
            "from hwcheck.submissions.read import x",
            "misconceptions may not import submissions",
        ),
        ("hwcheck.submissions.read", "from hwcheck.reference import solve", "submissions may not import reference"),
        ("hwcheck.submissions.read", "from hwcheck.grading import grade", "submissions may not import grading"),
        ("hwcheck.grading.grade", "from hwcheck.reports.plain import show", "grading may not import reports"),
        ("hwcheck.reports.plain", "from hwcheck.cli.main import main", "reports may not import cli"),
        ("hwcheck.errors", "from hwcheck.graph.node import Node", "errors may not import graph"),
        (
            "hwcheck.files",
            "if TYPE_CHECKING:\n    from hwcheck.reference import solve",
            "files may not import reference",
        ),
        ("hwcheck.grading.grade", "import hwcheck", "grading may not import hwcheck"),
        ("hwcheck.graph.node", "from . import op", "a relative import hides where it goes"),
        ("hwcheck.problem.load", "import yaml", "yaml is not for problem"),
        ("hwcheck.yaml_faults", "from yaml.events import ScalarEvent", "yaml is not for yaml_faults"),
        ("hwcheck.grading.grade", "import click", "click is not for grading"),
        ("hwcheck.reports.plain", "from click import echo", "click is not for reports"),
        ("hwcheck.problem.load", "from rich.table import Table", "rich is not for problem"),
        ("hwcheck.limits", "import numpy as np", "numpy is not for limits"),
        ("hwcheck.cli.main", "import torch", "torch is not for cli"),
    ],
)
def test_a_planted_violation_is_found(module: str, source: str, broken: str) -> None:
    (found,) = violations(module, source)
    assert broken in found
    assert found.startswith(f"{module}:{source.count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("hwcheck.cli.main", "import click, rich, numpy\nfrom hwcheck.grading.grade import grade"),
        ("hwcheck.reports.plain", "from hwcheck import __version__\nfrom hwcheck.submissions.model import Answer"),
        ("hwcheck.submissions.read", "from hwcheck.problem.model import Problem\nfrom hwcheck.language import build"),
        ("hwcheck.grading.grade", "from hwcheck.submissions.model import Answer\nimport hwcheck.reference"),
        ("hwcheck.graph.node", "from hwcheck.graph.op import Op\nfrom hwcheck.errors import Fault\nimport math"),
        ("hwcheck.located_yaml", "import yaml\nfrom hwcheck.yaml_faults import explain"),
        ("hwcheck", "from hwcheck.grading.grade import grade"),
    ],
)
def test_what_is_allowed_is_no_violation(module: str, source: str) -> None:
    assert violations(module, source) == []


def test_a_module_without_a_layer_is_told() -> None:
    with pytest.raises(AssertionError, match="say here which layer helpers is"):
        violations("hwcheck.helpers", "import numpy")
