"""Text that others wrote, made safe to show."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.reports.escape import show


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë ∂L/∂W₁ 😀 − ×", "Zoë ∂L/∂W₁ 😀 − ×"),
        ("[red]x[/] <b> &amp; `", "[red]x[/] <b> &amp; `"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\tb\nc\rd\0\x7f", r"a\x09b\x0ac\x0dd\x00\x7f"),
        ("\x9b", r"\x9b"),
        ("\u202eabc\u2069", r"\u202eabc\u2069"),
        ("\u200b\ufeff\u00ad", r"\u200b\ufeff\xad"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ue000\U000e0041", r"\ue000\U000e0041"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert show(text) == shown


def test_long_text_is_cut_before_it_is_spelled_out() -> None:
    assert show("x" * 200) == "x" * 200
    assert show("x" * 201) == "x" * 197 + "..."
    assert show("\x1b" * 9, 5) == r"\x1b\x1b..."


def test_every_character_is_harmless() -> None:
    """Python's own notion of what can be printed agrees, for every character that there is."""
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        if show(sign) == sign:
            # Further kinds of blank, and what Unicode has not assigned yet, are left to the terminal.
            assert sign.isprintable() or sign.isspace() or not sign.isidentifier()
            assert sign.isascii() is False or 32 <= code < 127


@given(st.text(), st.integers(4, 50))
def test_nothing_invisible_is_left(text: str, width: int) -> None:
    shown = show(text, width)
    assert not any(sign in shown for sign in "\x1b\n\r\t\b\0\x7f\x9b\u202e\u2066\u200b")
    assert len(shown) <= 10 * width
