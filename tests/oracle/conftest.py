"""The tests of this folder need other libraries: where one cannot be imported they are left out, and it is said."""

from __future__ import annotations

import importlib
from collections import Counter

import pytest


def _installed(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


MISSING = [module for module in ("torch", "jax", "onnx") if not _installed(module)]
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    _tell_gradient_checks(terminalreporter)
    _tell_onnx_cases(terminalreporter)
    if MISSING:
        what = "comparison with PyTorch, JAX and the ONNX node tests"
        terminalreporter.write_line(f"left out: {what} ({', '.join(MISSING)} is not here); install hwcheck[oracle]")


def _tell_gradient_checks(terminalreporter: pytest.TerminalReporter) -> None:
    """How many gradients agreed with another library, of how many ops, and the worst difference."""
    checks = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for key, value in getattr(report, "user_properties", [])
        if key == "gradient check"
    ]
    for library in ("PyTorch", "JAX"):
        found = [(worst, what, count) for what, count, worst in checks if what.startswith(library)]
        if found:
            ops = {what for _, what, _ in found}
            count = sum(count for _, _, count in found)
            told = f"{count} gradients of {len(ops)} ops in {len(found)} samples agree with {library}"
            worst = ", ".join(f"{worst:.1e} ({what.split()[1]})" for worst, what, _ in sorted(found, reverse=True)[:3])
            terminalreporter.write_line(f"{told}; the largest differences: {worst}")


def _tell_onnx_cases(terminalreporter: pytest.TerminalReporter) -> None:
    """How many of ONNX's node tests passed, by operator; apart from them those that are an operator's definition."""
    passed = Counter(
        str(value)
        for report in terminalreporter.stats.get("passed", [])
        for key, value in getattr(report, "user_properties", [])
        if key == "onnx operator"
    )
    expanded = {name: number for name, number in passed.items() if name.endswith(" expanded")}
    single = {name: number for name, number in passed.items() if name not in expanded}
    for what, numbers in {"cases": single, "definitions": expanded}.items():
        if numbers:
            each = ", ".join(f"{name.removesuffix(' expanded')} {numbers[name]}" for name in sorted(numbers))
            terminalreporter.write_line(f"ONNX node tests, {sum(numbers.values())} {what} passed: {each}")
