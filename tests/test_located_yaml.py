"""YAML as a located tree: what is read and where, what is refused and in which words, and that nothing hangs."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hwcheck import located_yaml
from hwcheck.errors import InputError
from hwcheck.limits import FAULTS, SUBMISSION, Limits
from hwcheck.located import Located, Map, Scalar
from hwcheck.located_yaml import plain_scalar, read_yaml
from hwcheck.yaml_faults import lines_of
from tests.support.located_values import plain, scalars

PARSERS: dict[str, Any] = {"python": yaml.SafeLoader}
if yaml.__with_libyaml__:
    PARSERS["libyaml"] = yaml.CSafeLoader
# The same parsers, building plain text: an independent judge of what is read.
BASE: dict[str, Any] = {"python": yaml.BaseLoader, "libyaml": getattr(yaml, "CBaseLoader", None)}


@pytest.fixture(params=sorted(PARSERS))
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test that takes this runs with PyYAML's own parser and, where it was built, with libyaml."""
    name: str = request.param
    monkeypatch.setattr(located_yaml, "_Loader", PARSERS[name])
    return name


def read(text: str, limits: Limits = SUBMISSION) -> Located | None:
    return read_yaml(text, "ada.yaml", limits)


def faults(text: str, limits: Limits = SUBMISSION) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, limits)
    return [str(fault).removeprefix("ada.yaml:").strip() for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1e-3\nb: no\nc: 0777\nd: 12:30\ne: 2024-13-45\nf: =\ng: ~\nh:\n",
         {"a": "1e-3", "b": "no", "c": "0777", "d": "12:30", "e": "2024-13-45", "f": "=", "g": "~", "h": ""}),
        ("a: [0.4, -.5, 3,14]\nb: [[1, 2], [3]]\nc: []\nd: {}\n",
         {"a": ["0.4", "-.5", "3", "14"], "b": [["1", "2"], ["3"]], "c": [], "d": {}}),
        ("a:\n  - 1\n  - - 2\n    - 3\n", {"a": ["1", ["2", "3"]]}),
        ("a:\n- 1\n- 2\n", {"a": ["1", "2"]}),
        ("W0: {shape: [C*S*S, Z], value: ...}", {"W0": {"shape": ["C*S*S", "Z"], "value": "..."}}),
        ("h1[1]: 3 # three\n", {"h1[1]": "3"}),
        ("L: -log(yhat)\n  - log(1 - y)\n", {"L": "-log(yhat) - log(1 - y)"}),
        ("- a - b\n- c\n", ["a - b", "c"]),
        ("a: |\n  x\n   y\n", {"a": "x\n y\n"}),
        ("a: >\n  x\n  y\n", {"a": "x y\n"}),
        (r'a: "δ\u2202\n\x41"', {"a": "δ∂\nA"}),
        (r"a: 'it''s \sigma'", {"a": r"it's \sigma"}),
        ("'<<': 1", {"<<": "1"}),
        ("---\na: 1\n...\n", {"a": "1"}),
        ("%YAML 1.1\n---\na: 1\n", {"a": "1"}),
        ("0.5", "0.5"),
        ("a: " + "9" * 5000, {"a": "9" * 5000}),
        ("a: 0.5\r\nb: 1\r", {"a": "0.5", "b": "1"}),
        ('""', ""),
        ("", None),
        ("# nothing\n\n", None),
        ("---\n", None),
    ],
)  # fmt: skip
def test_every_value_is_the_text_that_was_written(parser: str, text: str, expected: Any) -> None:
    assert plain(read(text)) == expected


def test_every_value_knows_its_place_and_its_quotes(parser: str) -> None:
    text = """\
# a comment
title: "GAN δ😀" # 1
x: ['1', −2, "😀", 3]
y:
  - a
  - {b: c}
z: |
  text
e:
"""
    root = read(text)
    assert root is not None
    assert [(s.text, *s.location[1:], s.quoted) for s in scalars(root)] == [
        ("title", 2, 1, False),
        ("GAN δ😀", 2, 8, True),
        ("x", 3, 1, False),
        ("1", 3, 5, True),
        ("−2", 3, 10, False),
        ("😀", 3, 14, True),
        ("3", 3, 19, False),
        ("y", 4, 1, False),
        ("a", 5, 5, False),
        ("b", 6, 6, False),
        ("c", 6, 9, False),
        ("z", 7, 1, False),
        ("text\n", 8, 3, True),
        ("e", 9, 1, False),
        ("", 9, 3, False),
    ]
    assert isinstance(root, Map)
    places = [(type(value).__name__, *value.location) for _, value in root.entries if not isinstance(value, Scalar)]
    assert root.location[1:] == (2, 1)
    assert places == [("List", "ada.yaml", 3, 4), ("List", "ada.yaml", 5, 3)]


# What a person does wrong, where hwcheck points and what it says. The first number of the place is the line.
WRONG = [
    ("a:\n\tb: 1\n", "2:1: a tab indents this line, but YAML counts spaces only; replace each tab by spaces"),
    ("a:\n  b: 1\n\tc: 2", "3:1: a tab indents this line, but YAML counts spaces only; replace each tab by spaces"),
    ("a:\n  \tb: 1\n  c: 2", "2:3: a tab indents this line, but YAML counts spaces only; replace each tab by spaces"),
    ("a:0.5\nb: 1", "1:2: a space is missing after the colon; write 'a: 0.5'"),
    ("b: 1\na:0.5\nc: 2", "2:2: a space is missing after the colon; write 'a: 0.5'"),
    ("b:\n  - c: 1\n    d:2\n    e: 3", "3:6: a space is missing after the colon; write 'd: 2'"),
    ("{N:8, M: 3}", "1:2: a space is missing after the colon; write 'N: 8'"),
    ("a:\u00a00.5\nb: 1",
     "1:3: this space is the character U+00A0, which YAML takes for a letter; type an ordinary space"),
    ("a: 1\n\u00a0\u00a0b: 1\nc: d: 3",
     "2:1: this space is the character U+00A0, which YAML takes for a letter; type an ordinary space"),
    ("b: 1\njust words\nc: 2", "2:1: expected 'name: value', found 'just words'; a colon and a space are missing"),
    ("a\nb\nc: 1", "2:1: expected 'name: value', found 'b'; a colon and a space are missing"),
    ("a: 1\n" + "y" * 1100 + ": 1", "2:1: the name before the colon has more than 1,024 characters; shorten it"),
    ("y" * 1100 + ": 1", "1:1101: the name before the colon has more than 1,024 characters; shorten it"),
    ("a: b: c", "1:5: a second colon with a space in one entry; put the value in quotes, or begin a new line"),
    ("a: 1\n  b: 2", "2:3: this line is indented deeper than line 1, whose entry has its value already; "
     "begin both in the same column"),
    (": 5", "1:1: a name is missing before the colon"),
    ("{: 5}", "1:2: a name is missing before the colon"),
    ("a: - 0.5", "1:4: '- ' begins an item of a list, which needs a line of its own; "
     "write a negative number without the space (-0.5), a lone '-' in quotes"),
    ("a: [- 0.5]", "1:5: '- ' begins an item of a list, which needs a line of its own; "
     "write a negative number without the space (-0.5), a lone '-' in quotes"),
    ("a: ?\nb: 1", "1:4: put a '?' that stands alone in quotes"),
    ("a: [1, 2", "1:4: '[' is never closed; add the missing ']'"),
    ("a: {b: [1, 2]\n# the end\n", "1:4: '{' is never closed; add the missing '}'"),
    ("a: [[1], [\n", "1:10: '[' is never closed; add the missing ']'"),
    ("a: {\n", "1:4: '{' is never closed; add the missing '}'"),
    ("[b: ", "1:1: '[' is never closed; add the missing ']'"),
    ("a: [1, 2\nb: 3\n",
     "2:1: a ',' is missing before this place, or the closing ']' of the '[' of line 1, column 4; found 'b: 3'"),
    ("W: [[1, 2], [3, 4]\nb: 1\n",
     "2:1: a ',' is missing before this place, or the closing ']' of the '[' of line 1, column 4; found 'b: 1'"),
    ('{"a": 1 "b": 2}',
     "1:9: a ',' is missing before this place, or the closing '}' of the '{' of line 1, column 1; found '\"b\": 2}'"),
    ("a: [1, 2}", "1:9: the '[' of line 1, column 4 is closed by '}'; the two must match"),
    ("a: {x: 1]", "1:9: the '{' of line 1, column 4 is closed by ']'; the two must match"),
    ("a: [1,,2]", "1:7: a value is missing before this comma"),
    ("a: [1,2]]", "1:9: ']' closes nothing here; delete it, or add the bracket it should close"),
    ("a: }", "1:4: '}' closes nothing here; delete it, or add the bracket it should close"),
    ("a: [1,2] 3",
     "1:10: nothing may follow the closing ] in this entry, found '3'; delete it, or put both into one list"),
    ("a: 'abc\nb: 2", "1:4: this quote is never closed; add the closing one"),
    ('a: "abc\n---\nb: 2', "1:4: this quote is never closed; add the closing one"),
    ("a: 'it's'", "1:8: nothing may follow the closing ' in this entry, found \"s'\"; "
     "write an apostrophe inside single quotes twice: ''"),
    ('a: "GAN" step', "1:10: nothing may follow the closing \" in this entry, found 'step'; "
     "put one pair of quotes around the whole value, single ones if it holds double ones"),
    (r'a: "\sigma"', r"1:5: inside double quotes a backslash begins a code, and there is no code \s; "
     r"use single quotes, or write \\ for a backslash"),
    (r'a: "\x1"', r"1:5: \x, \u and \U need the 2, 4 or 8 hexadecimal digits of a character; "
     "write the character itself, or use single quotes"),
    ("a: @x", "1:4: no value may begin with '@'; put the text in quotes"),
    ("```yaml\na: 1\n```", "1:1: no value may begin with '`'; put the text in quotes"),
    ("% my solution\na: 1", "1:1: '%' at the beginning of a line gives orders to the YAML reader; "
     "begin a comment with '#'"),
    ("%YAML 2.0\n---\na: 1", "1:1: the file asks for a version of YAML that is not read; delete this line"),
    ("a: |x| + 1", "1:4: '|' at the beginning announces a text on the lines below, found 'x| + 1'; "
     "put a text that begins so in quotes"),
    ("a: > 0.5", "1:4: '>' at the beginning announces a text on the lines below, found '0.5'; "
     "put a text that begins so in quotes"),
    ("- a\nb: 1", "2:1: the items of the list that begins on line 1 begin with '- ' in column 1, "
     "found 'b: 1' in column 1; check the indentation"),
    ("a: 1\n- b", "2:1: an item of a list stands among the entries of a mapping (which begins on line 1); "
     "write 'name: value', or begin it in the column of its list's other items"),
    ("a:\n    b: 1\n  c: 2", "3:3: this line begins in column 3, the mapping it belongs to (line 1) in column 1; "
     "begin both in the same column"),
    ("  a: 1\nb: 2", "2:1: this line is indented less than the first one, or the file's value has ended above it; "
     "begin all names of the file in the same column"),
    ("a:\n- 1\n - 2\n- 3 - 4", "3:2: this item is indented deeper than the one on line 2 and so is part of it; "
     "begin both in one column"),
    ("- 1\n\n # c\n - 2", "4:2: the items of the list that begins on line 1 begin with '- ' in column 1, "
     "found '- 2' in column 2; check the indentation"),
    ("a: &x 1", "1:4: anchors ('&name') are not read, found '&x'; "
     "write the value itself, or put a text that begins with '&' in quotes"),
    ("a: *x", "1:4: aliases ('*name') are not read, found '*x'; "
     "write the value itself, or put a text that begins with '*' in quotes"),
    ("a: **x**", "1:4: aliases ('*name') are not read, found '**x**'; "
     "write the value itself, or put a text that begins with '*' in quotes"),
    ("a: !!python/object/apply:os.system [ls]", "1:4: tags ('!type') are not read, "
     "found '!!python/obj...ply:os.system'; write the value itself, or put a text that begins with '!' in quotes"),
    ("a: !b!c d", "1:4: tags ('!type') are not read, found '!b!c'; "
     "write the value itself, or put a text that begins with '!' in quotes"),
    ("<<: {a: 1}", "1:1: merge keys ('<<') are not read; write the entries out"),
    ("a: 1\n---\nb: 2", "2:1: '---' begins a second document; a file holds one, delete what is not meant"),
    ("a: 1\nb: 2\na: 3", "3:1: the name 'a' stands twice: first on line 1; delete or rename one of them"),
    ('{"a": 1, a: 2}', "1:10: the name 'a' stands twice: first on line 1; delete or rename one of them"),
    ("? [a, b]\n: 1", "1:3: a name must be one word or text, not a list or a mapping"),
    ("a: x\x07", "1:5: the invisible character U+0007 cannot stand in YAML; delete it"),
    ("a: 1\n\ufeffb: 2", "2:1: the invisible character U+FEFF cannot stand in YAML; delete it"),
    ("a: \ud800", "1:4: the invisible character U+D800 cannot stand in YAML; delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_told_in_plain_words(parser: str, text: str, message: str) -> None:
    assert faults(text) == [message]


@pytest.mark.parametrize("text", ["[?, 1]", "[1, ?]", "a: [0.1, ?, 0.3]", "{a: ?, b: 1}"])
def test_a_lone_question_mark_in_a_list_is_explained(parser: str, text: str) -> None:
    """The parsers take it for the beginning of a name and stumble over it at different places."""
    assert any("put a '?' that stands alone in quotes" in fault for fault in faults(text))


def test_half_a_character_is_refused(parser: str) -> None:
    """The parsers differ here: one refuses it, the other hands it on."""
    (message,) = faults(r'a: "\ud800"')
    assert re.match(r"1:[45]: .*write the character itself", message)


def test_all_faults_are_told_in_the_order_of_their_places(parser: str) -> None:
    text = """\
a: !t 1
b: *x
c: {N:8}
d: &y
  e: 1
  e: 2
a: 3
<<: z
f: [1, 2
"""
    starts = [(re.split(r" \(| are|;| '|:(?= )", fault.split(": ", 1)[1])[0]) for fault in faults(text)]
    places = [fault.split(": ", 1)[0] for fault in faults(text)]
    assert list(zip(places, starts, strict=True)) == [
        ("1:4", "tags"),
        ("2:4", "aliases"),
        ("3:5", "a space is missing after the colon"),
        ("4:4", "anchors"),
        ("6:3", "the name"),
        ("7:1", "the name"),
        ("8:1", "merge keys"),
        ("9:4", "'[' is never closed"),
    ]


def test_faults_beyond_count_are_counted(parser: str) -> None:
    told = faults("a: 1\n" * (FAULTS + 8))
    assert len(told) == FAULTS + 1
    assert told[0].startswith("2:1: the name 'a'")
    assert told[-1] == "and 7 more faults"


NESTED = {
    "lists": "[" * 100_000,
    "mappings": "{" * 100_000,
    "both": "[{" * 50_000,
    "closed lists": "[" * 100_000 + "]" * 100_000,
    "named": "{a: " * 50_000,
    "items": "- " * 100_000,
    "complex keys": "? " * 100_000,
    "indented": "".join(" " * number + "a:\n" for number in range(1500)),
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_deep_nesting_is_refused_at_once(parser: str, text: str) -> None:
    begin = time.perf_counter()
    (message,) = faults(text)
    assert time.perf_counter() - begin < 20
    assert message.endswith(": lists and mappings stand more than 32 deep; check for brackets left open")


def test_depth_is_counted_exactly(parser: str) -> None:
    limits = Limits(bytes=1000, depth=3, values=100)
    assert plain(read("[[[1]], [[2]]]", limits)) == [[["1"]], [["2"]]]
    assert faults("[[[1]],\n [[[2]]]]", limits)[0].startswith("2:4: lists and mappings stand more than 3 deep")


@pytest.mark.parametrize(("text", "count"), [("[1, 2]", 3), ("{a: 1, b: [2]}", 6), ("x", 1), ("a:\n- {}\n- []\n", 5)])
def test_values_are_counted_exactly_and_with_keys(parser: str, text: str, count: int) -> None:
    assert read(text, Limits(1000, 32, count)) is not None
    (message,) = faults(text, Limits(1000, 32, count - 1))
    assert message.endswith(f"the file holds more than {count - 1:,} values; at most so many are read")


LEVELS = 26
BOMBS = {
    "aliases": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, LEVELS)),
    "merges": "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, LEVELS)),
    "itself": "a: &a [*a, *a]\n",
    "billion tags": "a: !!x 1\n" * 50_000,
    "many values": "[" + "1," * 900_000,
    "many names": "".join(f"k{n}: 1\n" for n in range(150_000)),
    "one name": "a: 1\n" * 150_000,
    "many documents": "---\n" * 400_000,
    "quotes": '"' * 1_900_000,
    "open quote": "'" + "a\n" * 900_000,
    "colons": ": " * 900_000,
    "colons after one another": "a:" * 900_000,
    "swallowed items": "- a\n" + " - b\n" * 300_000,
    "many swallowed items": "- a\n - b\n" * 200_000,
    "spaces and tab": " " * 1_900_000 + "\ta: b: c",
    "control characters": "\x07" * 1_900_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs_do_no_harm(text: str) -> None:
    begin = time.perf_counter()
    assert 1 <= len(faults(text)) <= FAULTS + 1
    assert time.perf_counter() - begin < 20


def test_merge_bomb_names_every_merge(parser: str) -> None:
    """The first lines, each with an anchor, a merge and two aliases."""
    places = [(fault.split(": ")[0], fault.split(": ")[1].split(" ")[0]) for fault in faults(BOMBS["merges"])[:5]]
    assert places == [
        ("1:5", "anchors"),
        ("2:5", "anchors"),
        ("2:10", "merge"),
        ("2:15", "aliases"),
        ("2:20", "aliases"),
    ]


# Text that is like YAML often enough to reach every corner of the parsers.
PIECES = ["a", "b: ", "c:", "- ", "-", "? ", ":", ": ", "[", "]", "{", "}", ",", ", ", "'", '"', "\\", "\\u12", "\\s",
          "#", " #", "\n", "\n", "\n  ", "\n    ", "\n\t", "\t", " ", "|", ">", "|\n ", "*", "&", "!", "!a!", "%",
          "%YAML 1.1\n", "@", "`", "---", "---\n", "...\n", "0.5", "\u00a0", "\u2028", "é", "😀", "<<: ", "it's",
          "\\ud800", "\\UFFFFFFFF", "\r", " - ", "\x00"]  # fmt: skip
JARGON = re.compile(r"token|scalar|block (end|map|coll|seq)|flow|node|indicator|stream|document start|yaml\.", re.I)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join), st.sampled_from(sorted(PARSERS)))
def test_any_text_is_read_as_yaml_says_or_refused_at_a_place_of_the_file(text: str, name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(located_yaml, "_Loader", PARSERS[name])
        try:
            value = plain(read(text))
        except InputError as error:
            lines = lines_of(text)
            for fault in error.faults:
                _, line, column = fault.location
                assert 1 <= line <= len(lines)
                assert 1 <= column <= len(lines[line - 1]) + 1
                assert not JARGON.search(fault.message.split("found")[0])
        else:
            assert (value or None) == (yaml.load(text, BASE[name]) or None)  # noqa: S506


# What YAML can hold in one line: no line ends of its own (U+0085, U+2028, U+2029), nothing that it refuses.
LINE_TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"),
    max_size=20,
)
KEYS = LINE_TEXT.filter(lambda text: text not in ("<<", ""))
VALUES = st.recursive(
    LINE_TEXT | st.integers().map(str) | st.floats().map(repr),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)


def as_text(value: Any) -> Any:
    """JSON's values as the text that json.dumps writes for them."""
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    return value if isinstance(value, str) else json.dumps(value)


JSON_VALUES = st.recursive(
    LINE_TEXT | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(LINE_TEXT, inner, max_size=5),
    max_leaves=30,
)


@given(JSON_VALUES, st.sampled_from([None, 1, 4]), st.sampled_from(sorted(PARSERS)))
def test_json_is_yaml(value: Any, indent: int | None, name: str) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(located_yaml, "_Loader", PARSERS[name])
        assert plain(read(text)) == as_text(value)


@given(VALUES, st.sampled_from([None, True, False]), st.booleans(), st.sampled_from(sorted(PARSERS)))
def test_what_pyyaml_writes_is_read_and_stands_where_it_is_said_to(
    value: Any, flow: bool | None, unicode: bool, name: str
) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=unicode, width=10_000)
    if '"' in text and re.search(r"\\ud[89a-f]", text, re.I):
        return  # PyYAML's writer splits what libyaml's reader refuses
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(located_yaml, "_Loader", PARSERS[name])
        root = read(text)
    assert plain(root) == (value if value != "" else "")
    lines = lines_of(text)
    for scalar in scalars(root) if root else ():
        written = lines[scalar.location.line - 1][scalar.location.column - 1 :]
        assert written.startswith(("'", '"') if scalar.quoted else scalar.text)


PLAIN = [
    ("sigmoid", "sigmoid"),
    ("h1[0, 1]", "h1[0, 1]"),
    ("-0.5", "-0.5"),
    ("W2.T @ h + b2", "W2.T @ h + b2"),
    ("null", "null"),
    ("12:30", "12:30"),
    ("it's \\sigma", "it's \\sigma"),
    ("", '""'),
    (" x", '" x"'),
    ("x ", '"x "'),
    ("a: b", '"a: b"'),
    ("a:", '"a:"'),
    ("a #b", '"a #b"'),
    ("- 1", '"- 1"'),
    ("-", '"-"'),
    ("?", '"?"'),
    ("*x", '"*x"'),
    ("@", '"@"'),
    ("[1]", '"[1]"'),
    ("<<", '"<<"'),
    ("--- x", '"--- x"'),
    ("a\nb", r'"a\nb"'),
    ("a\tb", r'"a\tb"'),
    ("#\x85\u2028\ufeff\x7f", r'"#\u0085\u2028\uFEFF\u007F"'),
    ('"a"', r'"\"a\""'),
    ("\ud800", "\ufffd"),
]


@pytest.mark.parametrize(("text", "written"), PLAIN)
def test_text_is_put_in_quotes_where_yaml_needs_it(text: str, written: str) -> None:
    assert plain_scalar(text) == written


def test_more_needs_quotes_between_brackets() -> None:
    assert plain_scalar("h1[0]", flow=True) == '"h1[0]"'
    assert plain_scalar("a, b", flow=True) == '"a, b"'
    assert plain_scalar("W0 @ z", flow=True) == "W0 @ z"


TRICKY = st.text(
    st.sampled_from("ab-?:,[]{}#&*!|>'\"%@` .<=\\~\t\n\x85\u2028\u00a0\ufeff\x7fé😀0") | st.characters(), max_size=8
)


@settings(max_examples=500, deadline=None)
@given(TRICKY, TRICKY, st.sampled_from(sorted(PARSERS)))
def test_what_plain_scalar_writes_is_read_back(text: str, other: str, name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(located_yaml, "_Loader", PARSERS[name])
        text, other = (re.sub("[\ud800-\udfff]", "\ufffd", each) for each in (text, other))
        block, between = plain_scalar(text), plain_scalar(text, flow=True)
        assert plain(read(f"{block}: {block}\n")) == {text: text}
        assert plain(read(f"- {block}\n- {block}\n")) == [text, text]
        assert plain(read(f"[{between}, {{{between}: {plain_scalar(other, flow=True)}}}]")) == [text, {text: other}]


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML's own parser takes less, so some quotes are for its sake")
@settings(max_examples=500, deadline=None)
@given(TRICKY.filter(lambda text: not re.search("[\t\ud800-\udfff\ufeff]", text)))
def test_what_yaml_reads_without_quotes_gets_none(text: str) -> None:
    assume(text not in ("...", "---"))  # the marks of a document's ends: quoted wherever they stand
    try:
        bare = plain(read(f"{text}: {text}\n")) == {text: text}
    except InputError:
        bare = False
    assert (plain_scalar(text) == text) == bare
