"""The records of arithmetic, elementary functions, reductions, arrays and matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Record, Sample, bad, drawn, kink


def unary(torch: Callable[..., Any], between: tuple[float, float] = (-1.5, 1.5)) -> Record:
    return Record(
        samples=(drawn((2, 3, 5), between=between), drawn((), between=between)),
        bad=(
            bad("needs '"),
            bad("takes 1 arguments at most, not 2", (2,), (2,)),
            bad("must be an array or a number, not 'rows'", "rows"),
            bad("must be an array or a number, not a list", [(2,), (2,)]),
        ),
        torch=torch,
    )


def binary(torch: Callable[..., Any], between: tuple[float, float] = (-1.5, 1.5), ties: bool = False) -> Record:
    shapes = [((2, 3), (2, 3)), ((2, 1, 3), (5, 1)), ((3,), (2, 3)), ((2, 3), ()), ((), (4,)), ((), ())]
    tied = drawn(np.array([[0.0, 1, 2], [2, 1, 0]]), np.array([0.0, 1, 1]))
    return Record(
        samples=(*(drawn(a, b, between=between) for a, b in shapes), *([tied] if ties else [])),
        bad=(
            bad("axis 1 of {a} is 3, but axis 0 of {b} is 2 (5 x 3 against 2)", (5, 3), (2,)),
            bad("axis 1 of {a} is 5, but axis 0 of {b} is 3 (2 x 5 x 4 against 3 x 1)", (2, 5, 4), (3, 1)),
            bad("needs 'b'", (2,)),
        ),
        torch=torch,
    )


def comparison(torch: Callable[..., Any]) -> Record:
    return binary(lambda T, a, b: torch(T, a, b).double(), ties=True)


ELEMENTWISE = {
    "exp": unary(lambda T, x: T.exp(x)),
    "log": unary(lambda T, x: T.log(x), between=(0.5, 2.5)),
    "log2": unary(lambda T, x: T.log2(x), between=(0.5, 2.5)),
    "log10": unary(lambda T, x: T.log10(x), between=(0.5, 2.5)),
    "sqrt": unary(lambda T, x: T.sqrt(x), between=(0.5, 2.5)),
    "sign": unary(lambda T, x: T.sign(x)),
    "abs": unary(lambda T, x: T.abs(x)),
    "sin": unary(lambda T, x: T.sin(x)),
    "cos": unary(lambda T, x: T.cos(x)),
    "tanh": unary(lambda T, x: T.tanh(x)),
    "erf": unary(lambda T, x: T.erf(x), between=(-3.0, 3.0)),
    "negative": unary(lambda T, x: T.neg(x)),
    "add": binary(lambda T, a, b: T.add(a, b)),
    "subtract": binary(lambda T, a, b: T.sub(a, b)),
    "multiply": binary(lambda T, a, b: T.mul(a, b)),
    "divide": binary(lambda T, a, b: T.div(a, b), between=(0.5, 2.5)),
    "power": binary(lambda T, a, b: T.pow(a, b), between=(0.5, 2.5)),
    "maximum": binary(lambda T, a, b: T.maximum(a, b)),
    "minimum": binary(lambda T, a, b: T.minimum(a, b)),
    "greater": comparison(lambda T, a, b: T.gt(a, b)),
    "greater_equal": comparison(lambda T, a, b: T.ge(a, b)),
    "less": comparison(lambda T, a, b: T.lt(a, b)),
    "less_equal": comparison(lambda T, a, b: T.le(a, b)),
    "equal": comparison(lambda T, a, b: T.eq(a, b)),
    "not_equal": comparison(lambda T, a, b: T.ne(a, b)),
    "where": Record(
        samples=(
            drawn(np.array([[1, 0, 0], [0, 1, -2]]), (2, 3), (2, 3)),
            drawn(np.array([[1], [0]]), (5, 1, 3), (3,)),
            drawn(np.array(1), (), (2, 3)),
        ),
        bad=(bad("axis 0 of {condition} is 4, but axis 1 of {a} is 3", (4,), (2, 3), (2, 3)),),
        torch=lambda T, condition, a, b: T.where(condition != 0, a, b),
    ),
}


def reduction(torch: Callable[..., Any]) -> Record:
    """``torch(T, x, axes, keepdims)``, with the axes as a tuple."""

    def compared(T: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        axes = tuple(range(x.dim())) if axis is None else axis
        return torch(T, x, axes, keepdims) if x.dim() else torch(T, x[None], 0, False)

    return Record(
        samples=(
            drawn((2, 3, 5)),
            drawn((2, 3, 5), axis=1),
            drawn((2, 3, 5), axis=[0, -1]),
            drawn((2, 3, 5), axis=-2, keepdims=True),
            drawn((2, 3, 5), keepdims=True),
            drawn((2, 1, 3), axis=1),
            drawn((4,), axis=[0]),
            drawn(()),
        ),
        bad=(
            bad("is 3, but the array has axes 0 to 2", (2, 3, 5), axis=[0, 3]),
            bad("names an axis twice: [0, -2]", (2, 3), axis=[0, -2]),
            bad("keepdims of", (2, 3), keepdims="yes"),
            bad("must be a whole number, not inf", (2, 3), axis=float("inf")),
            bad("must be a whole number, not True", (2, 3), axis=True),
            bad("has no option 'axes'; did you mean 'axis'?", (2, 3), axes=1),
            bad("is given 'axis' twice", (2, 3), axis=1, dim=1),
        ),
        torch=compared,
    )


REDUCTIONS = {
    "sum": reduction(lambda T, x, axes, keepdims: T.sum(x, axes, keepdims)),
    "mean": reduction(lambda T, x, axes, keepdims: T.mean(x, axes, keepdims)),
    "max": reduction(lambda T, x, axes, keepdims: T.amax(x, axes, keepdims)),
    "min": reduction(lambda T, x, axes, keepdims: T.amin(x, axes, keepdims)),
    "broadcast_to": Record(
        samples=(
            drawn((3,), shape=[2, 3]),
            drawn((2, 1), shape=[5, 2, 3]),
            drawn((), shape=[2, 3]),
            drawn((2, 3), shape=[2, 3]),
        ),
        bad=(
            bad("{x} (2 x 3) cannot be broadcast to 2 x 4", (2, 3), shape=[2, 4]),
            bad("{x} (2 x 3) cannot be broadcast to 3", (2, 3), shape=3),
            bad("{x} (1) cannot be broadcast to 0", (1,), shape=[0]),
        ),
        torch=lambda T, x, shape: T.broadcast_to(x, shape),
    ),
}


def placed(T: Any, x: Any, shape: Any, index: Any) -> Any:
    result = T.zeros(shape, dtype=T.float64)
    result[index] = x
    return result


def unpadded(T: Any, g: Any, pad: Any, mode: str) -> Any:
    """What comes back through PyTorch's pad."""
    rank = len(pad) // 2
    inside = [n - before - behind for n, before, behind in zip(g.shape[::-1], pad[::2], pad[1::2], strict=False)][::-1]
    zeros = T.zeros((*g.shape[:-rank], *inside), dtype=T.float64, requires_grad=True)
    return T.autograd.grad(T.nn.functional.pad(zeros, pad, mode=mode), zeros, g, create_graph=True)[0]


REST = slice(None)

ARRAYS = {
    "reshape": Record(
        samples=(drawn((2, 3, 4), shape=[4, -1]), drawn((6,), shape=[2, 3]), drawn((), shape=[1, 1])),
        bad=(
            bad("has 8 entries, but the array has 6 (2 x 3)", (2, 3), shape=[2, 4]),
            bad("cannot be [-1, 4]: the array has 6 entries (2 x 3)", (2, 3), shape=[-1, 4]),
            bad("may have one -1, but is [-1, -1]", (2, 3), shape=[-1, -1]),
            bad("may have one -1, but is [-2, -2]", (2, 2), shape=[-2, -2]),
            bad("shape of reshape must be written down as numbers", (2, 3), [(), 3]),
        ),
        torch=lambda T, x, shape: T.reshape(x, shape),
    ),
    "flatten": Record(
        samples=(
            drawn((2, 3, 4)),
            drawn((2, 3, 4, 5), start_dim=1, end_dim=-2),
            drawn((2, 3), start_dim=1),
            drawn((2, 3, 4), start_dim=-3, end_dim=1),
            drawn(()),
        ),
        bad=(
            bad("flatten of {x} would begin at axis 1 and end at axis 0", (2, 3), start_dim=1, end_dim=-2),
            bad("start_dim of flatten is 2, but {x} has axes 0 to 1", (2, 3), start_dim=2),
            bad("end_dim of flatten is -3, but {x} has axes 0 to 1", (2, 3), end_dim=-3),
        ),
        torch=lambda T, x, **options: T.flatten(x, **options),
    ),
    "transpose": Record(
        samples=(drawn((2, 3)), drawn((2, 3, 4)), drawn((2, 3, 4), axes=[2, 0, 1]), drawn((4,)), drawn(())),
        bad=(
            bad("must name each of the 2 axes once, not [0, 0]", (2, 3), axes=[0, 0]),
            bad("must name each of the 2 axes once, not [0]", (2, 3), axes=[0]),
            bad("is 2, but the array has axes 0 to 1", (2, 3), axes=[0, 2]),
        ),
        torch=lambda T, x, axes=None: T.permute(x, axes or tuple(range(x.dim()))[::-1]),
    ),
    "getitem": Record(
        samples=(
            drawn((4, 3), index=2),
            drawn((4, 3, 5), index=(-1, REST, slice(1, 5, 2))),
            drawn((4, 3), index=(3, 0)),
            drawn((4, 3), index=(REST, slice(-2, None))),
            drawn((5, 3), index=slice(None, None, -2)).without_torch(),
            drawn((4,), index=slice(3, 0, -1)).without_torch(),
        ),
        bad=(
            bad("has 3 indices, but the array has 2 axes", (2, 3), index=(0, 0, 0)),
            bad("is 2 on axis 0, which has 2 entries (0 to 1)", (2, 3), index=2),
            bad("is -4 on axis 1, which has 3 entries (0 to 2)", (2, 3), index=(0, -4)),
            bad("takes nothing of axis 0, whose length is 2", (2, 3), index=slice(2, None)),
            bad("has a slice of step 0", (2, 3), index=slice(0, 2, 0)),
            bad("must be a whole number, not 'first'", (2, 3), index="first"),
        ),
        torch=lambda _, x, index: x[index],
    ),
    "place": Record(
        samples=(
            drawn((3,), shape=[4, 3], index=(2,)),
            drawn((), shape=[4], index=(1,)),
            drawn((2, 3), shape=[4, 3], index=(slice(0, 4, 2), REST)),
            drawn((3,), shape=[5], index=(slice(4, None, -2),)).without_torch(),
        ),
        bad=(
            bad("{x} is 3, but its place in 4 x 2 is 2", (3,), shape=[4, 2], index=1),
            bad("index of place is 4 on axis 0, which has 4 entries", (), shape=[4], index=4.0),
            bad("must have lengths from 1 on, not [-1]", (), shape=[-1], index=0),
        ),
        torch=placed,
    ),
    "concatenate": Record(
        samples=(
            drawn((2, 3), (4, 3), (1, 3)),
            drawn((2, 3, 5), (2, 4, 5), axis=1),
            drawn((2, 3), (2, 4), axis=-1),
            drawn((4,)),
        ),
        bad=(
            bad("only axis 0 may differ, but {arrays[0]} is 2 x 3 and {arrays[1]} is 2 x 4", [(2, 3), (2, 4)]),
            bad("only axis 1 may differ, but {arrays[0]} is 2 x 3 and {arrays[1]} is 2", [(2, 3), (2,)], axis=1),
            bad("arrays of concatenate must be a list of arrays: [a, b]", (2, 3)),
            bad("arrays of concatenate must be a list of arrays: [a, b]", []),
            bad("has nothing to run along: the array is a single number", [(), ()]),
        ),
        torch=lambda T, *arrays, axis=0: T.cat(arrays, dim=axis),
    ),
    "stack": Record(
        samples=(
            drawn((2, 3), (2, 3), (2, 3), (2, 3)),
            drawn((2, 3), (2, 3), (2, 3), (2, 3), axis=1),
            drawn((2, 3), (2, 3), (2, 3), (2, 3), axis=2),
            drawn((2, 3), (2, 3), (2, 3), (2, 3), axis=-1),
            drawn((2, 3), (2, 3), (2, 3), (2, 3), axis=-3),
            drawn((2, 3)),
            drawn((), ()),
        ),
        bad=(
            bad("what is stacked must have one shape, but {arrays[0]} is 2 and {arrays[2]} is 3", [(2,), (2,), (3,)]),
            bad("axis of stack is 2, but the result has axes 0 to 1", [(2,), (2,)], axis=2),
            bad("axis of stack is -3, but the result has axes 0 to 1", [(2,), (2,)], axis=-3),
        ),
        torch=lambda T, *arrays, axis=0: T.stack(arrays, dim=axis),
    ),
    "pad": Record(
        samples=(
            drawn((2, 3), pad=[1, 2, 3, 4]),
            drawn((2, 3, 4), pad=[0, 2], value=0.5),
            drawn((2, 3), pad=[]),
            drawn((2,), pad=[1, 0]),
            drawn((1, 2, 3, 4), pad=[3, 2, 0, 1], mode="reflect"),
            drawn((1, 2, 3, 4), pad=[3, 5, 0, 1], mode="replicate"),
            drawn((1, 2, 3, 4), pad=[4, 1, 0, 3], mode="circular"),
            drawn((3, 4), pad=[2, 1, 0, 2], mode="reflect").without_torch(),
            drawn((), pad=[], mode="circular").without_torch(),
        ),
        bad=(
            bad("pad needs two widths for each axis, last axis first: [1] does not fit 2 x 3", (2, 3), pad=1),
            bad("pad needs two widths for each axis, last axis first: [1, 1, 1, 1] does not fit 3", (3,), pad=[1] * 4),
            bad("the widths of pad must not be negative: [0, -1]", (2, 3), pad=[0, -1]),
            bad(
                "mode='reflect' copies all entries but the first of an axis at most: "
                "axis 1 of {x} has 3 entries, but the border is 3 wide",
                *((2, 3),),
                pad=[0, 3],
                mode="reflect",
            ),
            bad("axis 0 of {x} has 2 entries, but the border is 3 wide", (2, 3), pad=[0, 0, 3, 0], mode="circular"),
            bad(
                "value=1 is for mode='constant': mode='replicate' copies", (2, 3), pad=[1, 1], mode="replicate", value=1
            ),
            bad(
                "mode of pad must be 'constant', 'reflect', 'replicate' or 'circular'", (2, 3), pad=[1, 1], mode="edge"
            ),
        ),
        torch=lambda T, x, pad, mode="constant", value=0.0: T.nn.functional.pad(x, pad, mode=mode, value=value),
    ),
    "unpad": Record(
        samples=(
            drawn((1, 2, 4, 9), pad=[3, 2, 0, 1], mode="reflect"),
            drawn((1, 2, 4, 7), pad=[3, 2, 0, 1], mode="replicate"),
            drawn((1, 2, 6, 9), pad=[4, 1, 0, 3], mode="circular"),
        ),
        bad=(
            bad("axis 1 of {g} is 3, not longer than its border of 3", (2, 3), pad=[1, 2], mode="reflect"),
            bad("has 2 entries, but the border is 2 wide", (2, 4), pad=[2, 0], mode="reflect"),
            bad("mode of unpad must be 'reflect', 'replicate' or 'circular'", (2, 4), pad=[1, 0], mode="constant"),
        ),
        torch=unpadded,
    ),
}


MATRIX = {
    "matmul": Record(
        samples=(
            drawn((3, 4), (4, 5)),
            drawn((4,), (4,)),
            drawn((3, 4), (4,)),
            drawn((4,), (4, 5)),
            drawn((2, 3, 4), (4, 5)),
            drawn((2, 1, 3, 4), (6, 4, 5)),
            drawn((4,), (2, 4, 5)),
            drawn((2, 3, 4), (4,)),
        ),
        bad=(
            bad("axis 1 of {a} is 3, but axis 0 of {b} is 2", (2, 3), (2, 3)),
            bad("axis 0 of {a} is 3, but axis 0 of {b} is 2", (3,), (2,)),
            bad("axis 2 of {a} is 4, but axis 1 of {b} is 5", (2, 3, 4), (2, 5, 4)),
            bad("axis 0 of {a} is 2, but axis 0 of {b} is 6", (2, 3, 4), (6, 4, 5)),
            bad("@ needs two arrays, but {b} is a single number: use *", (2, 3), ()),
            bad("@ needs two arrays, but {a} is a single number: use *", 2.0, (2, 3)),
        ),
        torch=lambda T, a, b: T.matmul(a, b),
    ),
    "dot": Record(
        samples=(drawn((3, 4), (4, 5)), drawn((4,), (4,)), drawn((3, 4), (4,)), drawn((), (2, 3)), drawn((), ())),
        bad=(
            bad("{a} must have 1 or 2 axes (a vector or a matrix), but has 3 (2 x 3 x 4)", (2, 3, 4), (4,)),
            bad("{b} must have 1 or 2 axes", (4,), (2, 4, 3)),
            bad("axis 0 of {a} is 3, but axis 0 of {b} is 2", (3,), (2,)),
        ),
        torch=lambda T, a, b: T.matmul(a, b) if a.dim() and b.dim() else T.mul(a, b),
    ),
    "outer": Record(
        samples=(drawn((3,), (4,)), drawn((1,), (2,))),
        bad=(
            bad("{a} must have 1 axes (a vector), but has 0 (a single number)", (), (2,)),
            bad("{b} must have 1 axes (a vector), but has 2 (2 x 3)", (2,), (2, 3)),
        ),
        torch=lambda T, a, b: T.outer(a, b),
    ),
    "trace": Record(
        samples=(drawn((3, 3)), drawn((1, 1))),
        bad=(
            bad("trace needs a square matrix, but {x} is 2 x 3", (2, 3)),
            bad("{x} must have 2 axes (a square matrix), but has 1 (3)", (3,)),
        ),
        torch=lambda T, x: T.trace(x),
    ),
}


KINKS: Mapping[str, tuple[Sample, ...]] = {
    "abs": (kink([0.0, -0.0, 1, -1]),),
    "sign": (kink([0.0, -0.0, 1, -1]),),
    "sqrt": (kink([0.0, 4.0]),),
    "maximum": (kink([1, 2, 3, 0.0], [1, 1, 4, -0.0]),),
    "minimum": (kink([1, 2, 3, 0.0], [1, 1, 4, -0.0]),),
    "max": (
        kink([[1, 3, 3], [2, 2, 2], [0, 0.0, -0.0], [1, 2, 3]], axis=1),
        kink([[1, 3, 3], [3, 2, 2]]),
    ),
    "min": (
        kink([[1, 3, 1], [2, 2, 2], [0, 0.0, -0.0], [1, 2, 3]], axis=1, keepdims=True),
        kink([[1, 3, 3], [3, 1, 1]], axis=[0, 1]),
    ),
    # In the exponent, hwcheck has a rule of its own.
    "power": (kink([0.0, 0.0, 0.0, -2.0, -2.0], [[0.0], [1.0], [2.0], [3.0]], fixed=[1]),),
    "divide": (kink([0.0, 1.0, -1.0], [0.0, 0.0, 0.0]),),
    "log": (kink([0.0, 1.0]),),
    "where": (kink([0.0, 1.0], [1.0, 2.0], [1.0, 2.0], fixed=[0]),),
}

ALL = {**ELEMENTWISE, **REDUCTIONS, **ARRAYS, **MATRIX}
RECORDS: Mapping[str, Record] = {name: record._replace(kinks=KINKS.get(name, ())) for name, record in ALL.items()}
