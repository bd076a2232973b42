r"""Sentences that say what an equation would: ``Applying the sigmoid, O6 is 0.474``, ``we get 0.474 for O6``.

The words between a name and its number become the sign ``SAID``, and the text keeps its length. A sentence can say
that of much else than a name: of a sum, a slope, of what would be otherwise. So this is done only where each word of
the clause before the name is one that changes nothing, and where nothing behind the number could be meant instead.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from hwcheck.limits import SAYINGS
from hwcheck.submissions.beginnings import NUMBER_START
from hwcheck.submissions.labels import clean_label, is_name
from hwcheck.submissions.sentences import DENIES, OTHERWISE

__all__ = ["SAID", "heading_name", "with_said"]

SAID = "≔"
"""Stands for words that say that a name has a value."""

_WIDTH = 200  # characters before a name, and behind a value, that say how it is meant
_SET = r"[$`*]{0,2}"  # how a name or a number may be set
_LATER = r"(?:[ ](?:then|thus|therefore|hence|now|just|simply|also|again|exactly|about|approximately|roughly))?"
_VERB = (
    rf"(?:is{_LATER}(?:[ ]equal[ ]to)?{_LATER}|are|equals?|is[ ](?:found|computed|calculated)[ ](?:to[ ]be|as)"
    r"|(?:comes|works|turns)[ ]out[ ](?:as|at|to(?:[ ]be)?)|evaluates[ ]to|amounts[ ]to"
    r"|has[ ](?:the|a)[ ]value(?:[ ]of)?"
    r"|ist(?:[ ](?:dann|also|somit|gleich))?|sind|beträgt|ergibt[ ]sich[ ]zu"
    r"|est(?:[ ]égale?[ ]à)?|vaut|es(?:[ ]igual[ ]a)?|vale|resulta|è(?:[ ]uguale[ ]a)?|é(?:[ ]igual[ ]a)?)"
)
_GETS = re.compile(r"\b(?:get|got|gets|obtain|obtained|find|found|have|computed?|calculated?)[ \t]+\S{1,60}$")
_POWER = r"[eE][+\-−]?[0-9]{1,4}"
_DECIMAL = rf"[+\-−]?(?:[0-9]{{1,9}}[.,][0-9]{{1,40}}(?:{_POWER})?|[.,][0-9]{{1,40}}|[0-9](?:\.[0-9]{{1,40}})?{_POWER})"
_VALUE = rf"(?:{_SET}{_DECIMAL}{_SET}|{_SET}[\[(][ ]?{_DECIMAL}[ ]?[,;][0-9.,;eE+\-− \[\]()]{{1,400}}[\])]{_SET})"
_ENDS = (
    rf"(?=[ \t]*(?:$|\n|[.;!](?:\s|$)|,[ \t\n]+(?!{_SET}{NUMBER_START}|or\b)"
    rf"|[ \t]+(?:and|so|which|but|while|whereas|since|because|hence|thus|und|et|y|e)[ \t](?!{_SET}{NUMBER_START})"
    r"|[ \t]+to[ \t](?:[0-9]|two|three|four|five|six)[ \t](?:decimal|digit|significant|place)"
    r"|[ \t]+\(?(?:rounded|using|see|from)\b))"
)
_SAYS = re.compile(rf"[ \t](?P<gap>{_VERB}|as|to[ ]be)[ \t]{{1,3}}(?P<value>{_VALUE}){_ENDS}")
_FOR = re.compile(
    rf"(?P<lead>\b(?:get|got|gets|obtain|find|found|have|value[ ]of|and))(?P<cut>[ \t]){_VALUE}"
    rf"[ \t]{{1,3}}(?P<gap>for|as)[ \t]{{1,3}}(?P<name>[^\s.,;!](?:\S{{0,60}}[^\s.,;!])?)"
    r"(?P<end>[ \t]+(?=and[ \t]{1,3})|(?=[.,;!]?(?:[ \t]*\n|[ \t]*$))|(?=[.;!][ \t]))"
)
_NAME = re.compile(
    rf"{_SET}(?P<name>\\?[^\W\d](?:\w|\.(?=\w)){{0,30}}['′⁺]?(?:[_^]\s?(?:\{{[^{{}}\s]{{1,20}}\}}|[\w+*'])){{0,3}}"
    rf"(?:\[[0-9,]{{1,9}}\])?){_SET}"
)
_WORD = re.compile(r"[^\W\d_]{3,}|[AaI]|[Ii][ts]")  # of the language, unless it is set as a name
_BEGINS = re.compile(r"[.!?;:][*_]{0,2}(?:\s|$)|\n[ \t>]*(?:\n|[-*+•–\#|]|\(?[\da-h][.)])|(?<=[0-9\])$`*.])[ \t]*\n")
_CLAUSE = re.compile(r",\s|(?<=[0-9\])$`*])[ \t]+(?:and|so|while|whereas|but|thus|hence|und|et|y|e)(?=\s)")
_COMBINED = re.compile(
    r"\b(?:sum|difference|product|ratio|mean|average|between|both|either|times|minus|plus|over|larger|smaller|half|twice"
    r"|Summe|Differenz|Produkt|Ableitung|somme|produit|dérivée|suma|producto|derivada|somma|prodotto|si|se|no|non|pas"
    r"|(?:second|2nd|third|next)[ ](?:epoch|iteration|round|step|pass)|(?:epoch|iteration|round)[ ][2-9])\b",
    re.IGNORECASE,
)
_HARMLESS = frozenset(
    {
        "so", "then", "thus", "hence", "therefore", "now", "finally", "next", "here", "also", "again", "and", "which",
        "we", "i", "you", "one", "get", "got", "gets", "have", "obtain", "obtained", "find", "found", "compute",
        "see", "know", "that", "this", "means", "gives", "giving", "yields", "it", "is", "follows", "the", "its", "our",
        "my", "final", "total", "value", "values", "output", "outputs", "input", "inputs", "net", "hidden", "unit",
        "unit's", "neuron", "node", "prediction", "error", "loss", "result", "vector", "matrix", "activation",
        "computed", "calculated", "can", "say", "after", "applying", "sigmoid",
        "somit", "damit", "daraus", "folgt", "dass", "der", "die", "das", "und", "dann", "ausgabe", "ausgang",
        "wert", "fehler", "eingabe", "nettoeingabe", "ist",
        "donc", "alors", "on", "obtient", "trouve", "que", "la", "le", "les", "sortie", "erreur", "ainsi",
        "entonces", "luego", "obtenemos", "el", "salida", "entrada", "y", "por", "tanto",
        "quindi", "otteniamo", "che", "uscita", "allora", "il", "l'uscita",
    }
)  # fmt: skip
_VALUE_OF = re.compile(r"\b(?:values?[ ]of|Wert(?:[ ]von)?|valeur[ ]de|valor[ ]de|valore[ ]di)\b", re.IGNORECASE)


def heading_name(heading: str) -> str:
    """The name that a heading ends in, behind words that change nothing: ``Step 1: net input I6``; or nothing."""
    *before, name = clean_label(heading.rpartition(":")[2]).split() or [""]
    sure = is_name(name) and re.search(r"[\d_\\]", name) and "=" not in heading
    return name if sure and all(word.strip("*_,").casefold() in _HARMLESS for word in before) else ""


class _Before(NamedTuple):
    """What stands before a name: its sentence, and of that its clause."""

    sentence: str
    clause: str


def with_said(text: str) -> str:
    """The text with a sign for the words that say that a name has a value; as long as it was."""
    parts, at = [], 0
    for found in islice(_SAYS.finditer(text), SAYINGS):
        if _is_said(text, found):
            begin, end = found.span("gap")
            parts += [text[at:begin], SAID.ljust(end - begin)]
            at = end
    text = "".join([*parts, text[at:]])
    parts, at = [], 0
    for found in islice(_FOR.finditer(text), SAYINGS):
        if _is_said_of(text, found, further=bool(parts) and found.start() == at):
            parts += [text[at : found.start()], _turned(found)]
            at = found.end()
    return "".join([*parts, text[at:]])


def _is_said(text: str, found: re.Match[str]) -> bool:
    """Whether words say this of a name, and of nothing else."""
    line = text.rfind("\n", max(0, found.start() - 60), found.start()) + 1
    begin = max(line, text.rfind(" ", max(0, found.start() - 60), found.start()) + 1, found.start() - 60)
    if not _is_said_name(text[begin : found.start()]):
        return False
    if found["gap"] in ("as", "to be") and not _GETS.search(text, max(0, begin - 20), found.start()):
        return False
    before = _before(text, begin)
    new = re.search(r"new|['′+⁺]", text[begin : found.start()]) is not None
    return _is_harmless(before, new=new) and not _is_denied(text, found.end())


def _is_said_name(written: str) -> bool:
    """Whether what stands before a verb is a name: a word of the language is one only where it is set as one."""
    name = _NAME.fullmatch(written)
    return name is not None and (written != name["name"] or not _WORD.fullmatch(written))


def _before(text: str, begin: int) -> _Before:
    before = text[max(0, begin - _WIDTH) : begin]
    sentence = _BEGINS.split(before)[-1]
    return _Before(sentence, _CLAUSE.split(sentence)[-1])


def _is_harmless(before: _Before, *, new: bool) -> bool:
    """Whether no word before a name makes the value that of something else."""
    sentence = re.sub(r"\b(?:new|updated)\b", "", before.sentence) if new else before.sentence
    if DENIES.search(sentence) or OTHERWISE.search(sentence) or _COMBINED.search(sentence):
        return False
    words = _VALUE_OF.sub(" ", re.sub(r"\bnew\b", "", before.clause) if new else before.clause).casefold().split()
    if words and re.fullmatch(r"[>\-*+•–#]{1,6}|\(?[\da-h][.)]|[*_]{1,2}", words[0]):
        del words[0]
    return all(word.strip("*_") in _HARMLESS for word in words)


def _is_denied(text: str, end: int) -> bool:
    """Whether the rest of the sentence says that this is not so."""
    rest = re.split(r"[.!?;](?:\s|$)|\n[ \t]*\n", text[end : end + _WIDTH])[0]
    return DENIES.search(rest) is not None


def _is_said_of(text: str, found: re.Match[str], *, further: bool) -> bool:
    """Whether a number is said to be that of the name behind it; ``further`` where another one stands before it."""
    if not _is_said_name(found["name"]) or _is_denied(text, found.end()):
        return False
    return further if found["lead"] == "and" else _is_harmless(_before(text, found.start("cut")), new=False)


def _turned(found: re.Match[str]) -> str:
    """A number and then its name as an equation the other way round, parted from the words before it."""
    begin = found.start()
    lead, cut, gap, name = (found.span(group) for group in ("lead", "cut", "gap", "name"))
    text = found.string
    before = " " * (lead[1] - begin) if found["lead"] == "and" else text[begin : lead[1]]
    said = SAID.ljust(gap[1] - gap[0])
    return f"{before};{text[cut[1] : gap[0]]}{said}{text[gap[1] : name[1]]}{found['end']}"
