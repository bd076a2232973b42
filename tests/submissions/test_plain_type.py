r"""What only says how a text is set is taken away, and every character stays where it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.submissions.drawn import without_drawing
from hwcheck.submissions.plain_type import plain_type

SIGNS = (
    *(r"\mathbf{0.5}", r"\num{", "}", "{", r"\left[", r"\begin{array}", r"\end{bmatrix}", r"\right)", "~~", "==", "="),
    *(
        "0{,}5",
        " and ",
        "\n",
        " ",
        "  ",
        "\t",
        "O4=.5",
        " is ",
        "...",
        "$ python",
        "[1,]",
        r"\quad",
        "[",
        "]",
        "\u200b",
    ),
    *(r"E_{\text{total}}", r"\mathbf{net}_h", r"a\_b", "（", "０", " < 0.3", "|", r"\iffalse", r"\fi", "0.25 (3 d.p.)"),
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (r"x = \mathbf{0.5}", "x = 0.5"),
        (r"x = \underline{\underline{0.218}}", "x = 0.218"),
        (r"x = \num{-0.105}", "x = -0.105"),
        (r"\textcolor{blue}{$x = 1$}", "$x = 1$"),
        (r"\left[\begin{array}{c} 1 \end{array}\right]", r"\begin{array}{c} 1 \end{array}"),
        (r"\bigl( \begin{smallmatrix} 1 \end{smallmatrix} \bigr)", r"\begin{smallmatrix} 1 \end{smallmatrix}"),
        (r"\left[ 1, 2 \right]", r"\left[ 1, 2 \right]"),  # not around a matrix
        (r"\langle 0.85, 0.48 \rangle", "[ 0.85, 0.48 ]"),
        (r"[-0.69 \quad -0.39]", "[-0.69 -0.39]"),
        (r"0{,}192", "0,192"),
        ("I6 = ~~0.15~~ 0.105", "I6 = 0.105"),
        ("O6 = ==0.474==", "O6 = 0.474"),
        ("if a == b == c", "if a == b == c"),
        (r"E_{\text{total}} = 1", "E_{total} = 1"),
        (r"\mathbf{net}_h", "net_h"),
        (r"theta6\_new = 1", "theta6_new = 1"),
        ("O6 ＝ ０.５", "O6 = 0.5"),
        ("$ python3 hw.py", "python3 hw.py"),
        ("$ x = 1 $", "$ x = 1 $"),
        ("O4=.332 O5=.525", "O4=.332;O5=.525"),
        ("O4 = 0.332  O5 = 0.525", "O4 = 0.332; O5 = 0.525"),
        ("y = 2 x = 4", "y = 2 x = 4"),  # a product, perhaps
        ("O5 = 0.525 and I6 = 0.1", "O5 = 0.525 ; I6 = 0.1"),
        ("it is therefore Err6 = 0.1", "it is therefore;Err6 = 0.1"),
        ("E = 0.291 < 0.298", "E = 0.291"),
        ("w: 0.45 -> 0.42", "w: 0.45 -> 0.42"),
        ("x = 0.5 if z > 0", "x = 0.5 if z > 0"),
        ("Err6 is 0.1311", "Err6 = 0.1311"),
        ("this is a 3", "this is a 3"),
        ("I6 .......... -0.105", "I6 = -0.105"),
        ("K = [1 ... 2]", "K = [1 ... 2]"),  # numbers left out
        ("0.218 (3 d.p.)", "0.218"),
        ("0.\u200b105", "0.105"),
        ("The vector I is [-0.7, 0.1].", "The vector I = [-0.7, 0.1]."),
        ("O6 is approximately 0.474.", "O6 = 0.474."),
        (r"(-0.261,\, -0.138)", "(-0.261, -0.138)"),
        (r"\nabla_{\mathbf z} L", r"\nabla_{ z} L"),
        (r"W_2^{\text{new}} = 1", "W_2^{new} = 1"),
        ("theta = <-0.408, 0.194>;", "theta = [-0.408, 0.194];"),
        ("0.1 < x, y > 3", "0.1 < x, y > 3"),
        # from chat programs, word processors, MATLAB's live editor and web pages
        ("✅ I6 = -0.105 🎯", "I6 = -0.105"),
        ("1\ufe0f\u20e3 I4 = -0.7", "I4 = -0.7"),
        ("●\u00a0O6\u00a0=\u00a00.474", "- O6 = 0.474"),
        ("I6 ⟶ -0.105", "I6 → -0.105"),
        ("Err6 ≐ 0.1311", "Err6 ≈ 0.1311"),
        ("I6 = –0.105", "I6 = -0.105"),
        ("W = [■(0.1&0.2@0.3&0.4)]", "W = [0.1,0.2;0.3,0.4]"),
        ("h = (■(1@2))", "h = [1;2]"),
        ("net_h = 2×1\n 0.3\n 0.4", "net_h = 0.3 0.4"),
        ("area = 2×3 = 6", "area = 2×3 = 6"),
        ("<b>I<sub>6</sub></b> =&nbsp;&minus;0.105", "I_6 = −0.105"),
        ("<p>I6 = 0.1</p><p>O6 = 0.5<br>b = 2</p>", "I6 = 0.1; O6 = 0.5; b = 2"),
        ("if a <b and c> 3", "if a <b and c> 3"),
        ("a = 1 <script>b = 2</script> c = 3", "a = 1; c = 3"),
        ("O = \\pmatrix{0.3 \\cr 0.5}", "O = [0.3 ; 0.5]"),
        ("W = \\left[\\matrix{1 & 2 \\cr 3 & 4 \\cr}\\right]", "W = [1 , 2 ; 3 , 4 ]"),
        ("W = |  1  2 |\n    | -3  4 |", "W = [ 1 2 ; -3 4 ]"),
        ("O = ( 0.3 )\n    ( 0.5 )", "O = [ 0.3 ; 0.5 ]"),
        ("    ⎡ 1 2 ⎤\nW = ⎣ 3 4 ⎦", "W = [ 1 2 ; 3 4 ]"),
        ("| 1 |\n| 2 |", "| 1 |\n| 2 |".replace("\n", " ")),
        ("x = |-3|\ny = (4)", "x = |-3| y = (4)"),
    ],
)
def test_type_is_taken_away(written: str, plain: str) -> None:
    assert " ".join(plain_type(without_drawing(written)).split()) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a\n\\end{document}\nb = 1", "a"),
        (r"\begin{comment} b = 1 \end{comment} c", "c"),
        (r"\iffalse b = 1 \fi c", "c"),
        (r"\begin{comment} b = 1", ""),
    ],
)
def test_what_latex_does_not_print_is_taken_away(written: str, plain: str) -> None:
    assert plain_type(written, latex=True).strip() == plain


@given(st.lists(st.sampled_from(SIGNS) | st.text(max_size=3), max_size=30), st.booleans())
def test_every_line_stays_as_long_as_it_was(parts: list[str], latex: bool) -> None:
    text = "".join(parts)
    plain = plain_type(text, latex=latex)
    assert [len(line) for line in plain.split("\n")] == [len(line) for line in text.split("\n")]
