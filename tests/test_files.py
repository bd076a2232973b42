"""Files as bytes and text: what is read, and what is refused without waiting, in words that help."""

from __future__ import annotations

import errno
import os
import socket
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.errors import InputError
from hwcheck.files import read_bytes, read_text

LIMIT = 1000


def fault(path: Path, limit: int = LIMIT, read: Callable[..., object] = read_text, **options: bool) -> str:
    """The one fault of a file that must be refused, without the file's name."""
    with pytest.raises(InputError) as caught:
        read(path, limit, **options)
    (only,) = caught.value.faults
    assert only.location.file == str(path)
    return str(only).removeprefix(str(path)).removeprefix(":").strip()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a: 1\n", "a: 1\n"),
        ("a: −0,5 ∂L/∂W₁ 😀".encode(), "a: −0,5 ∂L/∂W₁ 😀"),
        (b"a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd"),
        (b"a\tb", "a\tb"),
        (b"\xef\xbb\xbfa: 1", "a: 1"),
        (b"\xff\xfe" + "a: δ😀\r\nb".encode("utf-16-le"), "a: δ😀\nb"),
        (b"\xfe\xff" + "a: δ😀\r\nb".encode("utf-16-be"), "a: δ😀\nb"),
    ],
)
def test_text_is_read(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "ada.yaml"
    path.write_bytes(data)
    assert read_bytes(path, LIMIT) == data
    assert read_text(path, LIMIT) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: 1\nb: caf\xe9\n", "2:7: the byte 0xE9 at offset 11 is no UTF-8 text; save it as UTF-8 text"),
        ("δ\r\n".encode() + b"\xff", "2:1: the byte 0xFF at offset 4 is no UTF-8 text; save it as UTF-8 text"),
        (b"\xef\xbb\xbfa\x80", "1:2: the byte 0x80 at offset 4 is no UTF-8 text; save it as UTF-8 text"),
        (b"\xff\xfea\0\x00\xd8", "1:2: the byte 0x00 at offset 4 is no UTF-16 text; save it as UTF-8 text"),
        (b"\xff\xfea\0b", "1:2: the byte 0x62 at offset 4 is no UTF-16 text; save it as UTF-8 text"),
        (
            "a: 1".encode("utf-16-le"),
            "1:2: the control character U+0000 is no part of a text; "
            "the file holds zero bytes, so it is UTF-16 without its mark or no text at all: save it as UTF-8",
        ),
        (
            "é".encode("utf-16-le"),
            "1:1: the byte 0xE9 at offset 0 is no UTF-8 text; "
            "the file holds zero bytes, so it is UTF-16 without its mark or no text at all: save it as UTF-8",
        ),
        (b"a\r\nb \x1b[31m", "2:3: the control character U+001B is no part of a text; save it as UTF-8 text"),
        (b"a\x0cb", "1:2: the control character U+000C is no part of a text; save it as UTF-8 text"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "ada.yaml"
    path.write_bytes(data)
    assert fault(path) == message
    assert read_bytes(path, LIMIT) == data


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff") | st.sampled_from("\t\n")))
def test_every_encoding_gives_the_text_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("text") / "ada.yaml"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_bytes(text.encode(encoding))
        assert read_text(path, 8 * len(text) + 8) == text


def test_the_limit_is_a_number_of_bytes(tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_bytes(b"x" * 1000)
    assert read_text(path, 1000) == "x" * 1000
    assert fault(path, 999) == "holds 1,000 bytes; at most 999 are read"


def test_a_file_too_big_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    tracemalloc.start()
    assert fault(path) == "holds 1,073,741,824 bytes; at most 1,000 are read"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("size_told", [0, 3, 1000])
def test_a_file_that_grows_is_read_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size_told: int
) -> None:
    """Some system files tell no size, and a file can grow between the look at its size and the reading."""
    path = tmp_path / "ada.yaml"
    path.write_bytes(b"x" * 200_000)
    told = list(path.stat())
    told[6] = size_told
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result(told))
    assert read_bytes(path, 200_000) == b"x" * 200_000
    assert fault(path, 199_999) == "holds more than 199,999 bytes; at most 199,999 are read"


@pytest.mark.parametrize("change", ["grows", "shrinks", "is emptied", "is written anew"])
def test_a_file_that_changes_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Half of one answer and half of another would be marked as a whole."""
    path = tmp_path / "ada.yaml"
    path.write_bytes(b"a: 1\n" * 100_000)
    os.utime(path, (1, 1))  # as it was written before, not in this very moment
    contents = {
        "grows": b"a: 1\n" * 100_001,
        "shrinks": b"a: 2\n",
        "is emptied": b"",
        "is written anew": b"a: 2\n" * 100_000,
    }
    real_read = os.read
    done: list[bool] = []

    def read(descriptor: int, count: int) -> bytes:
        data = real_read(descriptor, min(count, 1000))
        if not done:
            done.append(True)
            with path.open("r+b") as file:
                file.truncate(0)
                file.write(contents[change])
        return data

    monkeypatch.setattr(os, "read", read)
    assert fault(path, 1_000_000) == "was changed while it was read; wait until it is written to its end, and try again"


@pytest.mark.skipif(sys.platform == "win32", reason="what is open cannot be replaced there")
def test_a_file_that_is_replaced_while_it_is_read_is_the_one_that_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "ada.yaml", tmp_path / "other.yaml"
    path.write_bytes(b"a: 1\n" * 1000)
    real_read = os.read

    def read(descriptor: int, count: int) -> bytes:
        other.write_bytes(b"b: 2\n" * 1000)
        other.replace(path)
        return real_read(descriptor, min(count, 1000))

    monkeypatch.setattr(os, "read", read)
    assert read_bytes(path, 10_000) == b"a: 1\n" * 1000
    monkeypatch.undo()
    assert read_bytes(path, 10_000) == b"b: 2\n" * 1000


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    os.chdir(path.parent)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_dead_link(path: Path) -> None:
    path.symlink_to("nowhere.yaml")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_fifo, "is a named pipe, not a file"),
        (make_socket, "is a socket or device, not a file"),
        (make_loop, "is a symbolic link that leads back to itself"),
        (make_dead_link, "is a symbolic link to a file that does not exist"),
    ],
)
def test_what_is_no_file_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], message: str
) -> None:
    monkeypatch.chdir(tmp_path)  # undone afterwards
    path = tmp_path / "bob.yaml"
    make(path)
    assert fault(path) == message
    assert fault(path, read=read_bytes) == message


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"there is no {device} here")
    assert fault(Path(device)) == "is a device, not a file"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert fault(tmp_path) == "is a folder, not a file"


@pytest.mark.skipif(sys.platform == "win32", reason="making a link needs a privilege there")
def test_links_are_followed_only_where_that_is_asked(tmp_path: Path) -> None:
    target = tmp_path / "solution.yaml"
    target.write_bytes(b"a: 1")
    link = tmp_path / "ada.yaml"
    link.symlink_to(target)
    assert read_text(link, LIMIT) == "a: 1"
    assert read_text(target, LIMIT, follow_links=False) == "a: 1"
    assert fault(link, follow_links=False) == "is a symbolic link; links are not followed"
    assert fault(link, read=read_bytes, follow_links=False) == "is a symbolic link; links are not followed"


@pytest.mark.skipif(sys.platform == "win32", reason="making a link needs a privilege there")
def test_links_are_refused_where_the_system_cannot_do_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hwcheck.files._NO_LINKS", 0)
    link = tmp_path / "ada.yaml"
    link.symlink_to(tmp_path)
    assert fault(link, follow_links=False) == "is a symbolic link; links are not followed"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("autoencodr.yaml", "does not exist; did you mean 'autoencoder.yaml'?"),
        ("GAN.JSON", "does not exist; did you mean 'gan.json'?"),
        ("zzz", "does not exist"),
        ("sub/gan.json", "does not exist, nor does its folder '{folder}/sub'"),
        ("gan.json/x", "lies inside a file, not a folder; check the path"),
        ("gan.json/x/y", "lies inside a file, not a folder; check the path"),
        ("x" * 5000, "has a name that is too long for this system"),
        ("gan\0.yaml", "is no file name: it holds a character that no file name can hold"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="other error numbers")
def test_a_missing_file_is_told_with_what_is_there(tmp_path: Path, name: str, message: str) -> None:
    for present in ("autoencoder.yaml", "gan.json"):
        (tmp_path / present).write_bytes(b"")
    for follow_links in (True, False):
        assert fault(tmp_path / name, follow_links=follow_links) == message.format(folder=tmp_path)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EACCES, "may not be read: permission denied; give yourself the right to read it"),
        (errno.EMFILE, f"cannot be opened: {os.strerror(errno.EMFILE)}"),
    ],
)
def test_what_the_system_will_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    assert fault(tmp_path / "ada.yaml") == message


def test_what_the_disk_will_not_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ada.yaml"
    path.write_bytes(b"a: 1")

    def refuse(*_: Any) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", refuse)
    assert fault(path) == "could not be read to its end: Input/output error"


def test_whatever_was_opened_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    closed: list[int] = []
    real_open, real_close = os.open, os.close

    def note_open(*arguments: Any) -> int:
        opened.append(real_open(*arguments))
        return opened[-1]

    def note_close(descriptor: int) -> None:
        closed.append(descriptor)
        real_close(descriptor)

    good, big = tmp_path / "good.yaml", tmp_path / "big.yaml"
    good.write_bytes(b"a: 1")
    big.write_bytes(b"x" * (LIMIT + 1))
    monkeypatch.setattr(os, "open", note_open)
    monkeypatch.setattr(os, "close", note_close)
    read_text(good, LIMIT)
    for path in (big, tmp_path):
        fault(path)
    assert len(opened) == 3
    assert closed == opened
