"""Finding a problem by its path or its id."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwcheck.errors import ProblemError, UsageError
from hwcheck.problem.library import find_problem, library
from hwcheck.problem.load import load_problem


def test_every_problem_of_the_library_is_sound_and_found_by_its_id() -> None:
    known = library()
    assert {"gan", "autoencoder"} <= set(known)
    for name, path in known.items():
        assert find_problem(name) == path
        assert load_problem(path).id == name


@pytest.mark.parametrize("reference", ["own.yaml", "own.yml", "./gan", "folder/gan", "no/such/file.yaml"])
def test_a_path_is_taken_as_it_is(reference: str) -> None:
    assert find_problem(reference) == Path(reference)


def test_a_file_goes_before_an_id_and_a_folder_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gan").mkdir()
    assert find_problem("gan") == library()["gan"]
    (tmp_path / "autoencoder").write_text("inputs: {x: 1}\nnetwork: {L: x}\nloss: L\n")
    assert load_problem(find_problem("autoencoder")).lines == ("L",)
    (tmp_path / "gan.yaml").write_text("inputs: {x: 1}\nnetwork: {L: x}\nloss: L\n")
    assert find_problem("gan.yaml") == Path("gan.yaml")
    (tmp_path / "homework").mkdir()
    with pytest.raises(ProblemError, match="homework: is a folder, not a file"):
        load_problem(find_problem("homework"))


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("gam", "there is no problem 'gam'; did you mean 'gan'?"),
        ("gan.yaml", "'gan.yaml' does not exist; did you mean the problem 'gan'?"),
        ("gan.yml", "'gan.yml' does not exist; did you mean the problem 'gan'?"),
        ("xyzzy", f"there is no problem 'xyzzy'; problems that come with hwcheck: {', '.join(library())}"),
        ("x" * 5000, "there is no problem"),
        ("a\0b", "there is no problem"),
    ],
)
def test_an_id_that_does_not_exist(reference: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_problem(reference)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 150 + len(", ".join(library()))
