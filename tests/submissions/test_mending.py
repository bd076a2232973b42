"""What is nearly YAML or JSON: read where one thing can have been meant, at its place and with a note; else refused."""

from __future__ import annotations

import pytest

from hwcheck.errors import InputError
from hwcheck.located import List, Located, Map, Scalar
from hwcheck.submissions.model import Submission
from hwcheck.submissions.read import parse_submission

A = {"a": "-0.5", "b": ["1", "2"]}

C = {"c": [["1", "2"], ["3", "4"]], "a": "-0.5"}


def plain(value: Located) -> object:
    if isinstance(value, Scalar):
        return value.text
    assert isinstance(value, List)
    return [plain(item) for item in value.items]


def answers(submission: Submission) -> dict[str, object]:
    return {answer.name: plain(answer.value) for answer in submission.answers}


MENDED = [
    ("x.json", '{"answers": {"a": -0.5, "b": [1, 2,],},}', A, "1:35: a comma before a closing bracket is left out"),
    ("x.json", "{'answers': {'a': -0.5, 'b': [1, 2]}}", A, "1:2: texts in single or typeset quotes"),
    ("x.json", "{“answers”: {“a”: -0.5, “b”: [1, 2]}}", A, "1:2: texts in single or typeset quotes"),
    ("x.json", '{answers: {a: -0.5, b: [1, 2]}}', A, "1:2: names without quotes are read as names, 3 times in all"),
    ("x.json", '{"answers": {"a": -0.5 # net\n, "b": [1, /* x */ 2]}} // end', A, "1:24: comments are no part of JSON"),
    ("x.json", '{"answers": {"a": -0.5\n "b": [1, 2]}}', A, "1:23: a comma is missing before this place"),
    ("x.json", '"answers": {"a": -0.5, "b": [1, 2]}', A, "1:1: the braces around the names are missing"),
    ("x.json", '{"a": -0,5, "b": [1, 2]}', {"a": "-0,5", "b": ["1", "2"]}, "1:2: there is no 'answers:'"),
    ("x.json", '{"a": np.float64(-0.5), "b": [1, 2]}', A, "1:7: what NumPy prints around numbers is left out"),
    ("x.json", '{"a": 1/3, "b": [[1, 2] [3, 4]]}', {"a": "1/3", "b": C["c"]}, "1:24: a comma"),
    ("x.json", '[{"name": "a", "value": -0.5}, {"name": "b", "value": [1, 2]}]', A, "1:1: a list of names with values"),
    ("x.yaml", "answers:\n\ta: -0.5\n\tb: [1, 2]\n", A, "2:1: tabs at the beginning of lines are read as blanks"),
    ("x.yaml", "answers:\n  a: -0.5\n  b:[1, 2]\n", A, "3:4: a blank is missing behind the colon"),
    ("x.yaml", "answers: {a:-0.5, b: [1, 2]}\n", A, "1:12: a blank is missing behind the colon"),
    ("x.yaml", "answers:\n  a = -0.5\n  b=[1, 2]\n", A, "2:5: '=' is read as ':', 2 times in all"),
    ("x.yaml", "answers:\n  a: -0.5\n    b: [1, 2]\n", A, "3:1: names that begin in different columns"),
    ("x.yaml", "answers:\n   a: -0.5\n  b: [1, 2]\n", A, "3:1: names that begin in different columns"),
    ("x.yaml", "answers:\n  b: [1, 2\n  a: -0.5\n", A, "2:11: this list is never closed"),
    ("x.yaml", "answers:\n  b: [1, 2]]\n  a: -0.5\n", A, "2:12: a bracket too many"),
    ("x.yaml", "answers:\n  c: [[1, 2],\n      [3, 4]\n  a: -0.5\n", C, "3:13: this list"),
    ("x.yaml", "```yaml\nanswers:\n  a: -0.5\n  b: [1, 2]\n```\n", A, "1:1: the lines of backticks"),
    ("x.yaml", "answers:\n\u00a0 a: -0.5\n\u00a0 b: [1, 2]\n", A, "2:1: blanks of another kind"),
    ("x.yaml", "a: -0.5\nb: [1, 2]\n", A, "1:1: there is no 'answers:' around the names"),
    ("x.yaml", "answers:\na: -0.5\nb: [1, 2]\n", A, "2:1: 'a' stands beside 'answers:' and is read as an answer"),
    ("x.yaml", "answers:\n  - a: -0.5\n  - b: [1, 2]\n", A, "2:3: a list of names with values is read as a mapping"),
    ("x.yaml", "answers:\n  a: -0.5\n  b: [1, 2],\n", A, "3:12: a comma at the end of an entry is left out"),
    ("x.json", "{'a': -0.5, 'b': np.array([1, 2])}", A, "1:18: what NumPy prints around numbers is left out"),
    ("x.yaml", "Answers:\n  a: -0.5\n  b: [1, 2]\n", A, ""),
    ("x.yaml", "answers:\n  a: ?\n  b: [1, ?]\n", {"a": "_", "b": ["1", "_"]}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "expected", "note"), MENDED)
def test_what_can_mean_one_thing_is_read_and_noted(file: str, text: str, expected: object, note: str) -> None:
    submission = parse_submission(text, file)
    assert answers(submission) == expected
    assert submission.faults == ()
    notes = [str(each).removeprefix(f"{file}:") for each in submission.notes]
    assert any(each.startswith(note) for each in notes) if note else notes == []


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("x.json", '{"answers": {"a": -0.5, "b": [1, 2', "1:30"),  # broke off: a number may have, too
        ("x.json", '{"a": [0.1 0.2]}', "1:12"),
        ("x.json", '{"a": 1 234.5}', "1:9"),
        ("x.json", '{"a": x + 1}', "1:7"),
        ("x.json", "{'a': \"it's\", 'a': 2}", "1:2"),  # a name twice is still told
        (
            "x.yaml",
            "answers:\n  a: [1, 2, [3, 4]]\n  b: [[1, 2, [3, 4]]\n  c: 1\n",
            "4:3",
        ),  # where it is closed is not clear
        ("x.yaml", "answers:\n  b: [1, 2\n", "2:6"),
        ("x.yaml", "answers:\n\ta: 1\n        b:\n          c: d: e\n", "2:1"),
        ("x.yaml", "answers:\n  a: b: -0.5\n", "2:7"),
        ("x.yaml", "answers:\n  a = b = -0.5\n", "2:3"),
        ("x.yaml", "answer:\n  a: -0.5\n", "1:1"),
        ("x.yaml", "problm: gan\na: -0.5\n", "1:1"),
        ("x.yaml", "answers:\n  a: 1\na: 2\n", "3:1"),
        ("x.yaml", "answers:\n  - a: 1\n  - a: 2\n", "2:3"),
        ("x.yaml", "layer1: {W: 1}\nlayer2: {W: 2}\n", "1:1"),
    ],
)
def test_what_is_in_doubt_is_refused_at_its_place(file: str, text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_submission(text, file)
    assert str(caught.value.faults[0]).startswith(f"{file}:{place}:")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x.json", "{'a': 1, 'bb': [1, 'x', 3], /* c */ d: None, 'e': -1/3, 'f': 2}"),
        ("x.yaml", "answers:\n\ta:1\n\tbb:[1, x,\u00a03]\n\td=None\n\te:-1/3\n\tf: 2\n"),
    ],
)
def test_what_was_mended_keeps_its_places(file: str, text: str) -> None:
    """Each name and value stands in the file where its location says, in quotes or not."""
    lines = text.split("\n")
    submission = parse_submission(text, file)
    below: list[Located] = [Scalar(answer.name, answer.location) for answer in submission.answers]
    below += [answer.value for answer in submission.answers]
    seen = 0
    while below:
        value = below.pop()
        assert not isinstance(value, Map)
        if isinstance(value, List):
            below += value.items
            continue
        there = lines[value.location.line - 1][value.location.column - 1 :].lstrip("'\"")
        assert there.startswith("None" if value.text == "null" else value.text)
        seen += 1
    assert seen == 12


def test_a_sentence_beside_the_answers_costs_nothing_else() -> None:
    submission = parse_submission("comment: this was hard\nanswers:\n  a: 1\n", "x.yaml")
    assert answers(submission) == {"a": "1"}
    assert [str(fault) for fault in submission.faults] == [
        "x.yaml:1:1: unknown key 'comment' in a submission; answers stand below 'answers:', further in"
    ]


@pytest.mark.parametrize(("text", "student"), [("name: ada\na: 1\n", "ada"), ("author: ada\nanswers: {a: 1}\n", "ada")])
def test_the_student_may_be_called_name_or_author(text: str, student: str) -> None:
    submission = parse_submission(text, "x.yaml")
    assert (submission.student, answers(submission)) == (student, {"a": "1"})
