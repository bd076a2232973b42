"""Answers in LaTeX documents: the same equations as in Markdown; ``%`` begins a comment."""

from __future__ import annotations

import re

from hwcheck.limits import RUNNING
from hwcheck.submissions.latex_macros import written_out
from hwcheck.submissions.markdown import parts_of
from hwcheck.submissions.model import Parts, Reader

__all__ = ["LATEX"]

_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%(?![ \t]*(?:problem|student)[ \t]*:)[^\n]*")
_DEFINES = re.compile(r"\\(?:(?:re|provide)?new|provide)command|\\def\s?\\|\\DeclareMathOperator|\\DeclareRobust")
_PREAMBLE = re.compile(r"\\begin\s?\{document\}")


def _read(text: str, file: str) -> Parts | None:
    r"""The answers below ``\\begin{document}``, or all of them where there is none; comments are no text."""
    expanded = written_out(_COMMENT.sub(_blank, text)) if _DEFINES.search(text) else None
    text = expanded.text if expanded else text
    begins = _PREAMBLE.search(text)
    if begins:
        head = re.sub(
            r"^(?![ \t]*%?[ \t]*(?:problem|student)[ \t]*:)[^\n]+", _blank, text[: begins.start()], flags=re.MULTILINE
        )
        text = head + " " * (begins.end() - begins.start()) + text[begins.end() :]
    return parts_of(_COMMENT.sub(_blank, text), file, latex=True, expanded=expanded)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


LATEX = Reader("latex", (".tex", ".latex"), _read, limit=RUNNING.bytes)
