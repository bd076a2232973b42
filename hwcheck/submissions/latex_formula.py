r"""Formulas in LaTeX, put into the language of formulas: ``h (a \odot b)^T`` is ``outer(h, a * b)``.

Only what can be meant in one way is translated. Side by side stand a matrix (a capital letter) and what it multiplies,
a number and what it scales, or vectors entry by entry; side by side binds more tightly than a sign. Everything else
raises ``UntranslatableError``, and the formula stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hwcheck.language.latex_names import GREEK
from hwcheck.limits import FORMULA, LATEX_FORMULA
from hwcheck.submissions.latex_products import (
    MATRIX,
    ROW,
    SCALAR,
    VECTOR,
    Piece,
    UntranslatableError,
    divisor,
    joined,
    product,
    turned,
)
from hwcheck.submissions.latex_signs import signs_of

__all__ = ["UntranslatableError", "translated"]

FUNCTIONS: Mapping[str, str] = {
    "exp": "exp", "log": "log", "ln": "ln", "tanh": "tanh", "sqrt": "sqrt", "sign": "sign", "abs": "abs",
    "relu": "relu", "sigmoid": "sigmoid", "softmax": "softmax", "softplus": "softplus", "ReLU": "relu", "Relu": "relu",
    "RELU": "relu", "sgn": "sign", "Sigmoid": "sigmoid", "logistic": "sigmoid", "Softmax": "softmax",
}  # fmt: skip
CALLED = frozenset(
    {*FUNCTIONS, "outer", "sum", "mean", "diag", "maximum", "minimum", "max", "min", "where", "grad", "jacobian"}
)
_TIMES: Mapping[str, str] = {"*": "*", "\\odot": "*", "\\cdot": "·", "\\times": "·", "@": "@", "/": "/"}
_COMPARED = (">", "<", ">=", "<=", "==", "!=")
_ACCENTS: Mapping[str, str] = {
    "\\hat": "hat",
    "\\widehat": "hat",
    "\\tilde": "tilde",
    "\\bar": "bar",
    "\\overline": "bar",
    "\\dot": "dot",
}
_FONTS = frozenset(
    {
        "\\mathbf", "\\mathrm", "\\boldsymbol", "\\bm", "\\text", "\\operatorname", "\\mathit", "\\mathsf", "\\mathcal",
        "\\mathbb",
    }
)  # fmt: skip
_TURNED = re.compile(r"T|\\top|\\intercal|ᵀ")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def translated(latex: str) -> str:
    """A formula in the language of formulas. Raises UntranslatableError where it is not certain what is meant."""
    if len(latex) > FORMULA.characters:
        raise UntranslatableError("too long")
    return _Reader(signs_of(latex)).whole()


class _Reader:
    """Reads signs from left to right; nests as deep as a formula may."""

    def __init__(self, signs: Sequence[str]) -> None:
        # Space tells f (x) from f(x) only: it is remembered for the sign behind it.
        self.signs = [sign for sign in signs if sign != " "] + [""]
        self.at = 0
        self.depth = 0

    def whole(self) -> str:
        piece = self.comparison()
        if self.seen:
            raise UntranslatableError(f"{self.seen} does not belong here")
        return piece.text

    @property
    def seen(self) -> str:
        return self.signs[self.at]

    def take(self, *wanted: str) -> bool:
        if self.seen and self.seen in wanted:
            self.at += 1
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise UntranslatableError(f"{sign} is missing")

    def deeper(self) -> None:
        """Count one more thing inside another."""
        self.depth += 1
        if self.depth > LATEX_FORMULA.depth:
            raise UntranslatableError("too deep")

    def comparison(self) -> Piece:
        self.deeper()
        left = self.sum()
        if self.seen in _COMPARED:
            sign = self.seen
            self.at += 1
            left = Piece(f"{left.text} {sign} {self.sum().text}", left.kind, tight=False)
        self.depth -= 1
        return left

    def sum(self) -> Piece:
        minus = "-" if self.take("-") else ""
        if not minus:
            self.take("+")
        first = self.term()
        text, kinds = minus + first.text, {first.kind}
        tight = first.tight and not minus
        while self.seen in ("+", "-"):
            sign = self.seen
            self.at += 1
            further = self.term()
            text, tight = f"{text} {sign} {further.text}", False
            kinds.add(further.kind)
        if ROW in kinds and len(kinds - {SCALAR}) > 1:
            raise UntranslatableError("a row is added to a column")
        kind = next(kind for kind in (MATRIX, ROW, VECTOR, SCALAR) if kind in kinds)
        return Piece(text, kind, tight, first.bare if tight else "")

    def term(self) -> Piece:
        left = self.side_by_side()
        while self.seen in _TIMES:
            sign = _TIMES[self.seen]
            self.at += 1
            negative = self.take("-")
            right = self.side_by_side()
            if negative:
                right = Piece(f"(-{right.within})", right.kind)
            if sign == "/" and not right.tight:
                raise UntranslatableError("whether all that follows / is divided by")
            left = joined(left, sign, right)
        return left

    def side_by_side(self) -> Piece:
        factors = [self.factor()]
        while self._begins_factor():
            factors.append(self.factor())
        result = factors[-1]
        for factor in reversed(factors[:-1]):
            result = product(factor, result)
        return result

    def _begins_factor(self) -> bool:
        seen = self.seen
        if not seen or seen in "+-*/@^_',)]}" or seen in _TIMES or seen in _COMPARED:
            return False
        return seen != "ᵀ"

    def factor(self) -> Piece:
        piece = self.base()
        while True:
            if self.take("ᵀ"):
                piece = turned(piece)
            elif self.seen == "^":
                self.at += 1
                piece = self.power(piece)
            else:
                return piece

    def power(self, piece: Piece) -> Piece:
        exponent = self.script()
        if _TURNED.fullmatch(exponent):
            return turned(piece)
        if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", exponent) and piece.kind != MATRIX:
            return Piece(f"{piece.within}**{exponent}", piece.kind)
        raise UntranslatableError(f"the power {exponent}")

    def script(self) -> str:
        """What stands raised or lowered, as it is written."""
        if not self.take("{"):
            sign = self.seen
            if not sign or sign in _CLOSING.values():
                raise UntranslatableError("something is missing behind ^ or _")
            self.at += 1
            return sign
        parts = []
        depth = 1
        while self.seen:
            depth += (self.seen == "{") - (self.seen == "}")
            if not depth:
                break
            parts.append(self.seen)
            self.at += 1
        self.need("}")
        return "".join(parts)

    def base(self) -> Piece:
        """A number, a name, a function, or what stands in brackets."""
        self.deeper()
        piece = self.unraised()
        self.depth -= 1
        return piece

    def unraised(self) -> Piece:
        sign = self.seen
        if not sign:
            raise UntranslatableError("the formula ends too early")
        if sign in _CLOSING:
            self.at += 1
            inner = self.comparison()
            self.need(_CLOSING[sign])
            return inner if inner.tight and sign == "{" else Piece(f"({inner.text})", inner.kind)
        self.at += 1
        if sign[0].isdigit() or sign[0] == ".":
            return self.indicator() if sign == "1" and self.seen == "[" else Piece(sign, SCALAR)
        if sign == "\\frac":
            return self.fraction()
        if sign == "\\sqrt":
            return Piece(f"sqrt({self.group().text})", SCALAR)
        if sign in ("\\mathbb", "\\mathbf") and self.signs[self.at : self.at + 3] in (
            ["{", "1", "}"],
            ["{", "I", "}"],
        ):
            self.at += 3
            return self.indicator()
        if sign == "\\nabla":
            return self.gradient()
        if sign[0] == "\\" or sign[0].isalpha():
            return self.named(sign)
        raise UntranslatableError(f"{sign} does not belong here")

    def group(self) -> Piece:
        """A group in braces."""
        self.need("{")
        inner = self.comparison()
        self.need("}")
        return inner

    def indicator(self) -> Piece:
        """Behind a 1 that is a function: the condition, in brackets of any kind or lowered."""
        self.take("_")
        opening = self.seen
        if opening not in _CLOSING:
            raise UntranslatableError("a 1 without its condition")
        self.at += 1
        inner = self.comparison()
        self.need(_CLOSING[opening])
        if not any(sign in inner.text for sign in "<>="):
            raise UntranslatableError("a 1 without its condition")
        return Piece(f"({inner.text})", inner.kind)

    def fraction(self) -> Piece:
        if self.signs[self.at + 1 : self.at + 2] == ["\\partial"]:
            self.need("{")
            self.need("\\partial")
            above = self.name_of(self.seen_and_gone())
            self.need("}")
            self.need("{")
            self.need("\\partial")
            below = self.name_of(self.seen_and_gone())
            self.need("}")
            if above.bare not in ("L", "J", "E", "ell", "loss", "Loss", "C"):
                raise UntranslatableError(f"the derivative of {above.bare}, which is not the loss")
            return Piece(f"grad({below.text})", below.kind)
        above, below = self.group(), self.group()
        if MATRIX in (above.kind, below.kind) or ROW in (above.kind, below.kind):
            raise UntranslatableError("a matrix in a fraction")
        return Piece(f"({above.within} / {divisor(below)})", VECTOR if VECTOR in (above.kind, below.kind) else SCALAR)

    def seen_and_gone(self) -> str:
        sign = self.seen
        if not sign:
            raise UntranslatableError("the formula ends too early")
        self.at += 1
        return sign

    def gradient(self) -> Piece:
        if self.take("_"):
            if self.take("{"):
                of = self.name_of(self.seen_and_gone())
                self.need("}")
            else:
                of = self.name_of(self.seen_and_gone())
            self.take("L", "J", "\\ell", "E")
        else:
            of = self.name_of(self.seen_and_gone())
        return Piece(f"grad({of.text})", of.kind)

    def named(self, sign: str) -> Piece:
        """A function with its argument, or a quantity."""
        word = self.word(sign)
        function = FUNCTIONS.get(word) or ("sigmoid" if word == "sigma" else None)
        if word == "e" and self.take("^"):
            exponent = self.group() if self.seen == "{" else self.base()
            return Piece(f"exp({exponent.text})", exponent.kind)
        if function or (word in CALLED and self.seen == "("):
            return self.call(function or {"max": "maximum", "min": "minimum"}.get(word, word))
        return self.quantity(word)

    def call(self, function: str) -> Piece:
        slope = self.take("'")
        if self.seen in ("^", "_"):
            raise UntranslatableError(f"{function} with an index or a power")
        if self.seen not in ("(", "{", "["):
            argument = self.factor()
            if self._begins_factor():
                raise UntranslatableError(f"where the argument of {function} ends")
            arguments = [argument]
        else:
            closing = _CLOSING[self.seen_and_gone()]
            arguments = [self.comparison()]
            while self.take(","):
                arguments.append(self.comparison())
            self.need(closing)
        inner = ", ".join(argument.text for argument in arguments)
        kind = (
            MATRIX if function == "outer" else SCALAR if function in ("sum", "mean") else max(a.kind for a in arguments)
        )
        kind = arguments[-1].kind if len(arguments) > 1 and function != "outer" else kind
        if not slope:
            return Piece(f"{function}({inner})", kind)
        slopes = {
            "sigmoid": f"(sigmoid({inner}) * (1 - sigmoid({inner})))",
            "relu": f"(({inner}) > 0)",
            "tanh": f"(1 - tanh({inner})**2)",
        }
        if function not in slopes:
            raise UntranslatableError(f"the derivative of {function}")
        return Piece(slopes[function], kind)

    def word(self, sign: str) -> str:
        """The letters of a name, its accent behind them."""
        if sign in _ACCENTS:
            return self._braced() + _ACCENTS[sign]
        if sign in _FONTS:
            return self._braced()
        if sign[0] == "\\":
            if sign[1:] in GREEK or sign[1:] in FUNCTIONS or sign[1:] in ("max", "min", "ell"):
                return sign[1:]
            raise UntranslatableError(f"{sign} has no translation")
        return sign

    def _braced(self) -> str:
        self.deeper()
        braced = self.take("{")
        word = self.word(self.seen_and_gone())
        if braced:
            self.need("}")
        self.depth -= 1
        return word

    def name_of(self, sign: str) -> Piece:
        """A quantity, which no function is."""
        if not sign or not (sign[0].isalpha() or sign[0] == "\\"):
            raise UntranslatableError("the name of a quantity is missing")
        return self.quantity(self.word(sign))

    def quantity(self, word: str) -> Piece:
        """A name with its number, its primes and its indices."""
        name, indices = word, ""
        while True:
            if self.take("'"):
                name += "_prime"
            elif self.seen == "_":
                self.at += 1
                name, indices = _lowered(name, self.script(), indices)
            elif self.seen == "^" and (
                layer := re.fullmatch(r"\^\{[(\[]([0-9]+)[)\]]\}", "".join(self.signs[self.at : self.at + 6]))
            ):
                self.at += 6
                name += layer[1]
            elif self.seen == "[" and (
                index := re.match(r"\[([ijk0-9](?:,[ijk0-9])?)\]", "".join(self.signs[self.at : self.at + 5]))
            ):
                self.at += 2 + len(index[1])
                indices = f"[{index[1].replace(',', ', ')}]"
            elif re.fullmatch(r"[0-9]+", self.seen) and not indices and name == word and len(self.seen) < 3:
                name += self.seen_and_gone()
            else:
                break
        kind = SCALAR if indices else MATRIX if word[0].isupper() else VECTOR
        if self.seen == "(" and "".join(self.signs[self.at + 2 : self.at + 3]) == ")":
            raise UntranslatableError(f"whether {name}(...) is a product")
        return Piece(name + indices, kind, bare=name)


def _lowered(name: str, script: str, indices: str) -> tuple[str, str]:
    """A name with what stands lowered behind it: a number or a word of the name, or the indices i, j, k."""
    script = re.sub(r"\\(?:text|mathrm)|[{}]", "", script)
    if re.fullmatch(r"[ijk](?:,?[ijk])?", script) and not indices:
        return name, f"[{', '.join(script.replace(',', ''))}]"
    if re.fullmatch(r"[0-9]{1,3}", script):
        return name + script, indices
    if re.fullmatch(r"[^\W\d_]{1,20}", script):
        return f"{name}_{script}", indices
    raise UntranslatableError(f"the index {script}")
