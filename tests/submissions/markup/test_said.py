"""What sentences say without an equals sign, and what they only seem to say."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.submissions.said import with_said
from tests.submissions.markup.test_documents import found

SAID: list[tuple[str, dict[str, object]]] = [
    ("So O6 is equal to 0.47", {"O6": "0.47"}),
    ("the value of O6 is 0.47", {"O6": "0.47"}),
    ("Here we get O6 as 0.47", {"O6": "0.47"}),
    ("we find that O6 comes out as 0.47", {"O6": "0.47"}),
    ("Applying the sigmoid, O6 is 0.474.", {"O6": "0.474"}),
    ("The output O6 is then 0.474", {"O6": "0.474"}),
    ("Thus I6 is -0.105, O6 is 0.474 and Err6 is 0.1311.", {"I6": "-0.105", "O6": "0.474", "Err6": "0.1311"}),
    ("$I_6$ is $-0.105$ and $O_6$ is $0.474$.", {"I_6": "-0.105", "O_6": "0.474"}),
    ("Now the final output **O6** is `0.474`, which is close.", {"O6": "0.474"}),
    ("We get 0.474 for O6.", {"O6": "0.474"}),
    ("so we obtain 0.474 for $O_6$ and 0.1311 for Err6.", {"O_6": "0.474", "Err6": "0.1311"}),
    ("w_new is [-0.261, -0.138] and b is 0.218.", {"w_new": ["-0.261", "-0.138"], "b": "0.218"}),
    ("The new w_new is [-0.261, -0.138].", {"w_new": ["-0.261", "-0.138"]}),
    ("First unit: I4 is -0.7, so O4 is 0.332.", {"I4": "-0.7", "O4": "0.332"}),
    ("- O4 is 0.332 and O5 is 0.525", {"O4": "0.332", "O5": "0.525"}),
    ("Somit folgt, O6 beträgt 0,474.", {"O6": "0,474"}),
    ("Donc la sortie O6 vaut 0,474.", {"O6": "0,474"}),
    ("Entonces la salida O6 es 0.474.", {"O6": "0.474"}),
    ("We took eta as 0.5 and get O6 as 0.474.", {"O6": "0.474"}),
]
OF_SOMETHING_ELSE = [
    "The gradient of O6 is 0.47.",
    "The derivative of the sigmoid at O6 is 0.249.",
    "the sigmoid of I6 is 0.474.",
    "the error of\nO6 is 0.1311.",
    "the error of\nO6 = 0.1311.",
    "If I6 were 0 then O6 is 0.5.",
    "The sum of I4 and I5 is -0.6.",
    "1 - O6 is 0.526, and O6*(1-O6) is 0.249.",
    "The target O6 is 1.0, we are far away.",
    "O6 is 0.474 or 0.475 depending on rounding.",
    "So O6 is 0.474 times larger",
    "0.5 of O6 is 0.237.",
    "0.5 times O6 is 0.237.",
    "After the update, O6 is 0.48.",
    "In the second epoch, O6 is 0.474.",
    "O6 is 0.474 in the second epoch.",
    "Hence O6 is not 0.5 and I6 is 0.1 away from zero.",
    "It is 0.474. I is 0.5.",
    "I wrongly wrote that O6 is 0.5",
    "O6 is 0.474, 0.525 is the other",
    "The old O6 is 0.474, the new O6 is 0.48.",
    "We use 0.9 for eta and 0.1 for theta6.",
    "The gradient gives us a value of 0.5 for O6.",
    "O6 = 0.5 is wrong.",
    "We get 0.5 for O6 in the old network.",
]
SIGNS: list[tuple[str, dict[str, object]]] = [
    ("O6 == 0.47", {"O6": "0.47"}),
    ("O6 := 0.47", {"O6": "0.47"}),
    ("O6 -> 0.47", {"O6": "0.47"}),
    ("O6 → 0.47", {"O6": "0.47"}),
    ("O6 => 0.47", {"O6": "0.47"}),
    ("O6 ~ 0.47", {"O6": "0.47"}),
    ("O6 … 0.47", {"O6": "0.47"}),
    ("- `w_new` == [-0.261, -0.138]", {"w_new": ["-0.261", "-0.138"]}),
    ("if x == 3", {}),
    ("x == 3 or y", {}),
    ("0.47 = O6", {"O6": "0.47"}),
    ("$0.47 = O_6$", {"O_6": "0.47"}),
    ("0.2 + 0.27 = 0.47 = O6", {"O6": "0.47"}),
    ("(0.332, 0.525) = O", {"O": ["0.332", "0.525"]}),
    ("I6 = -0.105 = net6", {"I6": "-0.105"}),
]


@pytest.mark.parametrize(
    ("text", "answers"), [*SAID, *SIGNS], ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_said_is_read(text: str, answers: dict[str, object]) -> None:
    assert found(text) == answers


@pytest.mark.parametrize("text", OF_SOMETHING_ELSE)
def test_what_is_said_of_something_else_is_no_answer(text: str) -> None:
    assert found(text) == {}


WORDS = (
    "O6",
    "is",
    "the",
    "value",
    "of",
    "we",
    "get",
    "0.474",
    "for",
    "as",
    "and",
    ",",
    ". ",
    "\n",
    "$O_6$",
    "not",
    "=",
)


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_the_text_keeps_its_length_and_its_lines(text: str) -> None:
    plain = with_said(text)
    assert len(plain) == len(text)
    assert [sign == "\n" for sign in plain] == [sign == "\n" for sign in text]


@pytest.mark.parametrize(
    "part", ["O6 is 0.47 ", "we get 0.47 for O6 and ", "x ", "is ", "get 0.4", "a is (0.1,", "is 0.1"]
)
def test_time_is_linear(part: str) -> None:
    begin = time.process_time()
    with_said(part * (400_000 // len(part)))
    assert time.process_time() - begin < 2
