"""``hwcheck solve``: what is shown, what programs read, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import hwcheck
from tests.support.program import FIXTURES, Program, strict_json

# Worked by hand for x = [1, -2], W = [[3, 4], [5, 6], [7, 8]]: y = W x = [-5, -7, -9], L = sum(y) = -21.
SMALL = """
inputs: {x: [1, -2]}
weights: {W: [[3, 4], [5, 6], [7, 8]]}
network:
  y: W @ x
  L: sum(y)
loss: L
tolerance: {decimals: 2}
"""
# log(0) is minus infinity, and infinity minus infinity is no number.
INFINITE = """
inputs: {x: [0, 1]}
network:
  y: log(x)
  z: y - y
  L: sum(y)
loss: L
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_every_quantity_and_gradient_is_printed(program: Program, small: Path) -> None:
    code, out, err = program("solve", small)
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    for row in (
        "x 2 1 -2",
        "W 3x2 3 4",
        "y 3 -5.00 -7.00 -9.00",
        "L - -21.00",
        "grad(L) - 1.00",
        "grad(y) 3 1.00 1.00 1.00",
        "grad(W) 3x2 1.00 -2.00",
        "grad(x) 2 15.00 18.00",
    ):
        assert row.split() in rows


def test_only_takes_usual_spellings_and_commas_in_brackets(program: Program) -> None:
    code, out, err = program("solve", "gan", "--only", "dW_2, jacobian(h0, W0)", "--only", "y_hat,M")
    assert (code, err) == (0, "")
    titles = {"Quantity", "Forward", "Gradients", "Also", "One"}
    named = {line.split()[0] for line in out.splitlines() if line[:1].strip() and line[0] not in "-="}
    assert named - titles == {"grad(W2)", "jacobian(h0,", "yhat", "m"}


def test_only_of_an_unknown_quantity(program: Program) -> None:
    code, out, err = program("solve", "gan", "--only", "H3")
    assert (code, out) == (2, "")
    assert "--only: the problem has no 'H3'; did you mean 'H2'?" in err


def test_only_of_a_quantity_that_is_near_to_none_tells_all(program: Program, small: Path) -> None:
    code, out, err = program("solve", small, "--only", "zzz")
    assert (code, out) == (2, "")
    told = "--only: the problem has no 'zzz'; it has x, W, y, L, grad(x), grad(W), grad(y), grad(L)"
    assert told in " ".join(err.split())


@pytest.mark.parametrize("only", ["", " ", ","])
def test_only_of_nothing_is_refused(program: Program, small: Path, only: str) -> None:
    code, out, err = program("solve", small, "--only", only)
    assert (code, out) == (2, "")
    assert "--only: it needs the name of a quantity, such as --only h0,dW1" in err


def test_decimals_and_folding(program: Program) -> None:
    folded = program("solve", "gan", "--only", "K0", "--decimals", "1").out
    assert "... 8 more lines of 64 entries; --all shows them" in folded
    assert "0.7  0.1  0.4  0.3" in folded
    whole = program("solve", "gan", "--only", "K0", "--decimals", "1", "--all").out
    assert "more lines" not in whole
    assert whole.count("\n") == folded.count("\n") + 7


def test_steps_tell_the_formula_of_every_step(program: Program) -> None:
    code, out, _ = program("solve", "gan", "--steps")
    assert code == 0
    for formula in (
        "= relu(W0 @ z + b0)",
        "= sigmoid(m)",
        "= -log(yhat)",
        "= grad(m) * W2, as 1x4x4",
        "= grad(m) * flatten(H2)",
        "= grad(h1), as 8",
    ):
        assert formula in out


def test_the_document_for_programs(program: Program, small: Path) -> None:
    code, out, err = program("solve", small, "--format", "json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert strict_json(out) == {
        "format": 1,
        "hwcheck": hwcheck.__version__,
        "problem": "small",
        "quantities": [
            {"name": "x", "shape": [2], "value": [1.0, -2.0]},
            {"name": "W", "shape": [3, 2], "value": [[3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]},
            {"name": "y", "shape": [3], "value": [-5.0, -7.0, -9.0]},
            {"name": "L", "shape": [], "value": -21.0},
            {"name": "grad(x)", "shape": [2], "value": [15.0, 18.0]},
            {"name": "grad(W)", "shape": [3, 2], "value": [[1.0, -2.0], [1.0, -2.0], [1.0, -2.0]]},
            {"name": "grad(y)", "shape": [3], "value": [1.0, 1.0, 1.0]},
            {"name": "grad(L)", "shape": [], "value": 1.0},
        ],
    }
    assert list(strict_json(out)) == ["format", "hwcheck", "problem", "quantities"]


def test_infinities_and_nan_are_strings(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "infinite.yaml"
    path.write_text(INFINITE, encoding="utf-8")
    code, out, err = program("solve", path, "--format", "json", "--only", "y,z,L,grad(x)")
    assert code == 0
    assert err.splitlines()[0] == f"warning: {path}: y is -inf at entry [0]: log(x) is -inf where x is 0"
    values = {quantity["name"]: quantity["value"] for quantity in strict_json(out)["quantities"]}
    assert values == {"y": ["-Infinity", 0.0], "z": ["NaN", 0.0], "L": "-Infinity", "grad(x)": ["Infinity", 1.0]}
    assert program("solve", path, "--only", "y").out.split()[-2:] == ["-inf", "0"]


def test_the_numbers_are_those_worked_independently(program: Program) -> None:
    expected = strict_json((FIXTURES / "gan" / "reference.json").read_text(encoding="utf-8"))["quantities"]
    found = {q["name"]: q["value"] for q in strict_json(program("solve", "gan", "--format", "json").out)["quantities"]}
    assert set(expected) <= set(found)
    assert len(expected) > 25
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-9, atol=0, err_msg=name)


@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--steps"]])
def test_the_same_call_prints_the_same_bytes(program: Program, options: list[str]) -> None:
    assert program("solve", "autoencoder", *options) == program("solve", "autoencoder", *options)
