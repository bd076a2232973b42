"""Problem files: what each key says, what is left out, where faults stand, that ProblemError is the only error."""

from __future__ import annotations

import textwrap
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import Fault, ProblemError
from hwcheck.graph.node import Array
from hwcheck.graph.op import op
from hwcheck.ops.catalogue import ops
from hwcheck.ops.shapes import same
from hwcheck.problem import load, marking, questions, tolerance, values
from hwcheck.problem.load import load_problem, parse_problem
from hwcheck.problem.model import Draw, Part, Problem, Tolerance
from hwcheck.reference import solve

PROBLEMS = Path(__file__).parents[2] / "problems"


def parsed(text: str, file: str = "folder/small.yaml") -> Problem:
    return parse_problem(textwrap.dedent(text), file)


ALL_KEYS = """\
    title: One
      layer
    description: |
      First line.
      Second line.
    source: A book
    dims: {N: 3, M: 2}
    inputs:
      x: {shape: [N], value: [1, -2, 3]}
      t: {value: [1, 0], fixed: true}
    weights:
      W: {shape: [M, N], draw: {low: 0, decimals: 1}}
      b: {shape: M, value: 1/4}
    network:
      h: W @ x + b
      L: sum((h - t)**2)
    loss: L
    tolerance: {abs: 1e-3, rel: 0.5/100, decimals: 4, sigfigs: 5}
    questions:
      - h
      - {ask: grad(W), points: 2.5, partial: none, tolerance: {sigfigs: 2}}
      - {ask: "W  -\\n 0.5*grad(W)", name: "new  W"}
      - {ask: grad(h), answer: formula, using: [h, t], indices: [i], points: 0}
      - {ask: L + 1}
    names: {h_1: "h[0]", H: h, dW: grad(W), step: new W}
    seed: 7
    draw: {low: -2, high: 2}
"""


def test_every_key_says_what_it_says() -> None:
    problem = parsed(ALL_KEYS)
    assert problem.id == "small"
    assert problem.title == "One layer"
    assert problem.description == "First line.\nSecond line.\n"
    assert problem.source == "A book"
    assert str(problem.location) == "folder/small.yaml"
    assert problem.dims == {"N": 3, "M": 2}
    assert (problem.inputs, problem.weights, problem.lines) == (("x", "t"), ("W", "b"), ("h", "L"))
    assert {name: quantity.shape for name, quantity in problem.quantities.items()} == {
        "x": (3,), "t": (2,), "W": (2, 3), "b": (2,), "h": (2,), "L": (),
    }  # fmt: skip
    assert {name: value.tolist() for name, value in problem.values.items()} == {
        "x": [1, -2, 3], "t": [1, 0], "b": [0.25, 0.25],
    }  # fmt: skip
    assert problem.draws == dict.fromkeys("xtb", Draw(-2, 2)) | {"W": Draw(0, 2, 1)}
    assert problem.fixed == {"t": True}
    assert problem.loss == "L"
    assert {name: start.tolist() for name, start in problem.starts.items()} == {"L": 1}
    assert problem.tolerance == Tolerance(abs=0.001, rel=0.005, decimals=4, sigfigs=5)
    assert problem.seed == 7
    assert problem.max_score == 5.5


def test_every_key_of_a_question_says_what_it_says() -> None:
    problem = parsed(ALL_KEYS)
    h, weights, step, slope, plus = problem.questions
    assert [question.name for question in problem.questions] == ["h", "grad(W)", "new W", "grad(h)", "L + 1"]
    assert [question.points for question in problem.questions] == [1, 2.5, 1, 0, 1]
    assert [question.shape for question in problem.questions] == [(2,), (2, 3), (2, 3), (2,), ()]
    assert [question.location.line for question in problem.questions] == [20, 21, 22, 23, 24]
    assert h.quantity is problem.quantities["h"]
    assert weights.quantity is problem.gradients["W"]
    assert (weights.marking.partial, weights.tolerance) == ("all-or-nothing", Tolerance(sigfigs=2))
    assert (h.marking.partial, h.tolerance, h.answer, h.using, h.indices) == (
        "entries",
        problem.tolerance,
        "number",
        (),
        (),
    )
    assert (slope.answer, slope.using, slope.indices) == ("formula", ("h", "t"), ("i",))
    assert problem.names == {
        "h_1": Part("h", (0,)), "H": Part("h"), "dW": Part("grad(W)"), "step": Part("new W"),
    }  # fmt: skip
    assert {step.name, plus.name} <= set(problem.all_quantities())


def test_what_is_left_out_has_its_default() -> None:
    problem = parsed("""\
        inputs: {x: [1, 2]}
        weights: {W: [[1, 2], [3, 4]], unused: 5}
        network:
          y: W @ x
          beside: y * 2
          L: sum(y)
        loss: L
        """)
    assert (problem.title, problem.description, problem.source) == ("small", "", "")
    assert (problem.dims, problem.names, problem.fixed, problem.seed) == ({}, {}, {}, 0)
    assert problem.tolerance == Tolerance(sigfigs=3)
    assert problem.draws["x"] == Draw(-1, 1, None)
    assert set(problem.gradients) == {"x", "W", "y", "L"}
    assert [question.name for question in problem.questions] == ["y", "beside", "L", "grad(W)"]
    assert all((question.points, question.answer) == (1, "number") for question in problem.questions)


def test_a_problem_cannot_be_changed() -> None:
    problem = parsed(ALL_KEYS)
    for mapping in (problem.dims, problem.quantities, problem.gradients, problem.values, problem.names, problem.draws):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]
    with pytest.raises(AttributeError):
        problem.seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("expression", "size"),
    [
        ("7", 7),
        ("7.0", 7),
        ("1e2", 100),
        ("C*S*S", 18),
        ("(S + 1)/2", 2),
        ("2**C + 1", 5),
        ("C*S*S // 4", 4),
        ("-C + S", 1),
    ],
)
def test_sizes_are_expressions_of_those_before(expression: str, size: int) -> None:
    problem = parsed(f"""\
        dims: {{C: 2, S: 3, H: {expression}}}
        inputs: {{x: {{shape: [H, "H + 1", C]}}, y: {{shape: H}}}}
        network:
          a: reshape(x, [C, H, H + 1])
          L: sum(a * H)
        loss: L
        """)
    assert problem.dims == {"C": 2, "S": 3, "H": size}
    assert problem.quantities["x"].shape == (size, size + 1, 2)
    assert problem.quantities["y"].shape == (size,)
    assert problem.quantities["a"].shape == (2, size, size + 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", 0.5),
        ("[0.5]", [0.5]),
        ("[[1, 2, 3], [4, 5, 6]]", [[1, 2, 3], [4, 5, 6]]),
        ("{shape: [2, 3], value: 1.5}", [[1.5, 1.5, 1.5], [1.5, 1.5, 1.5]]),
        ("{shape: [], value: 2}", 2),
        ("{shape: [2], value: [1, 2]}", [1, 2]),
        ("{value: [1, 2]}", [1, 2]),
        ("[1/4, -1/N, 2*N, N**2, sqrt(4), exp(0)]", [0.25, -0.5, 4, 4, 2, 1]),
        ("[.5, 5., +1, 1e-3, 010, 1_000, '2', −1]", [0.5, 5, 1, 0.001, 10, 1000, 2, -1]),
    ],
)
def test_values_as_people_write_them(text: str, expected: object) -> None:
    problem = parsed(f"""\
        dims: {{N: 2}}
        inputs:
          x: {text}
        network: {{L: sum(x)}}
        loss: L
        """)
    value = problem.values["x"]
    np.testing.assert_array_equal(value, np.array(expected, dtype=float), strict=True)
    assert problem.quantities["x"].shape == value.shape


def test_the_most_axes_are_allowed() -> None:
    ones = ", ".join(["1"] * 10)
    problem = parsed(f"inputs: {{x: {{shape: [{ones}, 2, 3]}}}}\nnetwork: {{h: 2 * x, L: sum(h)}}\nloss: L\n")
    assert solve(problem)["grad(x)"].shape == problem.quantities["h"].shape == (*[1] * 10, 2, 3)


def test_names_of_parts_take_out_these_parts() -> None:
    problem = parsed("""\
        inputs: {x: {shape: [2, 3, 4]}}
        network:
          h: x * 2
          L: sum(h)
        loss: L
        questions: [{ask: "h + 1", name: up}, grad(h)]
        names:
          second: h[1]
          row: h[0, 2]
          column: "h[:, :, 3]"
          last: h[-1, -1, -1]
          some: h[:, 1:3]
          up_1: up[1]
          d_1: grad(h)[1]
          D_1: grad(h[1])
        """)
    values = solve(problem)
    expected = {
        "second": values["h"][1],
        "row": values["h"][0, 2],
        "column": values["h"][:, :, 3],
        "last": values["h"][1, 2, 3],
        "some": values["h"][:, 1:3],
        "up_1": values["h"][1] + 1,
        "d_1": np.ones((3, 4)),
        "D_1": np.ones((3, 4)),
    }
    assert set(problem.names) == set(expected)
    for name, part in problem.names.items():
        np.testing.assert_array_equal(values[part.quantity][part.index], expected[name], strict=True)


SMALL = """\
    inputs: {{x: [0.5, -1.5, 2]}}
    weights: {{W: [[0.1, 0.2, 0.3], [-0.4, 0.5, -0.6]], b: [0.7, -0.8], V: [[1, 2], [0.5, 3], [-1, 4], [2, -2]]}}
    network:
      h: tanh(W @ x + b)
      Y: V @ h
      Z: h * h
      {line}
    {start}
"""


@pytest.mark.parametrize(
    ("upstream", "loss"),
    [
        ("{Y: [1, 0, -1, 0.5]}", "sum([1, 0, -1, 0.5] * Y)"),
        ("{Y: [1, 2, 3, 4], Z: [-5, 6]}", "sum([1, 2, 3, 4] * Y) + sum([-5, 6] * Z)"),
        ("{Z: [1, 1], h: [0.25, 3]}", "sum(Z) + sum([0.25, 3] * h)"),
    ],
)
def test_upstream_gradients_are_those_of_the_weighted_sum(upstream: str, loss: str) -> None:
    stated = parsed(SMALL.format(line="other: sum(h)", start=f"upstream: {upstream}"))
    equal = parsed(SMALL.format(line=f"L: {loss}", start="loss: L"))
    assert stated.loss is None
    assert set(stated.gradients) == set(equal.gradients) - {"L"}
    assert {"W", "b", "x", "h"} <= set(stated.gradients)
    first, second = solve(stated), solve(equal)
    for gradient in stated.gradients.values():
        assert first[gradient.name].shape == second[gradient.name].shape
        np.testing.assert_allclose(first[gradient.name], second[gradient.name], rtol=1e-14)
    asked = [question.name for question in stated.questions]
    assert asked[:4] == ["h", "Y", "Z", "other"]
    assert asked[4:] == [f"grad({name})" for name in ("W", "b", "V") if name in stated.gradients]


def test_a_line_may_hold_gradients() -> None:
    """A step of gradient descent, worked by hand: L = (w x - t)**2 with w = 3, x = 2, t = 1 has the slope 20 in w."""
    problem = parsed("""\
        inputs: {x: 2, t: 1}
        weights: {w: 3}
        network:
          y: w * x
          L: (y - t)**2
          w_new: w - 0.1 * grad(w)
          L_new: (w_new * x - t)**2
          slope: grad(L_new, w)
        loss: L
        questions: [w_new, L_new, grad(w), slope, grad(y)]
        """)
    values = solve(problem)
    found = {question.name: float(values[question.name]) for question in problem.questions}
    # w_new = 3 - 0.1 * 20; L_new = (2 - 1)**2; d w_new / d w = 1 - 0.1 * 8, d L_new / d w_new = 2 * 1 * 2
    assert found == pytest.approx({"w_new": 1, "L_new": 1, "grad(w)": 20, "slope": 0.8, "grad(y)": 10}, rel=1e-12)
    assert "w_new" not in problem.gradients


COMPOSED, DECOMPOSED = unicodedata.normalize("NFC", "ŷ"), unicodedata.normalize("NFD", "ŷ")


@pytest.mark.parametrize("defined", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("used", [COMPOSED, DECOMPOSED])
def test_a_name_is_one_name_in_either_spelling(defined: str, used: str) -> None:
    assert COMPOSED != DECOMPOSED
    problem = parsed(f"""\
        inputs: {{W₁: [1, 2], größe: 3}}
        network:
          h: W₁ * W1 * größe
          {defined}: sum(h)
        loss: {used}
        questions: [{used}, grad({used}), grad(W₁), {{ask: h, answer: formula, using: [W₁, größe]}}]
        names: {{y_hat: {used}}}
        """)
    assert set(problem.quantities) == {"W1", "größe", "h", COMPOSED}
    assert problem.loss == COMPOSED
    assert problem.names["y_hat"] == Part(COMPOSED)
    assert [question.name for question in problem.questions] == [COMPOSED, f"grad({COMPOSED})", "grad(W1)", "h"]
    assert problem.questions[-1].using == ("W1", "größe")


def test_upstream_and_names_twice_know_both_spellings() -> None:
    assert set(parsed(f"inputs: {{x: 1}}\nnetwork: {{{COMPOSED}: x}}\nupstream: {{{DECOMPOSED}: 2}}\n").starts) == {
        COMPOSED
    }
    with pytest.raises(ProblemError, match="is the name of an input on line 1 already"):
        parsed(f"inputs: {{{COMPOSED}: 1, {DECOMPOSED}: 2}}\nnetwork: {{L: {COMPOSED}}}\nloss: L\n")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("h: x + bad", "3:10"),
        ("h: 'x + bad'", "3:11"),
        ("h: 'mse_loss(x, x, reduction=''sum'') + bad'", "3:43"),
        ('h: "x + bad"', "3:11"),
        ("h: |\n    x +\n      2 * bad", "5:11"),
        ("h: |  # a comment\n    x +\n\n    bad\n", "6:5"),
        ("h: |2-\n      x\n      + bad", "5:9"),
        ("h: >\n    x +\n    x + bad", "5:9"),
        ("h: >-\n    (x +\n\n      x\n    + bad)", "7:7"),
        ("h: x +\n    x +\n    bad * 2", "5:5"),
        ("h:\n    x + bad", "4:9"),
        ("h: 'x +\n\n    x + bad'", "5:9"),
        ('h: "x +\n    x +   bad"', "4:11"),
        ("h: ŷ + x·bad", "3:12"),
        ("h: |\n    x - (2 *\n    x\n", "4:9"),
        ("h: x +\n    x +", "4:7"),
        ("h: ''", "3:6"),
    ],
)
def test_a_fault_stands_where_it_was_written(line: str, place: str) -> None:
    text = f"inputs: {{x: [1, 2], ŷ: [3, 4]}}\nnetwork:\n  {line}\n  L: sum(x)\nloss: L\n"
    with pytest.raises(ProblemError) as caught:
        parse_problem(text, "f.yaml")
    (fault,) = caught.value.faults
    assert str(fault.location) == f"f.yaml:{place}"
    number, column = map(int, place.split(":"))
    if "bad" in fault.message:
        assert text.split("\n")[number - 1][column - 1 :].startswith("bad")


def test_a_number_in_a_block_is_told_where_it_stands() -> None:
    with pytest.raises(ProblemError) as caught:
        parse_problem("dims: {N: 2}\ninputs:\n  x: >\n    1 +\n    n\nnetwork: {L: x}\nloss: L\n", "f.yaml")
    assert str(caught.value) == "f.yaml:5:5: 'n' is neither a number nor a size stated in dims; did you mean 'N'?"


@pytest.mark.parametrize("name", ["gan", "autoencoder"])
def test_the_problems_that_come_with_hwcheck_are_sound(name: str) -> None:
    problem = load_problem(PROBLEMS / f"{name}.yaml")
    assert problem.id == name
    assert problem.questions
    assert problem.max_score == {"gan": 40, "autoencoder": 15}[name]


def test_the_guide_tells_every_key_and_its_first_problem_is_sound() -> None:
    guide = (PROBLEMS / "README.md").read_text(encoding="utf-8")
    smallest = parse_problem(guide.split("```yaml\n")[1].split("```")[0], "small.yaml")
    assert [question.name for question in smallest.questions] == ["y", "L", "grad(W)"]
    for keys in (load.KEYS, marking.MARKING, questions.KEYS, values.KEYS, tolerance.KEYS, values.DRAW_KEYS):
        assert [key for key in keys if f"`{key}`" not in guide and f"`{key}: " not in guide] == []


# A mutation is a kind, two numbers that choose where (scaled to the text), and a character.
SIGNS = "abxWL019.,:;[]{}()'\"#@*+-=/<>|&!%?_^~\\ \n\tŷ²·"
MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 6), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.sampled_from(SIGNS)
    ),
    min_size=1,
    max_size=5,
)


def mutated(text: str, kind: int, here: float, there: float, sign: str) -> str:
    lines = text.split("\n")
    line, other = int(here * len(lines)), lines[int(there * len(lines))]
    if kind < 3:
        return "\n".join([*lines[:line], *[[], [lines[line]] * 2, [other]][kind], *lines[line + 1 :]])
    place = int(here * len(text))
    middle = ["", text[place : place + 1] * 2, sign, sign + text[place : place + 1]][kind - 3]
    return text[:place] + middle + text[place + 1 :]


@pytest.mark.parametrize("name", ["gan", "autoencoder"])
@settings(max_examples=300, deadline=2000)
@given(mutations=MUTATIONS)
def test_a_mutated_problem_is_read_or_refused(name: str, mutations: list[tuple[int, float, float, str]]) -> None:
    text = (PROBLEMS / f"{name}.yaml").read_text(encoding="utf-8")
    for mutation in mutations:
        text = mutated(text, *mutation)
    faults: tuple[Fault, ...] = ()
    problem = None
    try:
        problem = parse_problem(text, "f.yaml")
    except ProblemError as error:
        faults = error.faults
    assert (problem is None) == bool(faults)
    assert all(fault.message.isprintable() and fault.location.file == "f.yaml" for fault in faults)


def test_an_entry_at_a_computed_place_has_a_gradient() -> None:
    text = "inputs: {y: 2}\nweights: {p: [0.5, 0.25, 0.25]}\nnetwork:\n  L: -log(p[y])\nloss: L\n"
    assert solve(parse_problem(text, "p.yaml"))["grad(p)"].tolist() == [0, 0, -4]


def test_a_loss_through_an_op_without_a_gradient_rule_is_told_once_at_the_loss() -> None:
    @op(shape=same)
    def ranked(x: Array) -> Array:
        return x

    lines = "  y: ranked(W)\n  L: sum(y)\n  V: W - 0.1 * grad(W)\n"
    text = f"weights: {{W: [3, 4]}}\nnetwork:\n{lines}loss: L\nquestions: [grad(W)]\n"
    with pytest.raises(ProblemError) as caught:
        parse_problem(text, "p.yaml", {**ops(), "ranked": ranked})
    assert [(fault.location.line, fault.message) for fault in caught.value.faults] == [
        (6, "ranked has no derivative here: it states no gradient rule")
    ]
