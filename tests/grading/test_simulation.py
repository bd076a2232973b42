"""The simulated students are right where they make no mistake, and wrong where they make one."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.reference import solve
from tests.benchmarks.simulation.catalogue import NETWORKS, Network
from tests.benchmarks.simulation.digits import Digits
from tests.benchmarks.simulation.ids import MISCONCEPTIONS
from tests.benchmarks.simulation.injected import outcome, pairs, places, trial
from tests.benchmarks.simulation.mistakes import SLIPS, Mistake, looks_like, misconceptions, slips, sums_like
from tests.benchmarks.simulation.paper import Habits, Paper, Step
from tests.benchmarks.simulation.sheets import hand_in, spell

# Misconceptions that the numbers of a problem cannot show at any of its steps.
# tiny-cnn: only the largest entry of a window gets a gradient, and each of those is positive; the smallest are all 0.
ZERO = {"activation-not-used", "minimum-for-maximum"}
HIDDEN: dict[str, set[str]] = {"tiny-cnn": {"relu-mask-left-out", "relu-mask-inverted", *ZERO}}

every_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


def exact(network: Network, sheets: int = 1) -> Paper:
    return network.fill(Paper(sheets=sheets, keep=True))


@every_network
def test_without_rounding_a_student_gets_the_reference(network: Network) -> None:
    reference = solve(network.problem())
    paper = exact(network)
    for name, written in paper.written.items():
        assert written.shape == (1, *reference[name].shape), name
        np.testing.assert_allclose(written[0], reference[name], rtol=1e-9, atol=1e-12, err_msg=name)


@every_network
def test_a_student_answers_every_question(network: Network) -> None:
    assert {question.name for question in network.problem().questions} <= set(exact(network).written)


@every_network
def test_many_students_at_once_get_what_one_gets(network: Network) -> None:
    one, three = exact(network), exact(network, sheets=3)
    for name, written in three.written.items():
        assert written.shape[0] == 3
        np.testing.assert_array_equal(written, np.broadcast_to(one.written[name], written.shape), err_msg=name)


@every_network
def test_misconceptions_have_the_shape_of_their_step(network: Network) -> None:
    for name, step in exact(network).steps.items():
        for mistake, value in step.wrong.items():
            assert value.shape == step.value.shape, (name, mistake)


@every_network
def test_terms_add_up_to_the_step_but_for_what_stands_beside_them(network: Network) -> None:
    for name, step in exact(network).steps.items():
        if step.terms is not None:
            left, right = step.terms
            shape = np.broadcast_shapes(left.shape, right.shape)
            assert shape[:-1] == step.value.shape, name


@every_network
def test_later_steps_follow_from_a_mistake(network: Network) -> None:
    """With 3 more at one of the first two steps, something later is another number too."""
    right = exact(network).written
    later = []
    for name in list(right)[:2]:
        written = network.fill(Paper(slips={name: lambda written: written + 3.0})).written
        changed = [step for step in written if not np.array_equal(written[step], right[step])]
        assert changed[0] == name
        later += changed[1:]
    assert later


@pytest.mark.parametrize(
    ("digits", "value", "rounded", "cut"),
    [
        (Digits("decimals", 2), 0.125, "0.13", "0.12"),
        (Digits("decimals", 2), -0.125, "-0.13", "-0.12"),
        (Digits("decimals", 2), 0.29, "0.29", "0.29"),
        (Digits("decimals", 5), 0.49 / (1 - 0.99), "49.00000", "49.00000"),
        (Digits("decimals", 3), 0.9996, "1.000", "0.999"),
        (Digits("decimals", 2), 0.004, "0.00", "0.00"),
        (Digits("decimals", 4), 12.34567, "12.3457", "12.3456"),
        (Digits("sigfigs", 3), 0.00123456, "0.00123", "0.00123"),
        (Digits("sigfigs", 3), 0.0045678, "0.00457", "0.00456"),
        (Digits("sigfigs", 3), 9.996, "10.0", "9.99"),
        (Digits("sigfigs", 3), 123456.0, "123000", "123000"),
        (Digits("sigfigs", 4), -98765.0, "-98770", "-98760"),
        (Digits("sigfigs", 3), 0.0, "0.00", "0.00"),
        (Digits("sigfigs", 3), 1000.0, "1000", "1000"),
    ],
)
def test_rounding_and_cutting(digits: Digits, value: float, rounded: str, cut: str) -> None:
    assert digits.text(float(digits.rounded(np.array([value]))[0])) == rounded
    assert digits.text(float(digits.cut(np.array([value]))[0])) == cut


@pytest.mark.parametrize(
    ("digits", "value", "text"),
    [
        (Digits("decimals", 3), 0.5, "0.5"),
        (Digits("decimals", 3), 2.0, "2"),
        (Digits("decimals", 3), -0.0, "0"),
        (Digits("sigfigs", 3), 1000.0, "1000"),
        (Digits("sigfigs", 3), 0.0, "0"),
    ],
)
def test_zeros_at_the_end_may_be_left_out(digits: Digits, value: float, text: str) -> None:
    assert digits.text(value, zeros=False) == text


@every_network
def test_every_misconception_gives_other_numbers_somewhere(network: Network) -> None:
    """Each name that a network offers is a mistake at one of its steps at least: no variant is the right way."""
    steps = exact(network).steps
    offered = {name for step in steps.values() for name in step.wrong}
    # The numbers of the problem hide these; they are left out where it is so (see the comments of the problems).
    assert offered - {mistake.name for mistake in misconceptions(steps)} <= HIDDEN.get(network.name, set())


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_changes_one_place_and_what_follows(slip: str) -> None:
    network, digits = NETWORKS["layer-norm"], Digits("decimals", 4)
    steps = network.fill(Paper(digits, keep=True)).steps
    (mistake,) = [m for m in slips({"h": steps["h"], "yhat": steps["yhat"]}, 1) if m.name == slip and m.step == "yhat"]
    paper = Paper(digits, mistakes=mistake.spoils_value(), slips=mistake.spoils_written(digits))
    right, wrong = network.fill(Paper(digits)).written, network.fill(paper).written
    changed = np.count_nonzero(right["yhat"] != wrong["yhat"])
    assert 1 <= changed <= {"entries-exchanged": 2, "row-copied": 3}.get(slip, 1)
    assert np.array_equal(right["h"], wrong["h"])
    assert not np.array_equal(right["grad(yhat)"], wrong["grad(yhat)"])


@pytest.mark.parametrize(
    ("right", "wrong", "looks"),
    [
        ([1.5, 2.5], [-1.5, 2.5], {"sign-lost"}),
        ([1.5, 2.5], [2.5, 1.5], {"entries-exchanged"}),
        ([1.5, 2.5], [1.5, 1.5], {"entry-copied"}),
        ([1.5, 2.5], [15, 2.5], {"decimal-point"}),
        ([1.5, 2.5], [1.5, 2.6], set()),
        ([1.5, 2.5], [1.5, 2.5], set()),
    ],
)
def test_what_a_mistake_looks_like(right: list[float], wrong: list[float], looks: set[str]) -> None:
    assert looks_like(np.array([right]), np.array([wrong])) == looks


@pytest.mark.parametrize(
    ("habits", "rounded", "on_sheet"),
    [
        (Habits("round", "rounded", "all"), True, 3),
        (Habits("cut", "full", "asked"), False, 0),
    ],
)
def test_what_is_carried_and_what_is_written(habits: Habits, rounded: bool, on_sheet: int) -> None:
    paper = Paper(Digits("decimals", 1), habits, 3, asked={"y"})
    carried = paper.step("x", np.array([[0.26]]))
    assert paper.written["x"].tolist() == [[pytest.approx(0.3 if rounded else 0.2)]] * 3
    assert carried.tolist() == [[pytest.approx(0.3 if rounded else 0.26)]] * 3
    assert int(paper.on_sheet["x"].sum()) == on_sheet
    paper.step("y", carried)
    assert paper.on_sheet["y"].all()


def test_some_round_and_some_carry_in_a_mixture() -> None:
    paper = Paper(Digits("decimals", 1), Habits("mixture", "mixed", "some"), 400, np.random.default_rng(1), {"x"})
    carried = paper.step("x", np.array([[0.26, 0.77]]))
    assert set(np.round(paper.written["x"].ravel(), 6)) == {0.2, 0.3, 0.7, 0.8}
    assert set(np.round(carried.ravel(), 6)) == {0.2, 0.26, 0.3, 0.7, 0.77, 0.8}
    assert 300 < paper.on_sheet["x"].sum() < 400


def test_a_sheet_is_handed_in_as_it_was_written() -> None:
    paper = Paper(Digits("decimals", 2), sheets=2)
    paper.step("x", np.array([[0.5, -0.126], [1.0, 2.0]]))
    assert spell(paper.written["x"][0], Digits("decimals", 2), zeros=True) == "[0.50, -0.13]"
    assert spell(paper.written["x"][1], Digits("decimals", 2), zeros=False) == "[1, 2]"
    assert [answer.name for answer in hand_in(paper, 1, "p").answers] == ["x"]


def test_a_mistake_is_made_at_its_step_and_marked() -> None:
    network, digits = NETWORKS["two-layers"], Digits("sigfigs", 4)
    (mistake,) = [m for m in places(network, digits, 0) if m.name == "weights-not-transposed"]
    found = trial(network, digits, [mistake], 3)
    assert found.shown
    assert not np.array_equal(found.right, found.paper.written["grad(out_h)"])
    assert outcome(found).caught
    assert {answer.question.name for answer in found.result.answers if answer.verdict == "wrong"} == {"grad(out_h)"}


def test_what_the_digits_cannot_show_does_not_count() -> None:
    """All gradients of the GAN are smaller than 0.00005."""
    network, digits = NETWORKS["gan"], Digits("decimals", 2)
    assert not trial(network, digits, [Mistake("grad(W0)", "sign-flipped", "misconception")], 3).shown


def test_two_mistakes_are_at_two_steps() -> None:
    network, digits = NETWORKS["xor-relu"], Digits("decimals", 2)
    made = list(pairs(network, digits, 1, 20))
    assert len(made) == 20
    assert all(first.step != second.step for first, second in made)


def test_every_name_of_the_table_is_one_that_a_network_offers() -> None:
    offered = {name for network in NETWORKS.values() for step in exact(network).steps.values() for name in step.wrong}
    assert set(MISCONCEPTIONS) <= offered


def test_slips_in_a_sum_that_come_to_the_same() -> None:
    """3 * 2 + 3 * 1: without 3 * 1 it is as if 1 stood for the 2, without 3 * 2 as if 3 * 1 were subtracted."""
    step = Step(np.array([[9.0]]), {}, (np.array([[[3.0, 3.0]]]), np.array([[[2.0, 1.0]]])))
    found = {sums_like(Mistake("y", "term-left-out", "slip", seed), step) for seed in range(20)}
    assert found == {frozenset({"term-left-out", "factor-copied"}), frozenset({"term-left-out", "term-sign"})}
