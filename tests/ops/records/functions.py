"""The records of further elementary functions, circular and hyperbolic ones among them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tests.ops.records.basic import ELEMENTWISE, unary
from tests.support.op_records import Record, kink

RECORDS: Mapping[str, Record] = {
    "log1p": unary(lambda T, x: T.log1p(x), between=(-0.6, 2.5)),
    "expm1": unary(lambda T, x: T.expm1(x)),
    "square": unary(lambda T, x: T.square(x)),
    "reciprocal": unary(lambda T, x: T.reciprocal(x), between=(0.5, 2.5)),
    "detach": Record(
        # No sample moves x: its derivative is no property of the value.
        samples=(kink([[1.5, -2.0, 0.5]], fixed=[0]), kink(0.5, fixed=[0])),
        bad=ELEMENTWISE["exp"].bad,
        torch=lambda _, x: x.detach(),
        kinks=(kink([1.5, -2.0, 0.0]),),
    ),
    "tan": unary(lambda T, x: T.tan(x), between=(-1.2, 1.2)),
    "arcsin": unary(lambda T, x: T.arcsin(x), between=(-0.9, 0.9)),
    "arccos": unary(lambda T, x: T.arccos(x), between=(-0.9, 0.9)),
    "arctan": unary(lambda T, x: T.arctan(x)),
    "sinh": unary(lambda T, x: T.sinh(x)),
    "cosh": unary(lambda T, x: T.cosh(x)),
    "arcsinh": unary(lambda T, x: T.arcsinh(x)),
    "arccosh": unary(lambda T, x: T.arccosh(x), between=(1.3, 3.0)),
    "arctanh": unary(lambda T, x: T.arctanh(x), between=(-0.8, 0.8)),
    "isnan": unary(lambda T, x: T.isnan(x).double())._replace(kinks=(kink([math.nan, math.inf, -math.inf, 0.0]),)),
    "isinf": unary(lambda T, x: T.isinf(x).double())._replace(kinks=(kink([math.nan, math.inf, -math.inf, 0.0]),)),
}
