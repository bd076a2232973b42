r"""What stands left of a value: the name in it, without list markers, bold type and the words around it.

``Then $h_1$`` is ``h_1``, ``**the value of** `W1` `` is ``W1``. Only words that change nothing are taken away: the
gradient of W1 and the new W1 are no W1. What a name means is for the one reader of names to say.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hwcheck.limits import LABEL

__all__ = ["LEADING", "Name", "clean_label", "is_name", "is_term", "name_in"]

LEADING = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+•–][ \t]+(?:\[[ xX]\][ \t]+)?"
    r"|\(?[0-9]{1,3}[a-h]?[.)][ \t]+|\(?[a-hA-H][.)][ \t]+|\#{1,6}[ \t]+)){0,3}"
)
"""What may stand before a line of a list: its marker, a number, a quotation mark, the signs of a heading."""

_BEFORE = frozenset(
    {
        "so", "then", "thus", "hence", "therefore", "we", "i", "get", "got", "have", "has", "obtain", "obtained",
        "and", "is", "where", "with", "now", "finally", "which", "gives", "yields", "that", "answer", "result",
        "final", "the", "our", "my", "for", "value", "values", "of", "matrix", "vector", "array", "loss", "output",
        "outputs", "hidden", "layer", "probability", "prediction", "let", "step", "channel", "since", "because",
        "filter", "kernel", "weight", "bias", "i.e",
    }
)  # fmt: skip
_BEHIND = frozenset(
    {
        "is", "are", "equals", "equal", "to", "becomes", "gives", "be", "as", "follows", "following", "the",
        "matrix", "vector", "array", "values", "value",
    }
)  # fmt: skip
_TYPE = re.compile(
    r"[*`$&\u200b]|(?<![\w})\]])_{1,2}(?=[^_\s])|(?<=[^\s_])_{1,2}(?=[\s:=.,;)]|$)|\\[()\[\]]|\\(?:displaystyle|therefore|because|boxed|left|right"
    r"|qquad|quad|begin\{[a-z]{1,20}\*?\}|end\{[a-z]{1,20}\*?\}|item|noindent|bf|it|hline|,|;|!|:|\s)(?![A-Za-z])"
)
_REFERENCE = re.compile(r"\\(?:label|tag|ref|eqref|cite|nonumber|notag)\*?(?:\{[^{}]*\})?(?![A-Za-z])")
_WRAPPED = re.compile(
    r"\\(?:textbf|textit|emph|underline|texttt|boxed|paragraph|section|subsection|subsubsection)\*?\{([^{}]*)\}"
)

_REMARK = re.compile(r"(?P<name>[^()=]{1,60}?) \((?P<inner>[^()=]{1,60})\)")
_PARTS = re.compile(  # (A) is no name behind these
    r"(?:part|question|exercise|task|problem|step|case|option|item|section|teil|aufgabe|frage)\b", re.IGNORECASE
)
_NEW = re.compile(
    r"(?P<name>[^()=]{1,60}?) ?\((?:(?:new|updated|neu|nouveau|nuevo)(?: value)?|after (?:the )?update)\)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![\w\\])[^\W\d_]{3,}(?![\w{])")

_GROUP = r"\{[^{}]{1,40}\}"
_LETTER = (
    rf"(?:\\(?:hat|tilde|bar|dot|vec|widehat|overline)\s?(?:\{{\s?[^\W\d_]\w{{0,3}}\s?\}}|[^\W\d_])"
    rf"|\\(?:mathrm|mathbf|mathcal|boldsymbol|bm|text|operatorname|mathit|mathsf){_GROUP}"
    r"|\\(?!nabla|partial|frac|dfrac|tfrac|times|cdot|odot|circ|begin|end|left|right|log|exp|ln|sum|sqrt|max|min|tanh)[A-Za-z]{2,10}"
    r"|[^\W\d_][\u0300-\u036f]?)"
)
# What may follow a letter. Each text is one sequence of these alone, so that none is gone over twice.
_TAIL = (
    rf"(?:\s?[_^]\s?(?:{_GROUP}|\\[A-Za-z]{{1,20}}|[+*']|[^\W_])|_(?=_)|['′+⁺*]|[^\W_]|\.(?=[A-Za-z])"
    r"|\s?\[[0-9,:\s-]{1,20}\])"
)
_ATOM = rf"{_LETTER}{_TAIL}{{0,60}}"
_NAME = re.compile(
    rf"""
    (?:\\nabla|∇)\s?_?\s?\{{?\s?{_ATOM}\s?\}}?(?:\s?{_ATOM})?
  | (?:(?:\\partial|∂|\\Delta|Δ)\s?)?{_ATOM}
  | \\[dt]?frac\s?\{{\s?(?:\\partial|∂|d|\\mathrm\{{d\}})\s?(?:{_ATOM})?\s?\}}
    \s?\{{\s?(?:\\partial|∂|d|\\mathrm\{{d\}})\s?{_ATOM}\s?\}}
  | (?:\\partial|∂|d)\s?{_ATOM}\s?/\s?(?:\\partial|∂|d)\s?{_ATOM}
  | (?:grad|jacobian)_?\(.{{1,60}}\)
    """,
    re.VERBOSE,
)


class Name(NamedTuple):
    """A name as it stands in a text, and where."""

    text: str
    at: int


_TERM = re.compile(rf"{_ATOM}(?:(?:\s?[+\-−]\s?|\s|\s?\\?,\s?){_ATOM}){{1,2}}")


def is_term(text: str) -> bool:
    """Whether a clean label is a sum or a product of few names, which a problem may ask for as such: ``a + b``."""
    return len(text) <= LABEL and _TERM.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a clean label is a name, not a formula or a sentence."""
    return len(text) <= LABEL and _NAME.fullmatch(text) is not None


def clean_label(text: str) -> str:
    """The name in what stands left of a value, or what is left of it; nothing where it is far too long."""
    if len(text) > 4 * LABEL:
        return ""
    if (word := text.strip(" \t\n")).isalnum():
        return word if len(word) <= LABEL else ""  # nothing to be taken away
    if "\\" in text:
        text = _REFERENCE.sub(" ", text)
        text = _WRAPPED.sub(r"\1", text)
    text = _TYPE.sub(" ", text)
    text = LEADING.sub("", text, count=1)
    text = text.strip(" \t\n:.,;-–&")
    if text[:1] == "{" and text.count("{") > text.count("}"):
        text = text[1:]
    words = text.split()
    while (
        len(words) > 1 and words[0].strip(":,.").casefold() in _BEFORE and not words[1].startswith("(")  # Loss (L)
    ):
        del words[0]
    while len(words) > 1 and words[-1].strip(":,.").casefold() in _BEHIND:
        del words[-1]
    label = " ".join(words)
    return label if len(label) <= LABEL else ""


def name_in(label: str) -> str:
    """The name in a clean label that is one but for a remark in brackets, or that stands in brackets behind words.

    ``Z (after adding c)`` is Z, ``Total error (E_total)`` is E_total; the label itself where it is neither.
    """
    if (new := _NEW.fullmatch(label)) and is_name(new["name"]):
        return f"{new['name']}_new"  # theta6 (new)
    found = _REMARK.fullmatch(label)
    if not found:
        return label
    if is_name(found["name"]) and _WORDS.search(found["inner"]):
        return found["name"]
    inner = found["inner"].strip()
    letter = len(inner) == 1 and inner.isupper() and not _PARTS.match(found["name"])
    sure = is_name(inner) and (letter or re.search(r"[\d_\\]", inner)) and " " in found.group()
    return inner if sure and _WORDS.search(found["name"]) else label
