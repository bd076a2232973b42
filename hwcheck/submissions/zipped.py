"""Zip files in memory: what they say of themselves is checked before anything of them is unpacked."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hwcheck.errors import Fault, InputError, Location
from hwcheck.limits import Archive
from hwcheck.located_build import shown

if TYPE_CHECKING:
    import zipfile

__all__ = ["member_names", "members"]

_ENTRY = b"PK\x01\x02"  # begins each entry of the list of members
_CHUNK = 1 << 16
_BROKEN = "is a broken zip file; make it anew and see that it was uploaded to its end"


def member_names(data: bytes, file: str, most: int) -> list[str]:
    """The names of the members, folders left out. Raises InputError where there is no list, or one too long."""
    return [entry.filename for entry in _entries(data, file, most)[1] if not entry.is_dir()]


def members(data: bytes, file: str, limits: Archive) -> Iterator[tuple[str, bytes]]:
    """The members with their names, unpacked one at a time, and never more than the limit allows.

    Raises:
        InputError: it is no sound zip file, is encrypted, packed in an unusual way, or unpacks to more than allowed.

    """
    import zipfile

    archive, entries = _entries(data, file, limits.members)
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.bytes:
        raise _fault(file, f"unpacks to {declared:,} bytes; at most {limits.bytes:,} are read")
    left = limits.bytes
    for entry in entries:
        if entry.is_dir():
            continue
        if entry.flag_bits & 1:
            raise _fault(file, f"is encrypted ({shown(entry.filename)}); hand it in without a password")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _fault(file, f"is packed in a way that is not read ({shown(entry.filename)}); pack it as usual")
        try:
            with archive.open(entry) as member:
                content = member.read(min(entry.file_size, left) + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise _fault(file, f"{_BROKEN} (its member {shown(entry.filename)})") from None
        if len(content) != entry.file_size:  # a member that holds more or less than it says
            raise _fault(file, f"{_BROKEN} (its member {shown(entry.filename)} has another size than it states)")
        left -= len(content)
        yield entry.filename, content


def _entries(data: bytes, file: str, most: int) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """The opened archive and what it lists."""
    import io
    import zipfile

    # Each entry takes Python an object; so they are counted, from above, before the list is read.
    if (count := sum(1 for _ in re.finditer(re.escape(_ENTRY), data))) > most:
        raise _fault(file, f"holds {count:,} members; at most {most:,} are read")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, UnicodeDecodeError):
        raise _fault(file, _BROKEN) from None
    seen: set[str] = set()
    for entry in entries:
        if not entry.filename:
            raise _fault(file, f"{_BROKEN} (one of its members has no name)")
        if entry.filename in seen:
            raise _fault(file, f"holds two members {shown(entry.filename)}; which of them counts cannot be told")
        seen.add(entry.filename)
    return archive, entries


def _fault(file: str, message: str) -> InputError:
    return InputError([Fault(Location(file), f"the file {message}")])
