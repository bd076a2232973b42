"""Any text at all is read or refused, in bounded time and with nothing but InputError."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import InputError
from hwcheck.language.latex import to_latex
from hwcheck.language.printer import to_text
from hwcheck.language.spelling import MisspelledError, spell
from hwcheck.limits import FORMULA, LINE, Complexity
from tests.language.expressions import HERE, build_text

WORDS = [
    "x", "A", "B", "s", "v", "N", "q", "ŷ", "W1", "T", "sum", "relu", "stack", "reshape", "np.", "F.", ".T", ".sum",
    "if", "else", "not", "and", "or", "in", "is", "for", "lambda", "True", "None", "0", "1", "2", "10", ".5", "1e9",
    "1e-5", "'sum'", '"a"', "axis=", "keepdims=", "+", "-", "*", "/", "**", "@", "%", "//", "<", "<=", "==", "!=", "=",
    ":=", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", " ", "  ", "\n", "\t", "#", "\\", "−", "·", "×", "⊙", "²",
    "⁻¹", "₁", "ᵀ", "^", "√", "∂", "'", '"', "_", "__class__", "inf", "а", "\u0302", "\u202e", "\x00", "½", "…", "😀",
    "\ud800", "einsum", "'ij,jk->ik'", "'...'",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.text(alphabet=st.sampled_from("xAs12.+-*/@()[],:=<>!'\" \n#_eT²₁ᵀ−√"), max_size=30),
    st.text(max_size=20),
)


@settings(max_examples=1_500, deadline=1_000)
@given(texts, st.sampled_from([LINE, FORMULA]))
def test_any_text_is_read_or_refused(text: str, limits: Complexity) -> None:
    try:
        node = build_text(text, limits)
    except InputError as error:
        (only,) = error.faults
        assert only.location >= HERE._replace(column=0)
        assert only.message.isprintable()
    else:
        assert to_text(node)
        assert to_latex(node)


@settings(max_examples=1_500, deadline=1_000)
@given(texts)
def test_a_plain_text_is_spelled_by_the_rules_of_all_texts(text: str) -> None:
    """A comment at its end makes that each token is looked at."""
    assert _spelled(text + "#", behind=1) == _spelled(text)


def _spelled(text: str, behind: int = 0) -> tuple[str, list[int]] | tuple[int, str]:
    """How a text is spelled without so many signs at its end, or why it is not."""
    try:
        spelled, columns = spell(text)
    except MisspelledError as error:
        return error.column, error.message
    end = len(spelled) - 1 - behind
    return spelled[:end], columns[:end]
