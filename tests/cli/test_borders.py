"""What lies where a submission should, and what a file is called: refused by name, shown and not obeyed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import FIXTURES, Program, start, strict_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files and names")
SHEET = FIXTURES / "gan" / "perfect.yaml"


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def make_big(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 33)


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link to a submission": (link_to(str(SHEET)), "is a symbolic link; links are not followed"),
    "a link to the problem": (link_to("/work/problems/gan.yaml"), "is a symbolic link"),
    "a link to itself": (link_to("bob.yaml"), "is a symbolic link"),
    "a link to a folder": (link_to("/etc"), "is a symbolic link"),
    "a link to a device": (link_to("/dev/zero"), "is a symbolic link"),
    "a named pipe": (os.mkfifo, "is a named pipe, not a file"),
    "a socket": (make_socket, "is a socket or device, not a file"),
    "a file of 8 GB": (make_big, "holds 8,589,934,592 bytes; at most 2,000,000 are read"),
}


@pytest.mark.parametrize("command", ["grade", "read"])
@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_by_name_at_once(tmp_path: Path, command: str, kind: str) -> None:
    """In a program of its own: what would hang here would end by its time limit."""
    make, message = REFUSED[kind]
    path = tmp_path / "bob.yaml"
    make(path)
    alone = start(command, "-p", "gan", path)
    if kind == "a link to a folder":  # it is the teacher who names it
        return
    assert (alone.returncode, alone.stdout) == (2, "")
    assert alone.stderr.startswith(f"error: {path}: {message}")
    assert len(alone.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["grade", "read"])
def test_in_a_folder_each_costs_only_itself(program: Program, tmp_path: Path, command: str) -> None:
    shutil.copy(SHEET, tmp_path / "ada.yaml")
    for number, (make, _) in enumerate(REFUSED.values()):
        make(tmp_path / f"bob{number}.yaml")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to("..")
    (tmp_path / "sub" / "folder.yaml").mkdir()
    code, out, err = program(command, "-p", "gan", tmp_path, "--format", "json")
    assert code == (1 if command == "grade" else 2)
    document = strict_json(out)
    good, bad = ("results", "not_graded") if command == "grade" else ("submissions", "not_read")
    assert [row["submission"] for row in document[good]] == [str(tmp_path / "ada.yaml")]
    refused = {row["submission"] for row in document[bad]}
    assert refused == {
        *(str(tmp_path / f"bob{number}.yaml") for number in range(len(REFUSED))),
        *(str(tmp_path / "loop"), str(tmp_path / "sub" / "up")),
    }
    for number, (_, message) in enumerate(REFUSED.values()):
        assert f"error: {tmp_path / f'bob{number}.yaml'}: {message}" in err
    assert err.count("links are not followed") >= 3


def test_a_folder_that_cannot_be_looked_into_is_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SHEET, tmp_path / "ada.yaml")
    closed = tmp_path / "bob"
    closed.mkdir()
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    code, out, err = program("grade", tmp_path)
    assert code == 1
    assert out.endswith("1 graded, 1 not graded.\n")
    assert err.startswith(f"error: {closed}: ")


def test_folders_may_be_as_deep_as_the_system_allows(program: Program, tmp_path: Path) -> None:
    made = [tmp_path]
    while len(str(made[-1])) < 3_900:
        made.append(made[-1] / "d")
        made[-1].mkdir()
    deep = made[-1] / "ada.yaml"
    shutil.copy(SHEET, deep)
    shutil.copy(SHEET, tmp_path / "bob.yaml")
    code, out, err = program("grade", tmp_path, "--format", "json")
    deep.unlink()
    for folder in reversed(made[1:]):  # pytest would remove them by recursion, and fail
        folder.rmdir()
    assert (code, err) == (0, "")
    assert len(strict_json(out)["results"]) == 2


NAMES = [
    *("\x1b[31mred.yaml", "\x1b]0;title\x07.yaml", "\u202eevil.yaml", "a\nb.yaml", "a\rb.yaml", "\u2028.yaml"),
    *("::error file=x,line=1::owned.yaml", "  ::warning::owned.yaml", "a\n::error::owned.yaml", "\x9b31m.yaml"),
    *("##[error]owned.yaml", "a ##vso[task.setvariable]b.yaml", "##teamcity[x].yaml", "::set-output name=a::b.yaml"),
    *("[red]a.yaml", "[.yaml", "[@click=x]a[b.yaml", ":smile:.yaml", "{0}.yaml", "%s%n.yaml"),
    *("\udcff\udc80.yaml", "é\udce9.yaml", "=cmd.yaml", "-rf.yaml", "<script>.yaml", " .yaml", "x" * 200 + ".yaml"),
]  # fmt: skip
BAD = "problem: gan\nanswers: {m: [1, q], zz: 1, h0: ]\n"
SPOILED = "problem: gan\nanswers: {m: q, zz: 1}\n"


def harmless(text: str) -> None:
    """Nothing that a terminal, a build service or a reader of lines would take for more than text."""
    assert text.replace("\n", "").isprintable()
    assert not re.search(r"##\w*\[", text)
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    text.encode()  # no half of a pair


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("command", ["grade", "read"])
def test_a_name_is_shown_and_not_obeyed(program: Program, tmp_path: Path, command: str, name: str) -> None:
    folder = tmp_path / "class"
    for content in (BAD, SPOILED, SHEET.read_text(encoding="utf-8")):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        os.chdir(folder)  # the fixture goes back
        (folder / name).write_text(content, encoding="utf-8")
        for path in (folder, folder / name, Path(f"./{name}")):
            for format_ in ("text", "json"):
                _, out, err = program(command, path, "--format", format_)
                harmless(out)
                harmless(err)
                if format_ == "json" and out:
                    strict_json(out)
                else:
                    assert out or err


@pytest.mark.parametrize(
    "text", ["::error::owned", "  ::error::owned", "##[error]owned", "a ##vso[x]b", "\\n::error::x"]
)
@pytest.mark.parametrize("command", ["grade", "read"])
def test_what_is_written_in_a_submission_is_no_command(
    program: Program, tmp_path: Path, command: str, text: str
) -> None:
    sheet = tmp_path / "ada.yaml"
    long = f"{'word ' * 40}{text} {text}"
    sheet.write_text(
        f'problem: gan\nstudent: "{text}"\nanswers:\n  m: "{text}"\n  "{text}": 1\n  yhat: "{long}"\n', encoding="utf-8"
    )
    for path in (sheet, tmp_path):
        for format_ in ("text", "json"):
            _, out, err = program(command, path, "--format", format_)
            harmless(out)
            harmless(err)
    sheet.write_text(f'"{text}": 1\n', encoding="utf-8")
    for path in (sheet, tmp_path):
        _, out, err = program(command, path)
        harmless(out)
        harmless(err)
