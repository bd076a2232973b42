"""The records of recurrent cells.

PyTorch computes the conventions that it has, with the blocks of the weights put into its order; a formula in JAX
computes all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.support.op_records import Bad, Record, Sample, bad, drawn


def reordered(T: Any, stacked: Any, order: str, wanted: str) -> Any:
    """Stacked blocks in another order."""
    blocks = dict(zip(order, T.chunk(stacked, len(order)), strict=True))
    return T.cat([blocks[gate] for gate in wanted])


def expanded(T: Any, state: Any, shape: Sequence[int]) -> Any:
    return state.expand(*shape) if state.dim() == 0 else state


def torch_cell(T: Any, cell: Callable[..., Any], x: Any, states: Sequence[Any], *weights: Any) -> Any:
    """A cell of PyTorch, which takes batches of rows only, on one sample as well."""
    w_ih, w_hh, *biases = weights
    given = [T.zeros(len(w_ih), dtype=T.float64) if b is None else b for b in biases]
    batch = T.atleast_2d(x)
    hidden = [T.atleast_2d(expanded(T, state, (len(batch), w_hh.shape[1]))) for state in states]
    y = cell(batch, tuple(hidden) if len(hidden) > 1 else hidden[0], w_ih, w_hh, *given)
    y = y[0] if len(hidden) > 1 else y
    return y if x.dim() == 2 else y[0]


def in_columns(cell: Callable[..., Any], states: int) -> Callable[..., Any]:
    """The same cell where samples may be columns."""

    def either(T: Any, *arrays: Any, batch: str = "rows", **options: Any) -> Any:
        if batch == "rows" or arrays[0].ndim == 1:
            return cell(T, *arrays, **options)
        turned = [array.T if array.ndim == 2 else array for array in arrays[: 1 + states]]
        return cell(T, *turned, *arrays[1 + states :], **options).T

    return either


def torch_rnn_cell(
    T: Any,
    x: Any,
    hx: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    nonlinearity: str = "tanh",
) -> Any:
    cell = T.rnn_tanh_cell if nonlinearity == "tanh" else T.rnn_relu_cell
    return torch_cell(T, cell, x, [hx], w_ih, w_hh, b_ih, b_hh)


def torch_lstm_cell(
    T: Any,
    x: Any,
    hx: Any,
    cx: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    **options: Any,
) -> Any:
    weights = torch_lstm_weights(T, w_ih, w_hh, b_ih, b_hh, **options)
    return torch_cell(T, T.lstm_cell, x, [hx, cx], *weights)


def torch_lstm_weights(T: Any, *weights: Any, order: str = "ifgo", forget_bias: float = 0.0) -> list[Any]:
    turned: list[Any] = [w if w is None else reordered(T, w, order, "ifgo") for w in weights]
    w_ih, w_hh, b_ih, b_hh = turned
    extra = T.zeros(4, w_hh.shape[1], dtype=T.float64)
    extra[1] = forget_bias
    return [w_ih, w_hh, extra.reshape(-1) if b_ih is None else b_ih + extra.reshape(-1), b_hh]


def torch_gru_cell(
    T: Any,
    x: Any,
    hx: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    **options: Any,
) -> Any:
    return torch_cell(T, T.gru_cell, x, [hx], *torch_gru_weights(T, w_ih, w_hh, b_ih, b_hh, **options))


def torch_gru_weights(T: Any, *weights: Any, order: str = "rzn", update: str = "keep") -> list[Any]:
    """PyTorch's z keeps; the z that takes is 1 minus it, that of the opposite weights."""
    sign = 1 if update == "keep" else -1

    def turned(w: Any) -> Any:
        r, z, n = T.chunk(reordered(T, w, order, "rzn"), 3)
        return T.cat([r, sign * z, n])

    return [w if w is None else turned(w) for w in weights]


# In JAX one gate at a time, every weight by its gate's letter; samples are the last axis but one, or there is one only.
def by_gate(J: Any, stacked: Any, order: str) -> dict[str, Any]:
    if stacked is None:
        return dict.fromkeys(order, 0.0)
    return dict(zip(order, J.numpy.split(stacked, len(order)), strict=True))


def jax_lstm_cell(
    J: Any,
    x: Any,
    h: Any,
    c: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    peephole: Any = None,
    *,
    order: str = "ifgo",
    forget_bias: float = 0.0,
    coupled: bool = False,
    both: bool = False,
) -> Any:
    order = order.replace("f", "") if coupled else order
    h = J.numpy.broadcast_to(h, (*x.shape[:-1], w_hh.shape[1]))
    w, u, b, d = (by_gate(J, stacked, order) for stacked in (w_ih, w_hh, b_ih, b_hh))
    p = by_gate(J, peephole, order.replace("g", ""))
    z = {gate: x @ w[gate].T + h @ u[gate].T + b[gate] + d[gate] for gate in order}
    i = J.nn.sigmoid(z["i"] + p["i"] * c)
    f = 1 - i if coupled else J.nn.sigmoid(z["f"] + forget_bias + p["f"] * c)
    c = f * c + i * J.numpy.tanh(z["g"])
    h = J.nn.sigmoid(z["o"] + p["o"] * c) * J.numpy.tanh(c)
    return (h, c) if both else h


def jax_gru_cell(
    J: Any,
    x: Any,
    h: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any = None,
    b_hh: Any = None,
    *,
    order: str = "rzn",
    update: str = "keep",
    reset: str = "after",
) -> Any:
    h = J.numpy.broadcast_to(h, (*x.shape[:-1], w_hh.shape[1]))
    w, u, b, d = (by_gate(J, stacked, order) for stacked in (w_ih, w_hh, b_ih, b_hh))
    r, z = (J.nn.sigmoid(x @ w[gate].T + b[gate] + h @ u[gate].T + d[gate]) for gate in "rz")
    seen = (r * h) @ u["n"].T + d["n"] if reset == "before" else r * (h @ u["n"].T + d["n"])
    n = J.numpy.tanh(x @ w["n"].T + b["n"] + seen)
    share = z if update == "keep" else 1 - z
    return share * h + (1 - share) * n


D, H, N, T = 3, 2, 5, 4


def stacked(blocks: int, biases: int = 2, features: int = D, hidden: int = H) -> list[tuple[int, ...]]:
    """The shapes of weights and biases."""
    rows = blocks * hidden
    return [(rows, features), (rows, hidden), *[(rows,)] * biases]


def cell_samples(blocks: int, states: int) -> tuple[Sample, ...]:
    """What every cell is tried with: one sample or a batch, in rows or columns, two biases, one or none."""
    one, rows, columns = [(H,)] * states, [(N, H)] * states, [(H, N)] * states
    return (
        drawn((D,), *one, *stacked(blocks)),
        drawn((N, D), *rows, *stacked(blocks)),
        drawn((D, N), *columns, *stacked(blocks), batch="columns"),
        drawn((D,), *one, *stacked(blocks, 1), batch="columns"),
        drawn((N, D), *[()] * states, *stacked(blocks, 0)),
    )


def weight_faults(blocks: int, states: int, x: tuple[int, ...], more: tuple[int, ...] = ()) -> tuple[Bad, ...]:
    """Weights that do not fit an input x of D features."""
    w_ih, w_hh, bias = stacked(blocks, 1)
    rows = blocks * H
    size = f"{blocks} blocks of hidden size 2" if blocks > 1 else "hidden size 2"
    zeros = [0] * states
    wrong = (N, H) if len(more) == 0 else (H,)
    has = f"{wrong[0]} x {H}" if len(wrong) > 1 else f"{H}"
    return (
        bad("{w_hh} must have 2 axes (stacked rows, hidden size), but has 1 (2)", x, *zeros, w_ih, (2,)),
        bad(f"{{w_hh}} must be {rows} x 2 ({size}), but is {rows + 1} x 2", x, *zeros, w_ih, (rows + 1, H)),
        bad(f"{{w_ih}} must be {rows} x 3 ({size}; {{input}} has 3 features), but", x, *zeros, (rows, 4), w_hh),
        bad(f"{{b_ih}} must be {rows} ({size}), but is {rows} x 1", x, *zeros, w_ih, w_hh, (rows, 1)),
        bad(f"{{b_hh}} must be {rows} ({size}), but is 1", x, *zeros, w_ih, w_hh, bias, (1,)),
        bad(f"but is {has}", x, *[wrong] * states, w_ih, w_hh),
    )


def cell_faults(blocks: int, states: int) -> tuple[Bad, ...]:
    w_ih, w_hh = stacked(blocks, 0)
    return (
        *weight_faults(blocks, states, (D,)),
        bad("{input} must have 1 or 2 axes (features, or a batch of them)", (T, N, D), *[0] * states, w_ih, w_hh),
        bad("{hx} must be 5 x 2 (batch and hidden size), but is 2 x 5", (N, D), *[(H, N)] * states, w_ih, w_hh),
        bad("{hx} must be 2 (hidden size), but is 3", (D,), *[(D,)] * states, w_ih, w_hh),
        bad("batch of", (N, D), *[0] * states, w_ih, w_hh, batch="first"),
    )


PEEPHOLE = (3 * H,)
LSTM_FAULTS = (
    bad("order of lstm", (D,), 0, 0, *stacked(4), order="abcd"),
    bad(
        "forget_bias is 1, but coupled gates have no weights for f that it could add to",
        *((D,), 0, 0, *stacked(3)),
        forget_bias=1,
        coupled=True,
    ),
)
RECORDS: Mapping[str, Record] = {
    "rnn_cell": Record(
        samples=(*cell_samples(1, 1), drawn((N, D), (N, H), *stacked(1), nonlinearity="relu")),
        bad=(
            *cell_faults(1, 1),
            bad("nonlinearity of rnn_cell must be 'tanh' or 'relu'", (D,), 0, *stacked(1), nonlinearity="elu"),
        ),
        torch=in_columns(torch_rnn_cell, 1),
    ),
    "lstm_cell": Record(
        samples=(
            *cell_samples(4, 2),
            drawn((D,), (H,), (H,), *stacked(4), order="iofg"),
            drawn((D,), (H,), (H,), *stacked(4), order="figo", forget_bias=1.0),
            drawn((N, D), (N, H), (N, H), *stacked(3), order="fgio", coupled=True).without_torch(),
            drawn((N, D), (N, H), (N, H), *stacked(4), PEEPHOLE, order="iofg").without_torch(),
            drawn((D, N), (H, N), (H, N), *stacked(3), (2 * H,), coupled=True, batch="columns").without_torch(),
        ),
        bad=(
            *cell_faults(4, 2),
            *LSTM_FAULTS,
            bad("{cx} must be 2 (hidden size), but is 3", (D,), 0, (3,), *stacked(4)),
            bad("{peephole} must be 6 (a block of 2 for each of i, f, o), but is 8", (D,), 0, 0, *stacked(4), (8,)),
            bad("for each of i, o), but is 6", (D,), 0, 0, *stacked(3), PEEPHOLE, coupled=True),
        ),
        torch=in_columns(torch_lstm_cell, 2),
        jax=in_columns(jax_lstm_cell, 2),
    ),
    "gru_cell": Record(
        samples=(
            *cell_samples(3, 1),
            drawn((D,), (H,), *stacked(3), order="zrn", update="take"),
            drawn((N, D), (N, H), *stacked(3), reset="before").without_torch(),
            drawn(
                (D, N), (H, N), *stacked(3), order="nzr", update="take", reset="before", batch="columns"
            ).without_torch(),
        ),
        bad=(
            *cell_faults(3, 1),
            bad("update of gru_cell must be 'keep' or 'take', not 'new'", (D,), 0, *stacked(3), update="new"),
            bad("reset of gru_cell must be 'after' or 'before'", (D,), 0, *stacked(3), reset=True),
            bad("order of gru_cell must be 'rzn'", (D,), 0, *stacked(3), order="zr"),
        ),
        torch=in_columns(torch_gru_cell, 1),
        jax=in_columns(jax_gru_cell, 1),
    ),
}
