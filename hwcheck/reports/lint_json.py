"""What lint found, as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hwcheck.errors import Fault
from hwcheck.lint import Finding, Lint
from hwcheck.reports.json import dump

__all__ = ["file_json", "lint_json"]


def file_json(path: str, found: Lint | None, findings: Sequence[Finding], faults: Iterable[Fault]) -> dict[str, Any]:
    """One file; ``found`` is None, and the numbers are null, where it could not be read as a problem."""
    return {
        "problem": found and found.problem.id,
        "file": path,
        "gradients": found and found.gradients,
        "entries": found and found.entries,
        "faults": [_fault(fault) for fault in faults],
        "findings": [_finding(finding) for finding in findings],
    }


def lint_json(files: Sequence[dict[str, Any]]) -> str:
    """All files, in one document."""
    return dump({"problems": list(files)})


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "quantity": finding.quantity,
        "kind": finding.kind,
        "message": finding.message,
        "advice": finding.advice,
        "misconception": finding.misconception,
        "steps": list(finding.steps or (finding.quantity,)),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    place = fault.location
    return {"file": place.file, "line": place.line, "column": place.column, "message": fault.message}
