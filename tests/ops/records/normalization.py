"""The records of normalization layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Bad, Record, bad, drawn, kink

RUNNING = np.array([0.7, 1.3, 2.1])


def _unbiased_outside(T: Any, x: Any, axes: Any, eps: float) -> Any:
    """The Annotated Transformer's."""
    return (x - x.mean(axes, keepdim=True)) / (x.std(axes, keepdim=True) + eps)


def _layer_norm(
    T: Any, x: Any, weight: Any = None, bias: Any = None, normalized_shape: Any = None, **options: Any
) -> Any:
    eps = options.get("eps", 1e-5)
    if options.get("eps_place") == "outside":
        y = _unbiased_outside(T, x, -1, eps)
        return y * weight + bias
    shape = [x.shape[-1]] if normalized_shape is None else normalized_shape
    return T.nn.functional.layer_norm(x, [shape] if isinstance(shape, int) else shape, weight, bias, eps)


def _rms_norm(T: Any, x: Any, weight: Any = None, normalized_shape: Any = None, eps: Any = None, **options: Any) -> Any:
    if options:
        return weight * x / (x.square().mean(-1, keepdim=True).sqrt() + eps)
    return T.nn.functional.rms_norm(x, normalized_shape or [x.shape[-1]], weight, eps)


def _batch_norm(
    T: Any, x: Any, *tensors: Any, axis: int = 1, training: bool = False, eps: float = 1e-5, **options: Any
) -> Any:
    if "eps_place" in options:
        return _unbiased_outside(T, x, 0, eps)
    x = x.movedim(axis, 1)
    if training:
        weight, bias = (*tensors, None, None)[:2]
        return T.nn.functional.batch_norm(x, None, None, weight, bias, training=True, eps=eps).movedim(1, axis)
    mean, var, weight, bias = (  # PyTorch's function has no gradient in the running statistics
        tensor.reshape(-1, *[1] * (x.dim() - 2)) for tensor in (*tensors, T.ones(1), T.zeros(1))[:4]
    )
    return ((x - mean) / T.sqrt(var + eps) * weight + bias).movedim(1, axis)


def _affine_faults(shape: tuple[int, ...], *options: Any, channels: int) -> tuple[Bad, ...]:
    wrong = (channels + 1,)
    return (
        bad(
            f"{{weight}} must be {channels} (like what is normalized), but is {channels + 1}",
            shape,
            *options,
            weight=np.ones(wrong),
        ),
        bad(
            f"{{bias}} must be {channels} (like what is normalized), but is {channels + 1}",
            shape,
            *options,
            bias=np.ones(wrong),
        ),
        bad("eps must be at least 0, but is -1", shape, *options, eps=-1),
        bad("eps must be at least 0, but is inf", shape, *options, eps=np.inf),
        bad("must be 'inside' or 'outside', not 'within'", shape, *options, eps_place="within"),
    )


def _group_norm(N: Any, x: Any, weight: Any, bias: Any, groups: int, eps: float, eps_place: str) -> Any:
    """The paper's sums, group by group."""

    def one(group: Any) -> Any:
        mu = group.sum() / group.size
        sigma = (((group - mu) ** 2).sum() / group.size + (eps if eps_place == "inside" else 0)) ** 0.5
        return (group - mu) / (sigma + (eps if eps_place == "outside" else 0))

    y = N.stack([N.concatenate([one(group) for group in N.split(sample, groups)]) for sample in x])
    along = (-1,) + (1,) * (x.ndim - 2)
    y = y if weight is None else y * weight.reshape(along)
    return y if bias is None else y + bias.reshape(along)


def _local_response_norm(
    N: Any, x: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0, average: bool = True
) -> Any:
    """The paper's sum, channel by channel."""
    channels = []
    for i in range(x.shape[1]):
        around = x[:, max(0, i - size // 2) : i + (size - 1) // 2 + 1]
        s = (around**2).sum(axis=1) / (size if average else 1)
        channels.append(x[:, i] / (k + alpha * s) ** beta)
    return N.stack(channels, axis=1)


def _weight_norm(T: Any, v: Any, g: Any, axis: int = 0) -> Any:
    """PyTorch's slow form of it: the fused ``_weight_norm`` has other second derivatives than the formula."""
    shape = [-1 if i == axis % v.dim() else 1 for i in range(v.dim())]
    return v * (g.reshape(shape) / T.norm_except_dim(v, 2, axis % v.dim()))


RECORDS: Mapping[str, Record] = {
    "layer_norm": Record(
        samples=(
            drawn((2, 5)),
            drawn((4,), (4,)),
            drawn((2, 3, 5), (5,), (5,), normalized_shape=5),
            drawn((2, 3, 5), (3, 5), (3, 5), normalized_shape=[3, 5], eps=0.1),
            drawn((2, 5), (5,), (5,), eps=0.1, eps_place="outside", correction=1),
        ),
        bad=(
            bad("{x} is a single number: it needs an axis to be normalized over", ()),
            bad("normalized_shape is 3, but {x} (2 x 5) does not end so", (2, 5), 3),
            bad("normalized_shape is 2 x 2 x 5, but {x} (2 x 5) does not end so", (2, 5), [2, 2, 5]),
            bad("normalized_shape is a single number, but {x} (2 x 5) does not end so", (2, 5), []),
            bad("correction must be from 0 to 4, below the number of entries, but is 5", (2, 5), correction=5),
            bad("correction must be from 0 to 4, below the number of entries, but is -1", (2, 5), correction=-1),
            *_affine_faults((2, 5), channels=5),
        ),
        torch=_layer_norm,
    ),
    "rms_norm": Record(
        samples=(
            drawn((2, 5)),
            drawn((4,), (4,)),
            drawn((2, 3, 5), (3, 5), normalized_shape=[3, 5], eps=0.1),
            drawn((2, 5), (5,), eps=0.1, eps_place="outside"),
        ),
        bad=(
            bad("{x} is a single number", ()),
            bad("normalized_shape is 3, but {x} (2 x 5) does not end so", (2, 5), 3),
            bad("{weight} must be 5 (like what is normalized), but is 2 x 5", (2, 5), weight=np.ones((2, 5))),
            bad("eps must be at least 0, but is -1", (2, 5), eps=-1),
        ),
        torch=_rms_norm,
    ),
    "batch_norm": Record(
        samples=(
            drawn((4, 3), training=True),
            drawn((2, 3, 4, 5), (3,), (3,), training=True, running_mean=RUNNING, running_var=RUNNING, momentum=0.3),
            drawn(
                *((4, 3), (3,)),
                training=True,
                running_mean=RUNNING,
                running_var=RUNNING,
                momentum_of="old",
                running_correction=0,
            ),
            drawn((2, 3, 5), (3,), (3,), (3,), (3,), between=(0.3, 1.5)),
            drawn((2, 5, 3), (3,), (3,), between=(0.3, 1.5), axis=-1, eps=0.1),
            drawn((4, 3), training=True, eps=0.1, eps_place="outside", correction=1),
        ),
        bad=(
            bad("{x} must have 2 axes or more (batch, channels, ...), but has 1 (3)", (3,), training=True, axis=0),
            bad("{running_mean} must be 3 (the channels of {x}), but is 2", (4, 3), (2,), (3,)),
            bad("{running_var} must be 3 (the channels of {x}), but is 2", (4, 3), (3,), (2,)),
            bad("batch_norm needs running_mean and running_var, or training=True", (4, 3)),
            bad("batch_norm needs running_mean and running_var, or training=True", (4, 3), (3,)),
            bad("momentum must be from 0 to 1, but is 1.5", (4, 3), training=True, momentum=1.5),
            bad("axis of batch_norm is 2, but the array has axes 0 to 1", (4, 3), training=True, axis=2),
            bad("running_correction must be from 0 to 3", (4, 3), (3,), (3,), training=True, running_correction=4),
            bad("correction must be from 0 to 3", (4, 3), training=True, correction=4),
            bad("must be 'new' or 'old', not 'both'", (4, 3), training=True, momentum_of="both"),
            *_affine_faults((4, 3), *[(3,)] * 2, channels=3),
        ),
        torch=_batch_norm,
    ),
    "group_norm": Record(
        samples=(
            drawn((2, 6), num_groups=2),
            drawn((2, 6, 4, 3), (6,), (6,), num_groups=3, eps=0.1),
            drawn((2, 4, 3), (4,), num_groups=1),
            drawn((2, 4), num_groups=2, eps=0.1, eps_place="outside").without_torch(),
        ),
        bad=(
            bad("{x} must have 2 axes or more (batch, channels, ...), but has 1 (4)", (4,), 2),
            bad("num_groups is 3, but must divide the 4 channels of {x}", (2, 4), 3),
            bad("num_groups is 0, but must divide the 4 channels of {x}", (2, 4), 0),
            *_affine_faults((2, 4), 2, channels=4),
        ),
        torch=lambda T, x, *affine, num_groups, **options: T.nn.functional.group_norm(
            x, num_groups, *affine, **options
        ),
        jax=lambda J, x, weight=None, bias=None, *, num_groups, eps=1e-5, eps_place="inside": _group_norm(
            J.numpy, x, weight, bias, num_groups, eps, eps_place
        ),
    ),
    "instance_norm": Record(
        samples=(
            drawn((2, 3, 5)),
            drawn((2, 3, 4, 5), (3,), (3,), eps=0.1),
            drawn((2, 3, 5), (3,), eps=0.1, eps_place="outside").without_torch(),
        ),
        bad=(
            bad("{x} must have 3 axes or more (batch, channels, ...), but has 2 (2 x 3)", (2, 3)),
            *_affine_faults((2, 3, 5), channels=3),
        ),
        torch=lambda T, x, weight=None, bias=None, **options: T.nn.functional.instance_norm(
            x, None, None, weight, bias, **options
        ),
        jax=lambda J, x, weight=None, bias=None, *, eps=1e-5, eps_place="inside": _group_norm(
            J.numpy, x, weight, bias, x.shape[1], eps, eps_place
        ),
    ),
    "local_response_norm": Record(
        samples=(
            drawn((2, 7, 3), size=3, alpha=0.5),
            drawn((2, 7, 2, 3), size=4, alpha=0.5, beta=1.5, k=2),
            drawn((2, 3), size=9),
            drawn((2, 5, 3), size=5, alpha=0.1, average=False).without_torch(),
        ),
        bad=(
            bad("{x} must have 2 axes or more (batch, channels, ...), but has 1 (4)", (4,), 3),
            bad("size must be at least 1, but is 0", (2, 4), 0),
        ),
        torch=lambda T, x, **options: T.nn.functional.local_response_norm(
            x.reshape(*x.shape, *[1] * (3 - x.dim())), **options
        ).reshape(x.shape),
        jax=lambda J, x, size, **options: _local_response_norm(J.numpy, x, size, **options),
    ),
    "normalize": Record(
        samples=(
            drawn((2, 5)),
            drawn((2, 3, 4), p=1, axis=-1),
            drawn((2, 3, 4), p=3, axis=0),
            drawn((2, 5), p=np.inf),
            drawn((4,), axis=0, eps=100.0),
        ),
        bad=(
            bad("axis of normalize is 1, but the array has axes 0 to 0", (4,)),
            bad("p must be positive, not 0", (2, 4), 0),
            bad("eps must be at least 0, but is -1", (2, 4), eps=-1),
        ),
        torch=lambda T, x, axis=1, **options: T.nn.functional.normalize(x, dim=axis, **options),
        kinks=(kink([[3.0, 3.0], [-4.0, 4.0]], p=np.inf), kink([[0.0, 0.0], [3.0, 4.0]], p=1)),
    ),
    "weight_norm": Record(
        samples=(drawn((2, 5), (2,)), drawn((2, 3, 4), (3,), axis=1), drawn((2, 3), (3,), axis=-1), drawn((3,), (3,))),
        bad=(
            bad("axis 0 of {v} is 2, but {g} has 5", (2, 5), (5,)),
            bad("{g} must have 1 axes (a number for each unit), but has 2 (2 x 1)", (2, 5), (2, 1)),
            bad("axis of weight_norm is 2, but the array has axes 0 to 1", (2, 5), (2,), axis=2),
        ),
        torch=_weight_norm,
    ),
}
