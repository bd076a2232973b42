"""What is said about an op comes from its declaration: page, rules applied to symbols, the example worked."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.errors import UsageError
from hwcheck.explain import Argument, Derivation, Explanation, explain, explain_op, families
from hwcheck.graph.op import Op
from hwcheck.language.printer import formula
from hwcheck.ops.catalogue import ops
from hwcheck.ops.page import page
from tests.support.explained_ops import CATALOGUE, PLANTED
from tests.support.op_records import OPS


def planted(name: str) -> Explanation:
    return explain_op(PLANTED[name], CATALOGUE)


def rules(name: str) -> Derivation:
    found = planted(name).rules
    assert found is not None
    return found


def gradients(derivation: Derivation) -> dict[str, str]:
    return {gradient.name: formula(gradient) for gradient in derivation.gradients}


def values(explanation: Explanation) -> dict[str, object]:
    assert explanation.worked is not None
    return {name: array.tolist() for name, array in explanation.worked.values.items()}


def test_a_rule_is_told_in_terms_of_the_parameters_and_the_result() -> None:
    found = rules("gain")
    assert formula(found.y) == "gain(x, slope=2)"
    assert (found.y.name, found.g.name) == ("y", "g")
    assert gradients(found) == {"grad(x)": "2 * g"}


def test_the_numbers_of_an_example_may_be_expressions_and_state_what_arrives() -> None:
    assert values(planted("gain")) == {"x": [-2.0, 0.25], "y": [-4.0, 0.5], "g": [3.0, 5.0], "grad(x)": [6.0, 10.0]}


def test_the_parameters() -> None:
    assert planted("gain").arguments == (
        Argument("x", "an array", None, "any shape -> the same."),
        Argument("slope", "a number", "0.5", "what the input is multiplied with."),
    )
    assert planted("joined").arguments == (
        Argument("arrays", "a list of arrays", None, "shapes that differ on that axis only."),
        Argument("axis", "the number of an axis, from 0 on, or from -1 back", "0", "where they meet."),
    )
    assert planted("chosen").arguments[1].admits == "an array of labels"
    assert [(one.admits, one.default) for one in planted("gate").arguments[1:]] == [
        ("'sigmoid' or 'tanh'", "'sigmoid'"),
        ("one width, one for each axis, or pairs [[top, bottom], [left, right]]; or 'valid' or 'same'", "'valid'"),
    ]
    assert planted("gain").others == ("γ", "<>")


def test_the_inner_steps_of_a_composite_and_the_chain_of_their_gradients() -> None:
    found = rules("gate")
    assert {step.name: formula(step) for step in found.steps} == {"y.open": "tanh(x)", "y.passed": "x * y.open"}
    assert gradients(found) == {
        "grad(y.passed)": "g",
        "grad(y.open)": "grad(y.passed) * x",
        "grad(x)": "grad(y.passed) * y.open + grad(y.open) * (1 - y.open**2)",
    }
    worked = planted("gate").worked
    assert worked is not None
    assert [quantity.name for quantity in worked.derivation.given] == ["v"]
    assert list(worked.values)[-1] == "grad(v)"
    opened = np.tanh(0.5)
    np.testing.assert_allclose(worked.values["grad(v)"], opened + 0.5 * (1 - opened**2))


def test_a_list_of_inputs() -> None:
    assert gradients(rules("joined")) == {"grad(arrays[0])": "g[:2]", "grad(arrays[1])": "g[2:]"}
    assert values(planted("joined"))["grad(b)"] == [3.0]


def test_labels_have_no_gradient() -> None:
    assert [quantity.name for quantity in rules("chosen").given] == ["x", "target"]
    assert gradients(rules("chosen")) == {"grad(x)": "one_hot(target, 2).T @ g"}


def test_an_op_without_a_derivative_is_worked_forward() -> None:
    assert rules("ranked").gradients == ()
    assert rules("ranked").refusal == "ranked has no derivative here: it states no gradient rule"
    assert values(planted("ranked"))["y"] == [1.0, 0.0, 2.0]
    assert rules("blocked").refusal == rules("ranked").refusal


def test_what_arrives_and_the_result_give_way_to_parameters_of_these_names() -> None:
    assert rules("ranked").y.name == "y_"
    worked = planted("ranked").worked
    assert worked is not None
    assert (worked.derivation.y.name, worked.derivation.g.name) == ("y", "g_")


def test_without_an_example_the_page_is_all() -> None:
    found = planted("unexplained")
    assert (found.rules, found.worked) == (None, None)
    assert found.page.summary == "An op whose page has no example."


@pytest.mark.parametrize("name", ["matmul", "@"])
def test_an_op_is_found_by_whatever_it_is_written_with(name: str) -> None:
    found = explain(name)
    assert isinstance(found, Explanation)
    assert (found.op, found.others) == (ops()["matmul"], ("@",))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sigmiod", "there is nothing to explain by the name 'sigmiod'; did you mean 'sigmoid'"),
        ("sign-lots", "there is nothing to explain by the name 'sign-lots'; did you mean 'sign-lost'"),
        (
            "misconception",
            "there is nothing to explain by the name 'misconception'; did you mean 'misconceptions'",
        ),
        ("", "there is nothing to explain by the name ''; 'hwcheck explain' lists all that can be explained"),
        ("\x1b[31m", r"there is nothing to explain by the name '\x1b[31m'; 'hwcheck explain' lists all"),
    ],
)
def test_an_unknown_name(name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(name)
    assert str(caught.value).startswith(message)


def test_every_op_that_is_there_to_be_written_stands_in_one_family_with_a_title() -> None:
    listed = [op for family in families() for op in family.ops]
    assert len(listed) == len(set(listed))
    assert {op.name for op in listed} == {name for name, op in OPS.items() if not op.internal}
    by_module = {family.module: family for family in families()}
    assert {"activations", "losses"} <= set(by_module)
    assert not {"page", "shapes", "operators", "convolution_kernels"} & set(by_module)
    assert by_module["arrays"].title == "Arrays in another shape or order, and parts of them"
    assert [op.name for op in by_module["arrays"].ops][:2] == ["reshape", "flatten"]  # as they are declared
    assert all(family.title and not family.title.endswith(".") for family in families())


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_the_example_of_every_op_is_worked(op: Op) -> None:
    """It is a call of the op, uses all the numbers that it states, and comes to finite numbers."""
    found = explain_op(op, ops())
    if page(op).example is None:
        return
    assert found.worked is not None
    assert found.rules is not None
    assert all(np.isfinite(array).all() for array in found.worked.values.values())
    derivation = found.worked.derivation
    expected = set() if derivation.refusal else {f"grad({quantity.name})" for quantity in derivation.given}
    assert {gradient.name for gradient in derivation.gradients if "." not in gradient.name} <= expected
    assert bool(derivation.refusal) == bool(found.rules.refusal)
