"""What marking found, in words: what is accepted, what follows, what probably went wrong.

What is said of a number here derives from the reference and is for full feedback; ``cause_line``, ``candidates_line``
and what is said of names take care of that by themselves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from hwcheck.errors import Fault, Location
from hwcheck.grading.result import Cause, MarkedAnswer, Result
from hwcheck.misconceptions.written_pages import GIVES_AWAY
from hwcheck.reports.blocks import Line, Span

__all__ = [
    "accepted_text",
    "candidates_line",
    "cause_line",
    "follows_text",
    "hinted",
    "joined",
    "located_line",
    "own_text",
    "place_text",
    "review_names",
    "review_text",
    "slips_text",
]

NAMES = 8
FOLDER = re.compile(r"\A[^\[]*/")  # what stands in brackets is a name inside the file: ada.npz[a/W1]
# A sentence that goes on behind a colon begins small, if its first word is no name.
COMMON = frozenset(
    {
        "A", "Added", "All", "An", "Another", "At", "Before", "Behind", "Both", "Divided", "Each", "Every",
        "For", "From", "In", "Instead", "It", "Its", "Keys", "Left", "Mean", "Multiplied", "No", "Not",
        "Nothing", "Of", "On", "One", "Only", "Probabilities", "Rows", "Some", "Taken", "That", "The", "Their",
        "There", "These", "This", "Two", "What", "Where", "With",
    }
)  # fmt: skip
DIGITS = 2
PLACES = 10  # beyond, numbers are written with an exponent
LARGE = 1e10
NOISE = 1e-11  # what float64 leaves of a number is no bound to tell a person about
SLACK = 1e-6  # of a unit of the last place that is shown: what float64 leaves of a decimal number


def accepted_text(expected: float, below: float, above: float) -> str:
    """``0.0123 ± 0.0006 is accepted``, or from where to where."""
    return f"{_range_text(expected, below, above)} is accepted"


def own_text(own: float, below: float | None, above: float | None) -> str:
    """``from your own numbers 0.0456 ± 0.0006 follows``; only the number where no bound of it is known."""
    told = f"{own:.6g}" if below is None or above is None else _range_text(own, below, above)
    return f"from your own numbers {told.removeprefix('from ')} follows"


def _range_text(centre: float, below: float, above: float) -> str:
    if math.isnan(centre):
        return "no number"
    if math.isinf(centre) or max(below, above) <= NOISE * max(1.0, abs(centre)):
        return f"{centre + 0.0:.6g}"  # no -0
    if math.isinf(below) or math.isinf(above):
        low, high = _ends(centre, below, above)
        return "any number" if low == high == "" else f"{low} or more" if not high else f"{high} or less"
    if _down(below) == _down(above):
        return _symmetric(centre, _down(below))
    low, high = _ends(centre, below, above)
    return f"from {low} to {high}"


def _symmetric(centre: float, bound: float) -> str:
    """Both to the last place that the bound is shown to; a 0 that both would end with is left out."""
    places = _places(bound)
    if places > PLACES or abs(centre) >= LARGE:
        return f"{centre:.6g} ± {bound:g}"
    number, around = f"{round(centre, places) + 0.0:.{places}f}", f"{bound:.{places}f}"  # no -0
    while "." in number and number[-1] == around[-1] == "0":
        number, around = number[:-1].rstrip("."), around[:-1].rstrip(".")
    return f"{number} ± {around}"


def _ends(centre: float, below: float, above: float) -> tuple[str, ...]:
    """The ends of what is accepted, to the inside; an end that is not there is empty."""
    finite = [bound for bound in (below, above) if math.isfinite(bound) and bound > 0]
    places = max((_places(bound) for bound in finite), default=6)
    low, high = centre - below, centre + above
    if places <= PLACES and abs(centre) < LARGE:
        unit = 10.0**-places
        low = low if math.isinf(low) else math.ceil(low / unit - SLACK) * unit
        high = high if math.isinf(high) else math.floor(high / unit + SLACK) * unit
        return tuple("" if math.isinf(end) else f"{end:.{places}f}" for end in (low, high))
    return tuple("" if math.isinf(end) else f"{end:.6g}" for end in (low, high))


def _places(bound: float) -> int:
    """The decimals of a number's second digit."""
    return max(0, DIGITS - 1 - math.floor(math.log10(bound)))


def _down(bound: float) -> float:
    """A bound with two digits, rounded down: what is said to be accepted is accepted."""
    if not bound or math.isinf(bound):
        return bound
    unit = 10.0 ** (math.floor(math.log10(bound)) - DIGITS + 1)
    return float(f"{math.floor(bound / unit * (1 + 1e-9)) * unit:.{DIGITS}g}")


def follows_text(answer: MarkedAnswer) -> str:
    """``follows from your H2``; how much of it where that is not all."""
    if not answer.carried_from or not answer.entries.carried:
        return ""
    carried, total = answer.entries.carried, answer.entries.total
    source = f"from your {joined(answer.carried_from)}"
    if answer.verdict == "carried":
        return f"follows {source}"
    return f"{carried} of {total} entries {'follows' if carried == 1 else 'follow'} {source}"


def review_text(answer: MarkedAnswer, *, full: bool) -> str:
    """That a person should look at an answer and, where everything may be told, why."""
    comparison = answer.comparison
    endless = comparison is not None and bool(np.isinf(comparison.allowed).any())
    reason = ": the rounding of earlier steps can lead to any number here, and so it is accepted" if endless else ""
    return f"a person should look at this{reason if full else ''}"


def review_names(result: Result) -> tuple[str, ...]:
    """The answers that a person should look at."""
    return tuple(answer.question.name for answer in result.answers if answer.review)


def hinted(cause: Cause) -> Cause:
    """A cause as it may be told to those who are not to see the right numbers."""
    if cause.id in GIVES_AWAY:
        return Cause("slips", cause.quantity, "There is a slip in the writing.")
    return cause._replace(detail="")


def cause_line(cause: Cause, *, full: bool, of: str = "") -> Line:
    """What probably went wrong, without a number unless everything may be told; and where, if not in ``of`` itself.

    A detail is a sentence of its own, or says which variant of the cause it was: ``over 3``.
    """
    cause = cause if full else hinted(cause)
    sentence = cause.detail.endswith(".")
    detail = f" {cause.detail}" if sentence else f" Here: {cause.detail}." if cause.detail else ""
    where = f", in {cause.quantity}" if of and cause.quantity != of else ""
    return (Span(f"Probably{where}: ", "strong"), Span(f"{_clause(cause.says)}.{detail}"), *_id(cause))


def candidates_line(candidates: Sequence[Cause], *, full: bool) -> Line:
    """What it may have been: ``Consistent with: a; or b``."""
    spans = [Span("Consistent with: ", "strong")]
    for position, cause in enumerate(candidates if full else dict.fromkeys(map(hinted, candidates))):
        detail = f": {cause.detail}" if cause.detail else ""
        spans += [Span("; or " if position else ""), Span(f"{_clause(cause.says)}{detail.rstrip('.')}"), *_id(cause)]
    return tuple(span for span in (*spans, Span(".")) if span.text)


def _id(cause: Cause) -> Line:
    return Span(" ("), Span(cause.id, "name"), Span(")")


def _clause(sentence: str) -> str:
    """A sentence as it goes on behind a colon."""
    first, blank, rest = sentence.strip().removesuffix(".").partition(" ")
    return (first.lower() if first in COMMON else first) + blank + rest


def slips_text(result: Result) -> str:
    """Where the first error is and, where there are several of their own, which these are."""
    if result.first_error is None:
        return ""
    text = f"The first error is in {result.first_error}."
    if len(result.slips) > 1:
        follow = any(answer.entries.carried for answer in result.answers)
        rest = "; what is carried follows from these" if follow else ""
        text += f" Errors of their own: {joined(result.slips, last=', ')}{rest}."
    return text


def place_text(location: Location) -> str:
    """Line and column; of what has none, the part of the file that it is, without the file's folder."""
    numbers = [str(number) for number in (location.line, location.column) if number]
    return ":".join(numbers) or FOLDER.sub("", location.file)


def located_line(fault: Fault, meaning: str) -> Line:
    """A fault or a note behind its place."""
    return (Span(f"{place_text(fault.location)}: ", "faint"), Span(fault.message, meaning))


def joined(names: Sequence[str], last: str = " and ") -> str:
    """Names as a sentence lists them: ``a, b and c``."""
    if len(names) > NAMES:
        return f"{', '.join(names[:NAMES])} and {len(names) - NAMES} more"
    return f"{', '.join(names[:-1])}{last}{names[-1]}" if len(names) > 1 else names[0] if names else ""
