"""The corpus of submissions, as its manifest describes it, and whether a file did what is written there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.submissions.made import MADE
from tests.submissions.measured import Measured
from tests.support.program import FIXTURES

__all__ = ["CORPUS", "MEGABYTES", "SECONDS", "Entry", "entries", "files", "misses", "path_of"]

CORPUS = FIXTURES / "submissions"
SECONDS = 2.0  # of the processor: promise P4
MEGABYTES = 200.0


class Entry(NamedTuple):
    """What the manifest says of one file; its head says what each key means."""

    file: str
    what: str
    problem: str = "data-mining"
    hostile: bool = False
    made: str = ""
    verdicts: Mapping[str, str] | str | None = None
    refused: str = ""
    intended: Mapping[str, str] | str | None = None
    student: str | None = None
    notes: Sequence[str] = ()
    faults: Sequence[str] = ()
    seconds: float = SECONDS
    megabytes: float = MEGABYTES
    numbers: str = ""


def entries() -> list[Entry]:
    """All of the manifest, in its order."""
    listed: list[dict[str, Any]] = yaml.safe_load((CORPUS / "manifest.yaml").read_text(encoding="utf-8"))
    return [Entry(**entry) for entry in listed]


def files() -> list[Entry]:
    """Those that lie in the folder: not what has to be made."""
    return [entry for entry in entries() if not entry.made]


def path_of(entry: Entry, folder: Path) -> Path:
    """Where the file of an entry stands; what has to be made is made below ``folder``."""
    if not entry.made:
        return CORPUS / entry.file
    path = folder / Path(entry.file).relative_to("made")
    path.parent.mkdir(parents=True)
    MADE[entry.made](path)
    return path


def misses(entry: Entry, path: Path, measured: Measured, slack: float = 1.0) -> list[str]:
    """What did not come out as the manifest says; empty where all did. It may take ``slack`` times as long."""
    found = measured.outcome
    if found is None:
        return [f"reading it ended otherwise: {measured.ended}"]
    told = []
    if measured.seconds > entry.seconds * slack:
        told.append(f"took {measured.seconds:.2f} s of the processor; at most {entry.seconds:g} s")
    if measured.memory > entry.megabytes * 1e6:
        told.append(f"took {measured.memory / 1e6:.0f} MB; at most {entry.megabytes:g} MB")
    if entry.refused or "refused" in found:
        messages = found.get("refused", [])
        told += [] if messages and entry.refused and entry.refused in messages[0] else [f"refused: {messages}"]
        told += [f"no place: {message}" for message in messages if not message.startswith(str(path))]
        return told
    verdicts = found["verdicts"]
    if _expected(entry, verdicts) != verdicts:
        told.append(f"verdicts: { {name: verdict for name, verdict in verdicts.items() if verdict != 'missing'} }")
    if found["student"] != (path.stem if entry.student is None else entry.student):
        told.append(f"student: {found['student']!r}")
    if not entry.faults and "unreadable" not in str(entry.verdicts) and found["faults"]:
        told.append(f"faults that are not expected: {found['faults']}")
    told += _missing("faults", entry.faults, found["faults"]) + _missing("notes", entry.notes, found["notes"])
    return told


def _expected(entry: Entry, verdicts: Mapping[str, str]) -> dict[str, str]:
    if entry.verdicts == "all right":
        return dict.fromkeys(verdicts, "right")
    expected = entry.verdicts if isinstance(entry.verdicts, Mapping) else {}
    return dict.fromkeys(verdicts, "missing") | dict(expected)


def _missing(kind: str, wanted: Sequence[str], told: Sequence[str]) -> list[str]:
    return [f"{kind}: {text!r} stands in none of {told}" for text in wanted if not any(text in each for each in told)]
