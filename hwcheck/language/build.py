"""From the syntax tree of an expression to nodes.

Python's parser is used, Python's evaluation never: each kind of syntax that has a meaning here has its line in
``_RULES``, everything else is refused. The tree is walked with a stack of its own, children first.

While it is built, a value is a node or something *static*: a number, a list of numbers, a text, a slice. Sizes and
options must be static; a static number that meets a node becomes a constant.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from hwcheck.errors import did_you_mean
from hwcheck.graph.node import Array, Constant, Node
from hwcheck.graph.op import Misfit, Op
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.ops.assembly import stack

__all__ = ["Scope", "build"]

Value: TypeAlias = Any  # Node | float | bool | str | None | list | tuple | slice

# Libraries that students and teachers put before a function's name: np.exp is exp.
LIBRARIES = frozenset({"np", "numpy", "torch", "F", "nn", "tf", "math", "jnp"})


@dataclass(frozen=True)
class Scope:
    """What an expression may refer to.

    ``names`` are quantities and sizes, ``ops`` the functions, ``forms`` those functions that need the network itself
    (``grad``); ``absent`` may say why a name is not there.
    """

    names: Mapping[str, Node | float]
    ops: Mapping[str, Op]
    forms: Mapping[str, Callable[..., Node]] = field(default_factory=dict)
    absent: Callable[[str], str | None] = lambda name: None  # noqa: ARG005


def build(source: Source, scope: Scope) -> Node:
    """The node that an expression stands for. Raises InputError with the place in the text."""
    return _Builder(source, scope).run(source.parse())


class _Builder:
    """One expression on its way: the values of the parts that are done, by their syntax node."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source = source
        self.scope = scope
        self.values: dict[ast.AST, Value] = {}

    def run(self, tree: ast.expr) -> Node:
        stack: list[tuple[ast.AST, bool]] = [(tree, False)]
        parts = 0
        while stack:
            part, ready = stack.pop()
            if ready:
                self.values[part] = self._value(part)
                continue
            parts += 1
            if parts > self.source.complexity.parts:
                raise self.source.fault(0, f"the expression has more than {self.source.complexity.parts:,} parts")
            stack.append((part, True))
            stack.extend((child, False) for child in self._children(part))
        node: Node = self._told(tree, lambda: as_tensor(self.values[tree]))
        return node

    def _children(self, part: ast.AST) -> list[ast.AST]:
        """The parts whose values are needed; syntax without a meaning is refused before its parts are looked at."""
        if type(part) not in _RULES:
            raise self.source.fault(self.source.column(part), f"{_kind(part)} has no meaning here")
        if isinstance(part, ast.Call):
            owner = (
                [part.func.value] if isinstance(part.func, ast.Attribute) and not _is_library(part.func.value) else []
            )
            return [*owner, *part.args, *(keyword.value for keyword in part.keywords)]
        return [child for child in ast.iter_child_nodes(part) if isinstance(child, ast.expr)]

    def _value(self, part: ast.AST) -> Value:
        value = self._told(part, lambda: _RULES[type(part)](self, part))
        if isinstance(value, Node) and value.size > self.source.complexity.entries:
            most = self.source.complexity.entries
            raise self.source.fault(
                self.source.column(part), f"this would have {value.size:,} entries; at most {most:,} are allowed"
            )
        return value

    def _told(self, part: ast.AST, work: Callable[[], Value]) -> Value:
        """Do something and tell what does not fit with its place."""
        try:
            return work()
        except Misfit as misfit:
            raise self.source.fault(self.source.column(part), misfit.told(_spell)) from None

    def of(self, part: ast.AST) -> Value:
        """The value of a part that is done."""
        return self.values[part]

    def name(self, part: ast.Name) -> Value:
        known = self.scope.names.get(part.id)
        if known is not None:
            return known
        why = self.scope.absent(part.id)
        if why is None:
            guess = did_you_mean(part.id, self.scope.names)
            why = (
                f"{part.id!r} is an op: it needs arguments, {part.id}(...)"
                if part.id in self.scope.ops
                else (f"there is no quantity {part.id!r}{guess}")
            )
        raise Misfit(why)

    def constant(self, part: ast.Constant) -> Value:
        value = part.value
        if isinstance(value, (bool, str)) or value is None:
            return value
        if isinstance(value, (int, float)):
            try:
                return float(value)
            except OverflowError:
                raise Misfit(f"the number {ast.unparse(part)[:20]}... is too large") from None
        raise Misfit(f"{type(value).__name__} values such as {ast.unparse(part)[:20]} have no meaning here")

    def binary(self, part: ast.BinOp) -> Value:
        symbol, static = _BINARY[type(part.op)]
        a, b = self.of(part.left), self.of(part.right)
        if _is_number(a) and _is_number(b):
            return _static(static, a, b)
        if symbol is None:
            raise Misfit("// and % are for sizes only, not for arrays")
        return self.op(symbol)(as_tensor(a), as_tensor(b))

    def unary(self, part: ast.UnaryOp) -> Value:
        value = self.of(part.operand)
        if isinstance(part.op, ast.UAdd):
            return value
        if isinstance(part.op, ast.Not):
            return float(not value) if _is_number(value) else self.op("==")(as_tensor(value), 0.0)
        return -value if _is_number(value) else self.op("neg")(as_tensor(value))

    def compare(self, part: ast.Compare) -> Value:
        if len(part.ops) > 1:
            raise Misfit("compare two things at a time: write (a < b) * (b < c) for a < b < c")
        symbol, static = _COMPARISONS.get(type(part.ops[0]), ("", operator.eq))
        if not symbol:
            raise Misfit("'in' and 'is' have no meaning here: compare numbers with < <= == != >= >")
        a, b = self.of(part.left), self.of(part.comparators[0])
        if _is_number(a) and _is_number(b):
            return float(static(a, b))
        return self.op(symbol)(as_tensor(a), as_tensor(b))

    def boolean(self, part: ast.BoolOp) -> Value:
        """``and`` of truth values is the smaller one, ``or`` the larger one."""
        both = self.scope.ops["minimum" if isinstance(part.op, ast.And) else "maximum"]
        truth = [self.op("!=")(as_tensor(self.of(value)), 0.0) for value in part.values]
        result = truth[0]
        for further in truth[1:]:
            result = both(result, further)
        return result

    def choice(self, part: ast.IfExp) -> Value:
        condition = self.of(part.test)
        if _is_number(condition):
            return self.of(part.body if condition else part.orelse)
        return self.scope.ops["where"](
            as_tensor(condition), as_tensor(self.of(part.body)), as_tensor(self.of(part.orelse))
        )

    def sequence(self, part: ast.List | ast.Tuple) -> Value:
        items = [self.of(item) for item in part.elts]
        if isinstance(part, ast.Tuple):
            return tuple(items)
        if any(isinstance(item, Node) for item in items):
            return _Nodes(items)
        return items

    def slice(self, part: ast.Slice) -> Value:
        return slice(*(None if bound is None else self.of(bound) for bound in (part.lower, part.upper, part.step)))

    def subscript(self, part: ast.Subscript) -> Value:
        value, index = self.of(part.value), self.of(part.slice)
        items = index if isinstance(index, tuple) else (index,)
        if any(isinstance(item, Node) for item in items):
            return self.scope.ops["pick"](as_tensor(value), [as_tensor(item) for item in items])
        return self.op("[]")(as_tensor(value), index=index)

    def attribute(self, part: ast.Attribute) -> Value:
        if part.attr != "T":
            raise Misfit(f".{part.attr} has no meaning here; only .T, the transpose, has")
        return self.op(".T")(as_tensor(self.of(part.value)))

    def call(self, part: ast.Call) -> Value:
        arguments = [self.of(argument) for argument in part.args]
        if any(keyword.arg is None for keyword in part.keywords):
            raise Misfit("** has no meaning in a call")
        options = {str(keyword.arg): self.of(keyword.value) for keyword in part.keywords}
        if isinstance(part.func, ast.Attribute):
            name = part.func.attr
            if not _is_library(part.func.value):
                arguments.insert(0, self.of(part.func.value))
        elif isinstance(part.func, ast.Name):
            name = part.func.id
        else:
            raise Misfit("only a name can be called: put an operator between the brackets")
        function = self.scope.forms.get(name) or self.scope.ops.get(name)
        if function is None:
            if name in self.scope.names:
                raise Misfit(f"{name!r} is a quantity, not a function: write {name} * (...) for a product")
            raise Misfit(f"unknown op {name!r}{did_you_mean(name, [*self.scope.ops, *self.scope.forms])}")
        return function(*map(_argument, arguments), **{key: _argument(value) for key, value in options.items()})

    def op(self, symbol: str) -> Op:
        return self.scope.ops[symbol]


class _Nodes(list[Value]):
    """A list in which a node stands: a list of arrays to some ops, and everywhere else a stack of them."""


def as_tensor(value: Value) -> Node:
    """A node from a value where an array belongs."""
    if isinstance(value, Node):
        return value
    if isinstance(value, _Nodes):
        return stack([as_tensor(item) for item in value])
    if isinstance(value, bool) or not isinstance(value, (float, list)):
        raise Misfit(f"an array or a number belongs here, not {_plainly(value)}")
    return Constant(_array(value))


def _array(value: float | list[Value]) -> Array:
    """Nested lists of numbers as an array, refused where they are ragged."""
    if not isinstance(value, list):
        return np.asarray(value, dtype=np.float64)
    items = [as_tensor(item) for item in value]
    if not items:
        raise Misfit("an empty list has no numbers")
    for i, item in enumerate(items):
        if item.shape != items[0].shape:
            raise Misfit(f"the list is ragged: item 0 has shape {items[0].shape}, item {i} has shape {item.shape}")
    return np.stack([item.value for item in items if isinstance(item, Constant)])


def _argument(value: Value) -> Value:
    """An argument of a call: a list of nodes stays a list for ops that take one."""
    return [as_tensor(item) for item in value] if isinstance(value, _Nodes) else value


def _is_number(value: Value) -> bool:
    return isinstance(value, float)


def _is_library(part: ast.AST) -> bool:
    return isinstance(part, ast.Name) and part.id in LIBRARIES


def _static(compute: Callable[[float, float], Any], a: float, b: float) -> float:
    try:
        value = compute(a, b)
    except ZeroDivisionError:
        return float(np.divide(a, b)) if a else float("nan")
    except OverflowError:
        return float("inf")
    if isinstance(value, complex):
        return float("nan")
    return float(value)


def _spell(node: Node) -> str:
    text = to_text(node)
    return text if len(text) <= 60 else text[:57] + "..."


def _plainly(value: Value) -> str:
    names: Mapping[type, str] = {str: f"the text {value!r}", tuple: "a tuple (write a list, [a, b])", slice: "a slice"}
    return names.get(type(value), repr(value))


def _kind(part: ast.AST) -> str:
    words: Mapping[type, str] = {
        ast.Lambda: "lambda", ast.NamedExpr: "':='", ast.JoinedStr: "an f-string", ast.Dict: "a dictionary",
        ast.Starred: "'*' before an argument", ast.Set: "a set", ast.Await: "await", ast.ListComp: "'for' in a list",
        ast.GeneratorExp: "'for'",
    }  # fmt: skip
    return words.get(type(part), f"{type(part).__name__} syntax")


_BINARY: Mapping[type, tuple[str | None, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("**", operator.pow),
    ast.FloorDiv: (None, operator.floordiv),
    ast.Mod: (None, operator.mod),
    ast.MatMult: ("@", operator.mul),
}
_COMPARISONS: Mapping[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
}
_RULES: Mapping[type, Callable[[_Builder, Any], Value]] = {
    ast.Name: _Builder.name,
    ast.Constant: _Builder.constant,
    ast.BinOp: _Builder.binary,
    ast.UnaryOp: _Builder.unary,
    ast.Compare: _Builder.compare,
    ast.BoolOp: _Builder.boolean,
    ast.IfExp: _Builder.choice,
    ast.List: _Builder.sequence,
    ast.Tuple: _Builder.sequence,
    ast.Slice: _Builder.slice,
    ast.Subscript: _Builder.subscript,
    ast.Attribute: _Builder.attribute,
    ast.Call: _Builder.call,
}
