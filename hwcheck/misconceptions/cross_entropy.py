"""Cross-entropy done wrong: the target, the class, what goes into it, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hwcheck.graph.differentiate import Share
from hwcheck.graph.node import Call, Node, Quantity
from hwcheck.graph.rewrite import replaced
from hwcheck.misconceptions.anew import anew, calls_in, inputs_of, is_op, opened, redone
from hwcheck.misconceptions.class_gradients import LOGARITHMS, met_targets, moved_classes, moved_labels
from hwcheck.misconceptions.misconception import Instead, Place, misconception
from hwcheck.misconceptions.parts import leaves
from hwcheck.ops.activations import log_softmax, sigmoid, softmax, softplus
from hwcheck.ops.functions import log
from hwcheck.ops.information import xlogy
from hwcheck.ops.losses import reduced, weighted
from hwcheck.ops.losses_classes import one_hot
from hwcheck.ops.reductions import sum as total
from hwcheck.ops.reductions import summed

CLASS_LOSSES = ("cross_entropy", "nll_loss")
FROM_LOGITS = ("cross_entropy", "perplexity", "focal_loss")
BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


def _class_axis(call: Call) -> int:
    """The axis of the classes: the one that is named, the only one, or the one behind the batch."""
    axis: int | None = call.options["axis"]
    rank = len(inputs_of(call)["input"].shape)
    return axis if axis is not None else (-1 if rank == 1 else 1 - rank)


@misconception(of="value", ops=CLASS_LOSSES)
def all_classes_counted(call: Call, place: Place) -> Iterator[Instead]:
    """The logarithms of all classes are added up, where only that of the right class counts.

    Why it is wrong: the target is 0 for every class but the right one, and takes their logarithms out of the sum.
    How to see it: of a one-hot target one logarithm is left.
    """
    logits = inputs_of(call)["input"]
    if not call.shape and call.options["ignore_index"] is None and "weight" not in inputs_of(call):
        axis = _class_axis(call)
        probabilities = is_op(call, "cross_entropy") and not call.options["from_logits"]
        given = log(logits) if probabilities else logits
        logs = log_softmax(logits, axis=axis) if _takes_logits(call) else given
        samples = logits.size // logits.shape[axis]
        whole = -total(logs)
        yield Instead(whole / samples if call.options["reduction"] == "mean" and samples > 1 else whole)


def _takes_logits(call: Call) -> bool:
    return is_op(call, "cross_entropy") and bool(call.options["from_logits"])


@misconception(of="gradient", ops=["log_softmax", "softmax"])
def target_left_out_of_the_gradient(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the cross-entropy in the logits is given as p, where the target belongs in it too: p - t.

    Why it is wrong: without the target every logit would be pushed down, that of the right class as well.
    How to see it: the gradient in the logits must add up to 0 for each sample, and be negative at the right class.
    """
    axis = share.call.options["axis"]
    if is_op(share.call, "log_softmax"):
        yield Instead(-(softmax(share.input, axis=axis) * summed(share.g, axis, keepdims=True)))
    elif any(met_targets(place, share.input)):
        yield Instead(-(share.y * summed(share.g * share.y, axis, keepdims=True)))


@misconception(of="gradient", ops=["logistic_loss", "sigmoid"])
def target_left_out_of_the_binary_gradient(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the binary cross-entropy in the logit is given as p, where the target belongs in it too: p - t.

    Why it is wrong: without the target every logit would be pushed down, also where the answer is yes.
    How to see it: where the target is 1 the gradient must be negative.
    """
    if is_op(share.call, "sigmoid"):
        for met in met_targets(place, share.input):
            yield Instead(met.p / met.divisor)
    elif share.position == 0:
        yield Instead(share.g * sigmoid(share.input))


@misconception(of="gradient", ops=["log_softmax"])
def gradient_at_the_right_class_only(share: Share, place: Place) -> Iterator[Instead]:
    """The gradient of the cross-entropy is p - 1 at the right class, and 0 at all others.

    Why it is wrong: the other classes' logits stand in the sum below the line of the softmax: the gradient there is p.
    How to see it: the gradient in the logits must add up to 0 for each sample.
    """
    classes = [node for node in calls_in(share.node, ["one_hot"]) if node.shape == share.node.shape]
    for hot in classes[:1]:
        yield Instead(share.node * hot)


@misconception(of="quantity")
def class_counted_from_one(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The class is one beside the one that is named, because classes are counted from 1 in place of 0, or the reverse.

    Why it is wrong: here class 0 is the first, so class 2 is the third entry.
    How to see it: write the number of each entry above it, beginning with 0.
    """
    if quantity.body is None:
        return
    calls = calls_in(quantity.body, ["class_entry", "one_hot"])
    rows = [t for t in leaves(quantity.body) if _names_classes(t, place)]
    met = () if place.step is None else tuple(met_targets(place, place.step.of))
    for step, detail in ((-1, "the class before"), (1, "the class after")):
        for round_the_end in (False, True):
            changes: dict[Node, Node] = {call: _moved(call, step, round_the_end) for call in calls}
            changes |= {t: moved_classes(t, step, -1, round_the_end) for t in rows}
            if changes:
                yield Instead(replaced(quantity.body, changes), detail)
                continue
            for p, t, divisor, axis in met:
                # Of a single sample whose class has none beside it no target would be left.
                if is_op(opened(p), "softmax") and (round_the_end or t.size > t.shape[axis]):
                    yield Instead((p - moved_classes(t, step, axis, round_the_end)) / divisor, detail)


def _names_classes(t: Quantity, place: Place) -> bool:
    """Whether a quantity is given as rows with a single 1, and meets a logarithm in some line."""
    stated = place.problem.values.get(t.name)
    if stated is None or t.name not in place.problem.inputs or not t.shape or t.shape[-1] < 2:
        return False
    hot = bool(((stated == 0) | (stated == 1)).all() and (stated.sum(axis=-1) == 1).all())
    lines = [place.problem.quantities[name].body for name in place.problem.lines]
    return hot and any(body is not None and t in leaves(body) and calls_in(body, LOGARITHMS) for body in lines)


def _moved(call: Call, step: int, round_the_end: bool) -> Node:
    if is_op(call, "one_hot"):
        axis = call.options["axis"]
        return moved_classes(call, step, axis, round_the_end)
    given = inputs_of(call)
    return anew(call, labels=moved_labels(given["labels"], step, given["x"].shape[call.options["axis"]], round_the_end))


@misconception(of="quantity")
def softmax_applied_twice(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """Probabilities are given to a loss that takes logits, so that the softmax or sigmoid is applied twice.

    Why it is wrong: the loss takes the softmax of its input itself; that of probabilities, which all lie between 0 and
    1, is nearly even.
    How to see it: the loss stays far from 0 even where the right class has nearly all of the probability.
    """
    for node in redone(place, (*FROM_LOGITS, BINARY[1]), _squashed_first):
        yield Instead(node)
    if quantity.body is not None:
        for call in calls_in(quantity.body, ["binary_cross_entropy"]):
            changed = anew(call, input=sigmoid(inputs_of(call)["input"]))
            yield Instead(replaced(quantity.body, {call: changed}))


def _squashed_first(call: Call) -> Mapping[str, Any] | None:
    given = inputs_of(call)["input"]
    if is_op(call, "focal_loss", BINARY[1]):
        return (
            {"input": sigmoid(given), "from_logits": True} if is_op(call, "focal_loss") else {"input": sigmoid(given)}
        )
    if not given.shape:
        return None
    axis = _class_axis(call)
    from_logits = call.options["from_logits"]
    return {"input": softmax(given, axis=axis) if from_logits else given, "from_logits": True}


@misconception(of="quantity")
def logits_taken_for_probabilities(quantity: Quantity, place: Place) -> Iterator[Instead]:
    """The logarithm is taken of the logits themselves, without a softmax or sigmoid before it.

    Why it is wrong: logits are no probabilities: they can be negative, where there is no logarithm, or larger than 1.
    How to see it: a logit above 1 makes the loss negative, which a cross-entropy of classes never is.
    """
    for node in redone(
        place, FROM_LOGITS, lambda call: {"from_logits": False} if call.options["from_logits"] else None
    ):
        yield Instead(node)
    if quantity.body is not None:
        for call in calls_in(quantity.body, [BINARY[1]]):
            given = inputs_of(call)
            if "pos_weight" not in given:
                entries = -(xlogy(given["target"], given["input"]) + xlogy(1 - given["target"], 1 - given["input"]))
                loss = reduced(weighted(entries, given.get("weight")), call.options["reduction"])
                yield Instead(replaced(quantity.body, {call: loss}))


@misconception(of="value", ops=["binary_cross_entropy", "logistic_loss"])
def one_binary_term_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """Only one of the two terms of the binary cross-entropy is there.

    Why it is wrong: without (1 - t) * log(1 - p) a sample whose target is 0 costs nothing, whatever is answered;
    without t * log(p) it is the samples whose target is 1.
    How to see it: look at a sample with each target; both must add to the loss.
    """
    if is_op(call, "logistic_loss"):
        x, t = call.inputs
        yield Instead(t * softplus(-x), "(1 - t) * log(1 - p) is left out")
        yield Instead((1 - t) * softplus(x), "t * log(p) is left out")
        return
    given = inputs_of(call)
    p, t = given["input"], given["target"]
    for entries, gone in ((-xlogy(t, p), "(1 - t) * log(1 - p)"), (-xlogy(1 - t, 1 - p), "t * log(p)")):
        yield Instead(reduced(weighted(entries, given.get("weight")), call.options["reduction"]), f"{gone} is left out")


@misconception(of="gradient", ops=["logistic_loss"])
def one_binary_term_left_out_of_the_gradient(share: Share, place: Place) -> Iterator[Instead]:
    """Only one of the two terms of the binary cross-entropy is differentiated.

    Why it is wrong: t * log(p) gives t * (p - 1) and (1 - t) * log(1 - p) gives (1 - t) * p; together they are p - t.
    How to see it: look at a sample with each target; both must have a gradient.
    """
    if share.position == 0:
        p, t = sigmoid(share.input), share.call.inputs[1]
        yield Instead(share.g * t * (p - 1), "that with t alone")
        yield Instead(share.g * (1 - t) * p, "that with 1 - t alone")


@misconception(of="value", ops=BINARY)
def binary_targets_swapped(call: Call, place: Place) -> Iterator[Instead]:
    """The target and its opposite have changed places: (1 - t) * log(p) + t * log(1 - p).

    Why it is wrong: p is the probability of the target 1, so log(p) belongs to t.
    How to see it: a confident and right answer must cost little.
    """
    yield Instead(anew(call, target=1 - inputs_of(call)["target"]))


@misconception(of="value", ops=["cross_entropy"])
def label_smoothing_ignored(call: Call, place: Place) -> Iterator[Instead]:
    """The targets are used as they are: the label smoothing is left out.

    Why it is wrong: with a smoothing e the right class has a target of 1 - e + e / C, and each other class e / C.
    How to see it: with the smoothing set to 0 the right result is the same as this one.
    """
    if call.options["label_smoothing"]:
        yield Instead(anew(call, label_smoothing=0))


@misconception(of="value", ops=["cross_entropy"])
def label_smoothing_spread_over_the_others(call: Call, place: Place) -> Iterator[Instead]:
    """What label smoothing takes from the right class is shared out among the other classes only.

    Why it is wrong: here the share e is spread over all C classes, the right one too, which keeps 1 - e + e / C.
    How to see it: the smoothed target of a wrong class must be e / C, not e / (C - 1).
    """
    smoothing, target = call.options["label_smoothing"], inputs_of(call)["target"]
    logits = inputs_of(call)["input"]
    axis = _class_axis(call)
    count = logits.shape[axis]
    if not smoothing or count < 2 or call.options["ignore_index"] is not None:
        return
    hot = target if target.shape == logits.shape else one_hot(target, count, axis=axis)
    spread = (1 - smoothing) * hot + smoothing / (count - 1) * (1 - hot)
    loss = anew(call, target=spread, label_smoothing=0)
    if loss.shape == call.shape:
        yield Instead(loss)


@misconception(of="value", ops=CLASS_LOSSES)
def averaged_over_the_classes_too(call: Call, place: Place) -> Iterator[Instead]:
    """The loss is divided by the number of classes as well: a mean over the classes stands where their sum belongs.

    Why it is wrong: the cross-entropy of a sample is the sum over its classes; only the samples are averaged.
    How to see it: of a one-hot target one logarithm is left, -log(p) of the right class, not a part of it.
    """
    logits = inputs_of(call)["input"]
    axis = _class_axis(call)
    yield Instead(call / logits.shape[axis])


@misconception(of="value", ops=CLASS_LOSSES)
def class_weights_ignored(call: Call, place: Place) -> Iterator[Instead]:
    """The weights of the classes are left out of the loss, or of the number that its mean is divided by.

    Why it is wrong: each sample counts with the weight of its class, in the sum and in what the sum is divided by.
    How to see it: with all weights 1 the right result is the same as this one.
    """
    if "weight" in inputs_of(call):
        yield Instead(anew(call, weight=None), "left out")
        if call.options["reduction"] == "mean" and call.options["ignore_index"] is None:
            yield Instead(anew(call, reduction="batchmean"), "divided by the number of samples")


@misconception(of="value", ops=["focal_loss"])
def focal_factor_left_out(call: Call, place: Place) -> Iterator[Instead]:
    """A factor of the focal loss is left out, or stands for the wrong class.

    Why it is wrong: each term is -alpha_t * (1 - p_t)**gamma * log(p_t): alpha_t is alpha where the target is 1 and
    1 - alpha where it is 0, and (1 - p_t)**gamma makes easy samples count less.
    How to see it: work one sample with each target, and write the three factors beside one another.
    """
    if call.options["gamma"]:
        yield Instead(anew(call, gamma=0), "(1 - p_t)**gamma is left out")
    alpha = call.options["alpha"]
    if alpha is not None:
        yield Instead(anew(call, alpha=None), "alpha_t is left out")
        if alpha != 0.5:
            yield Instead(anew(call, alpha=1 - alpha), "alpha and 1 - alpha are swapped")
        yield Instead(alpha * anew(call, alpha=None), "alpha stands at both targets")
