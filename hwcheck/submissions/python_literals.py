"""What a Python file writes out, found in its syntax tree: runs in the helper process, and runs nothing of the file."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeGuard

from hwcheck.errors import InputError, Location, quoted
from hwcheck.limits import FAULTS, PYTHON
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.python_parts import SIGN, statements
from hwcheck.submissions.sent import values_to_json

__all__ = ["read"]

_ARRAYS = {
    *(
        "array",
        "asarray",
        "asanyarray",
        "matrix",
        "mat",
        "tensor",
        "Tensor",
        "FloatTensor",
        "DoubleTensor",
        "as_tensor",
    ),
    *("float64", "float32", "float", "constant", "Variable", "Parameter", "Matrix", "list", "tuple", "from_numpy"),
}
_SAME = {"tolist", "astype", "float", "double", "detach", "numpy", "item", "copy", "clone", "requires_grad_", "cpu"}
_FUNCTIONS = {"exp", "log", "ln", "log2", "log10", "sqrt", "abs", "sin", "cos", "tanh", "sigmoid", "relu", "sign"}
_LIBRARIES = {"np", "numpy", "math", "torch", "jnp", "jax", "sp", "sympy", "tf"}
_CONSTANTS = {"pi", "e", *_LIBRARIES}
_PREFIX = re.compile(r"\b(?:np|numpy|math|torch|jnp|sp|sympy|tf)\s*\.\s*(?=[A-Za-z])")
_BOOKS = {"answers", "answer", "solution", "solutions", "result", "results", "ans", "submission"}
_ARITHMETIC = (
    ast.Constant,
    ast.UnaryOp,
    ast.BinOp,
    ast.operator,
    ast.unaryop,
    ast.Call,
    ast.Name,
    ast.Attribute,
    ast.Load,
)
_RAW = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")(.*)\2\Z", re.DOTALL)
# A backslash and n before these letters begins a command of LaTeX, before all others a line.
_LINE_BREAK = re.compile(r"\\n(?!abla|u\b|u_|eq|ot\b|eg|i\b|orm|umber)")


class _Computed(Exception):  # noqa: N818  a finding, not a failure
    """A value is not written out; the message says what stands there."""


def read(data: bytes, file: str) -> dict[str, list[Any]]:
    """The answers (name, line, column, loose), the texts and the notes of a file, as JSON can hold them.

    ``values`` are what the answers hold (hwcheck/submissions/sent.py), ``broken`` its parts that are no Python
    (hwcheck/submissions/python_parts.py).

    Raises:
        InputError: nothing in it is Python, or it is too deep.

    """
    source = _Source(data.decode("utf-8"), file)
    _check_depth(source.text, file)
    found: dict[str, list[Any]] = {"answers": [], "values": [], "texts": [], "notes": [], "broken": []}
    body, broken = statements(source.text, file)
    for statement in body:
        for each in statement.body if _is_main(statement) else [statement]:
            _statement(each, source, found)
    found["values"] = values_to_json(found["values"])
    found["broken"] = [list(part) for part in broken]
    return found


def _is_main(statement: ast.stmt) -> TypeGuard[ast.If]:
    """Whether a statement is ``if __name__ == "__main__":``, whose body is the program's."""
    if not (isinstance(statement, ast.If) and isinstance(test := statement.test, ast.Compare)):
        return False
    return isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _check_depth(text: str, file: str) -> None:
    """Refuse what is nested deeper than a person writes, before Python's parser sees it. Raises InputError."""
    depth, line, open_quote = 0, 1, ""
    for found in SIGN.finditer(text):
        sign = found.group()
        if sign == "\n":
            line += 1
            open_quote = open_quote if len(open_quote) == 3 else ""
        elif sign[0] == "\\":
            line += sign == "\\\n"
        elif open_quote:
            open_quote = "" if sign == open_quote else open_quote
        elif sign[0] in "'\"":
            open_quote = sign
        elif sign in "([{":
            depth += 1
            if depth > PYTHON.depth:
                rule = f"brackets stand more than {PYTHON.depth} deep; check for brackets left open"
                raise InputError.at(Location(file, line), rule)
        elif sign in ")]}":
            depth -= 1


class _Source:
    """The text of a file, and the text of each part of its tree."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.nodes = 0
        self._inner: dict[int, list[int]] = {}  # of a line: where bytes stand that begin no character

    @cached_property
    def lines(self) -> list[bytes]:
        return [line.encode() for line in self.text.split("\n")]

    def place(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Line and column (from 1, in characters) of a node."""
        number, offset = node.lineno, node.col_offset
        if number not in self._inner:
            line = self.lines[number - 1]
            self._inner[number] = [] if line.isascii() else [i for i, byte in enumerate(line) if byte & 0xC0 == 0x80]
        return number, offset - bisect_left(self._inner[number], offset) + 1

    def location(self, node: ast.expr) -> Location:
        """The same as a place in the file."""
        return Location(self.file, *self.place(node))

    def segment(self, node: ast.expr) -> str:
        """The text of a node, as written."""
        last, end = (node.end_lineno or node.lineno) - 1, node.end_col_offset or 0
        first = node.lineno - 1
        if first == last:
            return self.lines[first][node.col_offset : end].decode(errors="replace")
        parts = [self.lines[first][node.col_offset :], *self.lines[first + 1 : last], self.lines[last][:end]]
        return b"\n".join(parts).decode(errors="replace")


def _statement(statement: ast.stmt, source: _Source, found: dict[str, list[Any]]) -> None:
    if isinstance(statement, ast.Expr):
        if isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
            found["texts"].append([_string(statement.value, source), *source.place(statement.value)])
        return
    if isinstance(statement, ast.FunctionDef) and isinstance(last := statement.body[-1], ast.Return) and last.value:
        for key, part in _entries(last.value) or ():  # a function that only gives the answers
            _answer(key, part, source, found, loose=True)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        if len(found["notes"]) < FAULTS:
            rule = f"{statement.target.id} is changed here, which is not read: Python files are never run"
            found["notes"].append([*source.place(statement.target), f"{rule}, write the numbers out"])
        return
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    else:
        return
    for target in targets:
        for name, part in _pairs(target, value, source):
            _assigned(name, target, part, source, found)


def _pairs(target: ast.expr, value: ast.expr, source: _Source) -> Iterator[tuple[str, ast.expr]]:
    """Each name that is assigned to, and its value: ``a, b = 1, 2`` has two."""
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for inner, part in zip(target.elts, value.elts, strict=True):
                if isinstance(inner, ast.Name):
                    yield inner.id, part
    elif isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        key = target.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            if target.value.id in _BOOKS:
                yield key.value, value
        elif re.fullmatch(r"[0-9 ,()]+", source.segment(key)):
            yield f"{target.value.id}[{source.segment(key)}]", value


def _assigned(name: str, target: ast.expr, value: ast.expr, source: _Source, found: dict[str, list[Any]]) -> None:
    """Note what is assigned to a name: one answer, or a dict of them."""
    entries = _entries(value) if name in _BOOKS else None
    if entries is not None:
        for key, part in entries:
            _answer(key, part, source, found, loose=False)
    elif isinstance(value, ast.Dict):
        rule = f"the dict {quoted(name)} is not read; call it answers, with the names of quantities as keys"
        found["notes"].append([*source.place(value), rule])
    else:
        _answer(name, value, source, found, loose=not isinstance(target, ast.Subscript))


def _entries(value: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """The entries of a dict that is written out, with braces or as ``dict(...)``."""
    if isinstance(value, ast.Dict):
        return [
            (key.value, part)
            for key, part in zip(value.keys, value.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        ]
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict" and not value.args:
        return [(word.arg, word.value) for word in value.keywords if word.arg]
    return None


def _answer(name: str, value: ast.expr, source: _Source, found: dict[str, list[Any]], *, loose: bool) -> None:
    try:
        found["values"].append(_value(value, source))
        found["answers"].append([name, *source.place(value), loose])
    except _Computed as computed:
        if len(found["notes"]) < FAULTS:
            rule = f"{name} is not read: {computed}; Python files are never run, write the numbers out"
            found["notes"].append([*source.place(value), rule])


def _value(node: ast.expr, source: _Source) -> Located:
    """A value that is written out. As deep as brackets nest. Raises _Computed."""
    source.nodes += 1
    if source.nodes > PYTHON.values:
        raise InputError.at(Location(source.file), f"the file holds more than {PYTHON.values:,} values")
    if isinstance(node, ast.List | ast.Tuple):
        return List(tuple([_value(item, source) for item in node.elts]), source.location(node))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Scalar(_string(node, source), source.location(node), quoted=True)
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in _SAME and not _is_library(called.value):
            return _value(called.value, source)
        if _called(node) in _ARRAYS and node.args:
            value = _value(node.args[0], source)
            if isinstance(value, Scalar) and value.quoted:  # np.matrix("1 2; 3 4") is no text
                return value._replace(text=f"[{value.text.strip('[] ')}]", quoted=False)
            return value
    _check_arithmetic(node)
    text = " ".join(_PREFIX.sub("", source.segment(node)).split())
    return Scalar(text, source.location(node))


def _called(node: ast.Call) -> str:
    """The last name of what is called."""
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _is_library(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _LIBRARIES


def _check_arithmetic(node: ast.expr) -> None:
    """Whether a value is a number or arithmetic of numbers: its text is then read as such. Raises _Computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return
    functions = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if part.keywords:
                raise _Computed("it would have to be computed")
            if _called(part) not in _FUNCTIONS:
                raise _Computed(f"{_called(part)[:40] or 'it'} would have to be computed")
            functions.add(part.func)
        elif isinstance(part, ast.Attribute):
            if not _is_library(part.value):
                raise _Computed("it would have to be computed")
        elif isinstance(part, ast.Name):
            if part not in functions and part.id not in _CONSTANTS:
                raise _Computed(f"it would have to be computed from {part.id[:40]}")
        elif isinstance(part, ast.Constant):
            if isinstance(part.value, str | bytes):
                raise _Computed("a text stands in its arithmetic")
        elif not isinstance(part, _ARITHMETIC):
            raise _Computed("it would have to be computed")


def _string(node: ast.expr, source: _Source) -> str:
    """The text of a string as it was meant: LaTeX's backslashes are often written in one that is not raw."""
    found = _RAW.match(source.segment(node))
    value = node.value if isinstance(node, ast.Constant) else ""
    if found is None or found[2] in found[3] or not isinstance(value, str):  # several strings one after the other
        return str(value)
    if "r" in found[1].lower() or "\\" not in found[3]:
        return found[3]
    return _LINE_BREAK.sub("\n", found[3])
