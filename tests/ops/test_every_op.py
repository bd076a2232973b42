"""What holds for every op, tried on all samples of its record."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from hwcheck.errors import Location
from hwcheck.graph.evaluate import Plan, evaluate
from hwcheck.graph.node import Array, Call, Node, Quantity, order
from hwcheck.graph.op import Misfit, Op, Steps
from hwcheck.language.build import Scope, build
from hwcheck.language.source import Source
from hwcheck.limits import LINE
from hwcheck.ops.catalogue import ops
from hwcheck.ops.page import page
from hwcheck.ops.reductions import sum as sum_of
from tests.ops.records import RECORDS
from tests.support.finite_differences import gradients, gradients_outside_slopes, weights_like, wrong_gradients
from tests.support.op_records import OPS, Bad, Sample, called, quantities

SHEETS = 5

every_op = pytest.mark.parametrize("op", OPS.values(), ids=OPS)
every_sample = pytest.mark.parametrize(
    ("op", "sample"),
    [
        pytest.param(OPS[name], sample, id=f"{name}-{i}")
        for name, record in RECORDS.items()
        for i, sample in enumerate(record.samples)
    ],
)
every_bad_call = pytest.mark.parametrize(
    ("op", "call"),
    [
        pytest.param(OPS[name], call, id=f"{name}-{i}")
        for name, record in RECORDS.items()
        for i, call in enumerate(record.bad)
    ],
)


class Try:
    """A sample's op applied to quantities, and the numbers to try it with."""

    def __init__(self, op: Op, sample: Sample) -> None:
        self.inputs = quantities(op, [array.shape for array in sample.inputs])
        self.at = dict(zip(self.inputs, sample.inputs, strict=True))
        self.discrete = [self.inputs[i] for i in sample.discrete]
        self.y = called(op, self.inputs, sample.options)
        self.differentiable = bool(op.gradients) or op.expand is not None

    def heads(self) -> list[tuple[Node, Array]]:
        """What is differentiated: a weighted sum of y, and plain sums, whose constant gradients are simplified."""
        total = sum_of(self.y)
        one = np.array(1.0)
        return [(self.y, weights_like([self.y])[0]), (total, one), (-total, one), (total / self.y.size, one)]

    def gradients(self, head: tuple[Node, Array]) -> list[Node]:
        found = gradients([head[0]], [head[1]])
        return [found[quantity] for quantity in self.inputs if quantity in found]


@every_op
def test_it_has_a_record(op: Op) -> None:
    assert op.name in RECORDS, f"write a record for {op.name} in tests.ops.records.py"
    assert RECORDS[op.name].samples
    assert RECORDS[op.name].bad


@every_op
def test_its_labels_are_discrete_in_a_sample(op: Op) -> None:
    names = [parameter.name for parameter in op.parameters if parameter.kind != "option"]
    discrete = {names[i] for sample in RECORDS[op.name].samples for i in sample.discrete if i < len(names)}
    assert op.labels <= discrete


@every_op
def test_its_page_is_whole(op: Op) -> None:
    """A summary, every parameter, the source, an example: the form is that of hwcheck/ops/page.py."""
    found = page(op)
    assert found.summary.endswith((".", "``."))
    assert [p.name for p in op.parameters if p.name not in found.parameters] == []
    assert found.source
    assert found.example


@pytest.mark.parametrize("op", [op for op in OPS.values() if page(op).example], ids=lambda op: op.name)
def test_the_example_of_its_page_works(op: Op) -> None:
    """Its call can be read, its values are finite, and its gradients lie between the slopes on either side."""
    example = page(op).example
    assert example is not None
    arriving = "" if re.search(r"\bg\b", example.call) else "g"  # else it is a name like the others
    numbers = {name: _worked_out(text) for name, text in example.values.items()}
    g = numbers.pop(arriving, None)
    at = {Quantity(name, shape=array.shape): array for name, array in numbers.items()}
    y = _read(example.call, {quantity.name: quantity for quantity in at})
    assert isinstance(y, Call)
    assert y.op is op
    (value,) = evaluate([y], {quantity: array[np.newaxis] for quantity, array in at.items()})
    assert np.isfinite(value).all()
    if op.gradients or op.expand is not None:
        labels = {node for name, node in zip(y.names, y.inputs, strict=True) if name.partition("[")[0] in op.labels}
        weight = weights_like([y])[0] if g is None else g
        assert gradients_outside_slopes(y, weight, at, labels) == []


def _read(text: str, names: Mapping[str, Node]) -> Node:
    return build(Source(text, Location("the example"), LINE), Scope(names, ops()))


def _worked_out(text: str) -> Array:
    (value,) = evaluate([_read(text, {})], {})
    return np.asarray(value[0])


@every_op
def test_it_has_a_gradient_rule_for_each_input(op: Op) -> None:
    tensors = [parameter for parameter in op.parameters if parameter.kind != "option"]
    assert all(parameter.kind == "tensor" for parameter in tensors[:-1]), "a list of arrays stands behind the others"
    if op.expand is not None:
        assert (op.value, op.shape, op.gradients) == (None, None, ())
    else:
        assert len(op.gradients) in (0, len(tensors))


@every_sample
def test_the_value_has_the_declared_shape_and_leaves_its_inputs_alone(op: Op, sample: Sample) -> None:
    one = Try(op, sample)
    outputs = [one.y]
    if one.differentiable:
        outputs += [gradient for head in one.heads() for gradient in one.gradients(head)]
    numbers = {quantity: array[np.newaxis].copy() for quantity, array in one.at.items()}
    for array in numbers.values():
        array.flags.writeable = False
    for node, value in zip(outputs, evaluate(outputs, numbers), strict=True):
        assert value.shape == (1, *node.shape)
        assert value.dtype == np.float64
        assert np.isfinite(value).all()


@every_sample
def test_gradients_are_those_of_finite_differences(op: Op, sample: Sample) -> None:
    one = Try(op, sample)
    if not one.differentiable:
        with pytest.raises(Misfit, match=f"{op.name} has no derivative here: it states no gradient rule"):
            gradients([one.y], weights_like([one.y]))
        return
    for node, weight in one.heads():
        assert wrong_gradients([node], [weight], one.at, one.discrete) == []


@every_sample
def test_an_input_without_a_rule_gets_no_gradient(op: Op, sample: Sample) -> None:
    """Where the derivative is zero wherever it exists, there is no node for it."""
    one = Try(op, sample)
    if one.differentiable and op.expand is None:
        found = gradients([one.y], weights_like([one.y]))
        assert [quantity in found for quantity in one.inputs] == [
            op.gradient(i) is not None for i in range(len(one.inputs))
        ]


@every_sample
def test_gradients_of_gradients_are_those_of_finite_differences(op: Op, sample: Sample) -> None:
    one = Try(op, sample)
    if one.differentiable:
        for head in one.heads()[:2]:
            firsts = one.gradients(head)
            assert wrong_gradients(firsts, weights_like(firsts), one.at, one.discrete) == []


@every_sample
def test_many_sheets_at_once_are_each_sheet_alone(op: Op, sample: Sample) -> None:
    """Whichever inputs are shared (a leading axis of 1), the others having a number of their own for each sheet."""
    one = Try(op, sample)
    outputs = [one.y]
    if one.differentiable:
        outputs += [gradient for head in one.heads()[:2] for gradient in one.gradients(head)]
    plan = Plan(outputs)
    for many in itertools.product([False, True], repeat=len(one.inputs)):
        numbers = {
            quantity: _sheets(one.at[quantity], quantity in one.discrete) if own else one.at[quantity][np.newaxis]
            for quantity, own in zip(one.inputs, many, strict=True)
        }
        together = plan.run(numbers)
        assert len(together[0]) == (SHEETS if any(many) else 1)
        for sheet in range(SHEETS):
            alone = plan.run({q: array[[sheet % len(array)]] for q, array in numbers.items()})
            for a, b in zip(together, alone, strict=True):
                assert len(a) in (1, len(together[0]))
                np.testing.assert_allclose(a[sheet % len(a)], b[0], rtol=1e-12, atol=1e-12)


def _sheets(x: Array, discrete: bool) -> Array:
    """Other numbers for every sheet that still suit the op: the entries in another order, and a little smaller."""
    return np.stack([np.roll(x, sheet) * (1.0 if discrete else 1 - 0.05 * sheet) for sheet in range(SHEETS)])


@every_op
def test_it_names_steps_where_it_says_so(op: Op) -> None:
    def steps(sample: Sample) -> Steps:
        step = Steps("y")
        called(op, quantities(op, [array.shape for array in sample.inputs]), sample.options, step)
        return step

    assert op.stepped == any(steps(sample).made for sample in RECORDS[op.name].samples)


@every_sample
def test_its_named_steps_lie_on_the_way_to_its_value(op: Op, sample: Sample) -> None:
    """So that a student's own number for a step is used in what follows from it."""
    if not op.stepped:
        return
    one = Try(op, sample)
    step = Steps("y")
    y = called(op, one.inputs, sample.options, step)
    on_the_way = {quantity for name, quantity in step.made.items() if name not in step.aside}
    assert on_the_way <= set(order([y]))
    numbers = {quantity: array[np.newaxis] for quantity, array in one.at.items()}
    plain, stepped = evaluate([one.y, y], numbers)
    np.testing.assert_allclose(stepped, plain, rtol=1e-14)  # numbers are not drawn together across a name


@every_bad_call
def test_a_bad_call_is_refused_in_words(op: Op, call: Bad) -> None:
    names = [*(parameter.name for parameter in op.parameters), "surplus"]
    with pytest.raises(Misfit) as caught:
        op(*map(_argument, names, call.arguments), **call.options)
    assert call.words in caught.value.message
    # Every argument that the message points at is spelled out.
    assert not re.search(r"[{}]", caught.value.told(str))


def _argument(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_argument(f"{name}[{i}]", item) for i, item in enumerate(value)]
    return Quantity(name, shape=value) if isinstance(value, tuple) else value
