"""Matrix products: transposes that are missing, factors in the wrong order or from the wrong layer."""

from __future__ import annotations

from collections.abc import Iterator

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Quantity, Use
from hwcheck.misconceptions.activations import VALUES
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import is_call, leaves, named, same_shape, told, weight_in, weights
from hwcheck.misconceptions.way_back import again


def _square(node: Node) -> bool:
    return len(node.shape) == 2 and node.shape[0] == node.shape[1] > 1


@misconception(of="gradient", ops=["matmul"])
def transpose_left_out_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back a matrix is used as it is, where its transpose belongs.

    Why it is wrong: for y = W @ x the gradient in x is W.T @ g: what row i of W sent forward comes back through column
    i of its transpose.
    How to see it: with a matrix that is not square the shapes do not fit; with a square one, work out a single entry.
    """
    a, b = share.call.inputs
    other = a if share.position else b
    if _square(other):
        yield Instead(a @ share.g if share.position else share.g @ b, told(other))
    if _square(share.g):
        yield Instead(again(share, share.g.T), "the gradient")


@misconception(of="value", ops=["matmul"])
def matrix_transposed(call: Call, place: Place) -> Iterator[Instead]:
    """A matrix of the product is transposed, or not transposed where it should be.

    Why it is wrong: row i of the first factor meets column j of the second; with a transposed factor rows and columns
    are exchanged.
    How to see it: work out a single entry as row times column.
    """
    a, b = call.inputs
    if _square(a):
        yield Instead(a.T @ b, told(a))
    if _square(b):
        yield Instead(a @ b.T, told(b))


@misconception(of="value", ops=["matmul"])
def product_order_reversed(call: Call, place: Place) -> Iterator[Instead]:
    """The factors of a matrix product are in the wrong order.

    Why it is wrong: A @ B and B @ A are different matrices.
    How to see it: with matrices that are not square the shapes do not fit; with square ones, work out a single entry.
    """
    a, b = call.inputs
    if _square(a) and _square(b):
        yield Instead(b @ a)


@misconception(of="value", ops=["matmul"])
def elementwise_for_matrix_product(call: Call, place: Place) -> Iterator[Instead]:
    """The matrices are multiplied entry by entry, where the matrix product is meant.

    Why it is wrong: an entry of A @ B is a whole row of A times a whole column of B.
    How to see it: a zero in A leaves a zero at the same place, which a matrix product does not.
    """
    a, b = call.inputs
    if _square(a) and _square(b):
        yield Instead(a * b)


@misconception(of="value", ops=["multiply"])
def matrix_for_elementwise_product(call: Call, place: Place) -> Iterator[Instead]:
    """The matrix product is taken where the product entry by entry is meant.

    Why it is wrong: the formula has a product entry by entry, also called Hadamard product: every entry meets only the
    one at its own place.
    How to see it: change a single entry of one factor; only a single entry of the result may move.
    """
    a, b = call.inputs
    if _square(a) and _square(b):
        yield Instead(a @ b)


@misconception(of="gradient", ops=["matmul"])
def outer_product_turned(share: Share, place: Place) -> Iterator[Instead]:
    """The outer product for the weights' gradient has its factors in the wrong order, so it comes out transposed.

    Why it is wrong: the entry in row i and column j belongs to the weight from input j to unit i: g[i] * x[j] for
    y = W @ x.
    How to see it: the gradient must have the shape of W; where W is square, try one entry.
    """
    if _square(share.node) and (weight_in(share.input, place.problem) or _is_outer(share)):
        yield Instead(share.node.T)


def _is_outer(share: Share) -> bool:
    return 1 in (len(share.call.inputs[0].shape), len(share.call.inputs[1].shape))


@misconception(of="value", ops=["outer"])
def outer_product_reversed(call: Call, place: Place) -> Iterator[Instead]:
    """The factors of the outer product are in the wrong order, so it comes out transposed.

    Why it is wrong: entry (i, j) of the outer product of a and b is a[i] * b[j].
    How to see it: the entries of one row share the same a[i].
    """
    a, b = call.inputs
    if a is not b:
        yield Instead(call.op(b, a))


@misconception(of="quantity")
def result_transposed(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """Rows and columns are exchanged: the result is transposed.

    Why it is wrong: which index is the row is part of the problem: the unit or the feature, the sample or the word.
    How to see it: the numbers are right, but those of row i stand in column i.
    """
    body = quantity.body
    outer_or_product = is_call(body, "outer", "multiply") if body is not None else False
    added_up = place.step is not None and len(place.step.terms) > 1 and not any(t.share for t in place.step.terms)
    if body is not None and _square(body) and (place.step is None or added_up) and not outer_or_product:
        yield Instead(body.T)


def _without_activation(quantity: Quantity) -> Quantity | None:
    """The weighted sum that a layer's output is the activation of."""
    body = quantity.body
    if isinstance(body, Call) and body.op.name in VALUES:
        return named(body.inputs[0])
    return None


def factor_of_weight(share: Share, place: Place) -> Quantity | None:
    """The quantity that a weight is multiplied by, whose values stand in the weight's gradient."""
    other = share.call.inputs[1 - share.position]
    known = named(other)
    if weight_in(share.input, place.problem) is None or known is None or known.size != other.size:
        return None
    return known


def with_factor(share: Share, new: Quantity) -> Node:
    """The share with another quantity in place of the one that its input is multiplied by."""
    position = 1 - share.position
    inputs = list(share.call.inputs)
    inputs[position] = _put(inputs[position], new)
    call = Call(share.call.op, dict(zip(share.call.names, inputs, strict=True)), share.call.options, share.call.shape)
    return again(share._replace(call=call), share.g)


def _put(node: Node, new: Quantity) -> Node:
    """The node with another quantity, through whatever changes its shape."""
    around: list[Call] = []
    while isinstance(node, Call):
        around.append(node)
        node = node.inputs[0]
    node = new
    for call in reversed(around):
        node = call.op(node, **call.options)
    return node


@misconception(of="gradient", ops=["matmul"])
def weighted_sum_for_activation(share: Share, place: Place) -> Iterator[Instead]:
    """The weights' gradient is made with the layer's weighted sum z in place of its output, the activation.

    Why it is wrong: what the weights were multiplied by on the way forward is the output behind the activation
    function, so that is what stands in their gradient.
    How to see it: where a ReLU gives 0, the column of the weights that it feeds must have gradient 0.
    """
    known = factor_of_weight(share, place)
    before = None if known is None else _without_activation(known)
    if known is not None and before is not None and before.shape == known.shape:
        yield Instead(with_factor(share, before))


@misconception(of="gradient", ops=["matmul"])
def input_of_another_layer(share: Share, place: Place) -> Iterator[Instead]:
    """The weights' gradient is made with the values of another layer than the one that feeds these weights.

    Why it is wrong: the gradient of W in y = W @ x is made of what arrives at y and of x itself: what went into this
    layer, not what came out of it or went into another.
    How to see it: ask what each weight was multiplied by on the way forward.
    """
    known = factor_of_weight(share, place)
    if known is None:
        return
    before = _without_activation(known)
    problem = place.problem
    for other in same_shape(known, [problem.quantities[name] for name in (*problem.inputs, *problem.lines)]):
        if other is not before:
            yield Instead(with_factor(share, other), other.name)


@misconception(of="gradient", ops=["matmul"], rare=True)
def gradient_of_another_layer(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient that arrives is taken from another layer.

    Why it is wrong: every step starts from the gradient of its own output.
    How to see it: follow the arrows of the network back from the loss, one step at a time.
    """
    arrived = share.g
    if not isinstance(arrived, Quantity) or isinstance(share.input, Use):
        return
    problem = place.problem
    lines = [problem.gradients[name] for name in problem.lines if name in problem.gradients]
    for other in same_shape(arrived, lines):
        if other is not place.quantity and other.body is not None and leaves(other.body):
            yield Instead(again(share, other), other.name)


@misconception(of="value", ops=["matmul"])
def weights_of_another_layer(call: Call, place: Place) -> Iterator[Instead]:
    """The weights of another layer are used.

    Why it is wrong: every layer has weights of its own; a recurrent layer has one matrix for the input and another for
    its state.
    How to see it: put the right matrix into one entry and compare.
    """
    for position, factor in enumerate(call.inputs):
        own = weight_in(factor, place.problem)
        for other in () if own is None else same_shape(own, weights(place.problem)):
            inputs = list(call.inputs)
            inputs[position] = _put(factor, other)
            yield Instead(call.op(*inputs), other.name)


@misconception(of="gradient", ops=["matmul"])
def weights_of_another_layer_on_the_way_back(share: Share, place: Place) -> Iterator[Instead]:
    """On the way back the weights of another layer are used.

    Why it is wrong: the gradient goes back through the same weights that the values went forward through.
    How to see it: name the layer between the two quantities; its weights are the ones.
    """
    own = weight_in(share.call.inputs[1 - share.position], place.problem)
    for other in () if own is None else same_shape(own, weights(place.problem)):
        yield Instead(with_factor(share, other), other.name)
