"""The records of recurrent layers, which take a cell through a whole sequence.

As those of the cells: PyTorch computes the conventions that it has, a formula in JAX computes all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tests.ops.records.recurrent import (
    LSTM_FAULTS,
    PEEPHOLE,
    D,
    H,
    N,
    T,
    expanded,
    jax_gru_cell,
    jax_lstm_cell,
    stacked,
    torch_gru_weights,
    torch_lstm_weights,
    weight_faults,
)
from tests.support.op_records import Bad, Record, Sample, bad, drawn


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


def both_ways(shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return [(2, *shape) for shape in shapes]


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


RECORDS: Mapping[str, Record] = {
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
