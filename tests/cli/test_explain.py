"""``hwcheck explain``."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from click.shell_completion import ShellComplete

from hwcheck.cli.main import cli
from hwcheck.explain import families
from hwcheck.misconceptions.catalogue import misconceptions
from hwcheck.misconceptions.written_pages import FORMULA_PAGES, SLIP_PAGES, VERDICT_PAGES
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
    assert err.startswith("error: there is nothing to explain by the name 'conv2'; did you mean 'conv2d'")


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


def test_without_a_name_all_that_can_be_explained_is_listed(program: Program) -> None:
    lines = program("explain").out.splitlines()
    titles = ["Ops", "Misconceptions", "Slips", "Formulas", "Verdicts"]
    assert [line for line in lines if line in titles] == titles
    starts = {text.split("  ")[0] for text in lines}
    assert {*misconceptions(), *SLIP_PAGES, *FORMULA_PAGES, *VERDICT_PAGES} <= starts


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("misconceptions", misconceptions()),
        ("slips", SLIP_PAGES),
        ("formulas", FORMULA_PAGES),
        ("verdicts", VERDICT_PAGES),
    ],
)
def test_a_list_of_one_kind(program: Program, name: str, known: Mapping[str, object]) -> None:
    code, out, err = program("explain", name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{name.capitalize()}\n")
    assert not {"relu", "Ops"} & {text.split("  ")[0] for text in out.splitlines()}
    document = strict_json(program("explain", name, "--format", "json").out)
    assert [one["name"] for one in document[name]] == list(known)
    assert set(document) == {"format", "hwcheck", name}


def test_the_ops_alone(program: Program) -> None:
    out = program("explain", "ops").out
    assert out.startswith("Ops\n")
    assert "Misconceptions" not in out
    assert set(strict_json(program("explain", "ops", "--format", "json").out)) == {"format", "hwcheck", "families"}


@pytest.mark.parametrize("name", ["sign-flipped", "sign_flipped", "sign flipped"])
def test_a_misconception(program: Program, name: str) -> None:
    code, out, err = program("explain", name)
    assert (code, err) == (0, "")
    assert out.startswith("sign-flipped (misconception)\n===")
    for title in ("Why it is wrong", "How to see it", "Where it is looked for"):
        assert f"\n\n{title}: " in out


@pytest.mark.parametrize("name", [*misconceptions(), *SLIP_PAGES, *FORMULA_PAGES, *VERDICT_PAGES])
def test_every_topic_is_shown_and_told_to_programs(program: Program, name: str) -> None:
    code, out, err = program("explain", name)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 100
    document = strict_json(program("explain", name, "--format", "json").out)
    kind = next(kind for kind in ("misconception", "slip", "formula", "verdict") if kind in document)
    assert document[kind] == name
    assert out.startswith(f"{name} ({kind})\n")
    assert (document["of"] is not None) == (kind == "misconception")
    for text in (document["says"], *(part["text"] for part in document["parts"])):
        assert text.endswith(".")
        assert " ".join(text.replace("``", "`").split()) in " ".join(out.split())


def test_a_shell_completes_all_that_can_be_explained() -> None:
    complete = ShellComplete(cli, {}, "hwcheck", "_HWCHECK_COMPLETE")
    known = {"sign-l": "sign-lost", "misc": "misconceptions", "carried": "carried", "sign-f": "sign-flipped"}
    for begin, name in known.items():
        assert name in {item.value for item in complete.get_completions(["explain"], begin)}
