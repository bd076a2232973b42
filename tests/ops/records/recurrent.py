"""The records of recurrent cells and of whole sequences.

PyTorch computes the conventions that it has, with the blocks of the weights put into its order; a formula in JAX
computes all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

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


def torch_sequence(
    T: Any,
    run: Callable[..., Any],
    weights_of: Callable[..., list[Any]],
    x: Any,
    states: Sequence[Any],
    *weights: Any,
    reverse: bool = False,
    bidirectional: bool = False,
    batch_first: bool = False,
    **options: Any,
) -> Any:
    """A layer of PyTorch; to run in reverse, the sequence is turned round."""
    ways = 2 if bidirectional else 1
    flat: list[Any] = []
    for way in range(ways):
        each = [w if w is None or not bidirectional else w[way] for w in weights]
        each = weights_of(T, *each, *[None] * (4 - len(each)), **options)
        flat += [T.zeros(len(each[0]), dtype=T.float64) if w is None else w for w in each]
    single = x.dim() == 2
    time = 1 if batch_first and not single else 0
    x = T.flip(x, [time]) if reverse else x
    x = x[:, None] if single else x
    shape = (ways, x.shape[1 - time], flat[1].shape[1])
    hidden = tuple(expanded(T, s, shape).reshape(shape) for s in states)
    y = run(x, hidden if len(hidden) > 1 else hidden[0], flat, True, 1, 0.0, False, bidirectional, time == 1)[0]
    y = y[:, 0] if single else y
    return T.flip(y, [time]) if reverse else y


def _as_they_are(_: Any, *weights: Any) -> list[Any]:
    return list(weights)


def torch_rnn(T: Any, x: Any, hx: Any, *weights: Any, nonlinearity: str = "tanh", **options: Any) -> Any:
    run = T.rnn_tanh if nonlinearity == "tanh" else T.rnn_relu
    return torch_sequence(T, run, _as_they_are, x, [hx], *weights, **options)


def torch_lstm(T: Any, x: Any, hx: Any, cx: Any, *weights: Any, **options: Any) -> Any:
    return torch_sequence(T, T.lstm, torch_lstm_weights, x, [hx, cx], *weights, **options)


def torch_gru(T: Any, x: Any, hx: Any, *weights: Any, **options: Any) -> Any:
    return torch_sequence(T, T.gru, torch_gru_weights, x, [hx], *weights, **options)


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


def jax_sequence(
    cell: Callable[..., Any],
    J: Any,
    x: Any,
    states: list[Any],
    *weights: Any,
    reverse: bool = False,
    bidirectional: bool = False,
    batch_first: bool = False,
    **options: Any,
) -> Any:
    """All hidden states, one after the other."""
    if batch_first and x.ndim == 3:
        y = jax_sequence(
            cell, J, x.swapaxes(0, 1), states, *weights, reverse=reverse, bidirectional=bidirectional, **options
        )
        return y.swapaxes(0, 1)
    if bidirectional:
        ways = [
            jax_sequence(
                cell,
                J,
                x,
                [state if np.ndim(state) == 0 else state[way] for state in states],
                *(None if w is None else w[way] for w in weights),
                reverse=bool(way),
                **options,
            )
            for way in (0, 1)
        ]
        return J.numpy.concatenate(ways, axis=-1)
    found: list[Any] = []
    for moment in x[::-1] if reverse else x:
        new = cell(J, moment, *states, *weights, **options)
        states = list(new) if isinstance(new, tuple) else [new]
        found.append(states[0])
    return J.numpy.stack(found[::-1] if reverse else found)


def jax_lstm(J: Any, x: Any, hx: Any, cx: Any, *weights: Any, **options: Any) -> Any:
    return jax_sequence(jax_lstm_cell, J, x, [hx, cx], *weights, both=True, **options)


def jax_gru(J: Any, x: Any, hx: Any, *weights: Any, **options: Any) -> Any:
    return jax_sequence(jax_gru_cell, J, x, [hx], *weights, **options)


D, H, N, T = 3, 2, 5, 4


def stacked(blocks: int, biases: int = 2, features: int = D, hidden: int = H) -> list[tuple[int, ...]]:
    """The shapes of weights and biases."""
    rows = blocks * hidden
    return [(rows, features), (rows, hidden), *[(rows,)] * biases]


def both_ways(shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return [(2, *shape) for shape in shapes]


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


def sequence_samples(blocks: int, states: int) -> tuple[Sample, ...]:
    """What every layer is tried with: one sequence or a batch, both directions, batch first."""
    two_ways = both_ways([*[(H,)] * states, *stacked(blocks)])
    return (
        drawn((T, D), *[(H,)] * states, *stacked(blocks)),
        drawn((3, 4, 1), *[(4, H)] * states, *stacked(blocks, features=1)),
        drawn((3, 4, 1), *[(3, H)] * states, *stacked(blocks, 1, features=1), batch_first=True),
        drawn((3, D), *[()] * states, *stacked(blocks, 0), reverse=True, batch_first=True),
        drawn((3, 1), *two_ways[:states], *both_ways(stacked(blocks, features=1)), bidirectional=True),
        drawn((1, 3, 2), *[()] * states, *both_ways(stacked(blocks, 0, 2, 1)), bidirectional=True, batch_first=True),
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


def sequence_faults(blocks: int, states: int) -> tuple[Bad, ...]:
    w_ih, w_hh = stacked(blocks, 0)
    zeros = [0] * states
    return (
        *weight_faults(blocks, states, (T, N, D), more=(N,)),
        bad("{input} must have 2 or 3 axes (time steps, (batch,) features), but has 1", (D,), *zeros, w_ih, w_hh),
        bad("{input} has 1,001 time steps; at most 1,000 are allowed", (1001, D), *zeros, w_ih, w_hh),
        bad("reverse must be left out", (T, D), *zeros, w_ih, w_hh, reverse=True, bidirectional=True),
        bad(
            "{w_ih} must have a first axis of 2, forward and backward, but its shape is 7 x 3",
            *((T, D), *zeros, (7, 3), w_hh),
            bidirectional=True,
        ),
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
    "rnn": Record(
        samples=(*sequence_samples(1, 1), drawn((T, D), (H,), *stacked(1), nonlinearity="relu")),
        bad=(
            *sequence_faults(1, 1),
            bad("nonlinearity of rnn must be 'tanh' or 'relu'", (T, D), 0, *stacked(1), nonlinearity="elu"),
        ),
        torch=torch_rnn,
    ),
    "lstm": Record(
        samples=(
            *sequence_samples(4, 2),
            drawn((T, D), (), (H,), *stacked(4), forget_bias=1.0, order="igfo"),
            drawn((3, D), (H,), (H,), *stacked(3), (2 * H,), coupled=True, order="ifog").without_torch(),
            drawn((3, 4, 1), (), (), *stacked(4, features=1), PEEPHOLE, order="iofg").without_torch(),
        ),
        bad=(
            *sequence_faults(4, 2),
            *LSTM_FAULTS[:1],
            bad("forget_bias is 1, but", (T, D), 0, 0, *stacked(3), forget_bias=1, coupled=True),
            bad("{peephole} must be 6", (T, D), 0, 0, *stacked(4), (8,)),
        ),
        torch=torch_lstm,
        jax=jax_lstm,
    ),
    "gru": Record(
        samples=(
            *sequence_samples(3, 1),
            drawn((T, D), (H,), *stacked(3), order="znr", update="take"),
            drawn((3, 4, 1), (4, H), *stacked(3, features=1), order="zrn", reset="before").without_torch(),
        ),
        bad=(*sequence_faults(3, 1), bad("reset of gru must be", (T, D), 0, *stacked(3), reset="never")),
        torch=torch_gru,
        jax=jax_gru,
    ),
}
