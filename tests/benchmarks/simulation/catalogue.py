"""The simulated networks, and the problems that they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hwcheck.problem.load import parse_problem
from hwcheck.problem.model import Problem
from hwcheck.reference import stated_numbers
from tests.benchmarks.simulation import networks_cnn, networks_layers, networks_mlp, networks_rnn, networks_steps
from tests.benchmarks.simulation.digits import Digits, Numbers
from tests.benchmarks.simulation.paper import Paper, Work

__all__ = ["NETWORKS", "Network"]

PROBLEMS = Path(__file__).parents[3] / "problems"


class Network(NamedTuple):
    """A network, simulated; ``path`` is that of its problem below problems/, without the ending."""

    path: str
    work: Work

    @property
    def name(self) -> str:
        """The problem's id."""
        return self.path.rpartition("/")[2]

    def problem(self, digits: Digits | None = None) -> Problem:
        """The problem; worked to other digits than its file says, if any are given."""
        return _problem(self.path, digits)

    def fill(self, paper: Paper) -> Paper:
        """The paper with all steps on it; infinities come and go in silence, as the students' calculators show them."""
        with np.errstate(all="ignore"):
            self.work(paper, self.numbers())
        return paper

    def numbers(self) -> Mapping[str, Numbers]:
        """What the file states, ``(1, *shape)`` each."""
        return {quantity.name: values for quantity, values in stated_numbers(self.problem()).items()}


@cache
def _problem(path: str, digits: Digits | None) -> Problem:
    file = PROBLEMS / f"{path}.yaml"
    text = file.read_text(encoding="utf-8")
    if digits is not None:
        text = re.sub(r",\s*tolerance: \{[^}]*\}", "", text)  # a question's own
        text = re.sub(r"(?m)^tolerance:.*\n", "", text) + f"\ntolerance: {digits.tolerance}\n"
    return parse_problem(text, str(file))


NETWORKS: Mapping[str, Network] = {
    network.name: network
    for network in (
        Network("gan", networks_cnn.gan),
        Network("mlp/two-layers", networks_mlp.two_layers),
        Network("mlp/softmax-classifier", networks_mlp.softmax_classifier),
        Network("mlp/xor-relu", networks_mlp.xor_relu),
        Network("losses/linear-classifier", networks_mlp.linear_classifier),
        Network("losses/focal-loss", networks_steps.focal_loss),
        Network("cnn/tiny-cnn", networks_cnn.tiny_cnn),
        Network("rnn/bptt-three-steps", networks_rnn.bptt),
        Network("rnn/lstm-two-steps", networks_rnn.lstm),
        Network("rnn/gru-step", networks_rnn.gru),
        Network("attention/causal-self-attention", networks_layers.causal_attention),
        Network("norm/layer-norm", networks_layers.layer_norm),
        Network("norm/batch-norm", networks_layers.batch_norm),
        Network("graph/node-classification", networks_layers.node_classification),
        Network("optimisers/adam-three-steps", networks_steps.adam),
        Network("generative/vae-step", networks_steps.vae),
    )
}
