"""The perceptron's rule, and gradients clipped before a step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from hwcheck.graph.node import Array, Labels, Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.arithmetic import maximum, minimum
from hwcheck.ops.bounds import require_from
from hwcheck.ops.functions import abs, sqrt
from hwcheck.ops.labels import outside
from hwcheck.ops.reductions import largest, sum
from hwcheck.ops.shapes import require_rank


def _no_label(
    weight: Array, input: Array, target: Array, *bias: Array, lr: float, labels: str, at_zero: str
) -> Iterator[str]:
    low = -1 if labels == "signs" else 0
    return outside("target", target, (low, 1), f"a label is {low} or 1 (labels={labels!r})")


@composite(domain=_no_label)
def perceptron_update(
    step: Steps,
    weight: Node,
    input: Node,
    target: Labels,
    bias: Node | None = None,
    lr: float = 1.0,
    labels: Literal["signs", "bits"] = "signs",
    at_zero: Literal["mistake", "positive", "negative"] = "mistake",
) -> Node:
    """The perceptron's rule for one sample: after a mistake ``weight + lr * target * input``, else the weight itself.

    A mistake is a score ``weight @ input + bias`` on the wrong side of 0. The bias follows by ``lr * target``. The
    steps are score, mistake (1 or 0), change, which is added to the weight, and, with a bias, bias, the new one.

    weight: (D,).
    input: the sample, (D,).
    target: its label, a single number.
    bias: a single number; None leaves it out.
    lr: the learning rate.
    labels: 'signs': -1 or 1; 'bits': 0 or 1, where 0 stands for -1 in the rule, so that the change is
    ``lr * (target - prediction) * input``.
    at_zero: what a score of 0 is: a 'mistake' whatever the label, or the 'positive' or the 'negative' class.
    Elsewhere: scikit-learn's Perceptron takes a score of 0 for a mistake too; courses with a step function of their own
    say which side 0 is on.
    Source: Rosenblatt, The perceptron: a probabilistic model for information storage and organization in the brain
    (1958); Bishop, Pattern recognition and machine learning (2006), equation 4.55.
    Example: perceptron_update(w, x, y, b, lr=0.5); w = [1, -1]; x = [2, 4]; y = 1; b = 0
    """
    require_rank("weight", weight.shape, (1,), "features")
    if input.shape != weight.shape:
        raise Misfit(f"{{input}} is {spell_shape(input.shape)}, but {{weight}} is {spell_shape(weight.shape)}")
    require_rank("target", target.shape, (0,), "one label")
    require_from(0, lr=lr)
    score = weight @ input
    if bias is not None:
        require_rank("bias", bias.shape, (0,), "one number")
        score = score + bias
    score = step("score", score)
    sign = 2 * (target > 0) - 1  # of both kinds of labels
    mistake = step("mistake", _mistaken(sign * score, sign, at_zero))
    change = lr * mistake * sign
    if bias is not None:
        step.beside("bias", bias + change)
    return weight + step("change", change * input)


def _mistaken(margin: Node, sign: Node, at_zero: str) -> Node:
    """1 where the margin is on the wrong side; at 0 the class that a score of 0 is decides."""
    if at_zero == "mistake":
        return margin <= 0
    wrong = sign < 0 if at_zero == "positive" else sign > 0
    return maximum(margin < 0, (margin <= 0) * wrong)


@composite()
def clip_grad_norm(
    step: Steps,
    grad: Node,
    total_norm: Node | None = None,
    max_norm: float = 1.0,
    norm_type: float = 2.0,
    eps: float = 1e-6,
) -> Node:
    """A gradient scaled so that its norm is at most max_norm: ``grad * min(1, max_norm / (norm + eps))``.

    Its steps are norm, where it is not given, and scale.

    grad: any shape.
    total_norm: the norm of all gradients together, a single number; None takes that of grad alone.
    max_norm: the largest norm that is left as it is.
    norm_type: 2 for the root of the sum of squares, 1 for the sum of sizes, any other power from 1 on, and inf for the
    largest size.
    eps: keeps the divisor away from 0.
    Elsewhere: PyTorch's clip_grad_norm_ adds this eps; TensorFlow's clip_by_norm and Goodfellow and others have none.
    Source: Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks (2013), algorithm 1.
    Example: clip_grad_norm(g, max_norm=1, eps=0); g = [3, -4]
    """
    require_from(0, max_norm=max_norm, eps=eps)
    if not norm_type >= 1:
        raise Misfit(f"norm_type must be at least 1, but is {norm_type:g}")
    if total_norm is not None:
        require_rank("total_norm", total_norm.shape, (0,), "one norm")
    norm = step("norm", _norm(grad, norm_type)) if total_norm is None else total_norm
    return grad * step("scale", minimum(max_norm / (norm + eps), 1.0))


def _norm(x: Node, power: float) -> Node:
    if power == 2:
        return sqrt(sum(x**2))
    if math.isinf(power):
        return largest(abs(x))
    total = sum(abs(x) ** power)
    return total if power == 1 else total ** (1 / power)


@composite()
def clip_grad_value(grad: Node, clip_value: float) -> Node:
    """A gradient with every entry brought between -clip_value and clip_value.

    grad: any shape.
    clip_value: the largest size of an entry.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 10.11.1.
    Example: clip_grad_value(g, 2); g = [3, -1, -4]
    """
    require_from(0, clip_value=clip_value)
    return maximum(minimum(grad, clip_value), -clip_value)
