"""What a problem's numbers cannot show: each reason has a problem that has it and a twin that has not."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import pytest

from hwcheck.grading.showing import showing
from hwcheck.lint import Finding
from hwcheck.misconceptions.catalogue import misconceptions
from hwcheck.problem.library import library
from hwcheck.problem.load import load_problem

BIAS = """
inputs: {{x: [0.4, -0.7, 1.1]}}
weights: {{W: [[0.3, -0.8, 0.5], [0.9, 0.2, -0.6]], b: {0}}}
network: {{h: W @ x + b, L: sum(h**2)}}
loss: L
"""
RELU = """
inputs: {{x: [0.4, 0.7, 1.1], v: [0.5, -0.8]}}
weights: {{W: {0}, b: [0.2, 0.1]}}
network: {{z: W @ x + b, h: relu(z), L: sum(h * v)}}
loss: L
"""
RELU_IN_ONE_LINE = RELU.replace("z: W @ x + b, h: relu(z)", "h: relu(W @ x + b)")
SQUARE = """
inputs: {{x: [0.4, -0.7]}}
weights: {{W: {0}}}
network: {{h: W @ x, L: sum(h**3)}}
loss: L
"""
NORM = """
inputs: {{X: [[0.4, -0.7, 1.1], [0.9, 0.2, -0.6]]}}
weights: {{gamma: {0}, beta: {1}}}
network: {{Y: "layer_norm(X, [3], gamma, beta)", L: sum(Y**3)}}
loss: L
"""
KERNEL = """
inputs: {{x: [[[0.4, -0.7, 1.1, 0.5, -0.2]]]}}
weights: {{k: {0}}}
network: {{y: "conv1d(x, k)", L: sum(y**2)}}
loss: L
"""
BATCH = """
inputs: {{X: {0}, t: {1}}}
weights: {{w: [0.3, 0.8]}}
network: {{y: X @ w, L: mean((y - t)**2)}}
loss: L
"""
MASK = """
inputs:
  Q: [[0.4, -0.7], [1.1, 0.3], [0.2, 0.9]]
  K: [[0.5, 0.1], [-0.6, 0.8], [1.2, -0.3]]
  V: [[0.3, 0.9], [0.7, -0.2], [-0.5, 0.4]]
  M: {0}
network: {{O: "scaled_dot_product_attention(Q, K, V, M, mask_value=-1e9)", L: sum(O**2)}}
loss: L
"""
TARGET = """
inputs: {{x: [0.4, -0.7], t: {0}}}
weights: {{w: [0.3, 0.8]}}
network: {{y: w * x, L: sum((y - t)**2)}}
loss: L
"""
SATURATED = """
inputs: {{x: [1.4, 0.7]}}
weights: {{w: {0}}}
network: {{m: w @ x, p: sigmoid(m), L: -log(p)}}
loss: L
tolerance: {{decimals: 3}}
"""
EPSILON = """
inputs: {{X: [[0.4, -0.7, 1.1], [0.9, 0.2, -0.6]]}}
network: {{Y: "layer_norm(X, [3], eps={0})", L: sum(Y**3)}}
loss: L
"""


class Hidden(NamedTuple):
    """A problem's text, what fills it so that a mistake cannot show and so that it can, and what is told."""

    text: str
    hides: tuple[str, ...]
    shows: tuple[str, ...]
    misconception: str
    steps: tuple[str, ...]
    kind: str
    message: str
    severity: str = "warning"


HIDDEN = {
    "a bias of zeros": Hidden(
        BIAS, ("[0, 0]",), ("[0.3, -0.2]",), "bias-left-out", ("h",), "zeros", "all 2 entries of b are 0"
    ),
    "positive inputs of a ReLU": Hidden(
        RELU,
        ("[[0.3, 0.8, 0.5], [0.9, 0.2, 0.6]]",),
        ("[[0.3, 0.8, 0.5], [-0.9, -0.2, -0.6]]",),
        "activation-left-out",
        ("h",),
        "one-sided",
        "all 2 entries of z are positive",
    ),
    "positive inputs of a ReLU, on the way back": Hidden(
        RELU,
        ("[[0.3, 0.8, 0.5], [0.9, 0.2, 0.6]]",),
        ("[[0.3, 0.8, 0.5], [-0.9, -0.2, -0.6]]",),
        "relu-mask-left-out",
        ("grad(z)",),
        "one-sided",
        "all 2 entries of z are positive",
    ),
    "positive inputs of a ReLU that have no name": Hidden(
        RELU_IN_ONE_LINE,
        ("[[0.3, 0.8, 0.5], [0.9, 0.2, 0.6]]",),
        ("[[0.3, 0.8, 0.5], [-0.9, -0.2, -0.6]]",),
        "relu-mask-left-out",
        ("grad(W)", "grad(b)"),
        "one-sided",
        "all 2 entries of W @ x + b are positive",
    ),
    "a symmetric weight": Hidden(
        SQUARE,
        ("[[0.3, 0.8], [0.8, -0.5]]",),
        ("[[0.3, 0.8], [0.6, -0.5]]",),
        "matrix-transposed",
        ("h",),
        "symmetric",
        "W is symmetric",
    ),
    "a gain of ones": Hidden(
        NORM,
        ("[1, 1, 1]", "[0.1, -0.2, 0.3]"),
        ("[0.5, 1.5, 0.8]", "[0.1, -0.2, 0.3]"),
        "scale-and-shift-confused",
        ("Y (gamma is left out)",),
        "ones",
        "all 3 entries of gamma are 1",
        "note",  # another way to confuse them shows
    ),
    "a shift of zeros": Hidden(
        NORM,
        ("[0.5, 1.5, 0.8]", "[0, 0, 0]"),
        ("[0.5, 1.5, 0.8]", "[0.1, -0.2, 0.3]"),
        "bias-left-out",
        ("Y",),
        "zeros",
        "all 3 entries of beta are 0",
    ),
    "a kernel that reads the same turned round": Hidden(
        KERNEL,
        ("[[[0.5, 0.3, 0.5]]]",),
        ("[[[0.5, 0.3, 0.8]]]",),
        "kernel-flipped",
        ("y",),
        "palindrome",
        "k reads the same turned round",
    ),
    "a kernel of equal entries": Hidden(
        KERNEL,
        ("[[[0.5, 0.5, 0.5]]]",),
        ("[[[0.5, 0.3, 0.8]]]",),
        "kernel-flipped",
        ("y",),
        "equal",
        "all 3 entries of k are 0.5",
    ),
    "a mask of ones": Hidden(
        MASK,
        ("[[1, 1, 1], [1, 1, 1], [1, 1, 1]]",),
        ("[[1, 0, 0], [1, 1, 0], [1, 1, 1]]",),
        "mask-left-out",
        ("O.masked", "O"),
        "ones",
        "all 9 entries of M are 1",
    ),
    "a target of zeros": Hidden(
        TARGET, ("[0, 0]",), ("[0.4, 0.9]",), "term-sign-flipped", ("L",), "zeros", "all 2 entries of t are 0"
    ),
    "an epsilon below the digits": Hidden(
        EPSILON,
        ("1e-5",),
        ("0.5",),
        "epsilon-in-the-wrong-place",
        ("Y.xhat", "Y"),
        "too-near",
        "it changes nothing by more than",
    ),
}


def findings_of(folder: Path, text: str, *filling: str) -> tuple[Finding, ...]:
    path = folder / "tested.yaml"
    path.write_text(text.format(*filling), encoding="utf-8")
    return showing(load_problem(path))


def of_kind(findings: tuple[Finding, ...], kind: str) -> list[Finding]:
    return [finding for finding in findings if finding.kind == kind]


@pytest.mark.parametrize("case", HIDDEN.values(), ids=HIDDEN)
def test_a_mistake_that_the_numbers_hide_is_told_with_the_reason(tmp_path: Path, case: Hidden) -> None:
    findings = findings_of(tmp_path, case.text, *case.hides)
    (found,) = [
        finding
        for finding in of_kind(findings, f"hidden-{case.kind}")
        if finding.misconception == case.misconception and set(case.steps) <= set(finding.steps)
    ]
    assert found.message.startswith(case.message)
    assert found.advice
    assert found.severity == case.severity
    assert found.misconception in misconceptions()


@pytest.mark.parametrize("case", HIDDEN.values(), ids=HIDDEN)
def test_a_mistake_that_other_numbers_show_is_not_told(tmp_path: Path, case: Hidden) -> None:
    findings = findings_of(tmp_path, case.text, *case.shows)
    steps = {step for finding in findings if finding.misconception == case.misconception for step in finding.steps}
    assert not steps & set(case.steps)


def test_what_no_numbers_could_show_is_no_mistake(tmp_path: Path) -> None:
    # Where a ReLU gives 0 the gradient of a sum of squares is 0 with its mask and without.
    squares = RELU.replace("sum(h * v)", "sum(h**2)")
    findings = findings_of(tmp_path, squares, "[[0.3, 0.8, 0.5], [0.9, 0.2, 0.6]]")
    assert "activation-left-out" in {finding.misconception for finding in findings}
    assert "relu-mask-left-out" not in {finding.misconception for finding in findings}


POOL = """
inputs: {{I: [[[0.4, -0.7]], [[0.2, 0.9]]]}}
network: {{R: relu(I), M: "max_pool2d(R, [1, 2])", L: sum((M - 1)**2)}}
loss: L
questions: [{{ask: {0}}}]
"""
# All of y is positive, so that what comes back at z, y and f is the same.
AROUND = """
inputs: {{x: [0.6, -0.4, 1.1], t: [0.5, 0.1, 1]}}
weights: {{A: [[0.5, -0.3, 0.2], [0.1, 0.7, -0.6]], B: [[0.3, -0.5], [0.9, 0.1], [-0.2, 0.4]]}}
network: {{u: A @ x, r: relu(u), f: B @ r + 1, y: f + x, z: relu(y), L: sum((z - t)**2)}}
loss: L
"""


def test_a_result_of_single_rows_and_columns_is_not_told_to_be_symmetric(tmp_path: Path) -> None:
    # The largest entries are positive, so that the ReLU before the pooling changes nothing in M, which is 2x1x1.
    findings = findings_of(tmp_path, POOL, "M")
    found = [each for each in findings if each.misconception == "weighted-sum-used-for-the-output"]
    assert [each.steps for each in found] == [("M",)]
    assert not [each for each in found if "symmetric" in each.message]


def test_some_zeros_in_a_result_are_no_reason(tmp_path: Path) -> None:
    # No two of the numbers that the pooling chooses from are equal.
    findings = findings_of(tmp_path, POOL, "grad(R)")
    (found,) = [each for each in findings if each.misconception == "gradient-to-each-of-the-largest"]
    assert "are 0" not in found.message


def test_a_rare_mistake_is_not_told(tmp_path: Path) -> None:
    rare = {name for name, found in misconceptions().items() if found.rare}
    assert not rare & {finding.misconception for finding in findings_of(tmp_path, AROUND)}


def test_a_mistake_nobody_is_asked_about_is_not_told(tmp_path: Path) -> None:
    only_h = RELU + 'questions: [{{ask: "grad(v)"}}]\n'
    findings = findings_of(tmp_path, only_h, "[[0.3, 0.8, 0.5], [0.9, 0.2, 0.6]]")
    told = {step for finding in findings for step in finding.steps}
    assert "h" in told  # grad(v) is h
    assert "grad(z)" not in told
    assert "L" not in told


# Answers that say too little


def test_answers_below_the_last_place_are_told_together(tmp_path: Path) -> None:
    (found,) = of_kind(findings_of(tmp_path, SATURATED, "[6, 8]"), "below-tolerance")
    # m = 14 by hand, so that 1 - p = 8.3e-7; grad(w) is -(1 - p) x, its larger entry 1.2e-6.
    assert found.steps == ("L", "grad(w)")
    assert found.message == "all 3 entries are within 1.2e-06 of 0, so 0 is right at 3 decimals"
    assert found.advice == "state sigfigs, or choose other numbers"
    assert found.severity == "warning"
    assert not of_kind(findings_of(tmp_path, SATURATED, "[0.6, 0.8]"), "below-tolerance")


def test_significant_figures_see_small_answers(tmp_path: Path) -> None:
    figures = SATURATED.replace("decimals: 3", "sigfigs: 9")
    assert not of_kind(findings_of(tmp_path, figures, "[6, 8]"), "below-tolerance")


FEW = """
inputs: {{x: {0}}}
network: {{y: 3 * x, L: sum(y**2)}}
loss: L
tolerance: {{decimals: 2}}
questions: [{{ask: y}}]
"""


@pytest.mark.parametrize(
    ("x", "severity"),
    [("[0.001, 0.4, 0.5, -0.7]", "note"), ("[0.001, 0.002, 0.5, -0.7]", "warning"), ("[0.1, 0.4, 0.5, -0.7]", "")],
)
def test_some_entries_below_the_last_place(tmp_path: Path, x: str, severity: str) -> None:
    found = of_kind(findings_of(tmp_path, FEW, x), "below-tolerance")
    assert [finding.severity for finding in found] == ([severity] if severity else [])
    assert all("of 4 entries are within" in finding.message for finding in found)


@pytest.mark.parametrize(
    ("x", "kind", "message"),
    [
        ("[0, 0, 0]", "zero-is-right", "all of its 3 entries are 0, so 0 is right"),
        ("[1.2, 1.2, 1.2]", "constant-is-right", "the number 3.6 in all of its 3 entries is right"),
        ("[1.2, 1.201, 1.203]", "constant-is-right", "the number 3.6 in all of its 3 entries is right"),
    ],
)
def test_answers_that_need_no_work(tmp_path: Path, x: str, kind: str, message: str) -> None:
    (found,) = of_kind(findings_of(tmp_path, FEW, x), kind)
    assert (found.quantity, found.severity, found.message) == ("y", "warning", message)
    assert not of_kind(findings_of(tmp_path, FEW, "[1.2, 0.4, 0.8]"), kind)


COPY = "inputs: {{x: {0}}}\nnetwork: {{y: relu(x), L: sum(y**2)}}\nloss: L\n"


def test_an_input_that_is_right_when_it_is_copied(tmp_path: Path) -> None:
    (found,) = of_kind(findings_of(tmp_path, COPY, "[0.5, 0.8]"), "copy-is-right")
    assert (found.quantity, found.message, found.severity) == ("y", "x copied is right", "warning")
    assert not of_kind(findings_of(tmp_path, COPY, "[0.5, -0.8]"), "copy-is-right")


FORMULA = """
inputs: {{x: {{shape: [3]}}}}
network: {{h: relu(x - {0}), L: sum(h**2)}}
loss: L
questions: [{{ask: h, answer: formula, using: [x]}}]
"""


def test_a_formula_that_is_tried_at_too_few_points(tmp_path: Path) -> None:
    # Of numbers between -1 and 1 hardly any are above 0.999, where alone the formula is not 0.
    (found,) = of_kind(findings_of(tmp_path, FORMULA, "0.999"), "weak-formula")
    assert (found.quantity, found.severity) == ("h", "warning")
    assert "drawn points" in found.message
    assert found.advice == "let draw reach other numbers"
    assert not of_kind(findings_of(tmp_path, FORMULA, "0.2"), "weak-formula")


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        ("mean((y - t)**2)", "the mean is taken of one entry, so that the sum is the same"),
        ("sum((y - t)**2)", "the sum is taken of one entry, so that the mean is the same"),
        ("'mse_loss(y, t)'", "the mean is taken of one entry, so that the sum is the same"),
    ],
)
def test_a_batch_of_one_hides_the_mean(tmp_path: Path, loss: str, message: str) -> None:
    text = BATCH.replace("mean((y - t)**2)", loss)
    (found,) = of_kind(findings_of(tmp_path, text, "[[0.4, -0.7]]", "[0.5]"), "one-entry")
    assert (found.steps, found.severity, found.message) == (("L",), "warning", message)
    assert not of_kind(findings_of(tmp_path, text, "[[0.4, -0.7], [0.8, 0.2]]", "[0.5, 0.9]"), "one-entry")


# Where rounding decides too much

KINK = """
inputs: {{x: [0.4, 0.7], v: [0.6, -0.9]}}
weights: {{W: {0}}}
network: {{z: W @ x, a: tanh(z), h: relu(a), L: sum(h * v)}}
loss: L
tolerance: {{decimals: 3}}
"""
TIED = """
inputs: {{x: {0}, v: [0.5, 0.8, -0.3]}}
network: {{u: tanh(x * v), L: max(u)}}
loss: L
tolerance: {{decimals: 2}}
questions: [{{ask: u}}, {{ask: L}}, {{ask: grad(u)}}]
"""
POLE = """
inputs: {{z: {0}, y: [0, 0, 1]}}
network: {{p: softmax(z), L: -sum(y * log(p))}}
loss: L
tolerance: {{decimals: 2}}
"""


def test_an_input_of_a_relu_within_rounding_of_0(tmp_path: Path) -> None:
    # z[0] = 0.7 * 0.4 - 0.3997 * 0.7 = 0.00021, and three decimals leave 0.000.
    (found,) = of_kind(findings_of(tmp_path, KINK, "[[0.7, -0.3997], [0.3, 0.5]]"), "kink")
    assert (found.quantity, found.severity) == ("grad(a)", "warning")
    assert found.message == "rounding alone can take 1 of its 2 entries over a kink: h is 0.00021 from it"
    assert not of_kind(findings_of(tmp_path, KINK, "[[0.7, -0.8], [0.3, 0.5]]"), "kink")


def test_a_maximum_nearly_tied(tmp_path: Path) -> None:
    # 0.8 * 0.5 = 0.4 and 0.501 * 0.8 = 0.4008: both 0.38 after the tanh.
    (found,) = of_kind(findings_of(tmp_path, TIED, "[0.8, 0.501, 1]"), "kink")
    assert (found.quantity, found.severity) == ("grad(u)", "warning")
    assert "2 of its 3 entries" in found.message
    assert not of_kind(findings_of(tmp_path, TIED, "[0.8, 1.501, 1]"), "kink")


def test_a_pole_within_rounding(tmp_path: Path) -> None:
    findings = findings_of(tmp_path, POLE, "[0.5, 0.1, -7]")
    (found,) = of_kind(findings, "unbounded")
    assert (found.steps, found.severity) == (("L",), "warning")
    assert "accepted for review" in found.message
    (limit,) = of_kind(findings, "saturated")
    assert limit.message.startswith("1 of 3 entries of its softmax are 0 when rounded (0.000331")
    calm = findings_of(tmp_path, POLE, "[0.5, 0.1, -0.7]")
    assert not of_kind(calm, "unbounded")
    assert not of_kind(calm, "saturated")


def test_a_saturated_sigmoid(tmp_path: Path) -> None:
    (found,) = of_kind(findings_of(tmp_path, SATURATED, "[6, 8]"), "saturated")
    assert found.quantity == "p"
    assert found.message == "it is 1 when rounded (0.999999), so that its slope is lost"
    assert not of_kind(findings_of(tmp_path, SATURATED, "[0.6, 0.8]"), "saturated")


def test_what_a_mask_hides_is_not_saturated(tmp_path: Path) -> None:
    findings = findings_of(tmp_path, MASK, "[[1, 0, 0], [1, 1, 0], [1, 1, 1]]")
    assert not of_kind(findings, "saturated")


# Mistakes that cannot be told apart


def test_misconceptions_that_lead_to_the_same_numbers(tmp_path: Path) -> None:
    # The mean of two squares has 1/2 and 2 in its gradient: without the 1/2 it is what it is with the 2 twice.
    mistakes = {"mean-left-out-on-the-way-back", "factor-of-the-square-doubled"}
    of_two = of_kind(findings_of(tmp_path, BATCH, "[[0.4, -0.7], [0.8, 0.2]]", "[0.5, 0.9]"), "alike")
    assert [found.steps for found in of_two if all(name in found.message for name in mistakes)] == [("grad(w)",)]
    assert {found.severity for found in of_two} == {"note"}
    of_three = of_kind(
        findings_of(tmp_path, BATCH, "[[0.4, -0.7], [0.8, 0.2], [0.1, 0.5]]", "[0.5, 0.9, 0.3]"), "alike"
    )
    assert not [found for found in of_three if all(name in found.message for name in mistakes)]


# Whole problems


def test_the_first_gan_cannot_show_the_mask_nor_its_gradients() -> None:
    findings = showing(load_problem(library()["gan"]))
    (mask,) = [finding for finding in findings if finding.misconception == "relu-mask-left-out"]
    assert (mask.kind, mask.severity) == ("hidden-one-sided", "warning")
    assert mask.message == "all 8 entries of W0 @ z + b0 are positive"
    assert {"grad(W0)", "grad(b0)"} <= set(mask.steps)
    (small,) = of_kind(findings, "below-tolerance")
    assert {"grad(W2)", "grad(H2)", "grad(W1)", "grad(h0)", "grad(W0)", "dK0"} <= set(small.steps)
    assert "0 is right at 3 decimals" in small.message
    (limit,) = of_kind(findings, "saturated")
    assert (limit.quantity, "0.999994" in limit.message) == ("yhat", True)


@pytest.mark.parametrize("path", library().values(), ids=library())
def test_every_problem_is_tested_in_time_and_told_what_to_change(path: Path) -> None:
    problem = load_problem(path)
    begin = perf_counter()
    findings = showing(problem)
    assert perf_counter() - begin < 5
    names = {name.partition(" (")[0] for name in problem.all_quantities()}
    for finding in findings:
        assert finding.severity in ("warning", "note")
        assert finding.message
        assert finding.advice or finding.kind == "alike"
        assert finding.misconception is None or finding.misconception in misconceptions()
        assert {step.partition(" (")[0] for step in finding.steps or (finding.quantity,)} <= names
