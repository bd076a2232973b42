"""Which format a file has: its ending says so, and its content where the ending lies or is missing.

What is no format that can be read (a photograph, a PDF, a document of a word processor, an archive) is named, with
what to hand in instead. Only the beginning of a file is looked at, and of a zip file its list of members.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hwcheck.catalogue import collect
from hwcheck.errors import Fault, Location, SubmissionError
from hwcheck.files import plain_line_ends
from hwcheck.limits import FIRST_LINE, HEAD, ZIP
from hwcheck.located_build import shown
from hwcheck.submissions.model import Reader
from hwcheck.submissions.zipped import member_names

__all__ = ["OTHER_ENDINGS", "Format", "find_format", "readers"]

_AS_NUMBERS = "hand in the numbers: YAML ('hwcheck template PROBLEM' prints a form), Markdown, a notebook, CSV or npz"

# What a file begins with, and what it is then. Formats that are read have their name; the others an explanation.
_MAGIC: Sequence[tuple[bytes, str]] = (
    (b"\x93NUMPY", "npz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"BZh", "a packed file (bzip2)"),
    (b"\xfd7zXZ", "a packed file (xz)"),
    (b"7z\xbc\xaf", "an archive (7-Zip)"),
    (b"Rar!", "an archive (RAR)"),
    (b"\xd0\xcf\x11\xe0", "a document of an old Office (.doc or .xls)"),
    (b"{\\rtf", "a document (RTF)"),
    (b"\x89HDF", "an HDF5 file (.h5, or .mat of MATLAB)"),
    (b"MATLAB 5.0", "a MATLAB file (.mat)"),
    (b"SQLite format", "a database"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    *((bytes([0x80, protocol]), "a pickle, which is never loaded: it can run any program") for protocol in range(2, 6)),
)
_PICTURE_LATER = re.compile(rb"....ftyp(?:hei|hev|mif|avif)|RIFF....WEBP", re.DOTALL)
_BINARY = {first[:1] for first, _ in _MAGIC} | {b"R"}

# What the members of a zip file tell, in the order in which it is looked for.
_MEMBERS: Sequence[tuple[str, str]] = (
    (r"xl/workbook\.xml", "xlsx"),
    (r"xl/workbook\.bin", "a binary workbook (.xlsb): save it as .xlsx"),
    (r"word/.*", "a document of Word (.docx)"),
    (r"ppt/.*", "a presentation (.pptx)"),
    (r"(?:.*/)?data\.pkl", "a file of torch.save, which holds a pickle and is never loaded"),
    (r"content\.xml", "an OpenDocument file: save a table as .xlsx or .csv"),
)

# What a text begins with. HTML is often what a browser saved instead of the file itself.
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<\?xml[^>]{0,200}>\s*<html)", re.IGNORECASE)
_TEXTS: Sequence[tuple[str, str]] = (
    (r"\s*\{(?=[\s\S]{0,4096}\"(?:cells|nbformat)\"\s*:)", "notebook"),
    (r"\s*(?:\{\s*\"|\{\s*\}|\[\s*[\[{\"])", "json"),
    (r"\s*<[?!a-z]", "html"),
)
# The same by the first line that is neither empty nor a comment.
_FIRST_LINES: Sequence[tuple[str, str]] = (
    (r"(?:problem|student|answers)[ \t]*:", "yaml"),
    (r"import [a-z]|from [a-z.]+ import ", "python"),
    (r"[ \t]*\\(?:documentclass|usepackage|begin\{document\})", "latex"),
)
_ANSWERS = re.compile(r"^answers[ \t]*:", re.MULTILINE)
_NOTHING_SAID = re.compile(r"(?:(?:[#%][^\n]*|[^\S\n]*)\n)*(?:[#%][^\n]*|[^\S\n]*\Z)?")
# Where a file of one ending has another content: which contents go before it.
_STRONGER: Mapping[str, Sequence[str]] = {
    "yaml": ("notebook", "python"),
    "json": ("notebook", "yaml"),
    "notebook": ("json", "yaml", "python"),
    "csv": ("notebook", "json", "yaml"),
    "python": ("notebook", "json"),
    "markdown": ("notebook", "json"),
    "latex": ("notebook", "json"),
    "text": ("notebook", "json", "yaml", "python", "latex", "csv"),
}
_REST = ("text", "markdown")  # who reads a text that says nothing about itself, where its ending says nothing either
OTHER_ENDINGS = frozenset(
    {
        *(".pdf", ".png", ".jpg", ".jpeg", ".heic", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".html", ".htm"),
        *(".doc", ".docx", ".odt", ".rtf", ".pages", ".xls", ".xlsb", ".ods", ".ppt", ".pptx"),
        *(".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".mat", ".h5", ".hdf5", ".pkl", ".pickle", ".pt", ".pth"),
    }
)
"""The endings of what students hand in and nobody can read: such a file is told, never passed over."""


class Format(NamedTuple):
    """Who reads a file, and what to say where that is not what its ending says."""

    reader: Reader
    note: str = ""


@cache
def readers() -> Mapping[str, Reader]:
    """The formats that are understood, by the ending of a file's name."""
    return collect("hwcheck.submissions", Reader, lambda reader: iter(reader.suffixes))


@cache
def _by_name() -> Mapping[str, Reader]:
    return {reader.name: reader for reader in readers().values()}


def find_format(path: Path, head: bytes) -> Format:
    """The format of a file. ``head`` is its content, or the beginning of it (of a zip file, all).

    Raises:
        SubmissionError: it is nothing that can be read; the message says what it is, and what to hand in.

    """
    named = readers().get(path.suffix.lower())
    content = _content(path, head, named.name if named else "")
    if named is None:
        return _without_ending(path, content)
    if content in ("", named.name):
        if named.read is None and head and not content:
            raise _refused(path, f"is no {path.suffix} file, though its name says so; {_AS_NUMBERS}")
        return Format(named)
    found = _by_name().get(content)
    if found is None:
        if content in _NOT_READ:
            raise _refused(path, _NOT_READ[content])
        return Format(named)
    return Format(found, f"its ending says {named.name}, its content is {content} and was read as that")


_NOT_READ = {
    "html": f"is a web page (HTML), perhaps of the place where the file lies: save the file itself, or {_AS_NUMBERS}",
}


def _without_ending(path: Path, content: str) -> Format:
    if content in _NOT_READ:
        raise _refused(path, _NOT_READ[content])
    known = ", ".join(sorted(readers()))
    if content and (found := _by_name().get(content)):
        return Format(found, f"its ending says nothing; its content is {content}")
    rest = next((found for name in _REST if (found := _by_name().get(name))), None)
    if rest is None or path.suffix:
        raise _refused(path, f"files that end in {path.suffix!r} are not read; known are {known}", plain=True)
    return Format(rest, f"its name has no ending; it was read as {rest.name}")


def _content(path: Path, head: bytes, named: str) -> str:
    """The name of the format that the content shows, ``html``, or nothing where it does not go before the ending."""
    if head[:1] in _BINARY or head[4:8] == b"ftyp":
        what = next((what for magic, what in _MAGIC if head.startswith(magic)), "")
        if what == "zip":
            return _packed(path, head)
        if what in _by_name():
            return what
        if not what and _PICTURE_LATER.match(head):
            what = "a picture (HEIC or WebP, as phones make them)"
        if what and not (what.startswith("a picture (BMP") and b"\0" not in head[:64]):
            raise _refused(path, f"is {what}; {_AS_NUMBERS}")
    text = _beginning(head)
    if _HTML.match(text):
        return "html"
    line = _first_line(text)
    for patterns, where in ((_TEXTS, text), (_FIRST_LINES, line)):
        for pattern, name in patterns:
            if not (not named or name == named or name in _STRONGER.get(named, ())) or not re.match(pattern, where):
                continue
            if name == "yaml" != named and not _ANSWERS.search(text):
                continue  # a text may say for which problem it is, too
            return "" if name == "html" else name
    if (not named or "csv" in _STRONGER.get(named, ())) and _is_table_header(line):
        return "csv"
    return ""


def _first_line(text: str) -> str:
    """The first line that says something: neither empty nor a comment."""
    found = _NOTHING_SAID.match(text)
    return text[found.end() if found else 0 :][:FIRST_LINE].partition("\n")[0]


def _is_table_header(line: str) -> bool:
    """Whether a line names the columns of a long table."""
    words = set(re.split(r"[ \t]*[,;\t|][ \t]*", line.strip().casefold()))
    return "value" in words and bool(words & {"name", "quantity"})


def _packed(path: Path, data: bytes) -> str:
    """The format of a zip file."""
    names = member_names(data, str(path), ZIP)
    for pattern, what in _MEMBERS:
        if any(re.fullmatch(pattern, name) for name in names):
            if what == "xlsx":
                return what
            raise _refused(path, f"is {what}; {_AS_NUMBERS}")
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    if not names:
        raise _refused(path, "is an empty zip archive; hand in the file itself")
    listed = ", ".join(map(shown, names[:3])) + (", ..." if len(names) > 3 else "")
    raise _refused(path, f"is a zip archive of {listed}; archives are not unpacked: hand in the file itself")


def _beginning(head: bytes) -> str:
    """The first characters of a text, whatever its encoding."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[:HEAD].decode("utf-16", "replace").lstrip("\ufeff")
    return plain_line_ends(head[:HEAD].decode("utf-8", "replace").lstrip("\ufeff"))


def _refused(path: Path, message: str, *, plain: bool = False) -> SubmissionError:
    what = message if plain else f"the file {message}"
    return SubmissionError([Fault(Location(str(path)), what)])
