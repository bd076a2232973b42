"""Around dense layers: low-rank adapters, experts behind a gate, gates on channels."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from hwcheck.graph.node import OPERATORS, Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.activations import relu, sigmoid, softmax
from hwcheck.ops.arithmetic import where
from hwcheck.ops.arrays import reshape, swapped
from hwcheck.ops.reductions import mean, sum
from hwcheck.ops.shapes import require_axes, require_rank, require_shape


def _dense(x: Node, weight: Node, bias: Node | None, names: tuple[str, str] = ("weight", "bias")) -> Node:
    """``x @ weight.T + bias``, PyTorch's dense layer."""
    weight_name, bias_name = names
    require_rank(weight_name, weight.shape, (2,), "features out, features in")
    if not x.shape or x.shape[-1] != weight.shape[1]:
        raise Misfit(f"{{{weight_name}}} takes {weight.shape[1]} features, but gets {spell_shape(x.shape[-1:])}")
    require_shape(bias_name, bias, weight.shape[:1], f"the rows of {{{weight_name}}}")
    y = x @ weight.T
    return y if bias is None else y + bias


@composite()
def lora(
    step: Steps,
    x: Node,
    weight: Node,
    lora_A: Node,
    lora_B: Node,
    bias: Node | None = None,
    alpha: float = 1.0,
    scaling: Literal["alpha/r", "alpha/sqrt(r)", "alpha"] = "alpha/r",
) -> Node:
    """A dense layer with a low-rank update, ``x @ weight.T + bias + (alpha / r) * (x @ lora_A.T) @ lora_B.T``.

    Its steps are ``base``, the layer without the update; ``low``, x @ lora_A.T; and ``delta``, the update, scaled.

    x: (..., features in) -> (..., features out).
    weight: (features out, features in).
    lora_A: (r, features in).
    lora_B: (features out, r).
    bias: (features out,); 0 where it is left out.
    alpha: what the update is scaled with.
    scaling: 'alpha/r', 'alpha/sqrt(r)' for the rank-stabilized form, or 'alpha' alone.
    Elsewhere: the paper writes W + B A for the weight, which is the same; PEFT's lora_alpha is 8 where none is stated.
    Source: Hu et al., LoRA: low-rank adaptation of large language models (2021), equation 3 and section 4.1.
    Example: lora(x, W, A, B, alpha=2); x = [1, 2]; W = [[1, 0], [0, 1]]; A = [[3, 1]]; B = [[1], [10]]
    """
    base = step("base", _dense(x, weight, bias))
    low = step("low", _dense(x, lora_A, None, ("lora_A", "")))
    rank = lora_A.shape[0]
    require_rank("lora_B", lora_B.shape, (2,), "features out, r")
    require_shape("lora_B", lora_B, (weight.shape[0], rank), "the features of {weight} by the rank of {lora_A}")
    update = low @ lora_B.T
    if scaling == "alpha":
        return base + step("delta", alpha * update)
    return base + step("delta", alpha * update / (rank if scaling == "alpha/r" else math.sqrt(rank)))


def _chosen(logits: Node, top_k: int) -> Node:
    """1 at the k largest entries of the last axis, 0 elsewhere; of equal ones the first come first."""
    experts = logits.shape[-1]
    if not 1 <= top_k <= experts:
        raise Misfit(f"top_k must be from 1 to the number of experts, {experts}, but is {top_k}")
    one, other = reshape(logits, (*logits.shape, 1)), reshape(logits, (*logits.shape[:-1], 1, experts))
    earlier = np.tri(experts, k=-1)
    ahead = (other > one) + OPERATORS["=="](other, one) * earlier
    return sum(ahead, axis=-1) < top_k


@composite()
def top_k_gate(logits: Node, top_k: int | None = None, renormalize: bool = True) -> Node:
    """How much each expert counts: the softmax of the logits over the ``top_k`` largest of them, 0 for the others.

    logits: (..., experts) -> the same.
    top_k: how many experts are asked; all where it is left out. Of equal logits the first is chosen.
    renormalize: whether the weights of those chosen sum to 1, or are what the softmax over all gives them.
    Elsewhere: Shazeer and Mixtral renormalize; the Switch Transformer, with top_k=1, does not.
    Source: Shazeer et al., Outrageously large neural networks (2017), equations 3 and 5, without the noise.
    Example: top_k_gate(logits, 2); logits = [1, 3, 0, 3]
    """
    if not logits.shape:
        raise Misfit("{logits} is a single number: it needs an axis of experts")
    if top_k is None:
        return softmax(logits)
    chosen = _chosen(logits, top_k)
    return softmax(where(chosen, logits, -np.inf)) if renormalize else softmax(logits) * chosen


@composite()
def mixture_of_experts(
    step: Steps,
    x: Node,
    gate_weight: Node,
    expert_weight: Node,
    gate_bias: Node | None = None,
    expert_bias: Node | None = None,
    top_k: int | None = None,
    renormalize: bool = True,
) -> Node:
    """Dense layers side by side, weighted by a gate: ``sum over e of gate[e] * (x @ expert_weight[e].T)``.

    Its steps are ``logits``, ``gate`` and ``experts``, what comes out of each expert: (experts, ..., features out). For
    experts that are networks of their own, write them as lines and weight them with top_k_gate.

    x: (..., features in) -> (..., features out).
    gate_weight: (experts, features in).
    expert_weight: (experts, features out, features in).
    gate_bias: (experts,); 0 where it is left out.
    expert_bias: (experts, features out); 0 where it is left out.
    top_k, renormalize: as in top_k_gate.
    Elsewhere: libraries leave out the experts that are not chosen; the result is the same.
    Source: Shazeer et al., Outrageously large neural networks (2017), equation 1.
    Example: mixture_of_experts(x, G, W, top_k=1); x = [1, 2]; G = [[1, 0], [0, 1]]; W = [[[1, 1]], [[5, 10]]]
    """
    require_rank("expert_weight", expert_weight.shape, (3,), "experts, features out, features in")
    experts, out, features = expert_weight.shape
    logits = step("logits", _dense(x, gate_weight, gate_bias, ("gate_weight", "gate_bias")))
    require_shape("gate_weight", gate_weight, (experts, features), "a row for each expert")
    gate = step("gate", top_k_gate(logits, top_k=top_k, renormalize=renormalize))
    y = reshape(x, (x.size // features, features)) @ swapped(expert_weight)
    if expert_bias is not None:
        require_shape("expert_bias", expert_bias, (experts, out), "a row for each expert")
        y = y + reshape(expert_bias, (experts, 1, out))
    of_experts = step("experts", reshape(y, (experts, *x.shape[:-1], out)))
    weights = reshape(gate, (x.size // features, experts)).T
    return sum(of_experts * reshape(weights, (experts, *x.shape[:-1], 1)), axis=0)


@composite()
def squeeze_excitation(step: Steps, x: Node, weight1: Node, bias1: Node, weight2: Node, bias2: Node) -> Node:
    """Channels scaled by a gate that sees all of them: ``x * sigmoid(weight2 @ relu(weight1 @ mean + bias1) + bias2)``.

    Its steps are ``squeeze``, each channel's mean over space; ``hidden``, behind the relu; and ``gate``.

    x: (batch, channels, ...), with one axis of space at least -> the same.
    weight1: (hidden, channels).
    bias1: (hidden,).
    weight2: (channels, hidden).
    bias2: (channels,).
    Elsewhere: the paper has no biases, torchvision has; MobileNetV3 takes a hard sigmoid.
    Source: Hu, Shen, Sun, Squeeze-and-excitation networks (2018), equations 2 to 4.
    Example: squeeze_excitation(x, W, b, U, c); x = [[[1, 3]]]; W = [[1]]; b = [-2]; U = [[1]]; c = [0]
    """
    require_axes("x", x.shape, 3, "batch, channels, ...")
    squeeze = step("squeeze", mean(x, axis=list(range(2, len(x.shape)))))
    hidden = step("hidden", relu(_dense(squeeze, weight1, bias1, ("weight1", "bias1"))))
    gate = step("gate", sigmoid(_dense(hidden, weight2, bias2, ("weight2", "bias2"))))
    if gate.shape != squeeze.shape:
        raise Misfit(f"{{weight2}} gives {gate.shape[1]} gates, but {{x}} has {x.shape[1]} channels")
    return x * reshape(gate, (*gate.shape, *[1] * (len(x.shape) - 2)))
