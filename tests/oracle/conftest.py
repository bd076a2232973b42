"""The tests of this folder need PyTorch: where it cannot be imported they are left out, and the summary says so."""

from __future__ import annotations

import importlib

import pytest


def _installed(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


TORCH = _installed("torch")
collect_ignore_glob = [] if TORCH else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not TORCH:
        terminalreporter.write_line("left out: comparison with PyTorch; install hwcheck[oracle]")
