"""What lint found, as lines of text: errors with their file, what the numbers cannot show below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hwcheck.lint import Finding, Lint
from hwcheck.reports.blocks import line
from hwcheck.reports.escape import show
from hwcheck.reports.layout import fold

__all__ = ["WIDTH", "lint_text"]

WIDTH = 80
LONGEST = 1000
MOST_NAMES = 4  # of misconceptions or steps in one line; with verbose all are named
MOST_ALIKE = 6  # lines about misconceptions that cannot be told apart
INDENT = "  "


def lint_text(path: str, found: Lint, further: Sequence[Finding], *, sound: bool, verbose: bool = False) -> str:
    """The report on one file; ``further`` are findings beyond its soundness, of which notes are for ``verbose``."""
    lines = [show(f"{path}: {finding.quantity}: {finding.message}", LONGEST) for finding in found.findings]
    if sound:
        count = len(found.problem.questions)
        checked = f"{found.gradients} gradients ({found.entries} entries) agree with central differences"
        lines.append(show(f"{path}: sound; {count} question{'s' * (count != 1)}, {checked}", LONGEST))
    for text in _texts(further, verbose):
        lines += _folded(text)
    return "".join(f"{text}\n" for text in lines)


def _texts(findings: Sequence[Finding], verbose: bool) -> Iterator[str]:
    """One text for all findings with the same reason, the severest first."""
    told = [finding for finding in findings if finding.severity != "note"]
    told.sort(key=lambda finding: ("error", "warning").index(finding.severity))
    yield from _grouped(told, verbose)
    if verbose:
        notes = [finding for finding in findings if finding.severity == "note"]
        yield from _grouped([finding for finding in notes if finding.kind != "alike"], verbose)
        alike = [finding for finding in notes if finding.kind == "alike"]
        for finding in alike[:MOST_ALIKE]:
            yield f"note: {_named(finding.steps, verbose)}: {finding.message}"
        if len(alike) > MOST_ALIKE:
            yield f"note: {len(alike) - MOST_ALIKE} more such groups, all in --format json"


def _grouped(findings: Iterable[Finding], verbose: bool) -> Iterator[str]:
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        own = "" if finding.misconception else finding.quantity
        groups.setdefault((finding.severity, finding.message, finding.advice, own), []).append(finding)
    for (severity, message, advice, _), group in groups.items():
        what = _mistakes(group, verbose) if group[0].misconception else _named(_steps(group[0]), verbose)
        yield f"{severity}: {what}: {message}" + (f"; {advice}" if advice else "")


def _mistakes(group: Sequence[Finding], verbose: bool) -> str:
    """``cannot show bias-left-out in h0, h1``, with all misconceptions that hide in the same steps together."""
    by_steps: dict[tuple[str, ...], list[str]] = {}
    for finding in group:
        by_steps.setdefault(_steps(finding), []).append(finding.misconception or "")
    told = [f"{_named(names, verbose)} in {_named(steps, verbose)}" for steps, names in by_steps.items()]
    return "cannot show " + "; ".join(told)


def _steps(finding: Finding) -> tuple[str, ...]:
    return finding.steps or (finding.quantity,)


def _named(names: Sequence[str], verbose: bool) -> str:
    if verbose or len(names) <= MOST_NAMES + 1:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def _folded(text: str) -> Iterator[str]:
    """A text over lines of ``WIDTH``, set in below the file's."""
    for number, part in enumerate(fold(line(show(text, LONGEST)), WIDTH - 2 * len(INDENT), indent="")):
        yield INDENT * (1 if number == 0 else 2) + "".join(span.text for span in part)
