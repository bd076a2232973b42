"""JSON as a located tree: the same that YAML gives, with the standard module as the judge of what is JSON."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.errors import InputError
from hwcheck.limits import FAULTS, SUBMISSION, Limits
from hwcheck.located import List, Located, Map
from hwcheck.located_json import read_json
from hwcheck.located_yaml import read_yaml
from tests.support.located_values import plain, scalars


def read(text: str, limits: Limits = SUBMISSION) -> Located:
    return read_json(text, "ada.json", limits)


def faults(text: str, limits: Limits = SUBMISSION) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, limits)
    return [str(fault).removeprefix("ada.json:").strip() for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.50", "0.50"),
        (" -1E+3 ", "-1E+3"),
        ("[.5, -.5, +.5, 5., -5.e3, +1, 01, -007, 1.]", [".5", "-.5", "+.5", "5.", "-5.e3", "+1", "01", "-007", "1."]),
        ('{"a": .5,"b":[01,+1]\n,"c":"+1, .5"}', {"a": ".5", "b": ["01", "+1"], "c": "+1, .5"}),
        (r'["\", .5, \"", +2]', ['", .5, "', "+2"]),
        (".5", ".5"),
        ('""', ""),
        ("[]", []),
        ("{}", {}),
        ("[true, false, null]", ["true", "false", "null"]),
        ("[NaN, Infinity, -Infinity, 1e999]", ["NaN", "Infinity", "-Infinity", "1e999"]),
        ("9" * 5000, "9" * 5000),
        ('{"a": [1, {"b": []}], "": {}}', {"a": ["1", {"b": []}], "": {}}),
        ('{"a":1,"b":[2,3]}', {"a": "1", "b": ["2", "3"]}),
        ('{"<<": 1, "a:b": ""}', {"<<": "1", "a:b": ""}),
        (r'["\"]", "\\", "\\\"[", "\/\b\n\u2202"]', ['"]', "\\", '\\"[', "/\b\n∂"]),
        (r'["\ud83d\ude00", "\ud83d", "x\ude00y\ud800"]', ["😀", "\ufffd", "x\ufffdy\ufffd"]),
        ('["\ud800"]', ["\ufffd"]),
        ('["a\u2028b\x7f"]', ["a\u2028b\x7f"]),
        ("\r\n\t[1,\r\n2]\r\n", ["1", "2"]),
    ],
)
def test_every_value_is_the_text_that_was_written(text: str, expected: Any) -> None:
    assert plain(read(text)) == expected


def test_every_value_knows_its_place_and_its_quotes() -> None:
    root = read('{\n  "title": "δ😀\\"[",\n  "x": ["1", -2, "\\ud83d\\ude00", null],\n"y": [[3], {\t"z":4}]\n}')
    assert [(s.text, *s.location, s.quoted) for s in scalars(root)] == [
        ("title", "ada.json", 2, 3, True),
        ('δ😀"[', "ada.json", 2, 12, True),
        ("x", "ada.json", 3, 3, True),
        ("1", "ada.json", 3, 9, True),
        ("-2", "ada.json", 3, 14, False),
        ("😀", "ada.json", 3, 18, True),
        ("null", "ada.json", 3, 34, False),
        ("y", "ada.json", 4, 1, True),
        ("3", "ada.json", 4, 8, False),
        ("z", "ada.json", 4, 14, True),
        ("4", "ada.json", 4, 18, False),
    ]
    assert isinstance(root, Map)
    y = root.get("y")
    assert isinstance(y, List)
    assert [value.location[1:] for value in (root, y, *y.items)] == [(1, 1), (4, 6), (4, 7), (4, 12)]


IN_QUOTES = "write it like -0.5 or 1e-3, or in double quotes"
ENDED = "the file's value has ended; delete what follows, or put everything into one list or mapping"
WRONG = [
    ("", "1:1: the file is empty; JSON needs a value"),
    (" \n\n", "1:1: the file is empty; JSON needs a value"),
    ("[1, 2,]", "1:6: a comma stands before a closing bracket; delete the comma"),
    ('{"a": 1 , \n}', "1:9: a comma stands before a closing bracket; delete the comma"),
    ("[1,,2]", "1:4: a value is missing before this comma"),
    ("[,1]", "1:2: a value is missing before this comma"),
    ('{"a": }', "1:7: a value is missing before this '}'"),
    ("[[1, 2],\n[3, 4]\n", "1:1: '[' is never closed; add the missing ']'"),
    ('{"a": [1, 2', "1:7: '[' is never closed; add the missing ']'"),
    ('{"a"', "1:1: '{' is never closed; add the missing '}'"),
    ('{"a": 1,', "1:1: '{' is never closed; add the missing '}'"),
    ('{"a": [1, 2}', "1:12: the '[' of line 1, column 7 is closed by '}'; the two must match"),
    ('{"a]": 1]', "1:9: the '{' of line 1, column 1 is closed by ']'; the two must match"),
    ("]", "1:1: ']' closes nothing here; delete it, or add the bracket it should close"),
    ("[]]", "1:3: ']' closes nothing here; delete it, or add the bracket it should close"),
    ("[1 2]", "1:4: a ',' is missing before this place, found '2]'"),
    ('{"a": 1\n"b": 2}', "2:1: a ',' is missing before this place, found '\"b\": 2}'"),
    ('{"a" 1}', "1:6: a ':' and a value are missing after the name, found '1}'"),
    ("{'a': 1}", "1:2: JSON writes text in double quotes; replace the single ones, found \"'a'\""),
    ("{“a”: 1}", "1:2: JSON writes text in straight double quotes: \", found '“a”'"),
    ("{a: 1}", "1:2: JSON writes names in double quotes, found 'a'"),
    ("[abc]", "1:2: JSON writes text in double quotes, found 'abc'"),
    ("[nan]", "1:2: JSON writes text in double quotes, found 'nan'"),
    ("[True]", "1:2: JSON writes true and false in small letters, found 'True'"),
    ("[None]", "1:2: JSON writes null for nothing, found 'None'"),
    ("[.5, .5x]", "1:6: JSON writes a digit before the decimal point: 0.5, found '.5x'"),
    ("[-.5.]", "1:2: JSON writes a digit before the decimal point: 0.5, found '-.5.'"),
    ("[+x]", "1:2: JSON writes a positive number without its sign, found '+x'"),
    ("[01, 007x]", f"1:6: '007x' is no number in JSON; {IN_QUOTES}"),
    ("[5.e]", f"1:2: '5.e' is no number in JSON; {IN_QUOTES}"),
    ("{.5: 1}", "1:2: JSON writes a digit before the decimal point: 0.5, found '.5'"),
    ("[.5 5.]", "1:5: a ',' is missing before this place, found '5.]'"),
    ("[+1,]", "1:4: a comma stands before a closing bracket; delete the comma"),
    ("[1_000]", f"1:2: '1_000' is no number in JSON; {IN_QUOTES}"),
    ("[1/3]", f"1:2: '1/3' is no number in JSON; {IN_QUOTES}"),
    ("[12%]", f"1:2: '12%' is no number in JSON; {IN_QUOTES}"),
    ("// answers\n{}", "1:1: JSON has no comments; delete it, found '//'"),
    ('{"a": 1, # one\n"b": 2}', "1:10: JSON has no comments; delete it, found '#'"),
    ('{"a": 1}\n{"b": 2}', f"2:1: {ENDED}, found '{{\"b\": 2}}'"),
    ("3,14", f"1:2: {ENDED}, found ',14'"),
    ('["abc]', "1:2: this quote is never closed; add the closing one"),
    (r'["a\"]', "1:2: this quote is never closed; add the closing one"),
    ('["a\\"b\n", 1]', "1:2: this quote is not closed on its line; add the closing one"),
    ('["a\tb"]', r"1:4: the character U+0009 stands in a text; write \u0009"),
    (r'["x", "\sigma"]', r"1:8: inside quotes a backslash begins a code, and there is no code \s; "
     r"write \\ for a backslash"),
    (r'["\u12"]', r"1:3: \u needs the 4 hexadecimal digits of a character; write the character itself"),
    ("\ufeff{}", r"1:1: the file begins with two byte order marks; save it as UTF-8, found '\ufeff'"),
    ('{"a": 1, "a": 2}', "1:10: the name 'a' stands twice: first on line 1; delete or rename one of them"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_told_in_plain_words(text: str, message: str) -> None:
    assert faults(text) == [message]


def test_every_name_that_stands_twice_is_told() -> None:
    told = faults('{"a": 1,\n "b": {"c": 1, "c": 2},\n "\\u0061": 3,\n "a": 4}')
    assert [(fault.split(": ")[0], fault.split("first on ")[1].split(";")[0]) for fault in told] == [
        ("2:16", "line 2"),
        ("3:2", "line 1"),
        ("4:2", "line 1"),
    ]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, '[{"":' * 50_000, "[" * 100_000 + "]" * 100_000, '["\\"]",' + "[" * 100_000],
    ids=["lists", "mappings", "both", "closed", "after a bracket in quotes"],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    begin = time.perf_counter()
    (message,) = faults(text)
    assert time.perf_counter() - begin < 20
    assert message.endswith(": lists and mappings stand more than 32 deep; check for brackets left open")


def test_depth_is_counted_exactly_and_outside_of_text() -> None:
    limits = Limits(bytes=1000, depth=3, values=100)
    assert plain(read(r'[[["[[[[", "\"[["]], [[2]]]', limits)) == [[["[[[[", '"[[']], [["2"]]]
    assert faults("[[[1]],\n [[[2]]]]", limits)[0].startswith("2:4: lists and mappings stand more than 3 deep")


@pytest.mark.parametrize(
    ("text", "count"),
    [("1", 1), ("[1, 2]", 3), ('{"a": 1, "b": [2]}', 6), ('[[ ], {\n}, "[,:"]', 4), (r'["\",", 1]', 3), ("[]", 1)],
)
def test_values_are_counted_exactly_and_with_keys(text: str, count: int) -> None:
    read(text, Limits(1000, 32, count))
    assert faults(text, Limits(1000, 32, count - 1)) == [
        f"the file holds more than {count - 1:,} values; at most so many are read"
    ]


BOMBS = {
    "values": "[" + "1," * 900_000 + "1]",
    "escaped quotes": '["' + '\\"' * 900_000,
    "backslashes": '["' + "\\" * 1_900_001,
    "quotes": '"' * 1_900_001,
    "words": "a" * 1_900_000,
    "open then blanks": "[ " * 31 + " " * 1_900_000,
    "lists and blanks": "[" + ("[" + " " * 30 + "1],") * 50_000,
    "one name": "{" + '"a":1,' * 45_000 + '"a":1}',
    "digits": "[" + "9" * 1_900_000 + "x]",
    "commas": "[" + "," * 50_000,
    "zeros": "[" + "0" * 1_900_000 + "x]",
    "points": "[" + "1." * 900_000 + "]",
    "signs": "[" + "+" * 1_900_000 + "]",
    "exponents": "[" + "0.1e" * 450_000 + "]",
    "odd numbers": "[" + "+.5," * 90_000 + "x]",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs_do_no_harm(text: str) -> None:
    begin = time.perf_counter()
    assert 1 <= len(faults(text)) <= FAULTS + 1
    assert time.perf_counter() - begin < 20


def as_text(value: Any) -> Any:
    """JSON's values as the text that json.dumps writes for them, half characters replaced."""
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    return value if isinstance(value, str) else json.dumps(value)


def json_values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        text | st.integers() | st.floats() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(text, inner, max_size=5),
        max_leaves=30,
    )


WHOLE_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SEPARATORS = st.sampled_from([None, (",", ":"), (" , ", " : ")])


@given(json_values(WHOLE_TEXT), st.sampled_from([None, 1, 4]), SEPARATORS, st.booleans())
def test_what_json_writes_is_read_and_stands_where_it_is_said_to(
    value: Any, indent: int | None, separators: tuple[str, str] | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only)
    root = read(text)
    assert plain(root) == as_text(value)
    lines = text.split("\n")
    for scalar in scalars(root):
        written = lines[scalar.location.line - 1][scalar.location.column - 1 :]
        assert (
            json.JSONDecoder().raw_decode(written)[0] == scalar.text
            if scalar.quoted
            else written.startswith(scalar.text)
        )


# What both formats can hold: YAML refuses control characters and has line ends of its own.
SHARED_TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"),
    max_size=20,
)


@given(json_values(SHARED_TEXT), st.sampled_from([None, 1, 4]))
def test_both_readers_give_one_tree(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert read_yaml(text, "ada.json", SUBMISSION) == read(text)


PIECES = ["[", "]", "{", "}", ",", ":", '"', '"a"', '"b"', "'", "\\", "\\u00e9", "\\ud800", "\\n", "1", "-", ".5", "0",
          "e5", "true", "None", "NaN", "//", " ", "\n", "\t", "é", "😀", "\x00", "\ufeff", "\u2028"]  # fmt: skip


STRING_OR_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s\[\]{},:"]+')


def zero_for_a_number(found: re.Match[str]) -> str:
    try:
        float(found[0])
    except ValueError:
        return found[0]
    return "0" if found[0].strip("+-.0123456789eE") == "" else found[0]


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_read_where_the_standard_module_reads_it(text: str) -> None:
    try:
        expected = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).decode(text)
        is_json = True
    except json.JSONDecodeError:
        is_json = False
    try:
        value = plain(read(text))
    except InputError as error:
        lines = text.split("\n")
        for fault in error.faults:
            _, line, column = fault.location
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
            assert not re.search(r"delimiter|Expecting|char \d", fault.message)
            assert not is_json or "stands twice" in fault.message
    else:
        if not is_json:  # then odd numbers are all that is wrong with it
            json.loads(STRING_OR_WORD.sub(zero_for_a_number, text))
            return
        written = json.loads(json.dumps(as_text(expected)).replace(r"\ud800", r"\ufffd"))
        assert value == written
