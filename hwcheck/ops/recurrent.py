"""Recurrent cells: one time step. All cells are compositions; whole sequences stand in sequences.py.

A cell takes one sample (D,), or a batch with a sample in each row (N, D) or in each column (D, N). The blocks of
stacked weights stand in the order that ``order`` spells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from hwcheck.graph.node import Node, Shape
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.ops.activations import relu, sigmoid
from hwcheck.ops.arrays import getitem, reshape
from hwcheck.ops.functions import tanh
from hwcheck.ops.reductions import broadcast_to
from hwcheck.ops.shapes import require_rank, require_shape

Naming = Callable[[str, Node], Node]  # names a step: Steps, or Steps with the number of a time step

REST = slice(None)


def require_weights(blocks: int, features: int, weights: Mapping[str, Node | None]) -> int:
    """Check ``w_ih``, ``w_hh``, ``b_ih`` and ``b_hh`` against each other; gives the size of the hidden state."""
    w_ih, w_hh = weights["w_ih"], weights["w_hh"]
    assert w_ih is not None and w_hh is not None  # noqa: S101, PT018  both are required arguments
    require_rank("w_hh", w_hh.shape, (2,), "stacked rows, hidden size")
    hidden = w_hh.shape[1]
    rows = blocks * hidden
    require_shape("w_hh", w_hh, (rows, hidden), _blocks_of(blocks, hidden))
    require_shape("w_ih", w_ih, (rows, features), f"{_blocks_of(blocks, hidden)}; {{input}} has {features} features")
    for name in ("b_ih", "b_hh"):
        require_shape(name, weights[name], (rows,), _blocks_of(blocks, hidden))
    return hidden


def _blocks_of(blocks: int, hidden: int) -> str:
    return f"{blocks} blocks of hidden size {hidden}" if blocks > 1 else f"hidden size {hidden}"


def require_state(name: str, state: Node, wanted: Shape) -> Node:
    """A state of the wanted shape; a single number, such as the 0 to begin with, is repeated."""
    if not state.shape:
        return broadcast_to(state, wanted)
    require_shape(name, state, wanted, "batch and hidden size" if len(wanted) > 1 else "hidden size")
    return state


def affine(w: Node, x: Node, b: Node | None, columns: bool = False) -> Node:
    """``w x + b`` of one sample, or of a batch whose samples are rows, or columns."""
    product = x @ w.T if len(x.shape) == 2 and not columns else w @ x
    return product if b is None else product + upright(b, columns)


def upright(vector: Node, columns: bool) -> Node:
    """A vector with an entry for each hidden unit, as it stands beside a state."""
    return reshape(vector, (vector.size, 1)) if columns else vector


class Layout:
    """How samples lie in a cell's input and states, and the arguments checked against that."""

    def __init__(self, blocks: int, input: Node, batch: str, weights: Mapping[str, Node | None]) -> None:
        require_rank("input", input.shape, (1, 2), "features, or a batch of them")
        self.columns = batch == "columns" and len(input.shape) == 2
        self.axis = 0 if self.columns else len(input.shape) - 1
        self.hidden = require_weights(blocks, input.shape[self.axis], weights)
        self._state = (*input.shape[: self.axis], self.hidden, *input.shape[self.axis + 1 :])

    def state(self, name: str, node: Node) -> Node:
        """A state of the right shape."""
        return require_state(name, node, self._state)


def split(stacked: Node, order: str, axis: int) -> dict[str, Node]:
    """The blocks of a stacked array by the letters of their gates."""
    length = stacked.shape[axis] // len(order)
    return {
        gate: getitem(stacked, (REST,) * axis + (slice(i * length, (i + 1) * length),)) for i, gate in enumerate(order)
    }


@composite()
def rnn_cell(
    step: Steps,
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
    nonlinearity: Literal["tanh", "relu"] = "tanh",
    batch: Literal["rows", "columns"] = "rows",
) -> Node:
    """One step of a plain recurrent network, ``h = tanh(w_ih x + b_ih + w_hh hx + b_hh)``.

    Its step is z, what the nonlinearity is applied to: in a line ``h1: rnn_cell(...)`` it is h1.z.

    input: the step's input x, (D,) or a batch (N, D).
    hx: the hidden state before, (H,) or (N, H); a single number stands for all its entries.
    w_ih: the input's weights, (H, D).
    w_hh: the hidden state's weights, (H, H).
    b_ih, b_hh: (H,); None leaves a bias out. A course with one bias gives b_ih alone.
    nonlinearity: 'tanh' or 'relu'.
    batch: whether a batch has its samples in 'rows', (N, D), or in 'columns', (D, N).
    Elsewhere: PyTorch's name for it is rnn_tanh_cell or rnn_relu_cell. Keras has a single bias, and stores the
    transposed weights.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 10.8 and 10.9.
    Example: rnn_cell(x, h, W, U, nonlinearity="relu"); x = [1, 2]; h = [0.5]; W = [[1, 3]]; U = [[-2]]
    """
    layout = Layout(1, input, batch, {"w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh})
    of_hidden = affine(w_hh, layout.state("hx", hx), b_hh, layout.columns)
    return rnn_step(step, affine(w_ih, input, b_ih, layout.columns), of_hidden, nonlinearity)


def rnn_step(step: Naming, of_input: Node, of_hidden: Node, nonlinearity: str) -> Node:
    """The new hidden state from what input and hidden state add to it."""
    z = step("z", of_input + of_hidden)
    return tanh(z) if nonlinearity == "tanh" else relu(z)


@composite()
def lstm_cell(
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
    batch: Literal["rows", "columns"] = "rows",
) -> Node:
    """One step of a long short-term memory: ``h = o * tanh(c)`` with the cell state ``c = f * cx + i * g``.

    The gates are ``i = sigmoid(z_i)``, ``f = sigmoid(z_f)`` and ``o = sigmoid(z_o)``, the candidate is
    ``g = tanh(z_g)``, where the z are the blocks of ``w_ih x + b_ih + w_hh hx + b_hh``. The value is h; the steps are
    z_i, z_f, z_g, z_o, i, f, g, o and c: in a line ``h1: lstm_cell(...)`` the cell state that the next line needs is
    h1.c.

    input: the step's input x, (D,) or a batch (N, D).
    hx: the hidden state before, (H,) or (N, H); a single number stands for all its entries.
    cx: the cell state before, of hx's shape.
    w_ih: the input's weights, (4 H, D): a block of H rows for each gate.
    w_hh: the hidden state's weights, (4 H, H).
    b_ih, b_hh: (4 H,); None leaves a bias out. A course with one bias gives b_ih alone.
    peephole: weights with which the gates see the cell state, (3 H,), in the gates' order without g: i and f see cx, o
    sees c. None leaves them out.
    order: the order of the blocks: i input gate, f forget gate, g candidate, o output gate.
    forget_bias: a number added to z_f.
    coupled: True makes ``f = 1 - i``; weights and biases then have no block for f.
    batch: whether a batch has its samples in 'rows', (N, D), or in 'columns', (D, N).
    Elsewhere: PyTorch and Keras stack i, f, g, o; ONNX i, o, f, g; TensorFlow's BasicLSTMCell i, g, f, o with a
    forget_bias of 1. Some courses call the candidate g c-tilde or j.
    Source: Gers, Schmidhuber, Cummins, Learning to forget (2000); peepholes: Gers, Schraudolph, Schmidhuber, Learning
    precise timing with LSTM recurrent networks (2002); coupled gates: Greff and others, LSTM: a search space odyssey
    (2017).
    Example: lstm_cell(x, h, c, W, U); x = [1]; h = [0]; c = [2]; W = [[0], [0], [0], [0]]; U = [[1], [1], [1], [1]]
    """
    lstm = Lstm(order, forget_bias, coupled)
    layout = Layout(lstm.blocks, input, batch, {"w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh})
    hx, cx = layout.state("hx", hx), layout.state("cx", cx)
    peeks = {gate: upright(w, layout.columns) for gate, w in lstm.peeks(peephole, layout.hidden).items()}
    z = affine(w_ih, input, b_ih, layout.columns) + affine(w_hh, hx, b_hh, layout.columns)
    return lstm.step(step, split(z, lstm.order, layout.axis), cx, peeks)[0]


class Lstm:
    """The conventions of an LSTM."""

    def __init__(self, order: str, forget_bias: float, coupled: bool) -> None:
        if coupled and forget_bias:
            raise Misfit(
                f"forget_bias is {forget_bias:g}, but coupled gates have no weights for f that it could add to"
            )
        self.order = order.replace("f", "") if coupled else order
        self.blocks = len(self.order)
        self.forget_bias = forget_bias

    def peeks(self, peephole: Node | None, hidden: int) -> dict[str, Node]:
        """The peephole weights by gate."""
        if peephole is None:
            return {}
        gates = self.order.replace("g", "")
        require_shape(
            "peephole", peephole, (len(gates) * hidden,), f"a block of {hidden} for each of {', '.join(gates)}"
        )
        return split(peephole, gates, 0)

    def step(self, step: Naming, z: Mapping[str, Node], c: Node, peeks: Mapping[str, Node]) -> tuple[Node, Node]:
        """The new hidden state and cell state, from the blocks before their nonlinearities and the old cell state."""

        def gate(name: str, seen: Node, bias: float = 0.0) -> Node:
            before = z[name] + bias if bias else z[name]
            before = before + peeks[name] * seen if name in peeks else before
            return step(name, sigmoid(step(f"z_{name}", before)))

        i = gate("i", c)
        f = gate("f", c, self.forget_bias) if "f" in z else step("f", 1 - i)
        g = step("g", tanh(step("z_g", z["g"])))
        c = step("c", f * c + i * g)
        o = gate("o", c)
        return o * tanh(c), c


@composite()
def gru_cell(
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
    batch: Literal["rows", "columns"] = "rows",
) -> Node:
    """One step of a gated recurrent unit, ``h = (1 - z) * n + z * hx`` with the candidate n and the update gate z.

    The gates are ``r = sigmoid(z_r)`` and ``z = sigmoid(z_z)``, where z_r and z_z are blocks of
    ``w_ih x + b_ih + w_hh hx + b_hh``; the candidate is ``n = tanh(z_n)`` with
    ``z_n = w_in x + b_in + r * (w_hn hx + b_hn)``. Its steps are z_r, z_z, z_n, r, z and n.

    input: the step's input x, (D,) or a batch (N, D).
    hx: the hidden state before, (H,) or (N, H); a single number stands for all its entries.
    w_ih: the input's weights, (3 H, D): a block of H rows for r, z and n each.
    w_hh: the hidden state's weights, (3 H, H).
    b_ih, b_hh: (3 H,); None leaves a bias out. A course with one bias gives b_ih alone.
    order: the order of the blocks: r reset gate, z update gate, n candidate.
    update: 'keep': z is the share of the old state that is kept; 'take': it is the share of the candidate that is
    taken, ``h = (1 - z) * hx + z * n``.
    reset: 'after': r multiplies the product, ``r * (w_hn hx + b_hn)``; 'before': it multiplies the state,
    ``w_hn (r * hx) + b_hn``.
    batch: whether a batch has its samples in 'rows', (N, D), or in 'columns', (D, N).
    Elsewhere: PyTorch, cuDNN and Keras (reset_after=True) reset after the product; Cho and others, and ONNX where
    linear_before_reset is 0, before it. Keras and ONNX stack z, r, n. Chung and others let z take the candidate.
    Source: Cho and others, Learning phrase representations using RNN encoder-decoder (2014), section 2.3; 'take':
    Chung, Gulcehre, Cho, Bengio, Empirical evaluation of gated recurrent neural networks on sequence modeling (2014),
    section 3.2.
    Example: gru_cell(x, h, W, U); x = [1]; h = [4]; W = [[0], [0], [0]]; U = [[0], [0], [1]]
    """
    layout = Layout(3, input, batch, {"w_ih": w_ih, "w_hh": w_hh, "b_ih": b_ih, "b_hh": b_hh})
    gru = Gru(order, update, reset, w_hh, b_hh, layout.columns)
    return gru.step(step, split(affine(w_ih, input, b_ih, layout.columns), order, layout.axis), layout.state("hx", hx))


class Gru:
    """The conventions of a GRU, and the weights of its hidden state."""

    def __init__(
        self, order: str, update: str, reset: str, w_hh: Node, b_hh: Node | None, columns: bool = False
    ) -> None:
        self._keeps = update == "keep"
        self._columns = columns
        blocks = [order] if reset == "after" else list(order)  # one product for all gates, where r comes after it
        self._weights = _grouped(w_hh, blocks)
        self._biases = _grouped(b_hh, blocks) if b_hh is not None else {}

    def step(self, step: Naming, of_input: Mapping[str, Node], h: Node) -> Node:
        """The new hidden state, from what the input adds to each block and the old hidden state."""
        of_hidden = self._of_hidden(h)
        r = step("r", sigmoid(step("z_r", of_input["r"] + of_hidden["r"])))
        z = step("z", sigmoid(step("z_z", of_input["z"] + of_hidden["z"])))
        seen = r * of_hidden["n"] if "n" in of_hidden else self._product("n", r * h)
        n = step("n", tanh(step("z_n", of_input["n"] + seen)))
        return (1 - z) * n + z * h if self._keeps else (1 - z) * h + z * n

    def _of_hidden(self, h: Node) -> dict[str, Node]:
        """The hidden state's share of each block; that of n is missing where r comes before its product."""
        if "n" in self._weights:
            return {gate: self._product(gate, h) for gate in "rz"}
        ((order, _),) = self._weights.items()
        return split(self._product(order, h), order, 0 if self._columns else len(h.shape) - 1)

    def _product(self, block: str, h: Node) -> Node:
        return affine(self._weights[block], h, self._biases.get(block), self._columns)


def _grouped(stacked: Node, blocks: list[str]) -> dict[str, Node]:
    return {blocks[0]: stacked} if len(blocks) == 1 else split(stacked, "".join(blocks), 0)
