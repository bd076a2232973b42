"""From the syntax tree of an expression to nodes.

Python's parser is used, Python's evaluation never: each kind of syntax that has a meaning here has its line in
``_RULES``, everything else is refused. The tree is walked with a stack of its own, children first.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from reprlib import repr as shown
from types import MappingProxyType
from typing import Any, NamedTuple

from hwcheck.errors import did_you_mean
from hwcheck.graph.node import Node, Quantity
from hwcheck.graph.op import Misfit, Op, Steps
from hwcheck.language.printer import to_text
from hwcheck.language.source import Source
from hwcheck.language.values import MOST_AXES, Nodes, Value, apply, as_tensor, check_index, is_number, static

__all__ = ["Scope", "build"]

# Libraries that students and teachers put before a function's name, and their parts: np.exp is exp.
LIBRARIES = frozenset({"np", "numpy", "torch", "F", "nn", "tf", "math", "jnp"})
LIBRARY_PARTS = frozenset({"nn", "functional", "linalg", "special", "math"})
CONSTANTS: Mapping[str, float] = {"inf": math.inf}


class Scope(NamedTuple):
    """What an expression may refer to.

    ``names`` are quantities and sizes, ``ops`` the functions, ``forms`` those functions that need the network itself
    (``grad``); ``absent`` may say why a name is not there. ``families`` are names that stand only with an index: for
    ``h`` the members that a bare ``h`` lists, such as h[1], h[2], which are among ``names``. ``step`` names the inner
    steps where the whole expression is the call of a composite op.
    """

    names: Mapping[str, Node | float]
    ops: Mapping[str, Op]
    forms: Mapping[str, Callable[..., Node]] = MappingProxyType({})
    absent: Callable[[str], str | None] = lambda name: None  # noqa: ARG005
    families: Mapping[str, Sequence[str]] = MappingProxyType({})
    step: Steps | None = None


def build(source: Source, scope: Scope) -> Node:
    """The node that an expression stands for. Raises InputError with the place in the text."""
    return _Builder(source, scope).run(source.parse())


class _Builder:
    """One expression on its way: the values of the parts that are done, by their syntax node."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source = source
        self.scope = scope
        self.values: dict[ast.AST, Value] = {}
        self.truths: set[Node] = set()  # nodes of zeros and ones

    def run(self, tree: ast.expr) -> Node:
        self.whole = tree
        waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
        parts = 0
        while waiting:
            part, ready = waiting.pop()
            if ready:
                self.values[part] = self._value(part)
                continue
            parts += 1
            if parts > self.source.complexity.parts:
                rule = f"the expression has more than {self.source.complexity.parts:,} parts; break it into several"
                raise self.source.fault(self.source.column(part), rule)
            waiting.append((part, True))
            waiting.extend((child, False) for child in reversed(self._children(part)))
        node: Node = self._told(tree, lambda: as_tensor(self.values[tree]))
        return node

    def _children(self, part: ast.AST) -> list[ast.expr]:
        """The parts whose values are needed; syntax without a meaning is refused before its parts are looked at."""
        if isinstance(part, (ast.Name, ast.Constant)):
            return []
        if type(part) not in _RULES:
            raise self.source.fault(self.source.column(part), f"{_kind(part)} has no meaning here")
        if isinstance(part, ast.Call):
            owner = [part.func.value] if isinstance(part.func, ast.Attribute) else []
            owner = [value for value in owner if not self._is_library(value)]
            return [*owner, *part.args, *(keyword.value for keyword in part.keywords)]
        if isinstance(part, ast.Attribute) and self._is_library(part.value):
            return []
        if isinstance(part, ast.BinOp) and self._is_transposed(part):
            return [part.left]
        if isinstance(part, ast.Subscript) and self._is_family(part.value):
            return [part.slice]
        return [child for child in ast.iter_child_nodes(part) if isinstance(child, ast.expr)]

    def _value(self, part: ast.AST) -> Value:
        value = self._told(part, lambda: _RULES[type(part)](self, part))
        if isinstance(value, Node):
            self._check_size(part, value)
        return value

    def _check_size(self, part: ast.AST, node: Node) -> None:
        most, axes = self.source.complexity.entries, len(node.shape)
        if node.size > most:
            entries = f"{node.size:,}" if node.size < 10**15 else "far more"
            rule = f"this would have {entries} entries; at most {most:,} are allowed"
            raise self.source.fault(self.source.column(part), rule)
        if axes > MOST_AXES:
            rule = f"this would have {axes} axes; at most {MOST_AXES} are allowed"
            raise self.source.fault(self.source.column(part), rule)

    def _told(self, part: ast.AST, work: Callable[[], Value]) -> Value:
        """Do something and tell what does not fit with its place."""
        try:
            return work()
        except Misfit as misfit:
            raise self.source.fault(self.source.column(part), misfit.told(_spell)) from misfit

    def _is_library(self, part: ast.AST) -> bool:
        """Whether what stands before a dot is a library, such as np or torch.nn.functional, and no quantity."""
        while isinstance(part, ast.Attribute) and part.attr in LIBRARY_PARTS:
            part = part.value
        return isinstance(part, ast.Name) and part.id in LIBRARIES and part.id not in self.scope.names

    def _is_family(self, part: ast.AST) -> bool:
        """Whether a name stands for one quantity with each index: h in h[t]."""
        return isinstance(part, ast.Name) and part.id in self.scope.families

    def _is_transposed(self, part: ast.BinOp) -> bool:
        """Whether this is W^T, which is W.T where no T is defined."""
        power, exponent = isinstance(part.op, ast.Pow), part.right
        return power and isinstance(exponent, ast.Name) and exponent.id == "T" and "T" not in self.scope.names

    def of(self, part: ast.AST) -> Value:
        """The value of a part that is done."""
        return self.values[part]

    def name(self, part: ast.Name) -> Value:
        known = self.scope.names.get(part.id, CONSTANTS.get(part.id))
        if known is not None:
            return known
        if part.id in self.scope.families:
            return Nodes(self._member(name) for name in self.scope.families[part.id])
        why = self.scope.absent(part.id)
        if why is None and part.id in self.scope.ops:
            why = f"{part.id!r} is an op: it needs arguments, {part.id}(...)"
        raise Misfit(why or f"there is no quantity {shown(part.id)}{_foreign(part.id, self.scope.names)}")

    def constant(self, part: ast.Constant) -> Value:
        value = part.value
        if isinstance(value, (bool, str)) or value is None:
            return value
        if isinstance(value, (int, float)):
            return float(value)
        raise Misfit(f"{_kind(part)} has no meaning here")

    def binary(self, part: ast.BinOp) -> Value:
        if self._is_transposed(part):
            return self._transpose(self.of(part.left))
        symbol, compute = _BINARY.get(type(part.op), ("", None))
        if not symbol:
            raise Misfit(f"{type(part.op).__name__} syntax has no meaning here: compare with < or >, multiply with *")
        a, b = self.of(part.left), self.of(part.right)
        if is_number(a) and is_number(b) and compute is not None:
            return static(compute, a, b)
        if symbol not in self.scope.ops:
            raise Misfit(f"{symbol} is for sizes only, not for arrays")
        return self.scope.ops[symbol](as_tensor(a), as_tensor(b))

    def unary(self, part: ast.UnaryOp) -> Value:
        value = self.of(part.operand)
        if isinstance(part.op, ast.UAdd):
            return value
        if isinstance(part.op, ast.Not):
            return float(not value) if is_number(value) else self._truth("==", as_tensor(value), 0.0)
        return -value if is_number(value) else self.scope.ops["neg"](as_tensor(value))

    def compare(self, part: ast.Compare) -> Value:
        if len(part.ops) > 1:
            raise Misfit("compare two things at a time: write (a < b) * (b < c) for a < b < c")
        symbol, compute = _COMPARISONS.get(type(part.ops[0]), ("", operator.eq))
        if not symbol:
            raise Misfit("'in' and 'is' have no meaning here: compare numbers with < <= == != >= >")
        a, b = self.of(part.left), self.of(part.comparators[0])
        if is_number(a) and is_number(b):
            return static(compute, a, b)
        return self._truth(symbol, as_tensor(a), as_tensor(b))

    def boolean(self, part: ast.BoolOp) -> Value:
        """``and`` of truth values is the smaller one, ``or`` the larger one."""
        values = [self.of(value) for value in part.values]
        both = isinstance(part.op, ast.And)
        if all(map(is_number, values)):
            return float(all(values) if both else any(values))
        result, *others = [self._as_truth(as_tensor(value)) for value in values]
        for further in others:
            result = self._truth("minimum" if both else "maximum", result, further)
        return result

    def _as_truth(self, node: Node) -> Node:
        return node if node in self.truths else self._truth("!=", node, 0.0)

    def _truth(self, op: str, a: Node, b: Node | float) -> Node:
        node = self.scope.ops[op](a, b)
        self.truths.add(node)
        return node

    def choice(self, part: ast.IfExp) -> Value:
        condition = self.of(part.test)
        if is_number(condition):
            return self.of(part.body if condition else part.orelse)
        return self.scope.ops["where"](*(as_tensor(self.of(value)) for value in (part.test, part.body, part.orelse)))

    def sequence(self, part: ast.List | ast.Tuple) -> Value:
        items = [self.of(item) for item in part.elts]
        if isinstance(part, ast.Tuple):
            return tuple(items)
        return Nodes(items) if any(isinstance(item, (Node, Nodes)) for item in items) else items

    def slice(self, part: ast.Slice) -> Value:
        return slice(*(None if bound is None else self.of(bound) for bound in (part.lower, part.upper, part.step)))

    def _member(self, name: str) -> Value:
        """One quantity of a family, such as h[2]."""
        known = self.scope.names.get(name)
        if known is not None:
            return known
        family = name.partition("[")[0]
        others = [other for other in self.scope.names if other.startswith(f"{family}[") and other.endswith("]")]
        why = self.scope.absent(name)
        listed = ", ".join(others[:8]) + (", ..." if len(others) > 8 else "")
        raise Misfit(why or f"there is no {name} here; there is {listed or 'none of that name yet'}")

    def _member_at(self, family: str, index: Value) -> Value:
        items = index if isinstance(index, tuple) else (index,)
        if not all(is_number(item) and item.is_integer() for item in items):
            rule = "stands for one quantity with each index: its index must be whole numbers that are known"
            raise Misfit(f"{family} {rule}, as in {family}[t-1]")
        return self._member(f"{family}[{','.join(str(int(item)) for item in items)}]")

    def subscript(self, part: ast.Subscript) -> Value:
        if isinstance(part.value, ast.Name) and part.value.id in self.scope.families:
            return self._member_at(part.value.id, self.of(part.slice))
        value, index = self.of(part.value), self.of(part.slice)
        if is_number(value):
            raise Misfit("a number has no entries; put brackets around all that the index is for")
        items = index if isinstance(index, tuple) else (index,)
        if any(isinstance(item, (Node, list)) for item in items):
            if any(isinstance(item, slice) for item in items):
                raise Misfit("a slice cannot stand beside an index that is computed: write h[j][:, 0]")
            return self.scope.ops["pick"](as_tensor(value), [as_tensor(item) for item in items])
        check_index(items)
        try:
            return self.scope.ops["[]"](as_tensor(value), index=index)
        except Misfit as misfit:
            misfit.message = misfit.message.replace("index of getitem", "the index", 1)
            raise

    def attribute(self, part: ast.Attribute) -> Value:
        if self._is_library(part.value):
            if part.attr in CONSTANTS:
                return CONSTANTS[part.attr]
            raise Misfit(f".{shown(part.attr)[1:-1]} of a library has no meaning here; only its functions have")
        owner = self.of(part.value)
        if isinstance(owner, Quantity) and f"{owner.name}.{part.attr}" in self.scope.names:
            return self.scope.names[f"{owner.name}.{part.attr}"]
        if part.attr in self.scope.ops:
            raise Misfit(f".{part.attr} is an op: it needs brackets, .{part.attr}()")
        if part.attr != "T":
            raise Misfit(self._no_step(owner, part.attr))
        return self._transpose(owner)

    def _no_step(self, owner: Value, word: str) -> str:
        """Why what stands behind a dot has no meaning."""
        name = owner.name if isinstance(owner, Quantity) else ""
        steps = [known.removeprefix(f"{name}.") for known in self.scope.names if known.startswith(f"{name}.")]
        if name and steps:
            guess = did_you_mean(word, steps) or f"; it has {', '.join(steps)}"
            return f"{name} has no step {shown(word)}{guess}"
        rule = "only .T, the transpose, has" + (", and the steps of a layer that has a line to itself" if name else "")
        return f".{shown(word)[1:-1]} has no meaning here; {rule}"

    def _transpose(self, value: Value) -> Node:
        if is_number(value):
            raise Misfit("a number has no transpose; put brackets around all that is transposed: (x**2).T")
        return self.scope.ops[".T"](as_tensor(value))

    def call(self, part: ast.Call) -> Value:
        arguments = [self.of(argument) for argument in part.args]
        options = {str(keyword.arg): self.of(keyword.value) for keyword in part.keywords}
        if any(keyword.arg is None for keyword in part.keywords):
            raise Misfit("** has no meaning in a call")
        if len(options) < len(part.keywords):
            raise Misfit("an option is given twice")
        if isinstance(part.func, ast.Attribute):
            name = part.func.attr
            if not self._is_library(part.func.value):
                arguments.insert(0, self._owner(part.func.value))
        elif isinstance(part.func, ast.Name):
            name = part.func.id
        else:
            raise Misfit("only a name can be called; for a product write * before the bracket")
        return self._called(name, arguments, options, self.scope.step if part is self.whole else None)

    def _owner(self, part: ast.expr) -> Value:
        """What a function is called on: x in x.sum()."""
        value = self.of(part)
        if is_number(value):
            raise Misfit("nothing can be called on a number; put brackets around all that is meant: (x**2).sum()")
        return value

    def _called(
        self, name: str, arguments: list[Value], options: Mapping[str, Value], step: Steps | None = None
    ) -> Node:
        form = self.scope.forms.get(name)
        if form is not None:
            return form(*map(as_tensor, arguments), **options)
        op = self.scope.ops.get(name)
        if op is not None:
            return apply(op, arguments, options, step)
        if name in self.scope.names:
            raise Misfit(f"{name!r} is a quantity, not a function: write {name} * (...) for a product")
        known = [*self.scope.ops, *self.scope.forms]
        raise Misfit(f"there is no op {shown(name)}{_foreign(name, known)}")


def _foreign(word: str, known: Collection[str]) -> str:
    """What may be wrong with a name that is not known: a letter that only looks right, or its spelling."""
    usual = re.compile("LATIN|GREEK|COMBINING|DIGIT|LOW LINE")
    foreign = [sign for sign in word if not usual.match(unicodedata.name(sign, "LATIN"))]
    letter = f"; its {foreign[0]!r} is a {unicodedata.name(foreign[0])}" if foreign else ""
    return letter + did_you_mean(word, known)


def _spell(node: Node) -> str:
    text = to_text(node)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(part: ast.AST) -> str:
    if isinstance(part, ast.Constant):
        return "'...'"
    words: Mapping[type, str] = {ast.NamedExpr: "':='", ast.Starred: "'*' before an argument"}
    return words.get(type(part), f"{type(part).__name__} syntax")


_BINARY: Mapping[type, tuple[str, Callable[[Any, Any], Any] | None]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("**", operator.pow),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.MatMult: ("@", None),
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
