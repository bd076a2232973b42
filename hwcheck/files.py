"""Files as bytes and as text: opened once, checked while open, never more of them read than was allowed.

What is checked is what is read: the kind and the size come from the opened file itself, so nothing can be exchanged
in between, and a pipe or a device cannot make the program wait for ever.
"""

from __future__ import annotations

import codecs
import errno
import itertools
import os
import re
import stat
from pathlib import Path

from hwcheck.errors import InputError, Location, did_you_mean
from hwcheck.limits import NAMES_COMPARED

__all__ = ["decoded", "plain_line_ends", "read_bytes", "read_text"]

# O_NONBLOCK: opening a named pipe would wait for its writer. Windows lacks some of these and needs O_BINARY.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)
_NO_LINKS: int = getattr(os, "O_NOFOLLOW", 0)

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_REASONS = {
    errno.EACCES: "may not be read: permission denied; give yourself the right to read it",
    errno.EPERM: "may not be read: permission denied; give yourself the right to read it",
    errno.ELOOP: "is a symbolic link that leads back to itself",
    errno.ENAMETOOLONG: "has a name that is too long for this system",
    errno.ENOTDIR: "lies inside a file, not a folder; check the path",
    errno.ENXIO: "is a socket or device, not a file",
    errno.EOPNOTSUPP: "is a socket or device, not a file",
}
_LINK = "is a symbolic link; links are not followed"
_CHUNK = 1 << 16

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_BYTES = bytes(sign for sign in range(32) if sign not in b"\t\n\r")


def read_bytes(path: Path, limit: int, *, follow_links: bool = True) -> bytes:
    """All bytes of a regular file of at most ``limit`` bytes.

    Raises:
        InputError: the path is missing, no regular file, a link where links are not followed, unreadable or too big;
            or it was changed while it was read, so that what was read may be half of one file and half of another.

    """
    if not (follow_links or _NO_LINKS) and _is_link(path):
        raise _fault(path, _LINK)
    try:
        descriptor = os.open(path, _FLAGS if follow_links else _FLAGS | _NO_LINKS)
    except OSError as error:
        raise _fault(path, _LINK if not follow_links and _is_link(path) else _why_not_opened(path, error)) from None
    except ValueError:
        raise _fault(path, "is no file name: it holds a character that no file name can hold") from None
    try:
        return _read_regular(path, descriptor, limit)
    except OSError as error:
        raise _fault(path, f"could not be read to its end: {error.strerror}") from None
    finally:
        os.close(descriptor)


def read_text(path: Path, limit: int, *, follow_links: bool = True) -> str:
    r"""The text of a file of at most ``limit`` bytes, its lines ended by ``\n``.

    A byte order mark says UTF-8 or UTF-16; without one the file is UTF-8.

    Raises:
        InputError: as ``read_bytes``; or the bytes are no text, or text with control characters.

    """
    return decoded(read_bytes(path, limit, follow_links=follow_links), path)


def decoded(data: bytes, path: Path) -> str:
    r"""The text of a file's bytes, its lines ended by ``\n``; ``path`` is for messages. Raises InputError."""
    mark, encoding, name = next((known for known in _ENCODINGS if data.startswith(known[0])), (b"", "utf-8", "UTF-8"))
    content = data[len(mark) :]
    try:
        text = plain_line_ends(content.decode(encoding))
    except UnicodeDecodeError as error:
        before = plain_line_ends(content[: error.start].decode(encoding, "replace"))
        found = f"the byte 0x{content[error.start]:02X} at offset {len(mark) + error.start}"
        raise InputError.at(_place(path, before), f"{found} is no {name} text; {_advice(content, mark)}") from None
    # In UTF-8 a control character is one byte, and that byte nothing else; to take it out is faster than to search.
    if (mark or len(content.translate(None, _CONTROL_BYTES)) < len(content)) and (control := _CONTROL.search(text)):
        message = f"the control character U+{ord(control.group()):04X} is no part of a text; {_advice(content, mark)}"
        raise InputError.at(_place(path, text[: control.start()]), message)
    return text


def _fault(path: Path, message: str) -> InputError:
    return InputError.at(Location(str(path)), message)


def _is_link(path: Path) -> bool:
    # Unlike pathlib's, these never raise: for a name that is too long, say.
    return os.path.islink(path)  # noqa: PTH114


def _why_not_opened(path: Path, error: OSError) -> str:
    """What to tell of a file that the system would not open."""
    if error.errno == errno.ENOENT:
        return _why_missing(path)
    # Windows calls opening a folder a matter of permission.
    if os.path.isdir(path):  # noqa: PTH112
        return "is a folder, not a file"
    return _REASONS.get(error.errno or 0, f"cannot be opened: {error.strerror}")


def _why_missing(path: Path) -> str:
    if _is_link(path):
        return "is a symbolic link to a file that does not exist"
    try:
        with os.scandir(path.parent) as entries:
            names = [entry.name for entry in itertools.islice(entries, NAMES_COMPARED)]
    except FileNotFoundError:
        return f"does not exist, nor does its folder {str(path.parent)!r}"
    except OSError:
        names = []
    return f"does not exist{did_you_mean(path.name, names)}"


def _read_regular(path: Path, descriptor: int, limit: int) -> bytes:
    """The bytes of an opened file, if it is a regular one and not too big."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        what = next((name for test, name in _KINDS if test(status.st_mode)), "no regular file")
        raise _fault(path, f"is {what}, not a file")
    if status.st_size > limit:
        raise _fault(path, f"holds {status.st_size:,} bytes; at most {limit:,} are read")
    parts: list[bytes] = []
    left = limit + 1  # a file may grow while it is read, and some system files state no size
    while left and (part := os.read(descriptor, min(left, max(status.st_size, _CHUNK)))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise _fault(path, f"holds more than {limit:,} bytes; at most {limit:,} are read")
    data = b"".join(parts)
    after = os.fstat(descriptor)
    if len(data) < after.st_size or (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
        raise _fault(path, "was changed while it was read; wait until it is written to its end, and try again")
    return data


def plain_line_ends(text: str) -> str:
    r"""The text with its lines ended by ``\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _place(path: Path, before: str) -> Location:
    """Where the character stands that follows this much of the text."""
    return Location(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))


def _advice(content: bytes, mark: bytes) -> str:
    if b"\0" in content and not mark:
        return "the file holds zero bytes, so it is UTF-16 without its mark or no text at all: save it as UTF-8"
    return "save it as UTF-8 text"
