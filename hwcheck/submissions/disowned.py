"""Values that the words around them call no answer: ``Expected: O6 = 0.474``, ``O6 = 0.5 (wrong)``, ``Show that ...``.

Such a value may be right all the same. It is for a person to say whether it was worked out, so that it is told, not
marked. Only words close to the name or to the value count, for a sheet speaks of what was expected in many places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hwcheck.submissions.beginnings import NUMBER

__all__ = ["disowned", "disowned_below"]

_WIDTH = 200  # characters of a line that are looked at on either side of a name
_SENTENCE = re.compile(r"[.;!?]\s+|^\s+")
_NOUN = r"(?:[ ](?:values?|results?|outputs?|answers?|solutions?|numbers?))?"
_OF_OTHERS = (
    rf"(?:(?:the[ ])?(?:expected|reference){_NOUN}|(?:sample|model|official)[ ](?:solution|answer)s?"
    r"|(?:solution|answer)[ ]key"
    r"|should[ ](?:be|read)|(?:for[ ])?example|e\.g\.|zum[ ]Beispiel|z\.[ ]?B\.|Beispiel|(?:par[ ])?exemple"
    r"|por[ ]ejemplo|hints?|todo|compare(?:[ ](?:with|to))?|erwartet(?:er[ ]Wert)?|Musterl[öo]sung|attendu|esperado"
    r"|not|(?:TA|tutor|teacher|professor)(?=:))"
)
_WHO = (
    r"(?:text[ ]?book|book|solutions?|solution[ ](?:key|sheet)|answer[ ]key|sheet|slides|lecture|TA|tutor|teacher"
    r"|professor|friend|classmate|neighbou?r|internet|Buch|Musterl[öo]sung|livre|libro)"
)
_LEADS = (
    re.compile(rf"\W{{0,9}}{_OF_OTHERS}[\s:,*_]{{0,9}}", re.IGNORECASE),
    re.compile(
        r"\W{0,9}(?:(?:question|task|exercise|problem|aufgabe)\b[^.;=]{0,20}[:.]\s{0,3}|\(?[a-h1-9][.)]\s{1,3})?"
        r"(?:please[ ])?(?:show|prove|verify|zeigen?(?:[ ]Sie)?|beweisen?(?:[ ]Sie)?|montrez|prouvez|demuestre)"
        r"(?:,?[ ](?:that|dass|que))?\s{0,3}(?:the[ ](?:\w{1,20}[ ]){1,3})?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\W{0,9}(?:if|suppose|wenn|falls)\b[^=]{0,80}\b(?:forg\w+|ignor\w+|drop\w*|le(?:ave|ft)|omit\w*|were|had|instead"
        r"|vergess\w+|weglass\w+|hätte\w*)\b[^=]{0,60}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:[^=]{0,120}[\s,;])?(?:should|would|(?<!as[ ])expect(?:s|ed)?|wrongly|mistakenly)\b[^=.,]{0,40}",
        re.IGNORECASE,
    ),
)
_SETS = re.compile(r"\\(?:text(?:bf|it|rm|sf|sc)?|emph|mathrm)\s?\{|\\q?quad(?![A-Za-z])|\\[,;:! ]|[{}]")
# These say that a number is of someone else; a formula of the book may be worked out all the same.
_SOURCES = re.compile(
    rf"\b(?:(?:according[ ]to|in|from|laut|selon|según)[ ](?:(?:the|our|my|a|le|el|der|dem)[ ])?{_WHO}\b"
    rf"|{_WHO}[ ](?:says?|said|gives|gave|got|gets|has|had|wrote|claims|sagt))[^=.;]{{0,30}}$",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?!(?:This|That|Which|It|Rule)\b)[A-Z][A-Za-z]{1,20}[ ](?:says|said|claims|claimed|wrote)\b[^=.;]{0,30}$"
)
_IS = r"[ \t$*`\\]{0,9}(?:=|≔|:|≈)[ \t$*`]{0,9}"
_IS_NUMBER = re.compile(rf"\S{{1,40}}{_IS}{NUMBER}(?![\d.,]*[ \t]*[*/·×(=^+\-−])")
_CALLED = (
    rf"(?:expected{_NOUN}|wrong\b[^()\n]{{0,60}}|incorrect\b[^()\n]{{0,60}}|falsch\b[^()\n]{{0,60}}|faux|example|reference"
    r"|should[ ]be|not[ ](?:correct|right|true|mine|my[ ]\w{1,20})|given|target|book|erwartet|attendu)"
)
_BRACKETED = re.compile(rf"[^=:≔≈()\n]{{1,60}}(?P<said>[(\[][ ]?{_CALLED}[ ]?[)\]]){_IS}", re.IGNORECASE)
_BEHIND = re.compile(
    rf"{_IS}{NUMBER}[ \t$*`]{{0,9}}(?P<said>[(\[][ ]?{_CALLED}[ ]?[)\]]"
    r"|(?:<-+|<=+|←|⇐|--?>?|–|—|\#|//)?[ \t]{0,3}(?:(?:this|that|which)[ ])?(?:is[ ])?"
    r"(?:(?:wrong|incorrect|falsch)(?![ ]+(?!because|since|but|see|as\b)\w)|not[ ](?:correct|right|true|mine|my|what)"
    rf"|according[ ]to[ ]the[ ]{_WHO}"
    rf"|(?:from|in)[ ]the[ ]{_WHO}|expected)\b(?![ ]*\d))",
    re.IGNORECASE,
)


def disowned(line: str, at: int, end: int) -> str:
    """The words that call a value no answer, whose name begins in a line at a place; nothing where none do.

    ``end`` is where the next answer of the line begins.
    """
    before = _SENTENCE.split(line[max(0, at - _WIDTH) : at])[-1]
    before = (
        _SETS.sub(" ", before).replace(";", " ").rstrip("$`\\([")
    )  # where words and name were parted, and how the name is set
    behind = _SETS.sub(" ", line[at : min(end, at + _WIDTH)])
    for clause in (before, re.split(r"[,(]\s", before)[-1]):
        if clause and any(lead.fullmatch(clause) for lead in _LEADS):
            return clause.strip(" :,*_#>-\t")
    if (found := _SOURCES.search(before) or _SAYS.search(before)) and _IS_NUMBER.match(behind):
        return found.group().strip(" :,*_")
    found = _BRACKETED.match(behind) or _BEHIND.search(behind)
    return found["said"].strip() if found else ""


def disowned_below(lines: Sequence[str]) -> dict[int, str]:
    """The lines below one that calls them no answers, ``Expected results:``, up to an empty one or a further label."""
    found: dict[int, str] = {}
    words = ""
    for number, line in enumerate(lines):
        bare = line.strip(" \t*_>")
        if len(bare) <= _WIDTH and bare.endswith(":"):
            words = bare[:-1].strip(" *_") if _LEADS[0].fullmatch(bare) else ""
        elif bare and words:
            found[number] = words
        elif number and not lines[number - 1].rstrip(" \t*_").endswith(":"):
            words = ""
    return found
