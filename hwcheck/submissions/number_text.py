"""How a plain number is spelled: sign, digits, point or comma, power of ten, percent.

Nothing is computed here: a number comes back as its digits, so that its value and the digits that it is written with
are taken from one reading. What has two readings is unreadable, and the message names both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from hwcheck.errors import quoted
from hwcheck.limits import NUMBER

__all__ = ["Plain", "Unreadable", "bare_number", "cut", "plain_number"]


_MINUS = "-−–‐‑－﹣⁻"
_SIGNS: Mapping[str, str] = {**dict.fromkeys(_MINUS, "-"), "＋": "+", "⁺": "+"}
_THIN = "\u2009"  # stands for all blanks that part the thousands of one number
_CHARACTERS: Mapping[str, str] = {
    **_SIGNS, "．": ".", "，": ",", "٫": ".", "٬": _THIN, "％": "%", "٪": "%", "’": "'", "ʼ": "'",
    "\u202f": _THIN, "\u2007": _THIN, "\u2008": _THIN, "\u200a": _THIN, "\u2006": _THIN, "\u00a0": _THIN,
    "×": "×", "·": "×", "⋅": "×", "∙": "×", "•": "×", "✕": "×", "⨯": "×",
}  # fmt: skip
_RAISED: Mapping[str, str] = {**{sign: str(i) for i, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "⁻": "-", "⁺": "+"}
_COMMANDS = (("\\times", "×"), ("\\cdot", "×"), ("{,}", ","), ("\\,", _THIN), ("\\%", "%"), ("\\!", ""))
_MATHS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("**", "**"), ("`", "`"), ("{", "}"))
_FONTS = ("mathbf", "boldsymbol", "bm", "mathrm", "mathit", "text", "textbf", "underline", "boxed", "mathbf", "mathsf")
_BEHIND = ("\\,", "\\;", "\\:", "\\!", "\\ ", "~", "\\")
_STORED = tuple(f"{module}{kind}(" for module in ("np.", "numpy.", "") for kind in ("float64", "float32", "float16"))
_ABOUT = ("≈", "≃", "≅", "\\approx", "\\simeq", "~=", "~", "=")
_DIGITS = frozenset("0123456789")
_BODY = frozenset(f"0123456789.,_'{_THIN}")


class Unreadable(Exception):  # noqa: N818  a finding, not a failure
    """A cell is no number; the message says why, and ``offset`` how many characters into the cell."""

    def __init__(self, message: str, offset: int = 0) -> None:
        self.message = message
        self.offset = offset
        super().__init__(message)


class Plain(NamedTuple):
    """A number as it is written: the digits before and behind the point, and the power of ten they are taken times.

    ``note`` says how it was read where that is not as it stands.
    """

    negative: bool
    whole: str
    part: str
    power: int = 0
    note: str = ""

    @property
    def value(self) -> float:
        """The nearest float; infinite where there is none."""
        return float(f"{'-' * self.negative}{self.whole or '0'}.{self.part or '0'}e{self.power}")


def cut(text: str) -> str:
    """A cell for a message, cut where it is long."""
    return text if len(text) <= 40 else text[:37] + "..."


def bare_number(text: str) -> str:
    r"""A text without what only dresses it: ``$0.5$``, ``\mathbf{0.5}``, ``**0.5**``, ``0.5\,``, ``np.float64(0.5)``.

    The caller keeps it short: at most ``limits.NUMBER`` characters.
    """
    while True:
        before = text
        text = _undressed(text.strip())
        if text == before:
            return text


def _undressed(text: str) -> str:
    for opening, closing in _MATHS:
        inner = text[len(opening) : -len(closing)]
        wide = len(text) > len(opening) + len(closing) and text.startswith(opening) and text.endswith(closing)
        if wide and opening not in inner and closing not in inner:
            return inner
    for behind in _BEHIND:
        if text.endswith(behind) and len(text) > len(behind):
            return text[: -len(behind)]
    for opening in _STORED:
        if text.startswith(opening) and text.endswith(")") and "(" not in text[len(opening) :]:
            return text[len(opening) : -1]
    if text.startswith("\\") and text.endswith("}"):
        font, _, inner = text[1:-1].partition("{")
        if font in _FONTS and "{" not in inner and "}" not in inner:
            return inner
    return text


def plain_number(text: str) -> Plain | None:
    """The plain number that a text is, or None: where it is arithmetic, a word, or longer than ``limits.NUMBER``.

    Raises:
        Unreadable: it is a number in two ways, as ``1,234`` is.

    """
    if len(text) > NUMBER:
        return None
    bare = bare_number(text)
    spelled, foreign = _spelled(bare)
    spelled, open_end = _without_dots(spelled)
    about = next((sign for sign in _ABOUT if spelled.startswith(sign)), "")
    found = _Scan(bare, spelled[len(about) :].strip()).number()
    if found is None:
        return None
    if found.note or foreign or about or open_end:
        return found._replace(note=f"{cut(text.strip())} read as {_shown(found)}")
    return found


def _without_dots(text: str) -> tuple[str, bool]:
    """A decimal number without the dots that say that its digits go on: ``0.333...``."""
    for dots in ("...", "…", "\\ldots", "\\dots"):
        if text.endswith(dots):
            digits = text.removesuffix(dots)
            if "." in digits[:-1] and digits[-1] in _DIGITS:
                return digits, True
    return text, False


def _spelled(bare: str) -> tuple[str, bool]:
    """A text in the characters that the scan knows, and whether digits of another script stood in it."""
    for command, sign in _COMMANDS if "\\" in bare or "{" in bare else ():
        bare = bare.replace(command, sign)
    if bare.isascii():
        return bare, False
    signs: list[str] = []
    foreign, raised = False, False
    for sign in bare:
        if sign in _RAISED and (raised or signs[-2:] == ["1", "0"]):
            signs += [_RAISED[sign]] if raised else ["^", _RAISED[sign]]
            raised = True
            continue
        raised = False
        digit = unicodedata.decimal(sign, None) if not sign.isascii() else None
        if digit is not None:
            foreign = True
            signs.append(str(digit))
        else:
            signs.append(_CHARACTERS.get(sign, sign))
    return "".join(signs), foreign


def _shown(number: Plain) -> str:
    """A number for a note."""
    if number.power == -2 and number.note == "%":
        return f"{number.value:.15g}"
    point = f".{number.part}" if number.part else ""
    power = f"e{number.power}" if number.power else ""
    return cut(f"{'-' * number.negative}{number.whole or '0'}{point}{power}")


class _Scan:
    """One pass from left to right over a text that may be a plain number."""

    def __init__(self, written: str, text: str) -> None:
        self.written = written
        self.text = text
        self.place = 0

    def number(self) -> Plain | None:
        """The number, or None where the text is none. Raises Unreadable."""
        negative = self._sign()
        begin = self.place
        while self.text[self.place : self.place + 1] in _BODY and self.place < len(self.text):
            self.place += 1
        body = self.text[begin : self.place].rstrip(_THIN)
        if not any(sign in _DIGITS for sign in body):
            return None
        power = self._whole_number() if self._take("e", "E") else self._power_of_ten()
        if power is None or (percent := self._percent()) is None:
            return None
        if body[-1] == "," and (power or percent):
            return None
        digits = self._digits(body, bool(power))
        if digits is None:
            return None
        whole, part, note = digits
        exponent = int(power or "0") - 2 * percent
        return Plain(negative, whole, part, exponent, "%" if percent else note)

    def _sign(self) -> bool:
        sign = self.text[:1]
        if sign and sign in "+-":
            self.place = 1
            self._blanks()
        return sign == "-"

    def _blanks(self) -> None:
        while self.text[self.place : self.place + 1] in (" ", "\t", _THIN):
            self.place += 1

    def _take(self, *signs: str) -> str:
        """The first of some signs that stands here, which is then behind; nothing where none does."""
        for sign in signs:
            if self.text.startswith(sign, self.place):
                self.place += len(sign)
                return sign
        return ""

    def _whole_number(self) -> str | None:
        """A signed number of at most three digits; None where there is none."""
        sign = self._take("+", "-", "−")
        begin = self.place
        while self.text[self.place : self.place + 1] in _DIGITS and self.place < len(self.text):
            self.place += 1
        digits = self.text[begin : self.place]
        return f"{'-' if sign in ('-', '−') else ''}{digits}" if 0 < len(digits) <= 3 else None

    def _power_of_ten(self) -> str | None:
        """The power in ``x 10^(-3)``; nothing where there is no such thing."""
        if self.place == len(self.text):
            return ""
        begin = self.place
        self._blanks()
        times = self._take("×", "x", "X", "*")
        self._blanks()
        if not times or not self._take("10"):
            self.place = begin
            return ""
        self._blanks()
        if not self._take("^", "**"):
            self._refuse_lost_power(times)
            return None
        self._blanks()
        bracket = self._take("(", "{")
        self._blanks()
        power = self._whole_number()
        self._blanks()
        if bracket and not self._take({"(": ")", "{": "}"}[bracket]):
            return None
        return power

    def _refuse_lost_power(self, times: str) -> None:
        """Refuse ``1.2×10-3``, whose raised digits may have been lost on the way. With * it is arithmetic."""
        number, between = self.text[: self.place], self.text[self.place : self.place + 1]
        rest = self.text[self.place + 1 :]
        if times != "*" and between in ("-", "+") and rest and _DIGITS.issuperset(rest):
            shown = number.replace("×", "*").replace("x", "*").replace("X", "*")
            power = f"{number}^{between.replace('+', '')}{rest}"
            rule = f"{quoted(cut(self.written))} is {power}, or {shown} {between} {rest}: write a power with e or ^"
            raise Unreadable(rule)

    def _percent(self) -> bool | None:
        """Whether a percent sign is all that is left; None where something else is."""
        self._blanks()
        percent = bool(self._take("%"))
        self._blanks()
        return percent if self.place == len(self.text) else None

    def _digits(self, body: str, power: bool) -> tuple[str, str, str] | None:
        """The digits before and behind the point, and a note where signs between them were left out."""
        if body[-1] == "," or (body[-1] == "." and ("." in body[:-1] or "," in body[:-1])):
            inner = self._digits(body[:-1], power) if body[:-1] and body[-2] not in ".," else None
            return inner and (inner[0], inner[1], "end")
        points, commas = body.count("."), body.count(",")
        if not commas and points < 2:
            whole, _, part = body.partition(".")
            return _parted(whole, part)
        if commas == 1 and not points:
            return self._decimal_comma(body, power)
        last = max(body.rfind("."), body.rfind(","))
        if commas and not points:  # 1,234,567
            return _parted(body, "", ",")
        if body[last] == "." and points == 1:  # 1,234.5
            return _parted(body[:last], body[last + 1 :], ",")
        if body[last] == "," and commas == 1:  # 1.234,5
            return _parted(body[:last], body[last + 1 :], ".")
        return None

    def _decimal_comma(self, body: str, power: bool) -> tuple[str, str, str] | None:
        """The digits around one comma. Raises Unreadable where it may part thousands."""
        whole, _, part = body.partition(",")
        thousands = len(part) == 3 and 0 < len(whole) <= 3 and whole[0] != "0" and not power
        if thousands and _DIGITS.issuperset(whole + part):
            sign = "-" if self.text[0] == "-" else ""
            both = f"{sign}{whole}.{part} or {sign}{whole}{part}"
            raise Unreadable(f"{quoted(cut(self.written))} is {both}: write it with a point, or without the comma")
        found = _parted(whole, part)
        return found and (found[0], found[1], ",")


def _parted(whole: str, part: str, sign: str = "") -> tuple[str, str, str] | None:
    """Digits without the signs between thousands, and that there were some; None where they part no thousands.

    ``sign`` is the one that must stand there; without it, ``_``, ``'`` or a thin blank may. Thin blanks may also part
    the digits behind the point.
    """
    between = sign or next((mark for mark in ("_", "'", _THIN) if mark in whole), "")
    groups = whole.split(between) if between else [whole]
    sound = not between or (0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    if sign and groups[0][:1] == "0":
        return None
    behind = part.split(_THIN)
    sound &= all(len(group) == 3 for group in behind[:-1]) and (len(behind) == 1 or 0 < len(behind[-1]) <= 3)
    digits, decimals = "".join(groups), "".join(behind)
    if not sound or not _DIGITS.issuperset(digits + decimals):
        return None
    return digits, decimals, "parted" if between or len(behind) > 1 else ""
