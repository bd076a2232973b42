"""How numbers and arrays begin, in whatever format they stand: the patterns that several readers share."""

from __future__ import annotations

import re

__all__ = [
    "ARRAY",
    "CALL",
    "COLUMNS",
    "FACTOR",
    "FRACTIONS",
    "NUMBER",
    "NUMBER_START",
    "OPTIONS",
    "ROW",
    "SCALE",
    "SERIES",
    "WORDS",
    "WRAPPERS",
]

WRAPPERS = frozenset(
    {
        *("array", "asarray", "matrix", "mat", "Matrix", "tensor", "Tensor", "FloatTensor", "DoubleTensor"),
        *("Array", "DeviceArray", "Parameter", "Variable", "constant"),
    }
)
"""Names in front of a bracket that say no more than that here is an array."""

OPTIONS = frozenset(
    {"dtype", "grad_fn", "device", "requires_grad", "shape", "size", "layout", "names", "weak_type", "is_leaf"}
)
"""What a printer says beside the numbers of an array."""

FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
"""The signs that are a fraction each."""

NUMBER_START = r"[+\-−]?[.,]?[0-9]"
NUMBER = r"[+\-−]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+\-−]?[0-9]{1,4})?"
CALL = rf"(?:[A-Za-z_]\w{{0,40}}\.){{0,4}}(?:{'|'.join(sorted(WRAPPERS))})\("
"""``array(``, ``torch.tensor(``, ``tf.Tensor(``."""

ARRAY = rf"(?:{CALL}|[\[{{])"
"""What an array begins with that has brackets."""

WORDS = re.compile(
    rf"\b(?:{'|'.join(sorted(WRAPPERS | OPTIONS))}|np|numpy|torch|tf|jnp|float\d*|double|int\d*|cuda|cpu|True|False"
    r"|left|right|list)\b|<[^<>]{0,60}>"
)
"""The words that a printed array may have in it and that are no numbers of it."""

ROW = rf"{NUMBER_START}[0-9.,eE+\-−;|& \t]*"
"""A line of numbers, which may be parted by any of the usual signs."""

FACTOR = r"(?:[0-9.]{1,9}(?:[eE][+\-]?[0-9]{1,3})|10\^[({]?[+\-−]?[0-9]{1,3}[)}]?)"
SCALE = rf"{FACTOR}\s?[*×]"
"""The factor that MATLAB prints above a matrix: ``1.0e+03 *``."""

SERIES = r"(?:(?:Name|Length|Freq):[^\n]{0,200},\s)?dtype:\s\S{1,40}"
"""What pandas prints below a series."""

COLUMNS = r"Columns?\s[0-9]{1,6}(?:\s(?:through|and|to)\s[0-9]{1,6})?\s?:?"
"""What MATLAB and Octave print above a block of columns."""
