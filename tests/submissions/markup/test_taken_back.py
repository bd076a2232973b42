"""What a text takes back does not count: what is struck out, called wrong, or corrected further down."""

from __future__ import annotations

import time

import pytest

from hwcheck.errors import Location
from hwcheck.submissions.running_text import running_answers
from tests.submissions.markup.test_documents import found

COUNTS: list[tuple[str, dict[str, object]]] = [
    ("O6 = 0.5\n\nEDIT: O6 = 0.474", {"O6": "0.474"}),
    ("O6 = 0.5\n\nEDIT: I rounded, the correct value is O6 = 0.474.", {"O6": "0.474"}),
    ("O6 = 0.5\nsorry, O6 = 0.474", {"O6": "0.474"}),
    ("O6 = 0.5\n\n**Correction:**\n\nO6 = 0.474", {"O6": "0.474"}),
    ("O6 = 0.5\nKorrektur: O6 = 0,474", {"O6": "0,474"}),
    ("# First attempt (wrong)\nO6 = 0.5\n# Second attempt\nO6 = 0.474", {"O6": "0.474"}),
    ("O6 = 0.5 (wrong, see below)\nO6 = 0.474", {"O6": "0.474"}),
    ("O6 = 0.474\n\nO6 = 0.5 (crossed out)", {"O6": "0.474"}),
    ("O_6 = 0.5\nEDIT: O6 = 0.474", {"O6": "0.474"}),
    ("~~O6 = 0.5~~ O6 = 0.474", {"O6": "0.474"}),
    ("~~O6 = 0.5\nI6 = 3~~\nO6 = 0.474", {"O6": "0.474"}),
    ("<del>O6 = 0.5</del> O6 = 0.474", {"O6": "0.474"}),
    (r"\sout{$O_6 = 0.5$} $O_6 = 0.474$", {"O_6": "0.474"}),
    (r"\st{$O_{6} = \frac{1}{2}$} $O_6 = 0.474$", {"O_6": "0.474"}),
    (r"$O_6 = \cancel{0.5} 0.474$", {"O_6": "0.474"}),
    ("[10:02] tom: O6 = 0.5\n[10:03] tom: sorry, O6 = 0.474", {"O6": "0.474"}),
    ("03.11.25, 10:02 - Tom W.: O6 = 0.474", {"O6": "0.474"}),
    ("O6 = 0.474\n\nOn Mon, 3 Nov 2025 at 18:00, TA <t@u.example> wrote:\n> O6 = 0.1\n> I6 = 2", {"O6": "0.474"}),
]
STANDS = [
    "O6 = 0.5\nThis is not wrong: O6 = 0.474",  # neither is taken back
    "O6 = 0.5\nO6 = 0.474",
    "O6 = 0.5 (wrong?)\nO6 = 0.474 (wrong?)",
]


@pytest.mark.parametrize(("text", "answers"), COUNTS, ids=range(len(COUNTS)))
def test_what_is_taken_back_does_not_count(text: str, answers: dict[str, object]) -> None:
    assert found(text) == answers


@pytest.mark.parametrize("text", STANDS)
def test_what_is_not_taken_back_is_left_to_grading(text: str) -> None:
    assert len(running_answers(text, Location("x.md", 1, 1))) == 2


def test_an_answer_says_in_whose_place_it_stands() -> None:
    (answer,) = running_answers("O6 = 0.5\n\nEDIT: O6 = 0.474", Location("x.md", 1, 1))
    assert [note.message for note in answer.notes] == ["in place of the answer on line 1, which the text takes back"]


def test_what_is_called_wrong_and_stands_alone_counts() -> None:
    assert found("O6 = 0.5 (probably wrong)") == {"O6": "0.5"}


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (
            r"$$\hat{m}_2 = \frac{1}{0.19} m_2 = (0.8, -6.9)^T,\ \hat{v}_2 = 3$$",
            {r"\hat{m}_2": ["0.8", "-6.9"], r"\hat{v}_2": "3"},
        ),
        (r"$\mathbf{g}_1 = (1, -7)^{\mathsf T}$", {"g_1": ["1", "-7"]}),
        ("g_1 = [1, -7]^{T}", {"g_1": ["1", "-7"]}),
        (r"$A X = \begin{bmatrix} 1 & -1\cr 5 & -5 \end{bmatrix}$", {"A X": [["1", "-1"], ["5", "-5"]]}),
        ("$a + b = 4$", {"a + b": "4"}),
        ("2e) b = 4", {"b": "4"}),
        ("Loss (L): 1.04", {"L": "1.04"}),
        ("scores (S):\n1 2\n3 4\n", {"S": [["1", "2"], ["3", "4"]]}),
        ("Part (A): 3", {"Part (A)": "3"}),
    ],
    ids=range(9),
)
def test_names_that_a_sheet_sets_in_its_own_way(text: str, answers: dict[str, object]) -> None:
    assert found(text) == answers


def test_a_quotation_outside_of_mails_counts() -> None:
    assert found("In class we wrote:\n> O6 = 0.474") == {"O6": "0.474"}


@pytest.mark.parametrize(
    "part",
    ["EDIT: x = 1\n", "~~a", "<s>", r"\sout{", r"\sout{{a}", "[10:02] a: x = 1\n", "On 3 wrote:\n> x = 1\n", "wrote"],
)
def test_time_is_linear(part: str) -> None:
    """Six times as much takes about six times as long; the fixed part of a second is for busy machines."""
    spans = []
    for times in (500, 3000):
        begin = time.process_time()
        running_answers(part * times, Location("x.md", 1, 1))
        spans.append(time.process_time() - begin)
    assert spans[1] < 12 * spans[0] + 0.5
