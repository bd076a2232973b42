"""How an op is called: arguments, options, their names, and the messages about them."""

# ruff: noqa: ARG005  every rule takes what all rules take

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hwcheck.graph.node import Array, Call, Constant, Node, Quantity, Shape
from hwcheck.graph.op import Misfit, Steps, composite, op
from hwcheck.graph.options import Axes, Text, converter
from hwcheck.graph.options import Lengths as Lengths2d
from hwcheck.language.printer import to_text
from hwcheck.ops.shapes import broadcast, same

X = Quantity("x", shape=(2, 3))
Y = Quantity("y", shape=(2, 3))


def like_x(x: Shape, *bias: Shape, **options: Any) -> Shape:
    return x


@op(shape=like_x)
def layer(x: Array, bias: Array | None = None, width: int = 1, axis: Axes = None, size: Lengths2d = (1, 1)) -> Array:
    """A layer that does nothing.

    x, bias: any shape.
    """
    return x


def options(*arguments: Any, **named: Any) -> dict[str, Any]:
    node = layer(*arguments, **named)
    assert isinstance(node, Call)
    return dict(node.options)


def test_options_are_settled_when_the_node_is_made() -> None:
    """Axes are counted from the end, a single size stands for two; what is not said is at its default."""
    assert options(X) == {"width": 1, "axis": (-2, -1), "size": (1, 1)}
    assert options(X, axis=[1, 0], size=2.0, width=7.0) == {"width": 7, "axis": (-2, -1), "size": (2, 2)}
    assert options(X, axis=0, size=[2, 3]) == {"width": 1, "axis": (-2,), "size": (2, 3)}


def test_positional_arguments_may_run_on_into_the_options() -> None:
    assert options(X, Y, 5, 1) == {"width": 5, "axis": (-1,), "size": (1, 1)}


def test_the_words_of_pytorch_stand_for_those_of_numpy() -> None:
    assert options(X, dim=1) == options(X, axis=1)


def test_inputs_are_kept_by_parameter() -> None:
    for node, names in ((layer(X), ("x",)), (layer(X, Y), ("x", "bias")), (layer(bias=Y, x=X), ("x", "bias"))):
        assert isinstance(node, Call)
        assert node.names == names
        assert node.inputs == (X, Y)[: len(names)]


def test_numbers_become_constants() -> None:
    node = layer(X, 2)
    assert isinstance(node, Call)
    assert isinstance(node.inputs[1], Constant)


def test_its_signature_is_that_of_a_call() -> None:
    assert layer.signature() == "layer(x, bias=None, width=1, axis=None, size=1)"
    with pytest.raises(Misfit, match=r"^layer needs 'x': layer\(x, bias=None, width=1, axis=None, size=1\)$"):
        layer(bias=X)


def test_a_misfit_spells_out_the_arguments() -> None:
    @op(shape=broadcast("left", "right"), broadcasts=True)
    def join(left: Array, right: Array) -> Array:
        return left + right

    with pytest.raises(Misfit) as caught:
        join(X, Quantity("w", shape=(4,)))
    assert caught.value.told(lambda node: getattr(node, "name", "?")) == (
        "axis 1 of x is 3, but axis 0 of w is 4 (2 x 3 against 4)"
    )


def test_a_misfit_inside_a_composition_speaks_of_the_arguments_there() -> None:
    @composite()
    def outside(outer: Node) -> Node:
        return inside(outer)

    def never(inner: Shape) -> Shape:
        raise Misfit("{inner} does not fit")

    @op(shape=never)
    def inside(inner: Array) -> Array:
        return inner

    with pytest.raises(Misfit) as caught:
        outside(X)
    assert caught.value.told(lambda node: getattr(node, "name", "?")) == "x does not fit"


@op(
    shape=lambda *arrays, rule: arrays[0],
    gradients=[lambda g, y, *arrays, rule, position: g * (position + 10)],
)
def mixed(rule: Text, *arrays: Array) -> Array:
    """The last array, under a rule."""
    return arrays[-1] * len(rule)


@op(
    shape=lambda first, *rest, scale: first,
    gradients=[lambda g, y, first, *rest, scale: g, lambda g, y, *arrays, scale, position: g * (position + 10)],
)
def headed(first: Array, *rest: Array, scale: float = 2.0) -> Array:
    """The last of the rest, scaled."""
    return rest[-1] * scale


def test_a_list_at_the_end_takes_all_arguments_that_are_left() -> None:
    for node in (mixed("ab", X, Y), mixed("ab", [X, Y]), mixed("ab", (X, Y)), mixed(arrays=[X, Y], rule="ab")):
        assert isinstance(node, Call)
        assert (node.names, node.inputs) == (("arrays[0]", "arrays[1]"), (X, Y))
        assert node.options == {"rule": "ab"}
    alone = mixed("ab", X)
    assert isinstance(alone, Call)
    assert alone.inputs == (X,)


def test_a_list_before_other_parameters_is_written_as_one() -> None:
    node = headed(X, [Y, X], 3)
    assert isinstance(node, Call)
    assert (node.names, node.options) == (("first", "rest[0]", "rest[1]"), {"scale": 3.0})
    with pytest.raises(Misfit, match=r"^rest of headed must be a list of arrays: \[a, b\]$"):
        headed(X, Y)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ab",), "mixed needs 'arrays': mixed(rule, *arrays)"),
        (("ab", []), "arrays of mixed must be a list of arrays: [a, b]"),
        (("ab", X, "cd"), "arrays[1] of mixed must be an array or a number, not 'cd'"),
        (("ab", X, [Y]), "arrays[1] of mixed must be an array or a number, not a list"),
        ((X, Y), "rule of mixed must be written down as numbers, it cannot be computed"),
    ],
)
def test_a_list_holds_arrays_one_at_least(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(Misfit) as caught:
        mixed(*arguments)
    assert caught.value.message == message


def test_an_option_may_stand_before_the_arrays() -> None:
    """In the call, in its message, and in the value function."""
    assert mixed.signature() == "mixed(rule, *arrays)"
    three = np.full((1, 2, 3), 3.0)
    np.testing.assert_array_equal(mixed.bound({"rule": "abcd"})(three), 4 * three)
    np.testing.assert_array_equal(headed.bound({"scale": 0.5})(three, three), three / 2)


def test_the_rule_of_a_list_is_told_the_place_in_the_list() -> None:
    g, y = Quantity("g"), Quantity("y")
    factors = [rule(g, y, X, Y, rule="ab") for rule in map(mixed.gradient, (0, 1)) if rule is not None]
    assert [to_text(factor) for factor in factors] == ["10 * g", "11 * g"]
    factors = [rule(g, y, X, Y, X, scale=2.0) for rule in map(headed.gradient, (0, 1, 2)) if rule is not None]
    assert [to_text(factor) for factor in factors] == ["g", "10 * g", "11 * g"]


def test_an_op_is_known_by_the_name_of_its_function_or_another() -> None:
    @op(shape=same, name="other", aliases=["ω"])
    def function(x: Array) -> Array:
        """What it is."""
        return x

    assert (function.name, function.doc, function.aliases) == ("other", "What it is.", ("ω",))


@pytest.mark.parametrize(
    ("kind", "written", "shape", "settled"),
    [
        ("float", 2, (), 2.0),
        ("bool", 1.0, (), True),
        ("bool", False, (), False),
        ("bool", 0.0, (), False),
        ("Text", "ij,jk->ik", (), "ij,jk->ik"),
        ("Ints", [2, 3.0], (), (2, 3)),
        ("Ints", 4, (), (4,)),
        ("Padding2d", 1, (), ((1, 1), (1, 1))),
        ("Padding2d", [1, 2], (), ((1, 1), (2, 2))),
        ("Padding2d", [[1, 2], 3], (), ((1, 2), (3, 3))),
        ("Padding2d", "valid", (), ((0, 0), (0, 0))),
        ("Padding2d", "same", (), "same"),
        ("Axis", 0, (2, 3, 5), -3),
        ("Axis", -1, (2, 3, 5), -1),
        ("Axes", None, (2, 3, 5), (-3, -2, -1)),
        ("Axes", None, (), ()),
        ("Axes", [2, 0], (2, 3, 5), (-3, -1)),
        ("Permutation", None, (2, 3, 5), (-1, -2, -3)),
        ("Permutation", [1, 2, 0], (2, 3, 5), (-2, -1, -3)),
        ("Shape", [5, -1], (2, 3, 5), (5, 6)),
        ("Shape", [], (1, 1), ()),
        ("Reduction", "none", (), "none"),
        ("Index", 1, (2, 3), (1, slice(0, 3, 1))),
        ("Index", (-1, slice(None, None, -1)), (2, 3), (1, slice(2, None, -1))),
        ("Any", X, (), X),
    ],
)
def test_converters(kind: str, written: Any, shape: tuple[int, ...], settled: Any) -> None:
    found = converter(kind)(written, shape)
    assert found == settled
    assert type(found) is type(settled)


@pytest.mark.parametrize(
    ("kind", "written", "message"),
    [
        ("int", 1.5, "must be a whole number, not 1.5"),
        ("int", np.inf, "must be a whole number, not inf"),
        ("int", np.nan, "must be a whole number, not nan"),
        ("int", True, "must be a whole number, not True"),
        ("int", "2", "must be a whole number, not '2'"),
        ("int", None, "must be a whole number, not None"),
        ("float", True, "must be a number, not True"),
        ("float", [1.0], "must be a number, not \\[1.0\\]"),
        ("bool", 2, "must be True or False, not 2"),
        ("bool", "yes", "must be True or False, not 'yes'"),
        ("Lengths2d", [], "must be one number or two, not 0"),
        ("Lengths1d", [1, 2], "must be one number, not 2"),
        ("Padding3d", [1, 2], "must be one number or three, not 2"),
        ("Text", 2, "must be a text in quotation marks, not 2"),
        ("Text", None, "must be a text in quotation marks, not None"),
    ],
)
def test_converters_refuse(kind: str, written: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        converter(kind)(written, ())


def test_results_beside_the_value_have_names_of_their_own() -> None:
    step = Steps("line")
    step("inner", X)
    step.within("part").beside("count", X)
    assert list(step.made) == ["line.inner", "line.part.count"]
    assert step.aside == {"line.part.count"}
    nameless = Steps()
    nameless.beside("count", X)
    assert not nameless.made
