"""What the columns of a table hold, by the words of their heads: a value, the gradient of it, or what it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["VALUES", "enumerates", "form_of", "is_attempt", "is_of_others", "last_attempt", "word_of"]

_NUMBERED = re.compile(r"[$`*\s]*(?P<stem>[^\W\d_]{0,20})[\s_\-#({\[]{0,4}(?P<number>[0-9]{1,4})[)}\]$`*\s]*")
_ATTEMPTS = frozenset({"attempt", "try", "trial", "version", "draft", "run", "versuch", "essai"})
_ATTEMPT = re.compile(rf"[$`*\s]*(?:\w{{1,6}}\.?\s)?(?:{'|'.join(sorted(_ATTEMPTS))})\b", re.IGNORECASE)

_FIRST = re.compile(r"\b(?:first|1st|old|wrong|initial|erster|alter)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:final|last|corrected|second|2nd|third|3rd)\b", re.IGNORECASE)
_OF_OTHERS = frozenset(
    {
        "expected", "reference", "correct", "book", "textbook", "example", "given", "tolerance", "points", "marks",
        "target", "difference", "diff", "erwartet", "gegeben", "beispiel", "punkte", "attendu", "esperado",
    }
)  # fmt: skip
_OWN = frozenset({"my", "mine", "our", "ours", "own", "mein", "meine"})

VALUES = frozenset(
    {
        "value", "values", "answer", "answers", "result", "results", "number", "numbers", "output", "final",
        "solution", "forward", "ans", "wert", "ergebnis", "valeur", "résultat",
    }
)  # fmt: skip
"""What heads the column of the values themselves."""

# What a column holds of the quantity that its row names, by a word of its head.
_OF_QUANTITY: Mapping[str, str] = {
    "gradient": "grad({})", "gradients": "grad({})", "grad": "grad({})", "derivative": "grad({})",
    "backward": "grad({})",
    "new": "{}_new", "updated": "{}_new", "after": "{}_new", "update": "{}_new",
}  # fmt: skip


def word_of(head: str) -> str:
    """The one word of a head that says what it holds; nothing where there are several."""
    found: list[str] = re.findall(r"[^\W\d_]+", head.casefold())
    words = [word for word in found if word not in ("the", "my", "our", "final")]
    if len(words) == 1:
        return words[0]
    return "value" if "value" in words and len(words) == 2 and not form_of(head) else ""


def form_of(head: str) -> str:
    """What a column holds of a quantity, by its head."""
    if re.search(r"\\partial|∂|\\nabla|∇", head):
        return "grad({})"
    return next((form for word, form in _OF_QUANTITY.items() if word in re.findall(r"[^\W\d_]+", head.casefold())), "")


def enumerates(heads: Sequence[str]) -> bool:
    """Whether heads number what stands below them, and are alike but for that: class 1, class 2, class 3."""
    found = [_NUMBERED.fullmatch(head) for head in heads]
    stems = {match["stem"].casefold() for match in found if match}
    numbers = [match["number"] for match in found if match]
    alike = len(numbers) == len(heads) and len(stems) == 1 and len(set(numbers)) == len(numbers)
    return alike and not stems & _ATTEMPTS


def is_attempt(head: str) -> bool:
    """Whether a column holds one of several attempts at the same answers."""
    return _ATTEMPT.match(head) is not None


def is_of_others(head: str) -> bool:
    """Whether a column holds what is no answer: ``expected``, ``points``; ``my expected value`` is one."""
    words = set(re.findall(r"[^\W\d_]+", head.casefold()))
    words -= {"correct"} if "to" in words else set()  # correct to 3 decimals
    return bool(words & _OF_OTHERS) and not words & _OWN


def last_attempt(heads: Sequence[str]) -> int | None:
    """Which of several columns holds the last attempt; None where no column says that it holds one."""
    if len(heads) < 2 or not any(map(is_attempt, heads)):
        return None
    found = [re.search(r"[0-9]{1,3}", head) for head in heads]
    numbers = [int(match[0]) for match in found if match]
    if len(numbers) == len(heads) == len(set(numbers)):
        return numbers.index(max(numbers))
    for picked in (
        [number for number, head in enumerate(heads) if _LAST.search(head)],
        [number for number, head in enumerate(heads) if not _FIRST.search(head)],
    ):
        if len(picked) == 1:
            return picked[0]
    return len(heads) - 1
