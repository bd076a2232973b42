"""Recurrent layers: a cell over a whole sequence. They give all hidden states, in the order of the input.

What the input adds to every time step is one product, made before the loop over the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import spell_shape
from hwcheck.ops.arrays import getitem, reshape, transpose
from hwcheck.ops.assembly import concatenate, stack
from hwcheck.ops.recurrent import Gru, Lstm, Naming, affine, require_state, require_weights, rnn_step, split
from hwcheck.ops.shapes import require_rank

MOST_STEPS = 1_000

Arguments: TypeAlias = Mapping[str, Node | None]


class Run:
    """One direction through a sequence: ``input`` is (T, D), or (T, N, D) for a batch, ``arguments`` its weights."""

    def __init__(self, step: Steps, input: Node, blocks: int, arguments: Arguments, backward: bool) -> None:
        self.arguments = arguments
        self.hidden = require_weights(blocks, input.shape[-1], arguments)
        self.axis = len(input.shape) - 2  # of the hidden units in a state
        self._step = step
        self._input = input
        self._times = range(input.shape[0])[:: -1 if backward else 1]

    def __getitem__(self, name: str) -> Node:
        """An argument that is required."""
        node = self.arguments[name]
        assert node is not None  # noqa: S101
        return node

    def state(self, name: str) -> Node:
        """The state before the first step."""
        return require_state(name, self[name], (*self._input.shape[1:-1], self.hidden))

    def moments(self, *biases: str) -> Iterator[tuple[Naming, Node]]:
        """For each time step, in the order of this direction, its names and what input and biases add to it."""
        rows = self._input.size // self._input.shape[-1]
        known = [bias for bias in map(self.arguments.get, biases) if bias is not None]
        bias = sum(known[1:], start=known[0]) if known else None
        of_input = affine(self["w_ih"], reshape(self._input, (rows, self._input.shape[-1])), bias)
        batch = rows // self._input.shape[0]
        for t in self._times:
            taken = slice(t * batch, (t + 1) * batch) if self.axis else t
            yield self._naming(t + 1), getitem(of_input, taken)

    def _naming(self, number: int) -> Naming:
        return lambda name, node: self._step(f"{name}{number}", node)

    def together(self, states: list[Node]) -> Node:
        """The hidden states, which came in the order of this direction, in that of the input."""
        return stack(states if self._times.step > 0 else states[::-1])


OneWay: TypeAlias = Callable[[Run], list[Node]]


def _through(
    step: Steps,
    one_way: OneWay,
    blocks: int,
    arguments: Arguments,
    reverse: bool,
    bidirectional: bool,
    batch_first: bool,
) -> Node:
    """The hidden states of one direction or of both; ``one_way`` goes through the steps of one."""
    if reverse and bidirectional:
        raise Misfit("bidirectional runs both ways, so reverse must be left out")
    input = arguments["input"]
    assert input is not None  # noqa: S101  it is a required argument
    require_rank("input", input.shape, (2, 3), "time steps, (batch,) features")
    swaps = batch_first and len(input.shape) == 3
    x = transpose(input, axes=[1, 0, 2]) if swaps else input
    if x.shape[0] > MOST_STEPS:
        raise Misfit(f"{{input}} has {x.shape[0]:,} time steps; at most {MOST_STEPS:,} are allowed")
    if bidirectional:
        directions = [("forward", False), ("backward", True)]
        halves = [
            Run(step.within(name), x, blocks, _half(arguments, which), backward)
            for which, (name, backward) in enumerate(directions)
        ]
        y = concatenate([run.together(one_way(run)) for run in halves], axis=-1)
    else:
        run = Run(step, x, blocks, arguments, reverse)
        y = run.together(one_way(run))
    return transpose(y, axes=[1, 0, 2]) if swaps else y


def _half(arguments: Arguments, which: int) -> Arguments:
    """The arguments of one direction: the first or the second entry of each; numbers serve both."""
    halves: dict[str, Node | None] = {}
    for name, node in arguments.items():
        if node is None or not node.shape or name == "input":
            halves[name] = node
            continue
        if node.shape[0] != 2:
            rule = f"{{{name}}} must have a first axis of 2, forward and backward"
            raise Misfit(f"{rule}, but its shape is {spell_shape(node.shape)}")
        halves[name] = getitem(node, which)
    return halves


@composite()
def rnn(
    step: Steps,
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
    nonlinearity: Literal["tanh", "relu"] = "tanh",
    reverse: bool = False,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> Node:
    """A plain recurrent network over a sequence: ``h[t] = tanh(w_ih x[t] + b_ih + w_hh h[t-1] + b_hh)``.

    The value is all hidden states, (T, H) or (T, N, H). Its steps are z1, h1, z2, h2 ...: in a line ``y: rnn(...)`` the
    state after the second input is y.h2, which is also ``y[1]``. The steps of both directions are y.forward.h1 ... and
    y.backward.h1 ...

    input: the sequence, (T, D), or (T, N, D) for a batch.
    hx: the hidden state to begin with, (H,) or (N, H); a single number, such as 0, stands for all its entries.
    w_ih: the input's weights, (H, D).
    w_hh: the hidden state's weights, (H, H).
    b_ih, b_hh: (H,); None leaves a bias out.
    nonlinearity: 'tanh' or 'relu'.
    reverse: True begins with the last input; the results still stand in the input's order.
    bidirectional: True runs both ways and puts the two results side by side, (T, N, 2 H); weights, biases and hx then
    have a first axis of 2, forward and backward.
    batch_first: True for a batch (N, T, D); the result is then (N, T, H).
    Elsewhere: PyTorch's torch.nn.RNN gives the last state as well, here ``y[-1]``; ONNX calls the sequence X, and its B
    has b_ih and b_hh one behind the other.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 10.2; both directions: section 10.3.
    Example: rnn(x, 0, W, U, nonlinearity="relu"); x = [[1], [2], [3]]; W = [[1]]; U = [[0.5]]
    """

    def one_way(run: Run) -> list[Node]:
        h, states = run.state("hx"), []
        for at, of_input in run.moments("b_ih", "b_hh"):
            h = at("h", rnn_step(at, of_input, affine(run["w_hh"], h, None), nonlinearity))
            states.append(h)
        return states

    arguments = {"input": input, "hx": hx, "w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh}
    return _through(step, one_way, 1, arguments, reverse, bidirectional, batch_first)


@composite()
def lstm(
    step: Steps,
    input: Node,
    hx: Node,
    cx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
    peephole: Node | None = None,
    order: Literal["ifgo", "ifog", "igfo", "iofg", "figo", "fiog", "fgio"] = "ifgo",
    forget_bias: float = 0.0,
    coupled: bool = False,
    reverse: bool = False,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> Node:
    """A long short-term memory over a sequence: ``h[t], c[t] = lstm_cell(x[t], h[t-1], c[t-1])``.

    The value is all hidden states, (T, H) or (T, N, H). Its steps are those of ``lstm_cell`` with the number of the
    time step, and h: z_i1, i1, f1, g1, o1, c1, h1, z_i2 ... In a line ``y: lstm(...)`` the cell state after the second
    input is y.c2. The steps of both directions are y.forward.c1 ... and y.backward.c1 ...

    input: the sequence, (T, D), or (T, N, D) for a batch.
    hx: the hidden state to begin with, (H,) or (N, H); a single number, such as 0, stands for all its entries.
    cx: the cell state to begin with, likewise.
    w_ih: the input's weights, (4 H, D): a block of H rows for each gate.
    w_hh: the hidden state's weights, (4 H, H).
    b_ih, b_hh: (4 H,); None leaves a bias out.
    peephole: weights with which the gates see the cell state, (3 H,); None leaves them out.
    order: the order of the blocks: i input gate, f forget gate, g candidate, o output gate.
    forget_bias: a number added to z_f.
    coupled: True makes ``f = 1 - i``; weights and biases then have no block for f.
    reverse: True begins with the last input; the results still stand in the input's order.
    bidirectional: True runs both ways and puts the two results side by side, (T, N, 2 H); weights, biases, peephole,
    hx and cx then have a first axis of 2, forward and backward.
    batch_first: True for a batch (N, T, D); the result is then (N, T, H).
    Elsewhere: PyTorch's torch.nn.LSTM gives the last states as well; the hidden one is ``y[-1]``. ONNX stacks
    i, o, f, g.
    Source: Gers, Schmidhuber, Cummins, Learning to forget (2000); both directions: Graves, Schmidhuber, Framewise
    phoneme classification with bidirectional LSTM (2005).
    Example: lstm(x, 0, 0, W, U); x = [[1], [2]]; W = [[0], [0], [1], [0]]; U = [[0], [0], [0], [0]]
    """
    convention = Lstm(order, forget_bias, coupled)

    def one_way(run: Run) -> list[Node]:
        h, c, states = run.state("hx"), run.state("cx"), []
        peeks = convention.peeks(run.arguments["peephole"], run.hidden)
        for at, of_input in run.moments("b_ih", "b_hh"):
            z = of_input + affine(run["w_hh"], h, None)
            h, c = convention.step(at, split(z, convention.order, run.axis), c, peeks)
            h = at("h", h)
            states.append(h)
        return states

    arguments = {"input": input, "hx": hx, "cx": cx, "w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh}
    arguments["peephole"] = peephole
    return _through(step, one_way, convention.blocks, arguments, reverse, bidirectional, batch_first)


@composite()
def gru(
    step: Steps,
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
    order: Literal["rzn", "zrn", "rnz", "znr", "nrz", "nzr"] = "rzn",
    update: Literal["keep", "take"] = "keep",
    reset: Literal["after", "before"] = "after",
    reverse: bool = False,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> Node:
    """A gated recurrent unit over a sequence: ``h[t] = gru_cell(x[t], h[t-1])``.

    The value is all hidden states, (T, H) or (T, N, H). Its steps are those of ``gru_cell`` with the number of the
    time step, and h: z_r1, r1, z_z1, z1, z_n1, n1, h1, z_r2 ... In a line ``y: gru(...)`` the update gate at the
    second input is y.z2. The steps of both directions are y.forward.z1 ... and y.backward.z1 ...

    input: the sequence, (T, D), or (T, N, D) for a batch.
    hx: the hidden state to begin with, (H,) or (N, H); a single number, such as 0, stands for all its entries.
    w_ih: the input's weights, (3 H, D): a block of H rows for r, z and n each.
    w_hh: the hidden state's weights, (3 H, H).
    b_ih, b_hh: (3 H,); None leaves a bias out.
    order: the order of the blocks: r reset gate, z update gate, n candidate.
    update: 'keep': z is the share of the old state that is kept; 'take': that of the candidate that is taken.
    reset: 'after' or 'before' the product with the candidate's weights.
    reverse: True begins with the last input; the results still stand in the input's order.
    bidirectional: True runs both ways and puts the two results side by side, (T, N, 2 H); weights, biases and hx then
    have a first axis of 2, forward and backward.
    batch_first: True for a batch (N, T, D); the result is then (N, T, H).
    Elsewhere: PyTorch's torch.nn.GRU gives the last state as well, here ``y[-1]``. ONNX stacks z, r, n, and its
    linear_before_reset=1 is reset='after'.
    Source: Cho and others, Learning phrase representations using RNN encoder-decoder (2014), section 2.3.
    Example: gru(x, 0, W, U); x = [[1], [2]]; W = [[0], [0], [1]]; U = [[0], [0], [0]]
    """

    def one_way(run: Run) -> list[Node]:
        convention = Gru(order, update, reset, run["w_hh"], run.arguments["b_hh"])
        h, states = run.state("hx"), []
        for at, of_input in run.moments("b_ih"):
            h = at("h", convention.step(at, split(of_input, order, run.axis), h))
            states.append(h)
        return states

    arguments = {"input": input, "hx": hx, "w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh}
    return _through(step, one_way, 3, arguments, reverse, bidirectional, batch_first)
