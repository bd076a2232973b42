"""The program, for every test of the command line."""

from __future__ import annotations

import pytest

from tests.support.program import ROOT, Program


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """hwcheck, run in this process in the checkout's folder."""
    monkeypatch.chdir(ROOT)
    return Program(capsys)
