"""The records of activation functions, softmax and gates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.op_records import Bad, Record, Sample, bad, drawn, kink

WIDE = (-5.7, 6.1)  # no midpoint of its parts is a corner
CORNER = (0.0, -0.0, 1.0, -1.0)


def activation(
    torch: Callable[..., Any],
    *options: Mapping[str, Any],
    between: tuple[float, float] = WIDE,
    refused: tuple[Bad, ...] = (),
    kinks: tuple[Sample, ...] = (),
) -> Record:
    """A function of one array, entry by entry, with some settings of its options beside the default."""
    return Record(
        samples=(
            drawn((2, 3, 5), between=between),
            drawn((), between=between),
            *(drawn((3, 4), between=between, **chosen) for chosen in options),
        ),
        bad=(
            bad("needs 'x'"),
            bad("must be an array or a number, not 'rows'", "rows"),
            bad("must be an array or a number, not a list", [(2,), (2,)]),
            bad("has no option 'inplace'", (2,), inplace=True),
            *refused,
        ),
        torch=torch,
        kinks=kinks,
    )


def functional(name: str, *options: Mapping[str, Any], **rest: Any) -> Record:
    """The same, with the function of this name in torch.nn.functional."""
    return activation(lambda T, x, **chosen: getattr(T.nn.functional, name)(x, **chosen), *options, **rest)


def not_positive(name: str) -> tuple[Bad, ...]:
    """The numbers that a positive option is not."""
    return tuple(
        bad(f"{name} must be a positive number, but is {value:g}", (2,), **{name: value})
        for value in (0.0, -1.0, math.inf, math.nan)
    )


def _relu(T: Any, x: Any, slope_at_zero: float = 0.0) -> Any:
    """What has this slope at 0 in PyTorch: its own relu, the maximum with 0 (1/2), or a clamp (1)."""
    if slope_at_zero == 0.5:
        return T.maximum(x, T.zeros_like(x))
    return T.clamp(x, min=0.0) if slope_at_zero else T.relu(x)


def _hardsigmoid(T: Any, x: Any, slope: float = 1 / 6, offset: float = 0.5) -> Any:
    """PyTorch's own takes 1/6 as a float32, also for float64."""
    return T.nn.functional.relu6(6 * (slope * x + offset)) / 6


RECTIFIERS = {
    "relu": activation(
        _relu,
        {"slope_at_zero": 0.5},
        {"slope_at_zero": 1.0},
        refused=(
            bad("slope_at_zero must lie between the slopes on either side, 0 and 1, but is 2", (2,), slope_at_zero=2),
            bad("0 and 1, but is -0.5", (2,), slope_at_zero=-0.5),
            bad("0 and 1, but is nan", (2,), slope_at_zero=math.nan),
        ),
        kinks=tuple(kink(CORNER, slope_at_zero=slope) for slope in (0.0, 0.5, 1.0)),
    ),
    "leaky_relu": functional(
        "leaky_relu",
        {"negative_slope": 0.3},
        {"negative_slope": -2},
        refused=(
            bad("negative_slope of leaky_relu must be a number, not 'flat'", (2,), negative_slope="flat"),
            bad("has no option 'alpha' (it has x, negative_slope)", (2,), alpha=0.1),
            bad("is given 'negative_slope' twice", (2,), 0.1, negative_slope=0.1),
        ),
        kinks=(kink(CORNER, negative_slope=0.25),),
    ),
    "prelu": Record(
        samples=(
            drawn((2, 3, 5), (3,)),
            drawn((2, 3), (3,)),
            drawn((2, 3, 5), (1,)),
            drawn((2, 3, 5), ()),
            drawn((), ()),
            drawn((4,), (4,)).without_torch(),
            drawn((2, 3, 5), (2, 1, 1)).without_torch(),
            drawn((2, 3), (1, 3)).without_torch(),
        ),
        bad=(
            bad("{weight} must have a slope for each channel: it is 5, but axis 1 of {x} is 3", (2, 3, 5), (5,)),
            bad("it is 2, but axis 0 of {x} is 3", (3,), (2,)),
            bad("it is 2, but {x} is a single number", (), (2,)),
            bad("{weight} (3 x 1) must broadcast to the shape of {x} (2 x 3 x 5)", (2, 3, 5), (3, 1)),
            bad("{weight} (2 x 1) must broadcast to the shape of {x} (1 x 3)", (1, 3), (2, 1)),
            bad("needs 'weight'", (2,)),
        ),
        torch=lambda T, x, weight: T.nn.functional.prelu(x, weight),
        kinks=(kink([CORNER], [0.25]),),
    ),
    "elu": functional("elu", {"alpha": 0.3}, refused=not_positive("alpha"), kinks=(kink(CORNER, alpha=0.25),)),
    "selu": functional("selu", kinks=(kink(CORNER),)),
    "celu": functional("celu", {"alpha": 2.5}, refused=not_positive("alpha"), kinks=(kink(CORNER, alpha=0.25),)),
}


def _softplus(T: Any, x: Any, beta: float = 1.0, threshold: float | None = None) -> Any:
    return T.nn.functional.softplus(x, beta=beta, threshold=math.inf if threshold is None else threshold)


def _gelu(J: Any, x: Any, approximate: str = "none") -> Any:
    if approximate == "sigmoid":
        return x * J.nn.sigmoid(1.702 * x)
    return J.nn.gelu(x, approximate=approximate == "tanh")


SMOOTH = {
    "sigmoid": activation(lambda T, x: T.sigmoid(x)),
    "logsigmoid": functional("logsigmoid"),
    "softplus": activation(
        _softplus,
        {"beta": 2.5},
        {"beta": 0.5, "threshold": 1.05},
        refused=(*not_positive("beta"), bad("threshold must be a number, but is nan", (2,), threshold=math.nan)),
    ),
    "softsign": functional("softsign", kinks=(kink(CORNER),)),
    "tanhshrink": functional("tanhshrink"),
    "gelu": functional(
        "gelu",
        {"approximate": "tanh"},
        refused=(bad("approximate of gelu must be 'none', 'tanh' or 'sigmoid', not 'erf'", (2,), approximate="erf"),),
    ),
    "silu": activation(
        lambda T, x, beta=1.0: T.nn.functional.silu(beta * x) / beta, {"beta": 2.5}, refused=not_positive("beta")
    ),
    "mish": functional("mish"),
}
SMOOTH["gelu"] = SMOOTH["gelu"]._replace(
    samples=(*SMOOTH["gelu"].samples, drawn((3, 4), between=WIDE, approximate="sigmoid").without_torch()), jax=_gelu
)

HARD = {
    "hardtanh": functional(
        "hardtanh",
        {"min_val": -2, "max_val": 0.4},
        refused=(
            bad("min_val must be less than max_val, but they are 1 and 1", (2,), 1),
            bad("min_val must be less than max_val, but they are nan and 1", (2,), math.nan),
        ),
        kinks=(kink([-1.0, 1.0, 0.0, 2.0]), kink([0.5, 2.0, 3.0, 1.0], min_val=0.5, max_val=3.0)),
    ),
    "relu6": functional("relu6", between=(-4.0, 9.0), kinks=(kink([0.0, -0.0, 6.0, 7.0, 1.0]),)),
    "hardsigmoid": activation(
        _hardsigmoid,
        {"slope": 0.2},
        {"slope": 0.5, "offset": 0.25},
        {"slope": 0.3},
        refused=(*not_positive("slope"), bad("offset must be a number, but is inf", (2,), offset=math.inf)),
        kinks=(kink([-3.0, 3.0, 0.0, 4.0]),),
    ),
    "hardswish": functional("hardswish", kinks=(kink([-3.0, 3.0, 0.0, 4.0]),)),
    "hardshrink": functional(
        "hardshrink",
        {"lambd": 2},
        {"lambd": 0},
        refused=(
            bad("lambd must be at least 0, but is -1", (2,), -1),
            bad("lambd must be at least 0, but is nan", (2,), math.nan),
        ),
        kinks=(kink([-0.5, 0.5, 0.0, 1.0]), kink(CORNER, lambd=1.0)),
    ),
    "softshrink": functional(
        "softshrink",
        {"lambd": 2},
        {"lambd": 0},
        refused=(
            bad("lambd must be at least 0, but is -1", (2,), -1),
            bad("lambd must be at least 0, but is nan", (2,), math.nan),
        ),
        kinks=(kink([-0.5, 0.5, 0.0, 1.0]), kink(CORNER, lambd=1.0)),
    ),
    "threshold": Record(
        samples=(
            drawn((2, 3, 5), threshold=0.02, value=-7),
            drawn((), threshold=-1, value=0.5),
        ),
        bad=(
            bad("threshold needs 'threshold'", (2,)),
            bad("threshold needs 'value'", (2,), 1),
            bad("value of threshold must be a number, not 'none'", (2,), 1, "none"),
        ),
        torch=lambda T, x, threshold, value: T.nn.functional.threshold(x, threshold, value),
        kinks=(kink(CORNER, threshold=1, value=7), kink(CORNER, threshold=0, value=0)),
    ),
}


def along_axis(torch: Callable[..., Any]) -> Record:
    return Record(
        samples=(drawn((4,)), drawn((2, 5, 3)), drawn((2, 5, 3), axis=1), drawn((2, 5, 3), dim=-3)),
        bad=(
            bad("has nothing to run along: the array is a single number", ()),
            bad("is 2, but the array has axes 0 to 1", (2, 3), axis=2),
            bad("is -3, but the array has axes 0 to 1", (2, 3), axis=-3),
            bad("must be a whole number, not 0.5", (2, 3), axis=0.5),
            bad("must be written down as numbers, it cannot be computed", (2, 3), ()),
        ),
        torch=lambda T, x, axis=-1, dim=-1: torch(T, x, axis if dim == -1 else dim),
    )


SOFTMAX = {
    "softmax": along_axis(lambda T, x, axis: T.softmax(x, dim=axis)),
    "softmin": along_axis(lambda T, x, axis: T.nn.functional.softmin(x, dim=axis)),
    "log_softmax": along_axis(lambda T, x, axis: T.log_softmax(x, dim=axis)),
}


def gated(gate: Callable[..., Any], by_default: str, *options: Mapping[str, Any], refused: tuple[Bad, ...]) -> Record:
    """A gate made by ``gate(J, half, **options)`` of one half."""

    def compared(J: Any, x: Any, axis: int = -1, **chosen: Any) -> Any:
        first, second = J.numpy.split(x, 2, axis=axis)
        if chosen.pop("gate", by_default) == "second":
            first, second = second, first
        return gate(J, first, **chosen) * second

    return Record(
        samples=(
            drawn((2, 3, 4)),
            drawn((6,)),
            drawn((2, 6, 5), axis=1),
            drawn((4, 3), axis=-2, gate="first"),
            drawn((3, 4), gate="second"),
            *(drawn((3, 4), **chosen) for chosen in options),
        ),
        bad=(
            bad("axis 1 of {x} is 3: it must be even, to be split into two halves", (2, 3)),
            bad("axis 0 of {x} is 5: it must be even", (5, 2), axis=0),
            bad("has nothing to run along: the array is a single number", ()),
            bad("must be 'first' or 'second', not 'left'", (2, 4), gate="left"),
            *refused,
        ),
        jax=compared,
    )


GATES = {
    "glu": gated(lambda J, x: J.nn.sigmoid(x), "second", refused=()),
    "swiglu": gated(
        lambda J, x, beta=1.0: x * J.nn.sigmoid(beta * x),
        "first",
        {"beta": 2.5},
        refused=(bad("beta must be a positive number, but is 0", (2, 4), beta=0),),
    ),
    "geglu": gated(
        _gelu,
        "first",
        {"approximate": "tanh"},
        {"approximate": "sigmoid"},
        refused=(bad("approximate of geglu must be 'none', 'tanh' or 'sigmoid'", (2, 4), approximate="exact"),),
    ),
}
GATES["glu"] = GATES["glu"]._replace(
    torch=lambda T, x, axis=-1, gate="second": T.nn.functional.glu(
        x if gate == "second" else T.cat(T.chunk(x, 2, dim=axis)[::-1], dim=axis), dim=axis
    )
)

RECORDS: Mapping[str, Record] = {**RECTIFIERS, **SMOOTH, **HARD, **SOFTMAX, **GATES}
