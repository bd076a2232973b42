"""Normalization done wrong: its mean, its variance, what it divides by, and its way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from hwcheck.graph.node import Call, Constant, Node, Quantity
from hwcheck.graph.rewrite import replaced, within
from hwcheck.misconceptions.anew import (
    anew,
    calls_in,
    centred,
    in_a_layer,
    inputs_of,
    is_op,
    is_squared_deviation,
    number,
    opened,
    product_of,
    redone,
    within_mean,
    zeros,
)
from hwcheck.misconceptions.catalogue import is_gradient
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.ops.arrays import reshape
from hwcheck.ops.functions import rooted, sqrt
from hwcheck.ops.reductions import mean

LAYERS = ("layer_norm", "batch_norm", "group_norm", "instance_norm", "rms_norm")
SMALL = 0.02  # what is added below a root or a line and is not larger than this is an epsilon


class _Squares(NamedTuple):
    """A sum of squared deviations of so many ``entries``, divided by a number."""

    total: Node
    entries: int
    divisor: float


def _squares(call: Call) -> _Squares | None:
    if is_op(call, "mean") and is_squared_deviation(call.inputs[0]):
        count = call.inputs[0].size // call.size
        return _Squares(call * count, count, count)
    if is_op(call, "divide") and is_op(call.inputs[0], "sum"):
        above, divisor = call.inputs[0], number(call.inputs[1])
        assert isinstance(above, Call)  # noqa: S101  its op was asked for
        if divisor is not None and is_squared_deviation(above.inputs[0]):
            return _Squares(above, above.inputs[0].size // above.size, divisor)
    return None


@misconception(of="quantity")
def variance_divided_by_n_minus_one(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The variance is divided by n - 1 where it is to be by n, or the reverse.

    Why it is wrong: normalization layers divide the sum of squares by the number n of entries; n - 1 is for estimating
    the variance of a population from a sample.
    How to see it: the result times n must be the sum of the squared differences.
    """

    def corrected(call: Call) -> Mapping[str, Any] | None:
        name = "ddof" if is_op(call, "var", "std") else "correction"
        return {name: 1 - call.options[name]} if call.options.get(name) in (0, 1) else None

    for node in redone(place, ("layer_norm", "batch_norm", "var", "std"), corrected):
        yield Instead(node)
    if quantity.body is None or is_gradient(place.problem, quantity) or "." in quantity.name:
        return
    for call in [node for node in within(quantity.body) if isinstance(node, Call)]:
        squares = _squares(call)
        if squares is not None and squares.entries > 1 and not _in_a_layer(quantity.body, call):
            divisor = squares.entries - 1 if squares.divisor == squares.entries else squares.entries
            yield Instead(replaced(quantity.body, {call: squares.total / divisor}))


@misconception(of="value", ops=["var", "std", "mean", "divide"])
def standard_deviation_for_variance(call: Call, place: Place) -> Iterator[Instead]:
    """The standard deviation is given in place of the variance, or the variance in place of the standard deviation.

    Why it is wrong: the variance is the mean of the squares; the standard deviation is its root.
    How to see it: the variance has the unit of the entries squared.
    """
    if is_op(call, "std"):
        yield Instead(call**2)
    elif is_op(call, "var") or (_squares(call) is not None and not in_a_layer(place, call)):
        yield Instead(sqrt(call))


def _in_a_layer(body: Node, call: Call) -> bool:
    """Whether a call is part of a composite layer, which has its own options."""
    layers = [node for node in within(body) if is_op(node, *LAYERS, "var", "std")]
    return any(call in within(layer) for layer in layers)


def _small(node: Node) -> float:
    value = number(node)
    return value if value is not None and 0 < value <= SMALL else 0.0


def _parts_with_epsilon(node: Node) -> tuple[Node, Node] | None:
    """V and the epsilon, of ``v + epsilon``."""
    if is_op(node, "add") and isinstance(node, Call):
        first, second = node.inputs
        if _small(second):
            return first, second
        if _small(first):
            return second, first
    return None


class _Layer(NamedTuple):
    """A normalization layer as it is worked by hand."""

    call: Call
    axes: tuple[int, ...]

    def normalized(self, axes: tuple[int, ...], centre: bool = True, root: bool = True) -> Node:
        """The result, with its statistics over other axes or without one of its parts."""
        given, options = inputs_of(self.call), self.call.options
        x = given["x"]
        apart = x if is_op(self.call, "rms_norm") else x - mean(x, axis=axes, keepdims=True)
        variance = mean(apart**2, axis=axes, keepdims=True)
        eps = options["eps"] or 0.0
        below = variance + eps
        if root:
            below = rooted(variance, eps, options["eps_place"])
        y = (apart if centre else x) / below
        if "weight" in given:
            y = y * self.aligned(given["weight"])
        return y + self.aligned(given["bias"]) if "bias" in given else y

    def aligned(self, parameter: Node) -> Node:
        """Weight or bias, with an axis of length 1 for each axis behind its own."""
        if is_op(self.call, "layer_norm", "rms_norm"):
            return parameter
        axis = self.call.options.get("axis", 1)
        rank = len(self.call.shape)
        return reshape(parameter, (*parameter.shape, *[1] * (rank - 1 - axis % rank)))


def _layer(call: Call) -> _Layer | None:
    """A layer whose statistics are over whole axes of its input."""
    rank = len(call.shape)
    if call.options.get("correction"):
        return None
    if is_op(call, "layer_norm", "rms_norm"):
        wanted = call.options["normalized_shape"]
        return _Layer(call, tuple(range(-(1 if wanted is None else len(wanted)), 0)))
    if is_op(call, "instance_norm"):
        return _Layer(call, tuple(range(2 - rank, 0)))
    if is_op(call, "batch_norm") and call.options["training"]:
        own = call.options["axis"] % rank - rank
        return _Layer(call, tuple(axis for axis in range(-rank, 0) if axis != own))
    return None


def _hides_its_root(call: Call) -> bool:
    """Whether a layer stands in a line of its own, so that its root belongs to one of its steps."""
    return is_op(call, *LAYERS) and not calls_in(call, ["sqrt"])


@misconception(of="value", ops=["sqrt", "add", *LAYERS])
def epsilon_in_the_wrong_place(call: Call, place: Place) -> Iterator[Instead]:
    """The epsilon is added outside the root where it belongs inside, or the reverse, or is left out.

    Why it is wrong: sqrt(v + eps) and sqrt(v) + eps are different numbers, and with eps left out nothing keeps the
    divisor from 0.
    How to see it: work one entry with a large epsilon, such as 1, both ways.
    """
    if is_op(call, *LAYERS):
        if call.options["eps"] and _hides_its_root(call):
            other = "outside" if call.options["eps_place"] == "inside" else "inside"
            yield Instead(anew(call, eps_place=other), f"{other} the root")
            yield Instead(anew(call, eps=0.0), "left out")
        return
    parts = _parts_with_epsilon(call.inputs[0] if is_op(call, "sqrt") else call)
    if parts is None:
        return
    inside, eps = parts
    if is_op(call, "sqrt"):
        yield Instead(sqrt(inside) + eps, "outside the root")
        yield Instead(sqrt(inside), "left out")
    elif is_op(inside, "sqrt") and isinstance(inside, Call):
        yield Instead(sqrt(inside.inputs[0] + eps), "inside the root")
        yield Instead(inside, "left out")


@misconception(of="value", ops=LAYERS)
def divided_by_the_variance(call: Call, place: Place) -> Iterator[Instead]:
    """The root is left out: what is divided by is the variance, or a sum of squares, itself.

    Why it is wrong: the standard deviation, which has the unit of the entries, is the root of the variance.
    How to see it: normalized entries must have a variance of 1.
    """
    layer = _layer(call)
    if layer is not None and _hides_its_root(call):
        yield Instead(layer.normalized(layer.axes, root=False))


@misconception(of="value", ops=["divide", *LAYERS])
def mean_not_subtracted(call: Call, place: Place) -> Iterator[Instead]:
    """The mean is not taken off before the division by the standard deviation.

    Why it is wrong: normalized entries have a mean of 0; for that the mean is subtracted first.
    How to see it: add up the normalized entries: their sum must be 0.
    """
    if is_op(call, "divide"):
        above, below = call.inputs
        x = centred(above)
        if x is not None:
            yield Instead(x / below)
        return
    layer = _layer(call)
    if layer is not None and _hides_its_root(call) and not is_op(call, "rms_norm"):
        yield Instead(layer.normalized(layer.axes, centre=False))


@misconception(of="value", ops=LAYERS)
def normalized_over_the_wrong_axes(call: Call, place: Place) -> Iterator[Instead]:
    """Mean and variance are taken over other axes than those of this kind of normalization.

    Why it is wrong: batch normalization takes them over the batch, for each channel; layer normalization over the
    features, for each sample; instance normalization over the space, for each channel of each sample.
    How to see it: the normalized entries must have a mean of 0 along the axes that the statistics are over.
    """
    layer = _layer(call)
    if layer is None:
        return
    rank = len(call.shape)
    for count in range(1, rank + 1):
        for axes in combinations(range(-rank, 0), count):
            taken = [axis for axis in axes if call.shape[axis] > 1]
            if taken and axes != layer.axes:
                named = ", ".join(str(axis + rank) for axis in axes)
                yield Instead(layer.normalized(axes), f"over axis {named}" if count == 1 else f"over axes {named}")


@misconception(of="value", ops=LAYERS)
def scale_and_shift_confused(call: Call, place: Place) -> Iterator[Instead]:
    """The scale of the normalization, gamma, is left out, or has changed places with the shift, beta.

    Why it is wrong: the normalized entries are multiplied by gamma, and beta is added.
    How to see it: where the normalized entry is 0 the result must be beta.
    """
    scaled = _scaled(call)
    if scaled is None:
        return
    xhat, gamma, beta = scaled
    yield Instead(xhat if beta is None else xhat + beta, "gamma is left out")
    if beta is not None and gamma.shape == beta.shape:
        yield Instead(xhat * beta + gamma, "gamma and beta are swapped")
        yield Instead((xhat + beta) * gamma, "beta is added before gamma multiplies")


def _scaled(call: Call) -> tuple[Node, Node, Node | None] | None:
    """What is multiplied by gamma, gamma, and beta where there is one."""
    given, body = inputs_of(call), call.body
    if "weight" not in given or body is None:
        return None
    beta = None
    if "bias" in given and isinstance(body, Call):
        body, beta = body.inputs
    factors = product_of(body)
    return None if factors is None else (*factors, beta)


@misconception(of="quantity")
def running_statistics_confused(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The running statistics are used where those of the batch belong, or the reverse.

    Why it is wrong: in training a batch is normalized by its own mean and variance; the running ones are for later.
    How to see it: in training each normalized channel of the batch must have a mean of 0.
    """
    if quantity.body is not None and is_op(quantity.body, "batch_norm"):
        call = quantity.body
        assert isinstance(call, Call)  # noqa: S101  its op was asked for
        if "running_mean" in inputs_of(call) and "running_var" in inputs_of(call):
            yield Instead(anew(call, training=not call.options["training"]))


def _statistics(place: Place) -> tuple[list[Quantity], list[Quantity]]:
    """The gradients of means, and of variances, that a gradient is made of."""
    body = place.quantity.body
    means: list[Quantity] = []
    variances: list[Quantity] = []
    if body is None or not is_gradient(place.problem, place.quantity):
        return means, variances
    of = {gradient.name: name for name, gradient in place.problem.gradients.items()}
    own = of.get(place.quantity.name)
    if own is not None and within_mean(place.problem.quantities[own]):
        return means, variances  # what comes from the variance adds up to 0 there
    for node in within(body):
        name = of.get(node.name, "") if isinstance(node, Quantity) else ""
        made = opened(place.problem.quantities[name]) if name and name != place.problem.loss else None
        if isinstance(made, Call) and isinstance(node, Quantity):
            if _squares(made) is not None or is_op(made, "var") or name.endswith((".var", ".mean_square")):
                variances.append(node)
            elif is_op(made, "mean") and not isinstance(node.body, Constant):
                means.append(node)
    return means, variances


@misconception(of="quantity")
def statistics_taken_as_constants(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """On the way back mean and variance are taken as constants: what comes back is only divided by the root.

    Why it is wrong: every entry changes the mean and the variance of its group, and through them all other entries.
    How to see it: the gradient before the normalization must add up to 0 along the axes that the mean is over.
    """
    means, variances = _statistics(place)
    if quantity.body is not None and means and variances:
        yield Instead(replaced(quantity.body, {gradient: zeros(gradient) for gradient in (*means, *variances)}))
