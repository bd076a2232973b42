"""What reaches a terminal: colours only where they are wanted, and never anything that a student has planted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hwcheck.cli.shared import wrapped
from tests.support.program import FIXTURES, PROGRAM, ROOT, Program, start, strict_json

SHEET = FIXTURES / "gan" / "two-slips.yaml"
ESC = "\x1b"

# As a double-quoted YAML text, and how it must look on a terminal.
HOSTILE = [
    (r"\e[2J\e[31mada", r"\x1b[2J\x1b[31mada"),
    (r"\u202eada", r"\u202eada"),
    (r"ada\u2066", r"ada\u2066"),
    (r"a\nb\r\bc", r"a\x0ab\x0d\x08c"),
    (r"a\u200bda\U000e0041", r"a\u200bda\U000e0041"),
    (r"a\x9b31mda", r"a\x9b31mda"),
    ("[red]ada[/]", "[red]ada[/]"),
    ("[/]", "[/]"),
    ("[link=http://x]ada[/link] :smile:", "[link=http://x]ada[/link] :smile:"),
    (r"\uff21da", "\uff21da"),
]


def on_terminal(*arguments: str | Path, **environment: str) -> str:
    """What the program writes into a terminal of 80 columns."""
    pty = pytest.importorskip("pty", reason="Windows has no such terminals")
    leader, follower = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        env={**kept, "TERM": "xterm-256color", "COLUMNS": "80", "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    parts = []
    try:
        while part := os.read(leader, 65536):
            parts.append(part)
    except OSError:
        pass  # Linux says so when the program has closed its end
    os.close(leader)
    process.wait(timeout=30)
    return b"".join(parts).decode("utf-8")


def test_a_terminal_gets_colours_and_rules() -> None:
    text = on_terminal("grade", SHEET)
    assert f"{ESC}[" in text
    assert "───" in text
    assert "Score: 38 of 40 points (95 %)." in text


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("arguments", [("grade", SHEET), ("solve", "gan"), ("list",)])
def test_no_colours_where_none_are_wanted(environment: dict[str, str], arguments: tuple[str | Path, ...]) -> None:
    text = on_terminal(*arguments, **environment)
    assert "gan" in text or "GAN" in text
    assert ESC not in text


@pytest.mark.parametrize("arguments", [("grade", SHEET), ("solve", "gan", "--steps"), ("list",), ("grade", FIXTURES)])
def test_no_escape_sequence_leaves_through_a_pipe(arguments: tuple[str | Path, ...]) -> None:
    done = start(*arguments, FORCE_COLOR="1", TERM="xterm-256color")
    assert done.stdout
    assert ESC not in done.stdout + done.stderr


def hostile_sheet(folder: Path, text: str) -> Path:
    sheet = folder / "ada.yaml"
    written = f'problem: gan\nstudent: "{text}"\nanswers:\n  m: 12\n  "{text}": 1\n  yhat: "{text}"\n'
    sheet.write_text(written, encoding="utf-8")
    return sheet


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_planted_text_is_shown_and_not_obeyed(program: Program, tmp_path: Path, text: str, shown: str) -> None:
    code, out, err = program("grade", hostile_sheet(tmp_path, text))
    assert code == 2
    assert out.startswith(f"{shown}, problem gan\n")
    assert (out + err).replace("\n", "").isprintable()
    many = program("grade", tmp_path).out
    assert f"  {shown}  " in many
    assert many.replace("\n", "").isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_planted_text_on_a_terminal(tmp_path: Path, text: str, shown: str) -> None:
    plain = on_terminal("grade", hostile_sheet(tmp_path, text), NO_COLOR="1")
    assert f"{shown}, problem gan" in plain
    assert plain.replace("\r\n", "").isprintable()


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE])
def test_planted_text_in_the_document_is_data(program: Program, tmp_path: Path, text: str) -> None:
    out = program("grade", hostile_sheet(tmp_path, text), "--format", "json").out
    assert out.isascii()
    assert out.replace("\n", "").isprintable()
    strict_json(out)


def test_planted_text_in_the_name_of_a_file(program: Program, tmp_path: Path) -> None:
    name = f"{ESC}[31m\u202e.yaml"
    (tmp_path / name).write_text("answers: 1", encoding="utf-8")
    _, out, err = program("grade", tmp_path / name)
    assert r"\x1b[31m\u202e.yaml:1:10: " in err
    assert ESC not in out + err
    _, out, err = program("grade", tmp_path, tmp_path / name)
    assert r"\x1b[31m\u202e.yaml" in out
    assert ESC not in out + err
    _, out, err = program("solve", tmp_path / name)
    assert ESC not in out + err
    _, out, err = program("solve", f"{ESC}[31m")
    assert ESC not in out + err


def test_no_word_of_a_message_is_cut_at_the_edge_of_a_terminal() -> None:
    rule = "which problem is it for? Say --problem, or 'problem: ID' in the file"
    file = FIXTURES / "submissions" / "csv" / "long.csv"
    text = on_terminal("grade", file)
    lines = text.splitlines()
    assert len(lines) > 1
    assert " ".join(line.strip() for line in lines) == f"error: {file}: {rule}"
    assert all(line.startswith("  ") for line in lines[1:])


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("error: a.md:3:1: write --steps", 22, ["error: a.md:3:1: write", "  --steps"]),
        ("error: /a/very/long/path/to/ada.md: empty", 24, ["error:", "  /a/very/long/path/to/ada.md:", "  empty"]),
        ("Usage: hwcheck grade\n\nError: no", 80, ["Usage: hwcheck grade", "", "Error: no"]),
    ],
)
def test_lines_are_broken_between_words(text: str, columns: int, lines: list[str]) -> None:
    assert wrapped(text, columns).split("\n") == lines
