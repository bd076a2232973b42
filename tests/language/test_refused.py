"""What is refused: every escape and bomb that is known, and every mistake, each with its place and what to do.

The texts begin at line 5, column 11 of their file.
"""

from __future__ import annotations

import sys
import time
import warnings

import pytest

from hwcheck.errors import InputError, Location
from hwcheck.graph.node import Node
from hwcheck.language.build import Scope, build
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.limits import FORMULA, LINE
from hwcheck.ops.catalogue import ops
from tests.language.expressions import NAMES, build_text, fault

SECONDS = 20  # none may hang; how fast they are is measured elsewhere

# Ways out of an evaluator of Python that others have found; see each one's first word.
ESCAPES = [
    ("().__class__.__base__.__subclasses__()", "5:11", ".__class__ has no meaning here"),
    ("x.__class__", "5:11", ".__class__ has no meaning here"),
    ("A.T.__class__", "5:11", ".__class__ has no meaning here"),
    ("'{0.__class__}'.format(x)", "5:11", "this ' does not begin a text"),
    ("'x'.format(x)", "5:11", "no op 'format'"),
    ("'a%s' % x", "5:11", "this ' does not begin a text"),
    ("f'{x}'", "5:12", "this ' does not begin a text"),
    ("f'x'", "5:12", "must stand alone"),
    ("b'x'", "5:12", "must stand alone"),
    ("'''x'''", "5:13", "must stand alone"),
    ("(a for a in x).gi_frame", "5:14", "'for' is a word of Python"),
    ("[a for a in x]", "5:14", "'for' is a word of Python"),
    ("lambda: x", "5:11", "'lambda' is a word of Python"),
    ("await x", "5:11", "'await' is a word of Python"),
    ("(yield x)", "5:12", "'yield' is a word of Python"),
    ("x.tofile('f')", "5:11", "no op 'tofile'"),
    ("x.dump('f')", "5:11", "no op 'dump'"),
    ("x.fill(0)", "5:11", "no op 'fill'"),
    ("x.byteswap()", "5:11", "no op 'byteswap'"),
    ("x.resize(9)", "5:11", "no op 'resize'"),
    ("x.setfield(0, 0)", "5:11", "no op 'setfield'"),
    ("x.ctypes", "5:11", ".ctypes has no meaning here"),
    ("x.base", "5:11", ".base has no meaning here"),
    ("x.data", "5:11", ".data has no meaning here"),
    ("outer.__globals__", "5:11", "'outer' is an op"),
    ("outer.__wrapped__", "5:11", "'outer' is an op"),
    ("add.reduce(x)", "5:11", "'add' is an op: it needs arguments"),
    ("np.add.reduce(x)", "5:11", ".add of a library has no meaning"),
    ("exp(x, out=x)", "5:11", "exp has no option 'out'"),
    ("exp(x, where=x)", "5:11", "exp has no option 'where'"),
    ("maximum(x, x, x)", "5:11", "maximum takes 2 arguments at most, not 3"),
    ("sum(x, dtype='O')", "5:11", "sum has no option 'dtype'"),
    ("(y := x)", "5:12", "':=' has no meaning"),
    ("sum(*x)", "5:15", "'*' before an argument has no meaning"),
    ("sum(**x)", "5:11", "** has no meaning in a call"),
    ("[*x]", "5:12", "'*' before an argument has no meaning"),
    ("getattr(x, 'T')", "5:11", "no op 'getattr'"),
    ("vars(x)", "5:11", "no op 'vars'"),
    ("dir()", "5:11", "no op 'dir'"),
    ("type(x)", "5:11", "no op 'type'"),
    ("np.loadtxt('f')", "5:11", "no op 'loadtxt'"),
    ("np.genfromtxt('f')", "5:11", "no op 'genfromtxt'"),
    ("np.fromfile('f')", "5:11", "no op 'fromfile'"),
    ("open('/etc/passwd')", "5:16", "this ' does not begin a text"),
    ("open('f')", "5:11", "no op 'open'"),
    ("open('etc.passwd', 'w')", "5:11", "no op 'open'"),
    ("__import__('os.path')", "5:11", "no op '__import__'"),
    ("einsum('ij->ji;', A)", "5:18", "this ' does not begin a text: one of letters, digits and spaces, or one such as"),
    ("einsum('i2->i', A)", "5:18", "this ' does not begin a text"),
    ("einsum('->->', A)", "5:18", "this ' does not begin a text"),
    ("einsum('{0}', A)", "5:18", "this ' does not begin a text"),
    ("einsum('ij\\n', A)", "5:18", "this ' does not begin a text"),
    ("einsum(f'ij', A)", "5:19", "must stand alone"),
    ("np.testing.os.system('id')", "5:11", ".testing of a library has no meaning"),
    ("torch.nn.os.system('id')", "5:11", ".os of a library has no meaning"),
    ("np.__loader__", "5:11", ".__loader__ of a library has no meaning here"),
    ("np", "5:11", "no quantity 'np'"),
    ("exit()", "5:11", "no op 'exit'"),
    ("breakpoint()", "5:11", "no op 'breakpoint'"),
    ("__import__('os')", "5:11", "no op '__import__'"),
    ("__builtins__", "5:11", "no quantity '__builtins__'"),
    ("eval('x')", "5:11", "no op 'eval'"),
    ("sum[0]", "5:11", "'sum' is an op"),
    ("sum", "5:11", "it needs arguments, sum(...)"),
    ("[sum][0](x)", "5:11", "only a name can be called"),
    ("(sum)(x).T.T.real", "5:11", ".real has no meaning here"),
    ("sum(x)(x)", "5:11", "only a name can be called"),
    ("x[0](1)", "5:11", "only a name can be called"),
    ("ｇｅｔａｔｔｒ(x)", "5:11", "no op 'getattr'"),
    ("x.__ｃｌａｓｓ__", "5:11", ".__class__ has no meaning here"),
    ("х + 1", "5:11", "its 'х' is a CYRILLIC SMALL LETTER HA"),
    ("sum(х)", "5:15", "CYRILLIC"),
    ("ѕum(x)", "5:11", "its 'ѕ' is a CYRILLIC SMALL LETTER DZE"),
    ("x \u202e+ 1", "5:13", "the invisible character U+202E"),
    ("x\u200b", "5:12", "the invisible character U+200B"),
    ("\ufeffx", "5:11", "the invisible character U+FEFF"),
    ("x + \x00", "5:15", "the invisible character U+0000"),
    ("x\x1b[31m", "5:12", "the invisible character U+001B"),
    ("x\x0b+ 1", "5:12", "the invisible character U+000B"),
    ("x\u2028+ 1", "5:12", "the invisible character U+2028"),
    ("x \ud800", "5:13", "the invisible character U+D800"),
    ("x; x", "5:12", "';' has no meaning in an expression"),
    ("x\nimport os", "6:1", "'import' is a word of Python"),
    ("x\nx", "6:1", "an operator or a comma is missing before 'x'"),
    ("x) + (x", "5:12", "this ')' closes nothing"),
    ("x \\\n + 1", "5:13", "'\\\\' has no meaning in an expression"),
]
BOMBS = [
    ("outer(outer(v, v), v)", "5:11", "must have 1 axes"),
    ("broadcast_to(s, [10000, 10000])", "5:11", "would have 100,000,000 entries; at most 50,000,000"),
    ("broadcast_to(s, [1000000, 1000000, 1000000])", "5:11", "would have far more entries"),
    ("broadcast_to(s, [1e300])", "5:11", "no larger than 1,000,000,000, not 1e+300"),
    ("broadcast_to(s, [9**9**9])", "5:11", "not inf"),
    ("reshape(A, [9**9**9])", "5:11", "not inf"),
    ("reshape(A, [0/0])", "5:11", "not nan"),
    ("pad(x, [100000000, 0])", "5:11", "would have 100,000,003 entries"),
    ("pad(x, [1/0, 0])", "5:11", "not inf"),
    ("x[1/0]", "5:11", "not inf"),
    ("x[: 0/0]", "5:11", "not nan"),
    ("sum(x, axis=1/0)", "5:11", "not inf"),
    ("conv_matrix([[[[1]]]], [10000, 10000])", "5:11", "at most"),
    ("conv2d(D, D, stride=1/0)", "5:11", "not inf"),
    (f"reshape(s, [{', '.join(['1'] * 25)}])", "5:11", "would have 25 axes"),
    ("x" + " + 'a,b' + x" * 600, "5:6013", "more than 1,000 operators follow one another"),
    (f"einsum('{'i' * 19_000}', x)", "5:11", "but its term 'iiiiiiiiiiii...iiiiiiiiiiiii' has 19000 letters"),
    (f"einsum('{',' * 19_000}', x)", "5:11", "has 19001 terms, but einsum is given 1 array"),
    ("einsum('a,b,c,d,e,f,g,h', v, v, v, v, v, v, v, [v, v])", "5:11", "but its term 'h' has 1 letter"),
    ("einsum('a,b,c,d,e,f,g,h,i,j,k,l,m', v, v, v, v, v, v, v, v, v, v, v, v, v)", "5:11", "would have 67,108,864"),
    ("repeat(x, 1000000000)", "5:11", "with a sum from 1 to 1,000,000"),
    ("tile(x, [1000000, 1000000])", "5:11", "would have 3,000,000,000,000 entries"),
    ("eye(9**9**9)", "5:11", "not inf"),
    ("eye(10000)", "5:11", "would have 100,000,000 entries"),
    ("diag(x, 1000000000)", "5:11", "would have far more entries"),
    ("place_along_axis(x, [0], 1000000000)", "5:11", "axis 0 of"),
    (f"{'[' * 30}1{']' * 30}", "5:11", "lists are nested more than 24 deep"),
    ("9" * 400, "5:11", "is too large"),
    ("9" * 5000, "5:11", "is too large"),
    ("1e999", "5:11", "the number 1e999 is too large"),
    ("x * 1" + "0" * 400 + ".0", "5:15", "is too large"),
    ("0x" + "f" * 5000, "5:11", "'0x' begins like a number and is none; write it in decimal digits"),
    ("+".join(["x"] * 10_000), "5:2012", "more than 1,000 operators follow one another"),
    ("-" * 19_000 + "x", "5:1011", "more than 1,000 operators follow one another"),
    ("x" + "**x" * 6_000, "5:3012", "more than 1,000 operators follow one another"),
    ("x" + "[0]" * 6_000, "5:3014", "more than 1,000 operators follow one another"),
    ("x" + ".T" * 9_000, "5:2012", "more than 1,000 operators follow one another"),
    ("sum" + "()" * 9_000, "5:2015", "more than 1,000 operators follow one another"),
    ("not " * 4_000 + "x", "5:4011", "more than 1,000 operators follow one another"),
    ("x if x else " * 1_500 + "x", "5:12013", "more than 1,000 operators follow one another"),
    ("(" * 41 + "x" + ")" * 41, "5:51", "brackets are nested deeper than 40"),
    ("sum(" * 41 + "x" + ")" * 41, "5:174", "brackets are nested deeper than 40"),
    ("1," * 9_999 + "1", "5:20009", "more than 10,000 parts"),
    ("x" * 20_001, "5:20011", "has 20,001 characters; at most 20,000"),
    ("q" * 20_000, "5:11", "no quantity 'qqqqqqqqqqqq...qqqqqqqqqqqqq'"),
    ("(" + " " * 19_999, "5:11", "this '(' is never closed"),
    ("'" * 19_999, "5:13", "must stand alone"),
    ("x " * 9_999, "5:13", "an operator or a comma is missing"),
    ("[" + "if, " * 4_900 + "]", "5:12", "something is missing behind 'if"),
]
SYNTAX = [
    ("", "5:11", "an expression belongs here, but there is nothing"),
    ("  ", "5:11", "an expression belongs here, but there is nothing"),
    ("# x", "5:11", "an expression belongs here, but there is nothing"),
    ("x +", "5:13", "something is missing behind '+'"),
    ("x @ ", "5:13", "something is missing behind '@'"),
    ("x + * x", "5:13", "something is missing behind '+ * x'"),
    ("* x", "5:11", "something is missing before '* x'"),
    ("sum(, x)", "5:15", "something is missing before ', x)'"),
    ("[1, , 2]", "5:15", "something is missing before ', 2]'"),
    ("x x", "5:13", "an operator or a comma is missing before 'x'"),
    ("sin x", "5:15", "an operator or a comma is missing before 'x'"),
    ("x (x) x", "5:17", "an operator or a comma is missing before 'x'"),
    ("[1 2]", "5:14", "an operator or a comma is missing before '2]'"),
    ("(x)x", "5:14", "an operator or a comma is missing before 'x'"),
    ("2x", "5:11", "'2x' begins like a number and is none; a product needs a sign, as in 2 * x"),
    ("s + 2(x)", "5:15", "only a name can be called; for a product write *"),
    ("s(x)", "5:11", "'s' is a quantity, not a function: write s * (...)"),
    ("1j", "5:11", "'1j' begins like a number"),
    ("1.2.3", "5:11", "'1.2.' begins like a number and is none; a number has one decimal point"),
    ("1__0", "5:11", "'1_' begins like a number and is none; write its digits without '_'"),
    ("0b11", "5:11", "'0b' begins like a number and is none; write it in decimal digits"),
    ("007", "5:11", "the number 007 begins with 0"),
    ("2 if x", "5:13", "'if' needs an 'else'"),
    ("x if else 2", "5:13", "something is missing behind 'if else 2'"),
    ("y = x", "5:13", "an expression has no '='"),
    ("L = sum(x)", "5:13", "an expression has no '='"),
    ("x == = 2", "5:16", "an expression has no '='"),
    ("(x", "5:11", "this '(' is never closed"),
    ("x[0", "5:12", "this '[' is never closed"),
    ("x)", "5:12", "this ')' closes nothing"),
    ("(x]", "5:13", "'(' is closed by ']'; it needs ')'"),
    ("{x}", "5:11", "'{' has no meaning in an expression; lists stand in [ ]"),
    ("W_{1}", "5:13", "'{' has no meaning"),
    (r"\frac{1}{2}", "5:11", "it is no LaTeX"),
    ("x & x", "5:13", "'&' has no meaning in an expression; write 'and'"),
    ("x | x", "5:13", "write 'or'"),
    ("~x", "5:11", "write 'not'"),
    ("!x", "5:11", "write 'not'"),
    ("x $ x", "5:13", "'$' has no meaning"),
    ("x ? x", "5:13", "'?' has no meaning"),
    ("x << 1", "5:11", "LShift syntax has no meaning"),
    ("'mean", "5:11", "does not begin a text"),
    ("sum(x 'a')", "5:17", "an operator or a comma is missing"),
    ("∂L", "5:11", "'∂' (PARTIAL DIFFERENTIAL) has no meaning in an expression; a gradient is grad(X)"),
    ("½", "5:11", "'½' (VULGAR FRACTION ONE HALF) has no meaning"),
    ("x½", "5:12", "'½' (VULGAR FRACTION ONE HALF) has no meaning"),
    ("٣", "5:11", "'٣' (ARABIC-INDIC DIGIT THREE) has no meaning"),
    ("₁", "5:11", "'₁' (SUBSCRIPT ONE) has no meaning"),
    ("²", "5:11", "something is missing before '²'"),
    ("√2", "5:11", "brackets must say how far the root reaches"),
    ("x²y", "5:12", "put brackets around the power"),
    ("x²ᵀ", "5:12", "put brackets around the power before something follows it directly: (x²)"),
    ("x² [0]", "5:12", "put brackets around the power"),
    ("x².sum()", "5:12", "put brackets around the power"),
    ("x²₁", "5:12", "put brackets around the power"),
    ("x²(s)", "5:12", "put brackets around the power"),
    ("class", "5:11", "'class' is a word of Python"),
]
MEANING = [
    ("y", "5:11", "there is no quantity 'y'"),
    ("y + z", "5:11", "there is no quantity 'y'"),
    ("W2", "5:11", "there is no quantity 'W2'; did you mean 'W1'?"),
    ("rleu(x)", "5:11", "there is no op 'rleu'; did you mean 'relu' or 'relu6'?"),
    ("sum()", "5:11", "sum needs 'x'"),
    ("sum(x, axis=0, axis=0)", "5:11", "an option is given twice"),
    ("sum(x, axis=0, dim=0)", "5:11", "sum is given 'axis' twice"),
    ("sum(x, 0, axis=0)", "5:11", "sum is given 'axis' twice"),
    ("sum(x, x=x)", "5:11", "sum is given 'x' twice"),
    ("sum(A, axis=2)", "5:11", "axis of sum is 2, but the array has axes 0 to 1"),
    ("sum(A, axis=0.5)", "5:11", "axis of sum must be a whole number, not 0.5"),
    ("sum(A, axis=s)", "5:11", "must be written down as numbers"),
    ("sum(A, axis='0')", "5:11", "must be a whole number, not '0'"),
    ("sum(A, keepdims=2)", "5:11", "keepdims of sum must be True or False"),
    ("mse_loss(x, x, 'men')", "5:11", "must be 'none', 'mean', 'sum' or 'batchmean', not 'men'"),
    ("sum('x')", "5:11", "an array or a number belongs here, not the text 'x'"),
    ("stack(x)", "5:11", "must be a list of arrays"),
    ("sum(None)", "5:11", "not None, which is for options"),
    ("maximum(x, None)", "5:11", "not None, which is for options"),
    ("conv2d(D, weight=None)", "5:11", "not None, which is for options"),
    ("sum((x, x))", "5:11", "not a tuple (write a list, [a, b])"),
    ("A @ v", "5:11", "axis 1 of A is 3, but axis 0 of v is 4"),
    ("s + A @ v", "5:15", "axis 1 of A is 3, but axis 0 of v is 4"),
    ("A + B", "5:11", "axis 1 of A is 3, but axis 1 of B is 4"),
    ("A @ s", "5:11", "@ needs two arrays, but s is a single number"),
    ("2 @ 3", "5:11", "@ needs two arrays"),
    ("x // 2", "5:11", "// is for sizes only"),
    ("x % 2", "5:11", "% is for sizes only"),
    ("1 < x < 3", "5:11", "compare two things at a time"),
    ("1 < 2 < 3", "5:11", "compare two things at a time"),
    ("x in A", "5:11", "'in' and 'is' have no meaning"),
    ("x is A", "5:11", "'in' and 'is' have no meaning"),
    ("x not in A", "5:11", "'in' and 'is' have no meaning"),
    ("True", "5:11", "not True, which is for options"),
    ("None + 1", "5:11", "not None, which is for options"),
    ("not True", "5:11", "not True"),
    ("...", "5:11", "'...' has no meaning here"),
    ("x[...]", "5:13", "'...' has no meaning here"),
    ("'mean'", "5:11", "not the text 'mean'"),
    ("x, x", "5:11", "not a tuple"),
    ("()", "5:11", "not a tuple"),
    ("[]", "5:11", "an empty list has no numbers"),
    ("[[1, 2], [3]]", "5:11", "the list is ragged: item 0 holds 2 numbers, item 1 holds 1 numbers"),
    ("[1, [2, 3]]", "5:11", "item 0 holds a single number, item 1 holds 2 numbers"),
    ("[x, v]", "5:11", "what is stacked must have one shape, but x is 3 and v is 4"),
    ("x[3]", "5:11", "the index is 3 on axis 0, which has 3 entries (0 to 2)"),
    ("x[-4]", "5:11", "the index is -4 on axis 0"),
    ("x[0, 0]", "5:11", "the index has 2 indices, but the array has 1 axes"),
    ("x[0.5]", "5:11", "the index must be a whole number, not 0.5"),
    ("x[1:1]", "5:11", "the index takes nothing of axis 0"),
    ("x[::0]", "5:11", "the index has a slice of step 0"),
    ("x[s:]", "5:11", "a slice needs numbers that are written down"),
    ("A[:, j]", "5:11", "a slice cannot stand beside an index that is computed"),
    ("x['a']", "5:11", "an index is a whole number or a slice, not the text 'a'"),
    ("x[None]", "5:11", "an index is a whole number or a slice, not None"),
    ("x[True]", "5:11", "an index is a whole number or a slice, not True"),
    ("x[()]", "5:11", "an index belongs between the brackets"),
    ("s[0]", "5:11", "the index has 1 indices, but the array has 0 axes"),
    ("x**2 .T", "5:14", "a number has no transpose"),
    ("2 .sum()", "5:11", "nothing can be called on a number"),
    ("N[0]", "5:11", "a number has no entries"),
    ("x.sum", "5:11", ".sum is an op: it needs brackets, .sum()"),
    ("x.shape", "5:11", ".shape has no meaning here; only .T"),
    ("x.item()", "5:11", "there is no op 'item'"),
    ("np.pi", "5:11", ".pi of a library has no meaning here"),
]
PLACES = [
    ("x² + ŷ · y", "5:20", "there is no quantity 'y'"),
    ("ŷ⊙ŷ⊙q", "5:15", "there is no quantity 'q'"),
    ("y\u0302 + q", "5:16", "there is no quantity 'q'"),
    ("W₁ᵀ · s · 𝐀[0, 0] + q", "5:31", "there is no quantity 'q'"),
    ("√(ŷ) − A @ v", "5:18", "axis 1 of A is 3"),
    ("s ≤ A @ v", "5:15", "axis 1 of A is 3"),
    ("s +\n  A @ v", "6:3", "axis 1 of A is 3"),
    ("ŷ + # π ≈ 3\n\n  ŷ²·q", "7:6", "there is no quantity 'q'"),
    ("s +\r\n\tq", "6:2", "there is no quantity 'q'"),
    ("[1,\n 2,\n [3]]", "5:11", "the list is ragged"),
    ("[1,\n ŷ +\n ŷ ]]", "7:5", "this ']' closes nothing"),
    ("(s +\n ŷ", "5:11", "this '(' is never closed"),
    ("(s +\n ŷ ŷ)", "6:4", "an operator or a comma is missing before 'ŷ)'"),
    ("s +\n ŷ $", "6:4", "'$' has no meaning"),
    ("s\n+ 2x", "6:3", "'2x' begins like a number"),
]
TABLE = [*ESCAPES, *BOMBS, *SYNTAX, *MEANING, *PLACES]


@pytest.mark.parametrize(("text", "place", "rule"), TABLE, ids=[ascii(text[:40]) for text, _, _ in TABLE])
def test_an_expression_is_refused_at_its_place(text: str, place: str, rule: str) -> None:
    begin = time.perf_counter()
    found, message = fault(text)
    assert (found, time.perf_counter() - begin < SECONDS) == (place, True)
    assert rule in message
    assert len(message) < 300


@pytest.mark.parametrize("text", [text for text, _, _ in TABLE], ids=[ascii(text[:40]) for text, _, _ in TABLE])
def test_a_formula_is_refused_likewise(text: str) -> None:
    """The limits of what anyone may hand in are lower; nothing else is different."""
    assert fault(text, FORMULA)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 2_001, "the expression has 2,001 characters; at most 2,000 are allowed"),
        ("[" + "1," * 300 + "1]", "the expression has more than 300 parts; break it into several"),
        ("broadcast_to(s, [1001, 1000])", "this would have 1,001,000 entries; at most 1,000,000 are allowed"),
        ("(" * 41 + "s" + ")" * 41, "brackets are nested deeper than 40"),
    ],
)
def test_a_formula_has_limits_of_its_own(text: str, message: str) -> None:
    assert fault(text, FORMULA)[1] == message


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["s"] * 1_000),
        "-" * 1_000 + "s",
        "s" + "**-s" * 500,
        "s" + ".T" * 500,
        "(" * 40 + "s" + ")" * 40,
        "s" + " if s else s" * 500,
        "[" + ", ".join(["-1"] * 4_000) + "]",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_within_the_limits_is_read_even_deep_in_a_program(text: str) -> None:
    def deeper(levels: int) -> Node:
        return build_text(text) if levels == 0 else deeper(levels - 1)

    assert to_text(deeper(sys.getrecursionlimit() // 3))


def test_reading_warns_of_nothing() -> None:
    """What Python's parser finds odd is said by hwcheck or not at all."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for text in ("1if s else 2", "0or s", "'\\d'", "2(s)", "s is 2", "[1](2)"):
            fault(text)
    assert not caught


@pytest.mark.parametrize(
    ("location", "text", "place"),
    [
        (Location("f", 3, 1), "q", "f:3:1"),
        (Location("f", 3, 7), "s + q", "f:3:11"),
        (Location("f", 3, 7), "s +\nq", "f:4:1"),
        (Location("f", 3, 7), "s +\n\n  q", "f:5:3"),
        (Location("f", 3), "s + q", "f:3"),
        (Location("f"), "s + q", "f"),
        (Location("f"), "s +\nq", "f"),
    ],
)
def test_a_place_is_as_exact_as_what_is_known(location: Location, text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        build(Source(text, location, LINE), Scope(NAMES, ops()))
    assert str(caught.value) == f"{place}: there is no quantity 'q'"
