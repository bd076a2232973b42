"""Documents with the answers that a person reads in them."""

from __future__ import annotations

import pytest

from hwcheck.errors import InputError, Location
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.submissions.markdown import answers_of
from hwcheck.submissions.read import parse_submission
from tests.submissions.markup.mutate import ENDINGS, attempt, documents, sources

START = Location("sheet.md", 1, 1)


def told(value: Located) -> object:
    if isinstance(value, Scalar):
        return value.text
    assert not isinstance(value, Map)
    return [told(item) for item in value.items]


def found(text: str) -> dict[str, object]:
    """The numbers of a document by their names; formulas are left out."""
    return {answer.name: told(answer.value) for answer in answers_of(text, START) if not answer.formula}


DOCUMENTS: list[tuple[str, dict[str, object]]] = [
    (
        r"$$h_1 = \begin{bmatrix} 0.38 & 1.4 \\ 0.96 & 1.06 \end{bmatrix}$$",
        {"h_1": [["0.38", "1.4"], ["0.96", "1.06"]]},
    ),
    (r"$w_5^+ = 0.40 - 0.5 \times 0.082167041 = 0.35891648$", {"w_5^+": "0.35891648"}),
    (r"\[ \hat{y} = \sigma(0.5) \approx 0.62 \]", {r"\hat{y}": "0.62"}),
    (r"\( b_1 = 0.1 \) and \( b_2 := -0.2 \)", {"b_1": "0.1", "b_2": "-0.2"}),
    ("$$P(y=0) = \\hat{y} = P(m)$$\n\n$$= 0.999.$$", {r"\hat{y}": "0.999"}),
    (r"$$\begin{aligned} a &= 1 + 1 \\ &= 2 \\ b &= 3 \end{aligned}$$", {"a": "2", "b": "3"}),
    ("\\begin{align}\na &= 1 \\\\\nb &= 3\n\\end{align}", {"a": "1", "b": "3"}),
    ("$$\\boxed{h = 0.5}$$", {"h": "0.5"}),
    ("$$h = \\boxed{0.5}$$", {"h": "0.5"}),
    ("$x = (0.4, 0.8)^T$", {"x": ["0.4", "0.8"]}),
    (
        r"$C = \begin{bmatrix} 1 & 2 \end{bmatrix}, D = \begin{bmatrix} 3 \\ 4 \end{bmatrix}$",
        {"C": [["1", "2"]], "D": [["3"], ["4"]]},
    ),
    (
        r"$\frac{\partial L}{\partial W_1} = \begin{pmatrix} 1 & 2 \end{pmatrix}$",
        {r"\frac{\partial L}{\partial W_1}": [["1", "2"]]},
    ),
    (r"$$W = \begin{cases} 1 & 2 \\ 3 & (.63 \end{cases}$$", {"W": [["1", "2"], ["3", "(.63"]]}),
    (r"Forget gate: $\sigma(0.5) = 0.6225$", {"Forget gate": "0.6225"}),
    ("Forget Gate: 0.6225", {"Forget Gate": "0.6225"}),
    ("w5: 0.45 -> 0.42667", {"w5": "0.42667"}),
    ("w5: 0.45 → 0.42667", {"w5": "0.42667"}),
    ("o1 - 0.99999969409", {"o1": "0.99999969409"}),
    ("x - 1", {}),
    ("Then the value of h1 = 0.5 because relu keeps it.", {"h1": "0.5"}),
    ("The new W1 = 0.5", {"new W1": "0.5"}),
    ("Note: x = 3", {"x": "3"}),
    ("1. **h1** = `0.5`\n2. *h2* = 0.6", {"h1": "0.5", "h2": "0.6"}),
    ("yhat = 0.999 (rounded)", {"yhat": "0.999"}),
    ("loss=0.5, acc=0.25", {"loss": "0.5", "acc": "0.25"}),
    ("x = 3,14", {"x": "3,14"}),
    ("x = ?", {"x": "?"}),
    ("## W1\n\n[[1, 2],\n [3, 4]]", {"W1": [["1", "2"], ["3", "4"]]}),
    ("W1:\n1 2\n3 4\n\nb: 5", {"W1": [["1", "2"], ["3", "4"]], "b": "5"}),
    (
        "```\nW1\n[[1. 2.]\n [3. 4.]]\nb 0.5\nm tensor(2.)\n```",
        {"W1": [["1.", "2."], ["3.", "4."]], "b": "0.5", "m": "2."},
    ),
    ("```python\nW = np.array([1, 2])\nh = relu(W)\nfor x in y:\n    z = 3\n```", {"W": ["1", "2"]}),
    ("|q|value|\n|-|-|\n|h|0.5|\n|$o_1$|−0.25|", {"h": "0.5", "o_1": "−0.25"}),
    ("|step|h|y|\n|-|-|-|\n|1|0.1|0.2|\n|2|0.3|0.4|", {"h": ["0.1", "0.3"], "y": ["0.2", "0.4"]}),
    ("|h|y|\n|-|-|\n|0.1|(0, -1.0966)|", {"h": "0.1", "y": ["0", "-1.0966"]}),
    ("|w|gradient|new value|\n|-|-|-|\n|w5|0.08|0.35|", {"grad(w5)": "0.08", "w5_new": "0.35"}),
    ("W:\n\n|1|2|\n|-|-|\n|0.1|0.2|\n|0.3|0.4|", {"W": [["0.1", "0.2"], ["0.3", "0.4"]]}),
    ("This costs $5 and not $6.", {}),
    ("We know that h = relu(W x) and nothing else.", {}),
    ("<!-- h = 0.5 -->", {}),
    ("a = [1, 2\nb = [3]", {"b": ["3"]}),
    # sentences
    ("So the input is I6 = -0.105. Applying the sigmoid, we go on.", {"I6": "-0.105"}),
    ("I got `I6 = -0.105` as well as an error of `Err6 = 0.1311`.", {"I6": "-0.105", "Err6": "0.1311"}),
    (
        "The inputs come out as I = (-0.7, 0.1). Their outputs are O = (0.3, 0.5).",
        {"I": ["-0.7", "0.1"], "O": ["0.3", "0.5"]},
    ),
    ("Here d = 0.2 - 1 = -0.8. So the new weights are W_new = [0.1, 0.2].", {"d": "-0.8", "W_new": ["0.1", "0.2"]}),
    ("We obtain that h = [0.37,\n0.39] and therefore o = [0.59, 0.6].", {"h": ["0.37", "0.39"], "o": ["0.59", "0.6"]}),
    ("With $a = 0.5$ the error drops to E_new = 0.29, i.e. by 2 %.", {"a": "0.5", "E_new": "0.29"}),
    ("If O6 = 0.5 were the output, all would change.", {}),
    ("If we had that O6 = 0.5, all would change.", {}),
    ("With the target 1 the error of the output unit is therefore Err6 = 0.1311.", {"Err6": "0.1311"}),
    ("Now we know the gradient of it with respect to W2 = 0.5", {}),
    ("Total error (E_total): 0.298", {"E_total": "0.298"}),
    ("Z (after adding c): 0.5", {"Z": "0.5"}),
    ("H = max(0, Z):\n\n```\n[[0 1]\n [2 3]]\n```", {"H": [["0", "1"], ["2", "3"]]}),
    (r"$$H = \max\{0, Z\} = \begin{bmatrix} 0 & 1 \end{bmatrix}$$", {"H": [["0", "1"]]}),
    # tables of units, and of numbered steps
    ("| |Err|\n|-|-|\n|6|0.13|\n|4|-0.01|", {"Err": ["-0.01", "0.13"]}),
    ("|Neuron|net|out|\n|-|-|-|\n|h1|0.37|0.59|", {"net_h1": "0.37", "out_h1": "0.59"}),
    ("|#|What|Result|\n|-|-|-|\n|1|I6|-0.1|\n|2|O6|0.4|", {"I6": "-0.1", "O6": "0.4"}),
    ("|unit|net input I|\n|-|-|\n|1|0.1|\n|2|0.2|", {"I": ["0.1", "0.2"]}),
    # broken in every usual way
    ("$$h = 0.5", {"h": "0.5"}),
    ("$$h = 0.5\n\nb = 0.1", {"h": "0.5", "b": "0.1"}),
    ("$h = 0.5", {"h": "0.5"}),
    (r"$$h = \begin{bmatrix} 1 & 2", {}),
    (r"$$h = 0.5 \end{bmatrix}$$ $b = 1$", {"h": "0.5", "b": "1"}),
    (r"$$h = \left( 0.5$$", {"h": r"\left( 0.5"}),
    ("```\nh = 0.5", {"h": "0.5"}),
    (r"$$-\frac{1$$", {}),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTS, ids=[text for text, _ in DOCUMENTS])
def test_what_a_person_reads_is_read(text: str, expected: dict[str, object]) -> None:
    read = found(text)
    assert {name: value for name, value in read.items() if name in expected} == expected
    assert expected or not read


@pytest.mark.parametrize(
    "text",
    [
        "h = 0.5",
        "x\n\n $h = 0.5$",
        "W:\n[[1, 2],\n [3, 0.5]]",
        "|q|v|\n|-|-|\n|h|0.5|",
        r"$h = \begin{bmatrix}0.5\end{bmatrix}$",
    ],
)
def test_values_stand_where_they_are_written(text: str) -> None:
    (answer,) = answers_of(text, Location("a.ipynb", 7, 3))
    value = answer.value
    while isinstance(value, List):
        value = value.items[-1]
    before = text[: text.index("0.5")]
    line = 7 + before.count("\n")
    column = len(before) - before.rfind("\n") + (2 if line == 7 else 0)
    assert value.location == Location("a.ipynb", line, column)


@pytest.mark.parametrize(("text", "problem", "student"), [
    ("---\nproblem: gan\nstudent: ada lovelace\n---\nh = 1", "gan", "ada lovelace"),
    ("problem: gan\n\nh = 1", "gan", "sheet"),
    ("<!-- problem: gan -->\nh = 1", "gan", "sheet"),
    ("Problem: compute the loss.\nh = 1", None, "sheet"),
    ("problem: 1\nh = 1", None, "sheet"),
])  # fmt: skip
def test_the_problem_and_the_student_are_named(text: str, problem: str | None, student: str) -> None:
    read = parse_submission(text, "sheet.md")
    assert (read.problem, read.student) == (problem, student)
    assert [answer.name for answer in read.answers] == ["h"]


@pytest.mark.parametrize("text", [
    *("[" * 3000, "$$" + "{" * 3000, "\\begin{bmatrix}" * 1000, "$" * 3001, "\\frac{" * 900),
    *("$$x = \\hat" + "\\hat" * 400, "`" * 3000, " " * 20000 + "x", "x = 1" + " . ," * 4000),
    "x = 1" + " " * 9000 + "y",
    *("x = " + "(" * 3000, "$x = \\log" + "\\log" * 300 + "$", "> " * 3000 + "x = 1", "#" * 3000),
    *("x = (" + "1," * 9000, "|" * 9000, "|-" * 4000 + "\n" + "|-" * 4000),
])  # fmt: skip
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_nests_deep_or_runs_on_is_read_or_refused(text: str, ending: str) -> None:
    assert attempt(text, ending) >= -1


def test_too_many_answers_are_refused() -> None:
    with pytest.raises(InputError, match="more than 5,000 answers"):
        answers_of("a = 1\n" * 6000, START)


def test_mutated_sheets_raise_nothing_else() -> None:
    """2,000 here; ``python -m tests.submissions.fuzz 100000`` tries more."""
    for number, text in zip(range(2000), documents(7, sources()), strict=False):
        attempt(text, ENDINGS[number % 3])
