"""Every block of the documentation is run: commands, transcripts, Python, workflows, snippets of problems."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from hwcheck.cli.main import COMMANDS
from hwcheck.problem.load import parse_problem
from hwcheck.submissions.read import parse_submission
from tests.support.program import ROOT, Program, strict_json


class Block(NamedTuple):
    """A fenced block: its language, its text, and the line on which it begins."""

    language: str
    text: str
    line: int


def blocks(path: str) -> list[Block]:
    text = (ROOT / path).read_text(encoding="utf-8")
    fences = re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    found = [Block(match[1], match[2], text[: match.start()].count("\n") + 1) for match in fences]
    assert 2 * len(found) == len(re.findall(r"^\s*```", text, re.MULTILINE)), f"a fence of {path} is not closed"
    return found


README = blocks("README.md")
COMMAND_LINES = [block.text for block in README if block.language == "sh"]
TRANSCRIPTS = [block for block in README if block.language == "console"]
# What makes the environment, in a word each for what differs between the two commands.
SET_UP = r"python3 -m venv --without-pip \.venv && python3 -m pip --python \.venv/bin/python install (.+)"


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """hwcheck, run in this process in the checkout's folder."""
    monkeypatch.chdir(ROOT)
    return Program(capsys)


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert {block.language for block in README} == {"sh", "console", "python", "text", "yaml"}
    assert [len([b for b in README if b.language == kind]) for kind in ("sh", "python", "text", "yaml")] == [2, 1, 1, 1]
    assert len(TRANSCRIPTS) >= 4


def test_the_first_command_grades_a_sheet(program: Program) -> None:
    match = re.fullmatch(SET_UP + r" && \.venv/bin/hwcheck (grade .+)\n", COMMAND_LINES[0])
    assert match
    assert match[1] == "."
    code, out, err = program(*shlex.split(match[2]))
    assert (code, err) == (1, "")
    assert "wrong" in out


def test_the_second_command_runs_the_tests() -> None:
    match = re.fullmatch(SET_UP + r" && \.venv/bin/python -m pytest\n", COMMAND_LINES[1])
    assert match
    assert shlex.split(match[1]) == ["-e", ".[test]"]


def test_the_ci_takes_the_second_command_from_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (program,) = re.findall(r"awk '(.*?)' README\.md", script)
    assert program == '/^```/ { inside = ($0 == "```sh"); blocks += inside; next } inside && blocks == 2'
    inside, count, taken = False, 0, []
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():  # the same, by another hand
        if line.startswith("```"):
            inside = line == "```sh"
            count += inside
        elif inside and count == 2:
            taken.append(line)
    assert "\n".join(taken) + "\n" == COMMAND_LINES[1]


@pytest.mark.parametrize("block", TRANSCRIPTS, ids=lambda block: block.text.split("\n")[0])
def test_a_transcript_is_what_the_command_prints(program: Program, block: Block) -> None:
    command, shown = block.text.split("\n", 1)
    assert command.startswith("$ hwcheck ")
    code, out, err = program(*shlex.split(command)[2:])
    assert (code in (0, 1), err) == (True, "")
    if "--format json" in command:
        assert_near(strict_json(out), strict_json(shown))
    else:
        assert out == shown


def assert_near(found: Any, shown: Any) -> None:
    """The same document; the last digits of a number may differ between machines."""
    if isinstance(shown, dict):
        assert list(found) == list(shown)
        for key in shown:
            assert_near(found[key], shown[key])
    elif isinstance(shown, list):
        assert len(found) == len(shown)
        for one, other in zip(found, shown, strict=True):
            assert_near(one, other)
    else:
        assert found == (pytest.approx(shown, rel=1e-12) if isinstance(shown, float) else shown)


def test_the_python_block_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = (block for block in README if block.language == "python")
    (shown,) = (block for block in README if block.language == "text")
    assert len(code.text.splitlines()) == 10
    exec(compile(code.text, "README.md", "exec"), {})  # noqa: S102  our own text
    assert capsys.readouterr().out == shown.text


def test_the_workflow_grades(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = (block for block in README if block.language == "yaml")
    (job,) = yaml.safe_load(block.text)["jobs"].values()
    assert set(job) == {"runs-on", "steps"}
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used)
    install, grading = (step["run"] for step in job["steps"] if "run" in step)
    assert install == "python -m pip install ./.hwcheck"
    arguments = shlex.split(grading)
    assert arguments[0] == "hwcheck"
    sheet = tmp_path / arguments[-1]
    sheet.parent.mkdir()
    for fixture, expected in (("perfect.yaml", 0), ("two-slips.yaml", 0), ("sheet.yaml", 1), ("words.yaml", 2)):
        shutil.copy(ROOT / "fixtures" / "gan" / fixture, sheet)
        monkeypatch.chdir(tmp_path)
        code, out, _ = program(*arguments[1:])
        assert code == expected
        assert "Expected" not in out


def test_our_own_workflow_runs_the_same_steps_with_pinned_actions() -> None:
    document = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    jobs = document["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    commands = [step["run"] for step in steps if "run" in step]
    assert commands == [".ci/run lint", ".ci/run tests", ".ci/run oracle"]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == ["3.10", "3.11", "3.12", "3.13"]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"    {command.split()[1]})\n" in script for command in commands)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_links_lead_somewhere() -> None:
    for document in ("README.md", "problems/README.md", "fixtures/README.md"):
        path = ROOT / document
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{document}: {target}"


def test_the_last_section_is_the_list_of_changes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    assert sections[-1] == "Changes"
    version = (ROOT / "hwcheck" / "__init__.py").read_text(encoding="utf-8").split('__version__ = "')[1].split('"')[0]
    assert text.split("## Changes")[1].split()[1] == version


@pytest.mark.parametrize("document", ["README.md", "problems/README.md", "fixtures/README.md"])
def test_every_command_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"`hwcheck (\w+)", text))
    assert named <= set(COMMANDS), named - set(COMMANDS)


@pytest.mark.parametrize("document", ["README.md", "fixtures/README.md"])
def test_every_file_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    base = (ROOT / document).parent
    for name in re.findall(r"`([\w./-]+/[\w.-]+)`", text):
        assert (base / name).exists() or name.startswith(".venv/"), name


# The pieces of problems/README.md, put into a whole problem in which their names mean something.
PIECES = {
    "inputs": "inputs: {x: [1.0, 2.0]}\n",
    "network": "network: {L: sum(x**2)}\n",
    "loss": "loss: L\n",
}
SETTINGS: dict[str, dict[str, str]] = {
    "dims": {},
    "inputs": {
        "dims": "dims: {C: 2, S: 2, Z: 2, N: 4, M: 3}\n",
        "network": "network: {L: sum(W0 @ z) + b2 + sum(W1)}\n",
    },
    "network": {
        "dims": "dims: {N: 8, M: 3}\n",
        "inputs": "inputs: {x: {shape: [N]}}\n",
        "weights": "weights: {W1: {shape: [N, M]}, b1: {shape: [M]}, W2: {shape: [M, N]}, b2: {shape: [N]}}\n",
    },
    "steps": {
        "inputs": "inputs: {x: [1, 2], h0: [0, 0, 0], c0: [0, 0, 0], b: {shape: [12]}}\n",
        "weights": "weights: {W: {shape: [12, 2]}, U: {shape: [12, 3]}, V: {shape: [3, 3]}}\n",
        "loss": "upstream: {y: [1, 0, 0]}\n",
    },
    "upstream": {"network": "network: {Y: 'outer(x, [1, 2, 3])'}\n", "loss": ""},
    "tolerance": {},
    "marking": {
        "weights": "weights: {W: {shape: [3, 2]}}\n",
        "network": "network: {y: W @ x, H: relu(W), K: 'outer(y, x)', L: sum(H) + sum(K)}\n",
    },
    "names": {"network": "network: {h1: 'outer(x, x)', m: sum(h1), L: m**2}\n"},
    "seed": {},
    "questions": {
        "dims": "dims: {N: 8, M: 3}\n",
        "inputs": "inputs: {x: {shape: [N]}}\n",
        "weights": "weights: {W0: {shape: [M, N]}, W1: {shape: [M, M]}, W2: {shape: [M, N]}}\n",
        "network": "network: {h0: W0 @ x, h: W1 @ h0, z2: W2.T @ h, xhat: sigmoid(z2), L: sum((x - xhat)**2)}\n",
    },
}


@pytest.mark.parametrize("block", blocks("problems/README.md"), ids=lambda block: f"line {block.line}")
def test_the_pieces_of_a_problem_are_sound(block: Block) -> None:
    assert block.language == "yaml"
    text = block.text.replace("[[...]]", str([[1, 2], [3, 4]] * 4))
    first = text.split(":")[0]
    if first == "answers":
        submission = parse_submission(text, "ada.yaml")
        assert len(submission.answers) == len(text.splitlines()) - 1
        return
    if {"inputs:", "loss:"} <= {line.split(" ")[0] for line in text.splitlines()}:
        problem = parse_problem(text, "small.yaml")  # it is whole
        if first == "inputs":  # the smallest one
            assert [question.name for question in problem.questions] == ["y", "L", "grad(W)"]
        return
    own = {line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()}
    setting = SETTINGS["steps" if "cell" in text else first]
    around = "".join(piece for key, piece in {**PIECES, **setting}.items() if key not in own)
    parse_problem(around + text, "piece.yaml")


def test_the_keys_that_are_explained_are_all_there_are() -> None:
    from hwcheck.problem.load import KEYS

    text = (ROOT / "problems" / "README.md").read_text(encoding="utf-8")
    keys = text.split("## The keys")[1].split("###")[0]
    explained = {key for row in re.findall(r"^\| (`.+?) \|", keys, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert explained == set(KEYS)


def test_every_function_that_is_named_as_explained_is_there(program: Program) -> None:
    text = (ROOT / "problems" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`hwcheck explain (\w+)`", text)
    assert named
    assert all(program("explain", name).code == 0 for name in named)
