r"""A document's own commands are written out, every character of it keeps its place, and none of it runs on."""

from __future__ import annotations

import pytest

from hwcheck.errors import Location
from hwcheck.submissions.latex_macros import written_out
from hwcheck.submissions.read import parse_submission
from tests.submissions.markup.test_documents import told


@pytest.mark.parametrize(
    ("defined", "used", "plain"),
    [
        (r"\newcommand{\net}[1]{I_{#1}}", r"\net{6} = 1", "I_{6} = 1"),
        (r"\newcommand\E{E_{total}}", r"\E = 1", "E_{total} = 1"),
        (r"\def\E{E_{total}}", r"\E = 1", "E_{total} = 1"),
        (r"\def\pd#1#2{\frac{#1}{#2}}", r"\pd{a}{b}", r"\frac{a}{b}"),
        (r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}", r"\pd L w", r"\frac{\partial L}{\partial w}"),
        (r"\DeclareMathOperator{\Err}{Err}", r"\Err_6", r"\operatorname{Err}_6"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{0.5}", r"x = \a", "x = 0.5"),
        (r"\newcommand{\e}{1}", r"\eta \e", r"\eta 1"),
        (r"\newcommand{\m}[1]{[#1]}", r"\m{1 \\ 2", r"\m{1 \\ 2"),  # never closed
    ],
)
def test_a_command_is_written_out(defined: str, used: str, plain: str) -> None:
    expanded = written_out(f"{defined}\n{used}")
    assert expanded is not None
    assert expanded.text.split("\n")[-1] == plain
    assert len(expanded.origins) == len(expanded.text)


def test_nothing_is_done_where_nothing_is_defined() -> None:
    assert written_out(r"$I_6 = \frac{1}{2}$") is None


def test_answers_stand_where_they_are_written() -> None:
    head = "\\newcommand{\\mat}[1]{\\begin{bmatrix}#1\\end{bmatrix}}\n\\begin{document}\n"
    text = head + "$h = 1$, $W = \\mat{0.5}$ and $b = 2$\n"
    read = parse_submission(text, "ada.tex")
    assert [(answer.name, told(answer.value)) for answer in read.answers] == [("h", "1"), ("W", [["0.5"]]), ("b", "2")]
    line = text.split("\n")[2]
    assert read.answers[2].location == Location("ada.tex", 3, line.index("b = 2") + 1)


@pytest.mark.parametrize(
    "text",
    [
        r"\def\x{\x\x}" + r"\x" * 1000,
        r"\newcommand{\x}[1]{#1#1#1#1}" + r"\x{" * 5000,
        r"\newcommand{\x}[4]{#1#2#3#4}" + r"\x" * 100_000,
        r"\newcommand{\x}[1]{" + "#1" * 1500 + "}" + r"\x{" + "1" * 3000 + "}",
        r"\def\x{" * 20_000,
    ],
)
def test_no_command_makes_a_text_endless(text: str) -> None:
    expanded = written_out(text)
    assert expanded is None or len(expanded.text) <= 2 * len(text) + 4000
