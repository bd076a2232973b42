"""Numbers that make a problem senseless: they are told with the quantity, the entry and the reason."""

from __future__ import annotations

import pytest

from hwcheck.errors import ProblemError
from hwcheck.problem.load import parse_problem
from hwcheck.reference import solve, unsound

NETWORK = """\
inputs: {{p: {p}, t: {t}}}
network:
  q: {q}
  L: sum(q)
loss: L
"""


@pytest.mark.parametrize(
    ("p", "q", "told"),
    [
        ("[0.5, 0]", "-log(p)", ["q is inf at entry [1]: log(p) is -inf where p is 0"]),
        ("[0.5, 0]", "1 / (p - 0.5)", ["q is inf at entry [0]: 1 / (p - 0.5) is inf where p - 0.5 is 0"]),
        ("[[2, 1], [0, 0]]", "p / p", ["q is nan at entry [1, 0]: p / p is nan where p is 0 and p is 0"]),
        ("0", "log(p) + 1", ["q is -inf: log(p) is -inf where p is 0", "grad(p) is inf: 1 / p is inf where p is 0"]),
        ("[800, 1]", "exp(p)", ["q is inf at entry [0]: exp(p) is inf where p is 800"]),
        ("[0.5, 1]", "-log(p)", []),
    ],
)
def test_what_becomes_infinite_is_told_where_it_begins(p: str, q: str, told: list[str]) -> None:
    problem = parse_problem(NETWORK.format(p=p, q=q, t=0), "p.yaml")
    found = [str(one) for one in unsound(solve(problem))]
    assert found[: len(told)] == told
    assert bool(found) == bool(told)


def test_numbers_outside_an_ops_domain_are_faults_of_the_problem() -> None:
    text = NETWORK.format(p="[1, 2, 3]", t="[0, 3, 0.5]", q="one_hot(t, 3) * p")
    with pytest.raises(ProblemError) as caught:
        solve(parse_problem(text, "p.yaml"))
    assert [(fault.location.line, fault.location.column) for fault in caught.value.faults] == [(3, 3), (3, 3)]
    assert all(fault.message.startswith("one_hot: ") for fault in caught.value.faults)
    assert "entry [1]" in str(caught.value)
    assert "entry [2]" in str(caught.value)


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ("cross_entropy(p, t)", "cross_entropy: t is 3, but there are 3 classes, 0 to 2"),
        ("cross_entropy(p, t, label_smoothing=0.1)", "cross_entropy: t is 3, but there are 3 classes, 0 to 2"),
        ("cross_entropy(p, t, ignore_index=4)", "cross_entropy: t is 3, but there are 3 classes, 0 to 2"),
        ("multi_margin_loss(p, t)", "multi_margin_loss: t is 3, but there are 3 classes, 0 to 2"),
        ("2 * cross_entropy(p, t)", "cross_entropy: t is 3, but there are 3 classes, 0 to 2"),
    ],
)
def test_a_label_that_several_ops_cannot_take_is_told_once(q: str, told: str) -> None:
    """By the loss, at its line: not by its inner steps, nor by the gradients."""
    with pytest.raises(ProblemError) as caught:
        solve(parse_problem(NETWORK.format(p="[1, 2, 3]", t=3, q=q), "p.yaml"))
    assert [(fault.location.line, fault.message) for fault in caught.value.faults] == [(3, told)]


def test_a_label_to_ignore_is_no_fault() -> None:
    text = NETWORK.format(p="[[1, 2, 3], [1, 0, 0]]", t="[0, -100]", q="cross_entropy(p, t, ignore_index=-100)")
    assert list(unsound(solve(parse_problem(text, "p.yaml")))) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cross_entropy(X @ W, y)", "cross_entropy: entry [1] of y is 3, but there are 3 classes, 0 to 2"),
        ("sum(embedding(y, W.T))", "embedding: entry [1] of y is 3, but W.T has rows 0 to 2"),
    ],
)
def test_stated_labels_are_looked_at_where_weights_are_drawn(line: str, told: str) -> None:
    text = (
        "inputs: {X: {shape: [2, 4]}, y: [0, 3]}\nweights: {W: {shape: [4, 3]}}\nnetwork:\n  L: " + line + "\nloss: L\n"
    )
    with pytest.raises(ProblemError) as caught:
        solve(parse_problem(text, "p.yaml"))
    assert [(fault.location.line, fault.message) for fault in caught.value.faults] == [(4, told)]
