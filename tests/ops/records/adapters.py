"""The records of adapters, experts and gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.op_records import Record, bad, drawn, kink


def _lora(
    T: Any, x: Any, weight: Any, A: Any, B: Any, bias: Any = None, alpha: float = 1.0, scaling: str = "alpha/r"
) -> Any:
    """The update merged into the weight."""
    factor = {"alpha/r": alpha / len(A), "alpha/sqrt(r)": alpha / len(A) ** 0.5, "alpha": alpha}[scaling]
    return T.nn.functional.linear(x, weight + factor * B @ A, bias)


def _top_k_gate(T: Any, logits: Any, top_k: int | None = None, renormalize: bool = True) -> Any:
    """By torch.topk; the weights are divided by the sum of those chosen."""
    weights = logits.softmax(-1)
    if top_k is None:
        return weights
    values, places = weights.topk(top_k, dim=-1)
    values = values / values.sum(-1, keepdim=True) if renormalize else values
    return T.zeros_like(weights).scatter(-1, places, values)


def _mixture(
    T: Any, x: Any, gate_weight: Any, expert_weight: Any, gate_bias: Any = None, expert_bias: Any = None, **options: Any
) -> Any:
    gate = _top_k_gate(T, T.nn.functional.linear(x, gate_weight, gate_bias), **options)
    y = 0.0
    for e, weight in enumerate(expert_weight):
        y = y + gate[..., e, None] * T.nn.functional.linear(x, weight, None if expert_bias is None else expert_bias[e])
    return y


def _squeeze_excitation(T: Any, x: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    """torchvision's: convolutions with kernels of 1 over the pooled image."""
    image = x.reshape(*x.shape[:3], -1)
    pooled = T.nn.functional.adaptive_avg_pool2d(image, 1)
    hidden = T.nn.functional.conv2d(pooled, w1[:, :, None, None], b1).relu()
    gate = T.nn.functional.conv2d(hidden, w2[:, :, None, None], b2).sigmoid()
    return (image * gate).reshape(x.shape)


RECORDS: Mapping[str, Record] = {
    "lora": Record(
        samples=(
            drawn((5,), (3, 5), (2, 5), (3, 2)),
            drawn((4, 5), (3, 5), (2, 5), (3, 2), (3,), alpha=0.5),
            drawn((4, 5), (3, 5), (2, 5), (3, 2), alpha=3, scaling="alpha/sqrt(r)"),
            drawn((2, 4, 5), (3, 5), (2, 5), (3, 2), alpha=0.5, scaling="alpha"),
        ),
        bad=(
            bad("{weight} takes 5 features, but gets 4", (4,), (3, 5), (2, 5), (3, 2)),
            bad("{weight} takes 5 features, but gets a single number", (), (3, 5), (2, 5), (3, 2)),
            bad("{weight} must have 2 axes (features out, features in), but has 1 (5)", (5,), (5,), (2, 5), (3, 2)),
            bad("{lora_A} takes 4 features, but gets 5", (5,), (3, 5), (2, 4), (3, 2)),
            bad(
                "{lora_B} must be 3 x 2 (the features of {weight} by the rank of {lora_A}), but is 2 x 3",
                *((5,), (3, 5), (2, 5), (2, 3)),
            ),
            bad("{bias} must be 3 (the rows of {weight}), but is 5", (5,), (3, 5), (2, 5), (3, 2), (5,)),
            bad("must be 'alpha/r', 'alpha/sqrt(r)' or 'alpha'", (5,), (3, 5), (2, 5), (3, 2), scaling="r"),
        ),
        torch=_lora,
    ),
    "top_k_gate": Record(
        samples=(
            drawn((4,)),
            drawn((3, 5), top_k=2),
            drawn((2, 3, 5), top_k=3, renormalize=False),
            drawn((4,), top_k=4),
            drawn((4,), top_k=1, renormalize=False),
        ),
        bad=(
            bad("{logits} is a single number: it needs an axis of experts", ()),
            bad("top_k must be from 1 to the number of experts, 4, but is 5", (4,), 5),
            bad("top_k must be from 1 to the number of experts, 4, but is 0", (4,), 0),
        ),
        torch=_top_k_gate,
        kinks=(kink([0.0, 2, 1, 2], top_k=2), kink([2.0, 2, 1, 0], top_k=2, renormalize=False)),
    ),
    "mixture_of_experts": Record(
        samples=(
            drawn((5,), (3, 5), (3, 2, 5)),
            drawn((4, 5), (3, 5), (3, 2, 5), (3,), (3, 2), top_k=2),
            drawn((2, 4, 5), (3, 5), (3, 2, 5), (3,), top_k=1, renormalize=False),
        ),
        bad=(
            bad("{expert_weight} must have 3 axes (experts, features out, features in)", (5,), (3, 5), (2, 5)),
            bad("{gate_weight} takes 4 features, but gets 5", (5,), (3, 4), (3, 2, 5)),
            bad("{gate_weight} must be 3 x 5 (a row for each expert), but is 2 x 5", (5,), (2, 5), (3, 2, 5)),
            bad("{gate_weight} must be 3 x 6 (a row for each expert), but is 3 x 5", (5,), (3, 5), (3, 2, 6)),
            bad("{gate_bias} must be 3 (the rows of {gate_weight}), but is 2", (5,), (3, 5), (3, 2, 5), (2,)),
            bad(
                "{expert_bias} must be 3 x 2 (a row for each expert), but is 2",
                *((5,), (3, 5), (3, 2, 5), (3,), (2,)),
            ),
            bad("top_k must be from 1 to the number of experts, 3, but is 4", (5,), (3, 5), (3, 2, 5), top_k=4),
        ),
        torch=_mixture,
    ),
    "squeeze_excitation": Record(
        samples=(
            drawn((2, 3, 4, 5), (6, 3), (6,), (3, 6), (3,)),
            drawn((2, 3, 5), (2, 3), (2,), (3, 2), (3,)),
        ),
        bad=(
            bad(
                "{x} must have 3 axes or more (batch, channels, ...), but has 2 (2 x 3)",
                *((2, 3), (2, 3), (2,), (3, 2), (3,)),
            ),
            bad("{weight1} takes 4 features, but gets 3", (2, 3, 5), (2, 4), (2,), (3, 2), (3,)),
            bad("{bias1} must be 2 (the rows of {weight1}), but is 3", (2, 3, 5), (2, 3), (3,), (3, 2), (3,)),
            bad("{weight2} gives 4 gates, but {x} has 3 channels", (2, 3, 5), (2, 3), (2,), (4, 2), (4,)),
            bad("{bias2} must be 3 (the rows of {weight2}), but is 1", (2, 3, 5), (2, 3), (2,), (3, 2), (1,)),
        ),
        torch=_squeeze_excitation,
    ),
}
