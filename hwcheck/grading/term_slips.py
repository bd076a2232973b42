"""Slips inside the computation of an answer: which wrong term of which sum agrees with its wrong entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from hwcheck.grading.guesses import Answer, Family, Guess, spelled
from hwcheck.grading.terms import LARGEST, Changes, Evaluated, Indices, Linear, changes, linear_operands
from hwcheck.graph.node import Array, Call

__all__ = ["term_slips"]

MOST = 6000  # wrong values that are tried in all
DISTINCT = 12  # figures in which values must differ to be two
NAMED = 3  # entries that a detail names


def term_slips(expression: Evaluated, answer: Answer) -> dict[str, Family]:
    """What was tried of each kind; the steps next to the answer come first, until enough has been tried."""
    guesses: dict[str, dict[str, Guess]] = defaultdict(dict)
    values: dict[str, dict[int, list[Array]]] = defaultdict(lambda: defaultdict(list))
    left = MOST
    for change in _all_changes(expression, answer):
        left -= len(change.delta)
        if left < 0:
            break
        for part in _parts(change, max(1, LARGEST // max(len(answer.expected), change.linear.call.size))):
            reached = _reached(expression, part)
            for guess in _agreeing(answer, part, reached):
                guesses[change.kind].setdefault(guess.detail, guess)
            for i in answer.wrong:
                values[change.kind][i].append(reached[:, i])
    return {
        kind: Family(list(guesses[kind].values()), {i: _distinct(answer, i, lists) for i, lists in of_kind.items()})
        for kind, of_kind in values.items()
    }


def _all_changes(expression: Evaluated, answer: Answer) -> Iterator[Changes]:
    for call in reversed(expression.nodes):
        if not isinstance(call, Call) or call.body is not None:
            continue
        linears = linear_operands(expression, call)
        if not any(linear.multiplies or linear.several.any() for linear in linears):
            continue  # it only moves numbers, or is not linear at all
        entries = _in_reach(expression, call, linears, answer)
        product = sum(linear.multiplies for linear in linears) > 1
        for linear in linears:
            yield from changes(linear, entries, product)


def _in_reach(expression: Evaluated, call: Call, linears: list[Linear], answer: Answer) -> Indices:
    """The entries of a call from which a wrong entry of the answer can be reached, by more than a term either way."""
    if call is expression.body:
        return np.asarray(answer.wrong)
    if 2 * call.size * len(answer.expected) > 4 * LARGEST:
        return np.zeros(0, dtype=np.intp)
    value = expression.base[call].ravel()
    amount = np.sum([np.abs(linear.table * linear.x).sum(axis=1) for linear in linears], axis=0) + np.abs(value) + 1
    moved = np.concatenate([value + np.diag(amount), value - np.diag(amount)]).reshape(-1, *call.shape)
    reached = expression.changed(call, moved).reshape(2, call.size, -1)[:, :, answer.wrong]
    base = expression.base[expression.body].ravel()[answer.wrong]
    with np.errstate(invalid="ignore"):
        different = (np.abs(reached - base) > 1e-12 * (np.abs(base) + 1e-300)) | ~np.isfinite(reached)
    return np.flatnonzero(different.any(axis=(0, 2)))


def _parts(change: Changes, size: int) -> Iterator[Changes]:
    for start in range(0, len(change.delta), size):
        part = slice(start, start + size)
        other = None if change.other is None else change.other[part]
        yield change._replace(entry=change.entry[part], k=change.k[part], delta=change.delta[part], other=other)


def _reached(expression: Evaluated, change: Changes) -> Array:
    """What the answer comes to with each change, (H, n)."""
    call = change.linear.call
    tried = np.repeat(expression.base[call].reshape(1, -1), len(change.delta), axis=0)
    tried[np.arange(len(tried)), change.entry] += change.delta
    return expression.changed(call, tried.reshape(-1, *call.shape)).reshape(len(tried), -1)


def _agreeing(answer: Answer, change: Changes, reached: Array) -> Iterator[Guess]:
    """A change agrees if every answered entry that it visibly changes is as it says, and was wrong."""
    with np.errstate(invalid="ignore"):
        visible = ~answer.agrees(answer.expected, reached) & answer.answered
        agrees = answer.agrees(reached, answer.yours)
    wrong = np.zeros(len(answer.yours), dtype=bool)
    wrong[answer.wrong] = True
    held = (~visible | (agrees & wrong)).all(axis=1) & visible.any(axis=1)
    for h in np.flatnonzero(held):
        covers = np.flatnonzero(visible[h])
        places = ", ".join(answer.at(int(i)) for i in covers[:NAMED])
        more = f" and {len(covers) - NAMED} more" if len(covers) > NAMED else ""
        yield Guess(frozenset(int(i) for i in covers), f"{places}{more}: {_told(change, int(h))}")


def _told(change: Changes, h: int) -> str:
    """The wrong term, with its numbers."""
    linear, k = change.linear, int(change.k[h])
    factor, x = float(linear.table[change.entry[h], k]), float(linear.x[k])
    pair = [_signed(x), _signed(factor)] if linear.first else [_signed(factor), _signed(x)]
    product = spelled(factor * x)
    term = f"{pair[0]} × {pair[1]} = {product}" if linear.multiplies else product
    if change.kind == "factor-copied":
        assert change.other is not None  # noqa: S101  that is what the kind is
        where = f" in {pair[0]} × {pair[1]}" if linear.multiplies else ""
        return f"{spelled(float(linear.x[change.other[h]]))} was taken where {spelled(x)} stands{where}."
    return {
        "term-left-out": f"{term} is missing.",
        "term-sign": f"{term} has the wrong sign.",
        "term-twice": f"{term} is counted twice.",
        "term-added": f"{pair[0]} + {pair[1]} was taken for {pair[0]} × {pair[1]}.",
    }[change.kind]


def _signed(value: float) -> str:
    return f"({spelled(value)})" if value < 0 else spelled(value)


def _distinct(answer: Answer, i: int, lists: list[Array]) -> Array:
    """The different visible values of entry i, (values, 2), each as wide as any other."""
    values = np.concatenate(lists)
    values = values[np.isfinite(values)]
    with np.errstate(invalid="ignore"):
        below, above = answer.expected[i] - answer.below[i], answer.expected[i] + answer.above[i]
    values = values[(values < below) | (values > above)]
    scale = 10.0 ** np.floor(np.log10(max(answer.range, 1e-300)))
    values = np.unique(np.round(values / scale, DISTINCT)) * scale
    return np.stack([values, np.ones_like(values)], axis=1)
