"""The tests of this folder need other libraries: where one cannot be imported they are left out, and it is said."""

from __future__ import annotations

import importlib

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
    if MISSING:
        what = "comparison with PyTorch, JAX and the ONNX node tests"
        terminalreporter.write_line(f"left out: {what} ({', '.join(MISSING)} is not here); install hwcheck[oracle]")
