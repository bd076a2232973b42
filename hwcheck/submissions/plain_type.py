r"""Running text without what only says how it is set: bold digits, rules, sized brackets, prompts, what is struck out.

Every rule keeps the length of the text, so that each character stays where it is, and looks at a bounded stretch, so
that all of them together take time linear in the text. Most rules find nothing in most texts: a rule is tried only
where the text has what the rule cannot do without, and patterns begin with a sign where they can, which is found fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hwcheck.submissions.messages import without_messages
from hwcheck.submissions.pasted import without_paste
from hwcheck.submissions.said import with_said
from hwcheck.submissions.sentences import hangs

__all__ = ["parted", "plain_type"]


class _Rule(NamedTuple):
    """What is changed, and into what. In each match stands one of the texts ``needs``, and what ``hint`` matches."""

    pattern: re.Pattern[str]
    change: Callable[[re.Match[str]], str]
    needs: tuple[str, ...] = ()
    hint: re.Pattern[str] | None = None

    def applied(self, text: str) -> str:
        """The text as the rule leaves it."""
        if self.needs and not any(each in text for each in self.needs):
            return text
        if self.hint and not self.hint.search(text):
            return text
        return self.pattern.sub(self.change, text)


_NUMBER = r"[+\-−]?(?:[0-9]{1,40}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+\-−]?[0-9]{1,4})?"
_NAME = r"[^\W\d]\w{0,30}"
_ABOUT = r"(?:[ ](?:about|approximately|roughly|exactly|equal[ ]to))?"
_MATRIX = r"(?:array|[bBpvV]?(?:small)?matrix|[bp]smallmatrix)\*?"
_SIZE = r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])\s?(?:\\[{}|]|[\[\](){}|.])"
_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,100}\}){0,100}\}){0,300}\}"  # braces three deep
_ADDRESS = r"\((?=[^()\s]{0,200}(?:[:/#]|\.[a-z]))(?:[^()\s]|\([^()\s]{0,100}\)){1,300}\)"
_MARKS = r"(?:[ ]?(?:marks?|pts?\.?|points?|Punkte?|P\.?|pkt\.?|puntos?|punti))"
_ROW = rf"{_NUMBER}(?:[ ]{{1,3}}{_NUMBER}){{1,40}}"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # what East Asian keyboards write


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _in_rows(found: re.Match[str]) -> str:
    """Rows of numbers, all as long, with the sign of MATLAB between them."""
    rows = found.group()[1:].split("/")
    lengths = {len(row.split()) for row in rows}
    return found.group().replace(" / ", " ; ") if len(lengths) == 1 else found.group()


def _kept(*groups: int) -> Callable[[re.Match[str]], str]:
    """All but these groups becomes blank."""

    def kept(found: re.Match[str]) -> str:
        text, begin = found.group(), found.start()
        parts, at = [], 0
        for group in groups:
            parts += [re.sub(r"[^\n]", " ", text[at : found.start(group) - begin]), found[group]]
            at = found.end(group) - begin
        return "".join([*parts, re.sub(r"[^\n]", " ", text[at:])])

    return kept


def _as(sign: str) -> Callable[[re.Match[str]], str]:
    """A sign in the place of the group ``gap``."""

    def put(found: re.Match[str]) -> str:
        begin, end = (place - found.start() for place in found.span("gap"))
        text = found.group()
        return f"{text[:begin]}{sign.ljust(end - begin)}{text[end:]}"

    return put


def _rule(
    pattern: str, change: Callable[[re.Match[str]], str] = _blank, needs: Sequence[str] = (), hint: str = ""
) -> _Rule:
    return _Rule(
        re.compile(pattern, re.MULTILINE), change, tuple(needs), re.compile(hint, re.MULTILINE) if hint else None
    )


# What stands between an equation and the next one on its line, where nothing is written but a gap or a word.
_THUS = r"(?:therefore|thus|hence|obtain|get|that|is|so)"
_PARTED: Sequence[_Rule] = (
    # I6 = -0.105   [2]: the marks that a question gives, or the number of an equation
    _rule(
        rf"(?<=[0-9\])])(?:[ \t]{{1,40}}(?:\[[0-9]{{1,2}}{_MARKS}?\]|[\[(][0-9]{{1,2}}{_MARKS}[\])])"
        r"|(?:[ ]{2,40}|\t[ \t]{0,9})\([0-9]{1,2}\))[ \t]*$",
        hint=r"[\[(][0-9]{1,2}[^\n\])]{0,9}[\])][ \t]*$",
    ),
    _rule(  # o1 = 0.7 / o2 = 0.8, but p = 1 / n = 0.5 is one equation
        rf"\b(?P<stem>[^\W\d]{{1,20}})[0-9]{{1,3}}[ ]?=[ ]?{_NUMBER}[ ](?P<gap>/)[ ](?=(?P=stem)[0-9]{{1,3}}[ ]?=)",
        _as(";"),
        [" / "],
    ),
    # W = 0.192 0.4 / -0.306 0.1: rows
    _rule(
        rf"[=:][ ]?{_ROW}(?:[ ]/[ ]{_ROW}){{1,40}}[ \t]*$",
        _in_rows,
        [" / "],
    ),
    # O4=.332 O5=.525: the gap is wider than that before the next sign
    _rule(rf"[=≈][ \t]?{_NUMBER}(?P<gap>[ \t])[ \t]{{0,9}}(?={_NAME}=)", _as(";")),
    _rule(rf"[=≈][ \t]?{_NUMBER}(?P<gap>\t|[ ]{{2,40}})(?={_NAME}[ \t]?[=≈])", _as(";")),
    _rule(r"(?P<gap>and)(?<=[0-9][ \t]and)[ \t](?=\$?[^\W\d][\w{}^\\]{0,40}[ \t]?[=≈])", _as(";")),
    _rule(rf"^(?![ \t]*\|)[^|\n]{{0,200}}[0-9][ \t](?P<gap>\|)[ \t](?={_NAME}[ \t]?[=≈])", _as(";"), "|"),
    _rule(rf"\b{_THUS}(?P<gap>[ \t])(?={_NAME}[ \t]?[=≈])", _as(";"), hint=rf"{_THUS}[ \t]{_NAME}[ \t]?[=≈]"),
    _rule(
        rf"^[ \t]*(?:[Tt]he[ \t](?:value|vector|matrix|array)[ \t](?:of[ \t])?)?{_NAME}[ \t]"
        rf"(?P<gap>(?:is|are|equals){_ABOUT})[ \t](?={_NUMBER}[ \t.]*$|[\[(][ \t]?{_NUMBER}[ \t]?[,;][^\n]{{0,400}}$)",
        lambda found: found.group() if hangs(found.string, found.start()) else _as("=")(found),
        [" is", "\tis", " are", "\tare", " equals", "\tequals"],
    ),
    _rule(
        rf"^[ \t]*{_NAME}[ \t]?(?P<gap>\.{{3,60}}|…{{1,20}})[ \t]{{0,9}}(?={_NUMBER}[ \t]*$)", _as("="), ["...", "…"]
    ),
    _rule(
        rf"^[ \t]*(?:[-*+][ \t])?[$`*]{{0,2}}\\?{_NAME}(?:[_^]\{{[^{{}}\s]{{1,20}}\}})?[$`*]{{0,2}}[ \t]?"
        rf"(?P<gap>={{2,3}}>?|=>|-{{2,3}}>|~=?|=~)[ \t]?(?=[$`*]{{0,2}}(?:{_NUMBER}[$`* \t.;]*$|[\[(][ \t]?{_NUMBER}))",
        _as("="),
        ["==", "=>", "-->", "~"],
    ),
    _rule(rf"^[ \t]*{_NAME}(?P<gap>\t{{1,9}})(?={_NUMBER}[ \t]*$)", _as("="), "\t"),
    # 0.29 < 0.3 is a remark on the 0.29
    _rule(
        rf"(?P<kept>[=≈][ \t]?{_NUMBER})[ \t]?(?:[<>≤≥≪≫]|\\(?:l[et]q?|g[et]q?|ll|gg)(?![A-Za-z]))"
        rf"[ \t]?{_NUMBER}(?![\w/])",
        _kept(1),
    ),
)
_TAKEN_BACK = _rule(  # Err6 = 0.249 ✗ (forgot a factor)
    r"^(?:[^\n]{0,400}[0-9\])$`*}][ \t]*[✗✘❌✖](?=[ \t]*(?:$|\())|[ \t>*\-]{0,9}[✗✘❌✖])[^\n]{0,400}$", needs="✗✘❌✖"
)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_TYPE: Sequence[_Rule] = (
    # What is struck out, first: it may hold anything.
    _rule(r"(?<!~)~~(?=[^\s~])(?:[^~\n]|\n(?![ \t]*\n)){1,1000}~~", needs=["~~"]),
    _rule(
        r"<(?P<tag>s|del|strike)>(?:[^<\n]|<(?!/?(?:s|del|strike)>)|\n(?![ \t]*\n)){1,1000}</(?P=tag)>", needs=["</"]
    ),
    _rule(rf"\\(?:sout|xout|st|[bxh]?cancel)(?![A-Za-z])\s?{_GROUP}", needs=["out", "\\st", "cancel"]),
    _rule(  # what is invisible inside a word
        rf"[{_INVISIBLE}][^\s]{{0,60}}",
        lambda found: re.sub(f"[{_INVISIBLE}]", "", found.group()).ljust(len(found.group())),
        _INVISIBLE,
    ),
    _rule(r"(?P<gap>=[/\\]=)", _as("≠"), ["=/=", "=\\="]),
    _rule(r"(?P<gap>\\cr)(?![A-Za-z])", _as("\\\\"), ["\\cr"]),  # TeX's own end of a row
    _rule(r"\\(?:hline|toprule|midrule|bottomrule|centering|hfill)(?![A-Za-z])"),
    _rule(r"\\(?:[hv]?phantom|[hv]space\*?|color|todo|footnote|caption)\s?\{[^{}\n]{0,200}\}"),
    _rule(r"\\textcolor\s?\{[^{}\n]{0,40}\}\s?\{([^{}\n]{0,400})\}", _kept(1)),
    *(
        _rule(
            rf"\\(?:num|mathbf|bm|boldsymbol|textbf|underline|boxed|fbox|mathrm|text|textit|emph)\s?\{{\s{{0,40}}({_NUMBER})\s{{0,9}}\}}",
            _kept(1),
        )
        for _ in range(2)  # one inside the other
    ),
    _rule(
        rf"\\[dt]?binom\s?\{{\s?({_NUMBER})\s?\}}\s?\{{\s?({_NUMBER})\s?\}}",
        lambda found: f"[{found[1]}; {found[2]}]".rjust(len(found.group())),
    ),
    _rule(  # E_{\text{total}}
        r"([_^])\s?\{\s?\\(?:text|mathrm|rm|mathit|textrm|operatorname)\s?\{(\w{1,30})\}\s?\}",
        lambda found: f"{found[1]}{{{found[2]}}}".ljust(len(found.group())),
        ["\\"],
    ),
    _rule(  # \mathbf{net}_h
        rf"\\(?:mathbf|mathrm|mathit|text|bm|boldsymbol|operatorname|vec)\s?\{{({_NAME})\}}(?=_)",
        lambda found: found[1].rjust(len(found.group())),
    ),
    _rule(
        r"(?:\b\w{1,30}\\_){1,6}(?=\w)",
        lambda found: found.group().replace("\\_", "_").rjust(len(found.group())),
        ["\\_"],
    ),
    _rule(
        r"(?<=[0-9])[ \t]?[(\[][0-9]{1,2}[ \t]?(?:d\.?[ ]?p|s\.?[ ]?f|dec|sig|digit|place)[^()\[\]\n]{0,30}[)\]]",
        hint=r"[(\[][0-9]{1,2}[ \t]?[dsp]",
    ),
    # {\color{red} \begin{bmatrix} ... \end{bmatrix}^T}, \underbrace{...}_{\text{...}}
    _rule(rf"\\(?:under|over)(?:brace|bracket)\s?\{{(?=\s{{0,9}}\\begin\s?\{{{_MATRIX}\}})"),
    _rule(rf"(?:(?<==)|(?<==[ ])|(?<==[ ]{{2}}))\{{(?=\s{{0,60}}\\begin\s?\{{{_MATRIX}\}})"),
    _rule(
        rf"(\\end\s?\{{{_MATRIX}\}}(?:\s?\^\s?(?:T|\\top|\{{(?:T|\\top)\}}))?)\s{{0,9}}\}}"
        r"(?:\s?_\s?\{\s?(?:\\(?:text|mathrm|textrm)\s?\{[^{}\n]{0,80}\}|[^{}\n]{0,40})\s?\})?"
        r"(?=\s{0,9}(?:\$|[.,;\n]|\\\]|\\\\|\Z))",
        _kept(1),
    ),
    _rule(  # 0.332 \quad \text{(unit 4)} &
        r"(?<=[0-9])\s{0,9}(?:\\(?:q?quad(?![A-Za-z])|[,;:! ])\s{0,9}|~){0,3}\\(?:text|mbox|textrm|mathrm)\s?"
        r"\{(?:[^{}\n.0-9]{3,60}|\s?\([^{}\n.]{1,60}\)\s?)\}(?=\s{0,9}(?:&|\\\\|\\end))"
    ),
    _rule(rf"{_SIZE}(?=\s{{0,9}}\\begin\s?\{{{_MATRIX}\}})"),
    _rule(rf"(\\end\s?\{{{_MATRIX}\}})\s{{0,9}}{_SIZE}", _kept(1)),
    _rule(r"(?<=[,;])[ ]?\\[,;:!](?![A-Za-z])", needs=["\\"]),  # (-0.261,\, -0.138)
    _rule(r"\\(?:mathbf|bm|boldsymbol|mathrm|mathit|vec)[ ](?=[A-Za-z](?![A-Za-z]))"),
    _rule(rf"(?P<gap><)(?=[ ]?{_NUMBER}[ ]?,[^<>=\n]{{1,400}}>[ ;.]*$)", _as("[")),
    _rule(rf"(?<=\[)([ ]?{_NUMBER}[ ]?,[^<>=\[\]\n]{{1,400}})(?P<gap>>)(?=[ ;.]*$)", _as("]"), [">"]),
    _rule(r"\\langle(?![A-Za-z])", lambda found: "[".ljust(len(found.group()))),
    _rule(r"\\rangle(?![A-Za-z])", lambda found: "]".rjust(len(found.group()))),
    _rule(
        r"\[[^\[\]=\n]{0,400}(?:\\q?quad|(?<!\\)\\[ ;:]|~)[^\[\]=\n]{0,400}\]",
        lambda found: re.sub(r"\\q?quad(?![A-Za-z])|(?<!\\)\\[ ;:]|~", lambda gap: " " * len(gap[0]), found.group()),
        ["quad", "\\ ", "\\;", "\\:", "~"],
    ),
    _rule(r"(?<=[0-9])\{,\}([0-9]{1,40})", lambda found: f",{found[1]}  ", ["{,}"]),  # 0{,}5
    # [O6](https://...) = 0.474 is named by the text of its link; [O6](...) O6 = 0.474 says it again
    _rule(rf"!?\[[^\[\]\n]{{0,80}}\]{_ADDRESS}(?=[ ]{{1,3}}[$`*]{{0,2}}{_NAME}[$`*]{{0,2}}[ ]?[=≈:])", needs=["]("]),
    _rule(rf"!\[[^\[\]\n]{{0,200}}\]{_ADDRESS}", needs=["]("]),
    _rule(rf"\[([^\[\]\n]{{0,80}})\]{_ADDRESS}(?=[ ]?[=≈:])", _kept(1), ["]("]),
    # A table in a box of +----+----+ has a rule of Markdown below its head.
    _rule(r"^(?<!\|\n)[ \t]*\+(?:[-=]{1,80}\+){1,40}[ \t]*(?=\n[ \t]*\|)", needs=["-+", "=+"]),
    _rule(
        r"^(?<=\|\n)[ \t]*[+|](?:[-=]{1,80}\+){1,40}(?:[-=]{1,80}\|)?[ \t]*$",
        lambda found: found.group().replace("+", "|").replace("=", "-"),
        ["-+", "=+"],
    ),
    _rule(r"(?<![=\w])==(?=[^\s=])([^=\n]{1,200})(?<=\S)==(?![=\w])", _kept(1), ["=="]),
    # What stands before a line that was copied from a terminal or another program.
    _rule(
        r"^[ \t]*\$[ ](?=(?:python|ipython|octave|julia|Rscript|bash|sh|\./|cat|ls|cd|pip|make)[0-9]?[^\w=])",
        needs=["$ "],
    ),
    _rule(
        r"^[ \t]*(?:julia>|In ?\[[0-9]{1,4}\] ?:=?|Out ?\[[0-9]{1,4}\] ?[:=])[ \t]?",
        needs=["julia>", "In[", "In [", "Out[", "Out ["],
    ),
    _rule(r"^[ \t]*\(?[0-9]{1,3}\.[0-9]{1,2}[.)](?=[ \t]+[^\W\d])", needs=[". ", ".\t", ") ", ")\t"]),
)
_LATEX: Sequence[_Rule] = (
    _rule(r"\\end\s?\{document\}[\s\S]*"),
    _rule(r"\\begin\s?\{comment\}(?:[^\\]|\\(?!end\s?\{comment\}))*(?:\\end\s?\{comment\})?"),
    _rule(r"\\iffalse(?![A-Za-z])(?:[^\\]|\\(?!fi(?![A-Za-z])))*(?:\\fi(?![A-Za-z]))?"),
)


def plain_type(text: str, *, latex: bool = False) -> str:
    """The text with blanks for what only says how it is set; as long as it was. ``latex``: it is such a document."""
    text = text if text.isascii() else text.translate(_FULL_WIDTH)
    text = without_messages(without_paste(_TAKEN_BACK.applied(text)))
    for rule in (*(_LATEX if latex else ()), *_TYPE):
        text = rule.applied(text)
    return with_said(parted(text))


def parted(text: str) -> str:
    """The text with a sign between equations that stand side by side, and between a name and its number."""
    for rule in _PARTED:
        text = rule.applied(text)
    return text
