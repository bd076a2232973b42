"""Losses for rare classes: focal loss, and those that measure the overlap of two regions."""

from __future__ import annotations

from hwcheck.graph.node import Labels, Node
from hwcheck.graph.op import Steps, composite
from hwcheck.graph.options import Axes, Reduction
from hwcheck.ops.activations import sigmoid
from hwcheck.ops.arithmetic import where
from hwcheck.ops.bounds import require_between, require_from
from hwcheck.ops.functions import log
from hwcheck.ops.labels import outside
from hwcheck.ops.losses import reduced
from hwcheck.ops.reductions import sum
from hwcheck.ops.shapes import require_same


@composite(domain=lambda input, target, **options: outside("target", target, (0.0, 1.0), "a label is 0 or 1"))
def focal_loss(
    step: Steps,
    input: Node,
    target: Labels,
    alpha: float | None = 0.25,
    gamma: float = 2.0,
    reduction: Reduction = "mean",
    from_logits: bool = True,
) -> Node:
    """The cross-entropy of two classes with what is easy made small: ``-alpha_t * (1 - p_t)**gamma * log(p_t)``.

    The steps: ``p`` is sigmoid(input), ``p_t`` the probability of the target: p where it is 1, 1 - p where it is 0.

    input: logits, any shape.
    target: 0 or 1, the shape of input.
    alpha: the weight of a target of 1, that of 0 being 1 - alpha; none for equal weights of 1.
    gamma: the power, not negative; with 0 and no alpha this is the binary cross-entropy.
    reduction: 'mean' over all entries, 'sum', 'none' or 'batchmean' (the sum divided by the length of the first axis).
    from_logits: False where input are probabilities already.
    Elsewhere: torchvision's ``sigmoid_focal_loss`` has reduction 'none', and a negative alpha for none.
    Source: Lin, Goyal, Girshick, He, Dollár, Focal loss for dense object detection (2017), equation 5.
    Example: focal_loss(p, y, alpha=None, from_logits=False); p = [0.9, 0.4]; y = [1, 1]
    """
    require_same(input=input, target=target)
    require_from(0, gamma=gamma)
    if alpha is not None:
        require_between(0, 1, alpha=alpha)
    p = step("p", sigmoid(input)) if from_logits else input
    p_t = step("p_t", where(target, p, 1 - p))
    entries = -((1 - p_t) ** gamma * log(p_t))
    return reduced(entries if alpha is None else where(target, alpha, 1 - alpha) * entries, reduction)


@composite()
def dice_loss(
    input: Node,
    target: Node,
    axis: Axes = None,
    smooth: float = 1.0,
    squared: bool = False,
    reduction: Reduction = "mean",
) -> Node:
    """1 less the overlap of two regions: ``1 - (2 * sum(p * t) + smooth) / (sum(p) + sum(t) + smooth)``.

    input: probabilities, any shape.
    target: 0 or 1, the shape of input.
    axis: the axes of one region; all of them unless named: [1, 2] gives each of N images a loss of its own.
    smooth: what is added above and below the line, so that two empty regions agree.
    squared: whether the sums below the line are of squares.
    reduction: of the losses of several regions: 'mean', 'sum', 'none' or 'batchmean'.
    Elsewhere: MONAI adds 1e-5, the V-Net's authors nothing, and these square below the line.
    Source: Milletari, Navab, Ahmadi, V-Net: fully convolutional neural networks for volumetric medical image
    segmentation (2016), section 3.
    Example: dice_loss(p, y, smooth=0); p = [0.5, 1]; y = [1, 0]
    """
    require_same(input=input, target=target)
    require_from(0, smooth=smooth)
    first, second = (input**2, target**2) if squared else (input, target)
    above = 2 * sum(input * target, axis=axis) + smooth
    return reduced(1 - above / (sum(first, axis=axis) + sum(second, axis=axis) + smooth), reduction)


@composite()
def tversky_loss(
    step: Steps,
    input: Node,
    target: Node,
    axis: Axes = None,
    alpha: float = 0.5,
    beta: float = 0.5,
    smooth: float = 1.0,
    reduction: Reduction = "mean",
) -> Node:
    """1 less an overlap with a weight for each kind of error: ``1 - (tp + s) / (tp + alpha * fp + beta * fn + s)``.

    The steps: ``tp`` is sum(input * target), ``fp`` is sum(input * (1 - target)), ``fn`` is sum((1 - input) * target).

    input: probabilities, any shape.
    target: 0 or 1, the shape of input.
    axis: the axes of one region; all of them unless named: [1, 2] gives each of N images a loss of its own.
    alpha: the weight of what is marked and should not be.
    beta: the weight of what is missed; with both at 0.5 and nothing added this is the Dice loss.
    smooth: what is added above and below the line, the s of the formula.
    reduction: of the losses of several regions: 'mean', 'sum', 'none' or 'batchmean'.
    Source: Salehi, Erdogmus, Gholipour, Tversky loss function for image segmentation using 3D fully convolutional deep
    networks (2017).
    Example: tversky_loss(p, y, alpha=0.25, beta=0.75, smooth=0); p = [0.5, 1]; y = [1, 0]
    """
    require_same(input=input, target=target)
    require_from(0, alpha=alpha, beta=beta, smooth=smooth)
    tp = step("tp", sum(input * target, axis=axis))
    fp = step("fp", sum(input * (1 - target), axis=axis))
    fn = step("fn", sum((1 - input) * target, axis=axis))
    return reduced(1 - (tp + smooth) / (tp + alpha * fp + beta * fn + smooth), reduction)
