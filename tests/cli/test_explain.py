"""``hwcheck explain``."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from hwcheck.cli.main import cli
from hwcheck.explain import families
from hwcheck.ops.catalogue import ops
from tests.support.program import Program, strict_json


def listed_names() -> set[str]:
    return {op.name for op in ops().values() if not op.internal}


def test_without_a_name_every_op_is_listed_in_its_family(program: Program) -> None:
    code, out, err = program("explain")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 100
    for family in families():
        assert family.title in " ".join(lines)  # over two lines where it is long
    assert listed_names() <= {text.split()[0] for text in lines if text and text[0] != " "}
    assert not any(text.startswith("place_along_axis") for text in lines)
    assert program("explain", "place_along_axis").code == 0  # by its name it is explained


@pytest.mark.parametrize("name", ["sigmoid", "σ", "logistic"])
def test_an_op_by_any_of_its_names(program: Program, name: str) -> None:
    code, out, err = program("explain", name)
    assert (code, err) == (0, "")
    assert out.startswith(
        "sigmoid\n=======\n\nThe logistic function, `1 / (1 + exp(-x))`.\n\nAlso written σ, logistic\n"
    )
    assert "\nsigmoid(x)\n" in out


@pytest.mark.parametrize("name", ["@", "-", "[]", ".T", "**"])
def test_an_operator_is_a_name(program: Program, name: str) -> None:
    code, out, err = program("explain", name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{ops()[name].name}\n")


def test_an_unknown_name_is_told_with_what_is_near(program: Program) -> None:
    code, out, err = program("explain", "conv2")
    assert (code, out) == (2, "")
    assert err.startswith("error: there is no op 'conv2'; did you mean 'conv2d'")


def test_json(program: Program) -> None:
    code, out, err = program("explain", "conv2d", "--format", "json")
    assert (code, err) == (0, "")
    assert strict_json(out)["op"] == "conv2d"
    listed = strict_json(program("explain", "--format", "json").out)
    assert {op["name"] for family in listed["families"] for op in family["ops"]} == listed_names()


def test_a_shell_completes_the_names_of_ops() -> None:
    completions = ShellComplete(cli, {}, "hwcheck", "_HWCHECK_COMPLETE").get_completions(["explain"], "conv_")
    assert {"conv_matrix", "conv_transpose2d"} <= {item.value for item in completions}
    assert all(item.value.startswith("conv_") for item in completions)
