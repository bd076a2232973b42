"""How much code an op takes: ``python tests/benchmarks/op_sizes.py``.

Counted are the lines of an op's decorator and function, without its page, comments and blank lines; and of the
functions in its module that it uses, in the decorator or below, which several ops may share.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from hwcheck.graph.op import Op
from hwcheck.ops.catalogue import ops


def code_lines(node: ast.AST) -> set[int]:
    """The lines of a piece of code that are no docstring."""
    lines: set[int] = set()
    for part in ast.walk(node):
        if isinstance(part, (ast.expr, ast.stmt, ast.arg)) and not _is_text(part):
            lines.update((part.lineno, part.end_lineno or part.lineno) if not _has_body(part) else (part.lineno,))
    return lines


def _is_text(part: ast.AST) -> bool:
    value = part.value if isinstance(part, ast.Expr) else part
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and "\n" in value.value


def _has_body(part: ast.AST) -> bool:
    return hasattr(part, "body")


def sizes(op: Op) -> tuple[int, int]:
    """The lines of an op alone, and with the functions of its module that it uses."""
    function = op.expand or op.value
    module = inspect.getmodule(function)
    assert function is not None
    assert module is not None
    tree = ast.parse(inspect.getsource(module))
    functions = {part.name: part for part in tree.body if isinstance(part, ast.FunctionDef)}
    line = inspect.unwrap(function).__code__.co_firstlineno
    own = next(part for part in functions.values() if _begin(part) <= line <= (part.end_lineno or 0))
    used = {own.name: own}
    waiting = [own]
    while waiting:
        for name in _names(waiting.pop()):
            if name in functions and name not in used and not _is_op(functions[name]):
                used[name] = functions[name]
                waiting.append(functions[name])
    return len(code_lines(own)), sum(len(code_lines(part)) for part in used.values())


def _begin(part: ast.FunctionDef) -> int:
    return min([part.lineno, *(decorator.lineno for decorator in part.decorator_list)])


def _is_op(part: ast.FunctionDef) -> bool:
    return any(isinstance(decorator, ast.Call) for decorator in part.decorator_list)


def _names(part: ast.AST) -> Iterator[str]:
    return (name.id for name in ast.walk(part) if isinstance(name, ast.Name))


def main() -> None:
    """The table."""
    found = {op.name: sizes(op) for op in {op.name: op for op in ops().values()}.values()}
    print(f"{len(found)} ops, under {len(ops())} names")
    for i, what in enumerate(("of an op alone", "with what it uses in its module")):
        ordered = sorted(found, key=lambda name: found[name][i])
        largest = ", ".join(f"{name} {found[name][i]}" for name in ordered[:-4:-1])
        print(f"lines {what}: median {median(size[i] for size in found.values()):g}; largest {largest}")


if __name__ == "__main__":
    main()
