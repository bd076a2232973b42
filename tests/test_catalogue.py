"""Named things found in a folder: all of them, each once, and no name twice."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hwcheck.catalogue import Catalogue, collect, module_names
from hwcheck.submissions.model import Reader


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of its own for each test."""
    folder = tmp_path / "planted"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise_on_import = False\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module_names.cache_clear()
    yield folder
    module_names.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "planted"]:
        del sys.modules[name]


def suffixes(reader: Reader) -> Iterator[str]:
    return iter(reader.suffixes)


def plant(folder: Path, module: str, *readers: str) -> None:
    text = "from hwcheck.submissions.model import Reader\n"
    for number, endings in enumerate(readers):
        text += f"R{number} = Reader('{module}{number}', {endings}, lambda text, file: None)\n"
    (folder / f"{module}.py").write_text(text, encoding="utf-8")


def test_things_are_found_by_each_of_their_names(package: Path) -> None:
    plant(package, "b", "('.b', '.bb')")
    plant(package, "a", "('.a',)", "('.c',)")
    (package / "other.py").write_text("VALUE = 7\n", encoding="utf-8")
    assert module_names("planted") == ("a", "b", "other")
    found = collect("planted", Reader, suffixes)
    assert {suffix: reader.name for suffix, reader in found.items()} == {
        ".a": "a0",
        ".c": "a1",
        ".b": "b0",
        ".bb": "b0",
    }


def test_modules_are_not_imported_to_be_listed(package: Path) -> None:
    (package / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    assert module_names("planted") == ("broken",)
    with pytest.raises(ZeroDivisionError):
        collect("planted", Reader, suffixes)


def test_one_thing_may_be_seen_from_two_modules(package: Path) -> None:
    plant(package, "a", "('.a',)")
    (package / "b.py").write_text("from planted.a import R0\n", encoding="utf-8")
    assert list(collect("planted", Reader, suffixes)) == [".a"]


def test_a_name_that_two_things_claim_is_refused(package: Path) -> None:
    plant(package, "a", "('.a',)")
    plant(package, "b", "('.b', '.a')")
    with pytest.raises(ValueError, match=r"two things are called '\.a'"):
        collect("planted", Reader, suffixes)


def stated(source: str) -> list[str]:
    """The endings that a planted module states."""
    return re.findall(r"'(\.\w+)'", source)


def test_a_catalogue_imports_what_is_asked_for(package: Path) -> None:
    plant(package, "a", "('.a', '.aa')")
    plant(package, "b", "('.b',)")
    (package / "broken.py").write_text("1 / 0  # '.c'\n", encoding="utf-8")
    found = Catalogue("planted", Reader, suffixes, stated)
    assert list(found) == [".a", ".aa", ".b", ".c"]
    assert len(found) == 4
    assert ".b" in found
    assert ".d" not in found
    assert not [name for name in sys.modules if name.startswith("planted.")]
    assert found[".a"].name == "a0"
    assert found[".aa"] is found[".a"]
    assert [name for name in sys.modules if name.startswith("planted.")] == ["planted.a"]
    assert found.get(".d") is None
    with pytest.raises(ZeroDivisionError):
        found[".c"]


def test_a_catalogue_refuses_a_name_that_two_modules_claim(package: Path) -> None:
    plant(package, "a", "('.a',)")
    plant(package, "b", "('.b', '.a')")
    with pytest.raises(ValueError, match=r"two things are called '\.a': a and b"):
        len(Catalogue("planted", Reader, suffixes, stated))
