"""One set of answers, written down in the ways in which students write.

Each is a function from names and arrays to a document.

A value is a number as text, or nested lists of such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | Sequence[Value]"
Style: TypeAlias = Callable[[Mapping[str, Value]], str]

IN_LATEX = {
    "h0": "h_0", "C1": "C_{1}", "H2": "H_2", "yhat": r"\hat{y}", "grad(yhat)": r"\frac{\partial L}{\partial \hat{y}}",
    "grad(W2)": r"\nabla_{W_2}", "grad(b1)": r"\nabla b_1", "grad(h0)": r"\frac{dL}{dh_0}",
}  # fmt: skip
IN_PLAIN = {"grad(yhat)": "dL/dyhat", "grad(W2)": "dW2", "grad(b1)": "b1.grad", "grad(h0)": "grad_h0"}


def depth(value: Value) -> int:
    return 0 if isinstance(value, str) else 1 + depth(value[0])


def listed(value: Value, between: str = ", ", around: str = "[]") -> str:
    if isinstance(value, str):
        return value
    return around[0] + between.join(listed(item, between, around) for item in value) + around[1]


def printed(value: Value, indent: int = 1) -> str:
    """As NumPy prints: no commas, a row a line, an empty line between blocks."""
    if isinstance(value, str):
        return value
    between = " " if depth(value) == 1 else "\n" * (depth(value) - 1) + " " * indent
    return "[" + between.join(printed(item, indent + 1) for item in value) + "]"


def typeset(value: Value, environment: str = "bmatrix", *, column: bool = True) -> str:
    if isinstance(value, str):
        return value
    if depth(value) > 2:
        return " ".join(typeset(item, environment) for item in value)
    rows = [[cell] for cell in value] if depth(value) == 1 and column else [value] if depth(value) == 1 else value
    body = r" \\ ".join(" & ".join(map(str, row)) for row in rows)
    columns = "{" + "c" * len(rows[0]) + "}" if environment == "array" else ""
    return rf"\begin{{{environment}}}{columns} {body} \end{{{environment}}}"


def latex(name: str) -> str:
    return IN_LATEX.get(name, name)


def plain(name: str) -> str:
    return IN_PLAIN.get(name, name)


def displayed(answers: Mapping[str, Value]) -> str:
    return "".join(f"Now we work on it.\n\n$${latex(n)} = {typeset(v)}$$\n\n" for n, v in answers.items())


def inline(answers: Mapping[str, Value]) -> str:
    return "".join(f"- Then ${latex(n)} = {typeset(v, 'pmatrix', column=False)}$.\n" for n, v in answers.items())


def aligned(answers: Mapping[str, Value]) -> str:
    rows = " \\\\\n".join(rf"{latex(n)} &= f(x) \\ &= {typeset(v, 'array')}" for n, v in answers.items())
    return f"# Forward\n\n$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$\n"


def fenced_math(answers: Mapping[str, Value]) -> str:
    return "".join(f"```math\n{latex(n)} = W x = {typeset(v)}\n```\n" for n, v in answers.items())


def misused_cases(answers: Mapping[str, Value]) -> str:
    return "".join(f"\\[ {latex(n)} = {typeset(v, 'cases')} \\]\n\n" for n, v in answers.items())


def numpy_output(answers: Mapping[str, Value]) -> str:
    lines = "\n".join(f"{plain(n)}:\n{printed(v)}" for n, v in answers.items())
    return f"The output of my program:\n\n```\n{lines}\n```\n"


def reprs(answers: Mapping[str, Value]) -> str:
    return "".join(
        f"{plain(n)} = {'array(' * (depth(v) > 0)}{listed(v)}{')' * (depth(v) > 0)}\n\n" for n, v in answers.items()
    )


def tensors(answers: Mapping[str, Value]) -> str:
    blocks = (
        f"### {plain(n)}\n\n```text\ntensor({listed(v)}, grad_fn=<MulBackward0>)\n```\n" for n, v in answers.items()
    )
    return "\n".join(blocks)


def bold_list(answers: Mapping[str, Value]) -> str:
    return "".join(f"* **{plain(n)}**: `{listed(v)}`\n" for n, v in answers.items())


def table(answers: Mapping[str, Value]) -> str:
    rows = "".join(f"| {plain(n)} | {listed(v, '; ' if depth(v) == 1 else ', ')} |\n" for n, v in answers.items())
    return f"| quantity | value |\n|:---|---:|\n{rows}"


def matlab(answers: Mapping[str, Value]) -> str:
    def row(value: Value) -> str:
        return " ".join(map(str, value))

    def written(value: Value) -> str:
        if depth(value) == 0 or depth(value) > 2:
            return listed(value)
        return f"[{row(value)}]" if depth(value) == 1 else "[" + "; ".join(map(row, value)) + "]"

    return "".join(f"{plain(n)} = {written(v)};\n" for n, v in answers.items())


def headed(answers: Mapping[str, Value]) -> str:
    return "".join(f"## ${latex(n)}$\n\n$${typeset(v)}$$\n\n" for n, v in answers.items())


def latex_document(answers: Mapping[str, Value]) -> str:
    body = "".join(
        f"\\begin{{equation}}\\label{{eq:{i}}}\n  {latex(n)} = {typeset(v)}  % worked twice\n\\end{{equation}}\n"
        for i, (n, v) in enumerate(answers.items())
    )
    head = "\\documentclass{article}\n\\newcommand{\\x}{h_0 = 7}\n"
    return f"{head}\\begin{{document}}\n\\section{{Answers}}\n{body}\\end{{document}}\n"


MARKDOWN: Mapping[str, Style] = {
    style.__name__: style
    for style in (
        displayed, inline, aligned, fenced_math, misused_cases, numpy_output, reprs, tensors,
        bold_list, table, matlab, headed,
    )
}  # fmt: skip
LATEX: Mapping[str, Style] = {style.__name__: style for style in (latex_document, displayed, inline, aligned)}
TEXT: Mapping[str, Style] = {style.__name__: style for style in (reprs, bold_list, matlab, numpy_output)}
