"""The short ways through YAML and JSON: what they take, what they leave, and that they agree with the full readers."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import Location
from hwcheck.limits import SUBMISSION, Limits
from hwcheck.located import List, Scalar
from hwcheck.located_plain import read_plain
from hwcheck.located_plain_json import read_plain_json
from hwcheck.problem.library import library
from hwcheck.submissions.arrays import Cells, read_cells
from hwcheck.submissions.read import read_submission
from tests.support.filled_templates import filled
from tests.support.located_values import plain
from tests.support.plain_agreement import FIXTURES, JSON, STYLES, agrees, is_still_text, json_of, templates, try_all

TEMPLATES = templates()


def taken(text: str, limits: Limits = SUBMISSION) -> Any:
    """A text as plain values, None where it is left to the full reader."""
    tree = read_plain(text, "ada.yaml", limits)
    if tree is None:
        return None
    assert agrees(text, limits)
    return plain(tree)


@pytest.mark.parametrize("problem", library())
def test_every_template_is_taken_empty_and_filled_in(problem: str) -> None:
    """If one were not, nothing but the time would tell."""
    template = TEMPLATES[problem]
    assert agrees(template)
    chance = random.Random(problem)  # noqa: S311  no secret
    for style in STYLES:
        for _ in range(2):
            text = filled(template, chance, style)
            tree = read_plain(text, "ada.yaml", SUBMISSION)
            assert tree is not None, text
            assert is_still_text(tree)
            assert agrees(text)


def test_files_of_all_kinds_agree() -> None:
    """Problems, submissions in every format, damaged ones: whatever is text."""
    paths = sorted(path for folder in (FIXTURES, *map(Path, {Path(path).parent for path in library().values()}))
                   for path in folder.rglob("*") if path.is_file() and path.stat().st_size < 300_000)  # fmt: skip
    found = {path.name for path in paths if agrees(path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n"))}
    assert {"data-mining.yaml", "half-done.yaml", "perfect.yaml", "two-slips.yaml", "forgotten-mask.yaml"} <= found
    assert found.isdisjoint({"yaml-tab.yaml", "yaml-alias.yaml", "yaml-duplicate-keys.yaml", "yaml-bracket-open.yaml"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", {"a": "1"}),
        ("a: 1", {"a": "1"}),
        ("a: [1, _, 1/3, -log(0.5), 1e-05]\n", {"a": ["1", "_", "1/3", "-log(0.5)", "1e-05"]}),
        ("a: [ .5 ,1.,  +2 , 1 - 2]\n", {"a": [".5", "1.", "+2", "1 - 2"]}),
        ("a: [-, --, 1-2, 5-]\n", {"a": ["-", "--", "1-2", "5-"]}),
        ("a: [[1, 2],\n    [3, 4]]  # rows\n", {"a": [["1", "2"], ["3", "4"]]}),
        ("a: [[1, 2],   # first ]\n\n    [3, 4]\n]\n", {"a": [["1", "2"], ["3", "4"]]}),
        ("a: [1, 2] # see [3]\n", {"a": ["1", "2"]}),
        ("a:\n  [[1],\n   [2]]\n", {"a": [["1"], ["2"]]}),
        ("a:\n  - [1, 2]\n  - [3, 4]\n", {"a": [["1", "2"], ["3", "4"]]}),
        ("a:\n- [1, 2]\n- [3, 4]\n", {"a": [["1", "2"], ["3", "4"]]}),
        ("a:\n  - [1, 2]  # one\n\n  # two\n  - [3,\n     4]\n", {"a": [["1", "2"], ["3", "4"]]}),
        ("a:\n  - - [1, 2]\n    - [3, 4]\n  - - [5, 6]\n    - [7, 8]\n",
         {"a": [[["1", "2"], ["3", "4"]], [["5", "6"], ["7", "8"]]]}),
        ("a:\n  - - - 1\n      - -2\n", {"a": [[["1", "-2"]]]}),
        ("a:\n  - 1\n  - _  # open\n", {"a": ["1", "_"]}),
        ("# é\n\nstudent: Jürgen\nanswers:\n    ∂L: −1 # x\n    'b[0]': \"x\"\nlast: ''\n",
         {"student": "Jürgen", "answers": {"∂L": "−1", "b[0]": "x"}, "last": ""}),
        ("answers:\n  a:\n  b: # nothing\n  jacobian(h0, W0): 0.5\n",
         {"answers": {"a": "", "b": "", "jacobian(h0, W0)": "0.5"}}),
        ("a:\n  x: 1\nb:\n    y: 2\n    z: [1]\n", {"a": {"x": "1"}, "b": {"y": "2", "z": ["1"]}}),
        ("answers:\n", {"answers": ""}),
    ],
)  # fmt: skip
def test_the_plain_kind_is_taken(text: str, expected: Any) -> None:
    assert taken(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "# nothing\n", "1\n", "[1, 2]\n", "- 1\n", "---\na: 1\n", "a: 1\n...\n", "%YAML 1.1\n---\na: 1\n",
        "a:\t1\n", "\ta: 1\n", "a: 1\r\n", "\ufeffa: 1\n", "a: \x07\n", "a: 1\u2028b: 2\n", "a: x\x85\n",
        "a: [1, 2\n", "a: [1, 2]]\n", "a: [1 2], 3]\n", "a: [1,, 2]\n", "a: [, 1]\n", "a: [1, ]\n", "a: []\n",
        "a: [[1, 2], [3]]\n", "a: [1, [2]]\n", "a: [[1, 2], [[3, 4], [5, 6]]]\n", "a: [[1][2]]\n", "a: [1[2]]\n",
        "a: [1, -\n  ]\n", "a: [1, - ]\n", "a: [[1]-, [2]]\n", "a: [-[1]]\n",
        "a: [[1]2]\n", "a: [- 1]\n", "a: ['1']\n", "a: [b: 1]\n", "a: [b:1]\n", "a: [?, 1]\n",
        "a: [{b: 1}]\n", "a: {b: 1}\n", "a: [*b]\n", "a: [&b 1]\n", "a: [!!str 1]\n", "a: [1, 2]#x\n",
        "a: [1#x, 2]\n", "a: [1,\n2]\n", "a: [1\n  2]\n", "a: [1, # x\n  2\n", "a:\n[1]\n", "a: 1# x\n", "a: b: c\n",
        "a: 12:30\n", "a:1\n", "a: ?\n", "a: -\n", "a: *b\n", "a: &b 1\n", "a: !!str 1\n", "a: |\n  x\n",
        "a: >\n  x\n", "a: @\n", "a: `\n", "a: %\n", 'a: "x\n  y"\n', 'a: "\\n"\n', "a: 'it''s'\n", 'a: "x" y\n',
        "a: x\n  y\n", "a:\n  x\n", "? a\n: 1\n", "<<: 1\n", "a: 1\na: 2\n", "a:\n  b: 1\n  b: 2\n",
        "a: 1\n'a': 2\n", "a: 1\n  b: 2\n", "a:\n  b: 1\n c: 2\n", " a: 1\n", "a:\n  b:\n    c: 1\n",
        "a:\n  b: 1\n   c: 2\n", "a: [1]\n  b: 2\n", "a:\n  - [1]\n   - [2]\n", "a:\n  - [1]\n - [2]\n",
        "a:\n  - 1\n    - 2\n", "a:\n  - 1, 2\n", "a:\n  - 1 2\n", "a:\n  -\n    - 1\n",
        "a:\n  - [1\n  - 2],[3, 4]\n", "a:\n  - [1]\n  - 2\n", "a:\n  - - 1\n  - - 2\n   - - 3\n", "a:\n  - b: 1\n",
        "b: 1\na:\n  c:\n - 1\n", f"{'a' * 300}: 1\n",
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_full_reader(text: str) -> None:
    assert read_plain(text, "ada.yaml", SUBMISSION) is None


def test_limits_are_left_to_the_full_reader() -> None:
    """It counts exactly; the short way takes what is surely within."""
    for depth in range(1, 8):
        nested = f"a:\n  b: {'[' * depth}1{']' * depth}\n"
        assert (taken(nested, Limits(1000, 6, 100)) is not None) == (depth + 2 <= 6)
    row = f"a: [{', '.join('1' * 90)}]\n"
    assert taken(row, Limits(1000, 6, 100)) is not None
    assert taken(row, Limits(1000, 6, 91)) is None
    deep = "a: " + "[" * 40 + "1" + "]" * 40 + "\n"
    assert read_plain(deep, "ada.yaml", SUBMISSION) is None


def test_a_list_is_built_when_it_is_looked_at() -> None:
    tree = read_plain("x: 1\na:\n  - [0.5, _]\n  - [1/3, 2]  # c\n", "ada.yaml", SUBMISSION)
    assert tree is not None
    value = tree.get("a")
    assert isinstance(value, List)
    assert value.written is not None
    assert value.written.words() == ["0.5", "_", "1/3", "2"]
    assert value.written.shape == (2, 2)
    (first, second) = value.items
    assert isinstance(second, List)
    assert second.items[1] == Scalar("2", second.location._replace(column=11))
    assert [str(place) for place in (value.location, first.location, second.location)] == [
        "ada.yaml:3:3", "ada.yaml:3:5", "ada.yaml:4:5",
    ]  # fmt: skip
    assert value.items is value.items


def test_plain_numbers_and_blanks_are_read_without_building_anything() -> None:
    class Unbuilt:
        shape = (2, 3)

        def words(self) -> list[str]:
            return ["1", "-0", "_", ".5", "1e-05", "2."]

        def items(self) -> Any:
            raise AssertionError("built")

    cells = read_cells(List(None, Location("ada.yaml", 1, 4), Unbuilt()))
    assert isinstance(cells, Cells)
    assert cells.texts == ("1", "-0", "_", ".5", "1e-05", "2.")
    assert [[str(number) for number in row] for row in cells.values] == [
        ["1.0", "-0.0", "nan"],
        ["0.5", "1e-05", "2.0"],
    ]
    assert cells.blank.tolist() == [[False, False, True], [False, False, False]]


def test_a_filled_in_template_is_graded_without_importing_yaml(tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text(filled(TEMPLATES["gan"], random.Random(0), "rounded"), encoding="utf-8")  # noqa: S311  no secret
    assert len(read_submission(path).answers) == 22
    code = "import sys; from hwcheck import read_submission; read_submission(sys.argv[1]); print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("problem", library())
def test_templates_are_taken_as_json(problem: str) -> None:
    chance = random.Random(problem)  # noqa: S311  no secret
    for style in STYLES:
        text = json_of(filled(TEMPLATES[problem], chance, style), chance)
        tree = read_plain_json(text, "ada", SUBMISSION)
        assert tree is not None, text
        assert is_still_text(tree)
        assert agrees(text, ways=JSON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": [1, -.5, 5., +1, 01, null]}', {"a": ["1", "-.5", "5.", "+1", "01", "null"]}),
        ('\n{\n "a" : [[1, 2],\n  [3,4]\n] ,\n"b": {"c": -1.5e-3, "d": "x]", "": true}, "e": null }\n',
         {"a": [["1", "2"], ["3", "4"]], "b": {"c": "-1.5e-3", "d": "x]", "": "true"}, "e": "null"}),
    ],
)  # fmt: skip
def test_plain_json_is_taken(text: str, expected: Any) -> None:
    tree = read_plain_json(text, "ada", SUBMISSION)
    assert plain(tree) == expected
    assert agrees(text, ways=JSON)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "[1]", "{", "{}", '{"a": 1,}', '{"a": [1]', '{"a": [1]}}', '{"a" [1]}', '{"a": [1] "b": 2}',
        '{,"a": 1}', '{"a": []}', '{"a": [1,]}', '{"a": [,1]}', '{"a": [1 2]}', '{"a": [[1], [2, 3]]}',
        '{"a": [[1][2]]}', '{"a": [1]2}', '{"a": [1], [2], "b": 1}', '{"a": ["1"]}', '{"a": [true]}', '{"a": [NaN]}',
        '{"a": NaN}', '{"a": [1_0]}', '{"a": [-]}', '{"a": 01}', '{"a": .5}', '{"a": 1.}', '{"a": +1}',
        '{"a": "\\n"}', '{"a": "\n"}', '{"a": 1, "a": 2}', '{"a": [\ud800]}', '{"a":\t1}', '{"a":\r\n1}', "{'a': 1}",
        '{"a": {"b": {"c": 1}}}', '{"a": {"b": 1, "b": 2}}', '{"a": {"b": 1}, "a": 2}', '{"a": nul}', '{"a": nulll}',
        '{"a": 1.5.2}', '{"a": "\ud800"}', '{"a": 1} x', '\ufeff{"a": 1}',
        '{"a": ' + "[" * 40 + "1" + "]" * 40 + "}",
    ],
)  # fmt: skip
def test_all_other_json_is_left_to_the_full_reader(text: str) -> None:
    assert read_plain_json(text, "ada", SUBMISSION) is None


# Pieces of the grammar, put together in ways that it allows and in ways that it does not.
WORDS = st.sampled_from(
    ["1", "-0.5", ".5", "1.", "1e-05", "_", "1/3", "1 - 2", "", "- 1", "a b", "−1", "*", "1e999", "nan"]
)
SPACES = st.sampled_from(["", " ", " ", "  ", "\n   ", " # c\n  ", "\n"])


@st.composite
def arrays(draw: st.DrawFn) -> str:
    """An array between brackets, seldom ragged, with spaces of all kinds around its words."""
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))

    def written(lengths: list[int]) -> str:
        if not lengths:
            return draw(SPACES) + draw(WORDS) + draw(SPACES)
        length = lengths[0] if draw(st.integers(0, 30)) else draw(st.integers(0, 3))
        return "[" + ",".join(written(lengths[1:]) + draw(SPACES) for _ in range(length)) + "]"

    return written(shape)


@st.composite
def dashes(draw: st.DrawFn) -> str:
    """Lines that begin with dashes, indented nearly always as they should be."""
    indent = draw(st.sampled_from([0, 2, 4]))
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        off = draw(st.sampled_from([0] * 8 + [1, 2]))
        more = draw(st.sampled_from(["", "", "- "]))
        lines.append(" " * (indent + off) + "- " + more + draw(st.one_of(WORDS, arrays(), st.just("[1, 2]"))))
    return "\n" + "\n".join(lines)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "h0", '"d"', "'e'", "grad(b1)", "f g"]),
            st.one_of(WORDS, arrays(), arrays(), dashes(), st.just("\n  x: 1")),
            st.sampled_from(["\n", "\n", " # c\n", "\n\n", "  \n"]),
            st.sampled_from(["", "", "  "]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_texts_of_the_grammar_agree(entries: list[tuple[str, str, str, str]]) -> None:
    agrees("".join(f"{indent}{name}: {value}{end}" for name, value, end, indent in entries))


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("ab:[], -#\n_1.'\"*&\u00a0é") | st.characters(), max_size=40))
def test_any_text_agrees(text: str) -> None:
    agrees(text)
    agrees(f"a: {text}\nb: [1]\n")
    agrees(f"a: [{text}]\n")
    agrees(f'{{"a": [{text}], "b": 1}}', ways=JSON)
    agrees(f'{{"a": 1, {text}}}', ways=JSON)


def test_changed_templates_agree() -> None:
    """The same ones every time; ``python -m tests.support.plain_agreement`` tries any number."""
    assert try_all(3_000, seed=1) > 600
    assert try_all(3_000, seed=1, ways=JSON) > 400
