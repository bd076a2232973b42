"""Formats: how a table, an array, a notebook, a program is laid out; what is refused; broken files by the hundred."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hwcheck.errors import InputError, SubmissionError
from hwcheck.limits import NPZ, PRINTED
from hwcheck.located import List, Located, Scalar
from hwcheck.submissions.model import Submission, inside
from hwcheck.submissions.outputs import bare_names, printed_answers, shown_name
from hwcheck.submissions.read import parse_submission

NAMES = st.text("abWX", min_size=1, max_size=4)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64)


def plain(value: Located) -> Any:
    """Nested lists of texts."""
    if isinstance(value, Scalar):
        return value.text
    assert isinstance(value, List)
    return [plain(item) for item in value.items]


def answers(submission: Submission) -> dict[str, Any]:
    return {answer.name: plain(answer.value) for answer in submission.answers}


def read(content: str | bytes, file: str) -> dict[str, Any]:
    return answers(parse_submission(content, file))


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m,3\nb,1,2\n", {"m": "3", "b": ["1", "2"]}),
        ("m;3,5\nb;1,25;2\n", {"m": "3.5", "b": ["1.25", "2"]}),
        ("m;3.5\nb;1,25;2\n", {"m": "3.5", "b": ["1,25", "2"]}),  # both signs: what the comma means is not told
        ("W\n1,2,3\n4,5,6\n", {"W": [["1", "2", "3"], ["4", "5", "6"]]}),
        ("W,1,2,3\n,4,5,6\nb,7\n", {"W": [["1", "2", "3"], ["4", "5", "6"]], "b": "7"}),
        ("V\n1,2\n\n3,4\n", {"V": [[["1", "2"]], [["3", "4"]]]}),
        ("a,b\n1,2\n3,4\n5,\n", {"a": ["1", "3", "5"], "b": ["2", "4"]}),
        ("name,index,value\nW,\"1,0\",5\nL,,6\n", {"W[1,0]": "5", "L": "6"}),
        ("value,col,row,name\n5,2,1,W\n6,0,0,W\n", {"W[1,2]": "5", "W[0,0]": "6"}),
        ("name,i,value\nW,1,5\nW,2,6\nW,3,7\n", {"W": ["5", "6", "7"]}),
        ('a,"1"\n"b, c",2\n"d""e",3\n', {"a": "1", "b, c": "2", 'd"e': "3"}),
        ("value,name,i\n5,W,0,1\n6,m\n", {"m": "6"}),
        ("name,e1,e2\nW,1,2\nb,3\n", {"W": ["1", "2"], "b": "3"}),
    ],
)  # fmt: skip
def test_tables(text: str, expected: Mapping[str, Any]) -> None:
    assert read(text, "ada.csv") == expected


@given(
    st.dictionaries(NAMES, st.lists(FLOATS, min_size=1, max_size=5), min_size=2, max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_a_row_a_quantity_in_any_separator(numbers: dict[str, list[float]], separator: str) -> None:
    text = "".join(separator.join([name, *map(repr, row)]) + "\n" for name, row in numbers.items())
    if all(len(row) == 2 for row in numbers.values()) and {row[0] for row in numbers.values()} <= {0.0, 1.0}:
        return  # an index, or a number: asked, not read
    expected = {name: [repr(x) for x in row] if len(row) > 1 else repr(row[0]) for name, row in numbers.items()}
    assert read(text, "ada.csv") == expected


@pytest.mark.parametrize("place", range(4))
def test_a_cell_knows_its_place(place: int) -> None:
    (answer,) = parse_submission('# a comment\n"long name",  1.5 ,"2",-3\n', "ada.csv").answers
    cells = answer.value.items if isinstance(answer.value, List) else ()
    places = [(2, 1), (2, 15), (2, 20), (2, 24)]
    found = [answer.location, *(cell.location for cell in cells)]
    assert (found[place].line, found[place].column) == places[place]


@given(st.text(st.sampled_from('a1,;"\n\t|[]#= .-'), max_size=60))
@settings(max_examples=300)
def test_any_text_is_a_table_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_submission(text.encode(), "ada.csv").file == "ada.csv"


@given(
    hnp.arrays(
        st.sampled_from(["<f8", ">f8", "<f4", "<i4", "|u1", ">i2"]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=4),
        elements={"allow_nan": False, "allow_infinity": False},
    ),
    st.booleans(),
)
def test_an_array_keeps_its_numbers_and_its_shape(array: np.ndarray[Any, Any], fortran: bool) -> None:
    """Held against NumPy's own reader of the same bytes; every text is the shortest that gives the number back."""
    data = npz(W=np.asfortranarray(array) if fortran and array.ndim else array)
    found = np.array(read(data, "ada.npz")["W"], dtype=object)
    assert found.shape == array.shape
    with np.load(io.BytesIO(data), allow_pickle=False) as loaded:
        assert np.array_equal(found.astype(array.dtype), loaded["W"])


def test_single_precision_has_its_own_digits() -> None:
    assert read(npz(W=np.array([0.1, 1 / 3], dtype=np.float32)), "ada.npz") == {"W": ["0.1", "0.33333334"]}


def test_a_member_without_a_name_is_refused() -> None:
    """Found by the fuzzer: Python's own zipfile looks at the last letter of every name."""
    data = bytearray(npz(W=np.array([0.5])))
    entry = data.index(b"PK\x01\x02")  # its name's length stands at 28, its comment's at 32
    data[entry + 28 : entry + 34] = bytes([0, 0, *data[entry + 30 : entry + 32], *data[entry + 28 : entry + 30]])
    with pytest.raises(InputError, match="one of its members has no name"):
        parse_submission(bytes(data), "ada.npz")


def test_what_is_packed_is_counted_before_it_is_unpacked() -> None:
    zeros = io.BytesIO()
    np.savez_compressed(zeros, W=np.zeros(NPZ.bytes // 8 + 1))
    assert len(zeros.getvalue()) < 20_000
    with pytest.raises(InputError, match="at most 16,000,000 are read"):
        parse_submission(zeros.getvalue(), "ada.npz")


@pytest.mark.parametrize(
    ("source", "names", "shown"),
    [
        ("print(W1)\nprint(b1.round(3))", ["W1", "b1"], ""),
        ("print('W1 =', W1)\nW1", [], "W1"),
        ("print(np.round(W1, 3))\nW1.grad", ["W1"], "W1.grad"),
        ("for i in x:\n    print(i)\nh[0]", [], "h[0]"),
        ("x = 3", [], ""),
        ("print(f(W1))\nW1 + 1", [], ""),
    ],
)
def test_what_a_cell_prints(source: str, names: list[str], shown: str) -> None:
    assert (bare_names(source), shown_name(source)) == (names, shown)


@pytest.mark.parametrize(
    ("text", "bare", "expected"),
    [
        ("W = [[1 2]\n [3 4]]\nb: 0.5\n", (), {"W": [["1", "2"], ["3", "4"]], "b": "0.5"}),
        ("loss = 0.5, acc = 0.9\n", (), {"loss": "0.5", "acc": "0.9"}),
        ("W [1. 2.]\nm 3\n", (), {"W": ["1.", "2."], "m": "3"}),
        ("dL/dW:\n[1 2]\n", (), {"dL/dW": ["1", "2"]}),
        ("[1 2]\n0.5\n", ("a", "b"), {"a": ["1", "2"], "b": "0.5"}),
        ("[1 2]\n", ("a", "b"), {}),
        ("a -> 0.5\nnp.float64(0.25)\n", ("c",), {"a": "0.5", "c": "0.25"}),
        ("\x1b[31mm = 3\x1b[0m\n", (), {"m": "3"}),
        ("tensor(0.5, grad_fn=<A>)\n", ("m",), {"m": "0.5"}),
        ("a sentence\nhttp://x.y/z\n", (), {}),
    ],
)
def test_printed_output(text: str, bare: tuple[str, ...], expected: Mapping[str, Any]) -> None:
    found = printed_answers(text, inside("a.ipynb", "cell 1"), bare)
    assert {answer.name: plain(answer.value) for answer in found.answers if "//" not in plain(answer.value)} == expected


@pytest.mark.parametrize("text", ["W = [1 2\n", "[" * 100 + "\n", "a = b = c = ", "W [1\n", "array(\n", "a: [\n"])
def test_printed_output_takes_time_in_proportion(text: str) -> None:
    """A hundred thousand characters of what never closes: a second reading of each would take minutes."""
    printed_answers(text * (100_000 // len(text)), inside("a.ipynb", "cell 1"), ("m",))


@pytest.mark.parametrize(
    "text", ["\n" * 4000, "#\n" * 2000, " \n" * 2000, "name," * 800, '{"' * 2000, "% \n" * 1000, "\t\n#" * 1300]
)
@pytest.mark.parametrize("ending", [".yaml", ".txt", "", ".csv", ".json", ".ipynb"])
def test_a_format_is_told_in_no_time(text: str, ending: str) -> None:
    """Each of these took an earlier pattern years."""
    try:
        parse_submission(text, f"ada{ending}")
    except InputError:
        return


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W = [[1, -.5], [1e-3, 1/3]]", {"W": [["1", "-.5"], ["1e-3", "1/3"]]}),
        ("W = np.array([1, 2], dtype=float).tolist()", {"W": ["1", "2"]}),
        ("a = b = 0.50", {"a": "0.50", "b": "0.50"}),
        ("a: float = -math.log(0.5)", {"a": "-log(0.5)"}),
        ("h[0, 1] = 3", {"h[0, 1]": "3"}),
        ("answers = dict(W=[1], b=2)", {"W": ["1"], "b": "2"}),
        ("answers['grad(W)'] = (1, 2)", {"grad(W)": ["1", "2"]}),
        ("é = 'ü'; m = 0.5", {"é": "ü", "m": "0.5"}),
        ("m = '0.25'", {"m": "0.25"}),
        ("W = np.zeros(3)\nm = W[0]\nb = len([1])\nc = [x for x in y]\nd = f'{m}'\ne = 1", {"e": "1"}),
    ],
)
def test_what_a_program_writes_out(text: str, expected: Mapping[str, Any]) -> None:
    assert read(text, "ada.py") == expected


def test_a_literal_knows_its_place() -> None:
    (answer,) = parse_submission("# ü\n\nW = ('é', [1,\n  22])\n", "ada.py").answers
    assert isinstance(answer.value, List)
    inner = answer.value.items[1]
    assert isinstance(inner, List)
    assert [(cell.location.line, cell.location.column) for cell in inner.items] == [(3, 12), (4, 3)]


def test_the_answers_are_those_of_any_other_format() -> None:
    """One matrix and one number, as each format writes them."""
    expected = {"W": [["0.5", "1.5", "2.5"], ["3.5", "4.5", "-5.5"]], "m": "7.5"}
    rows = [[float(x) for x in row] for row in expected["W"]]
    output = {"output_type": "stream", "name": "stdout", "text": [f"W = {np.array(rows)}\n", "m = 7.5\n"]}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}
    files: dict[str, str | bytes] = {
        "ada.yaml": f"answers: {{W: {rows}, m: 7.5}}",
        "ada.json": json.dumps({"answers": {"W": rows, "m": 7.5}}),
        "ada.csv": "W,0.5,1.5,2.5\n,3.5,4.5,-5.5\nm,7.5\n",
        "ada.npz": npz(W=np.array(rows), m=7.5),
        "ada.py": f"W = {rows}\nm = 7.5\n",
        "ada.ipynb": json.dumps({"cells": [cell], "nbformat": 4}),
    }
    numbers = {"W": rows, "m": 7.5}
    for file, content in files.items():
        found = read(content, file)
        assert {name: np.array(value, dtype=float).tolist() for name, value in found.items()} == numbers, file


@pytest.mark.skipif(importlib.util.find_spec("openpyxl") is not None, reason="openpyxl is installed")
def test_without_the_extra_the_command_is_told() -> None:
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match=r"pip install 'hwcheck\[xlsx\]'"):
        parse_submission(workbook.getvalue(), "ada.xlsx")


def test_a_file_of_another_kind_says_what_it_is() -> None:
    with pytest.raises(SubmissionError, match=r"ada\.yaml: the file is a PDF; hand in the numbers"):
        parse_submission(b"%PDF-1.4\n", "ada.yaml")


def test_what_a_python_file_changes_later_is_noted() -> None:
    submission = parse_submission("w = [0.5, 0.25]\nw -= 0.1 * g\nfor i in x:\n    w += i\n", "ada.py")
    assert [answer.name for answer in submission.answers] == ["w"]
    (note,) = submission.notes
    assert str(note).startswith("ada.py:2:1: w is changed here, which is not read")


def test_of_very_many_printed_lines_the_last_are_read_and_short_outputs_whole() -> None:
    log = "".join(f"step {i}: 0.5\n" for i in range(PRINTED + 10))
    first = {"cell_type": "code", "source": "print(O)", "outputs": [_stream("[0.1 0.2]\n")]}
    other = {"cell_type": "code", "source": "train()\nprint(W)", "outputs": [_stream(f"{log}loss = 0.25\n[[1 2]\n")]}
    text = json.dumps({"cells": [first, other], "metadata": {}, "nbformat": 4})
    submission = parse_submission(text, "ada.ipynb")
    by_name = {answer.name: answer for answer in submission.answers}
    assert {"O", "loss"} <= set(by_name)
    assert by_name["loss"].location[1:] == (PRINTED + 11, 8)
    assert "W" not in by_name  # its beginning may be cut off
    told = [note.message for note in submission.notes]
    assert any(each.startswith(f"{PRINTED + 13:,} lines were printed here; the last ") for each in told)


def _stream(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": [text]}


@pytest.mark.parametrize(
    ("text", "bare", "expected"),
    [
        ("{'O6': np.float64(0.47), 'b': array([1., 2.])}", [], {"O6": "0.47", "b": ["1.", "2."]}),
        (
            "{'b': tensor([[0.5, 1.5]], grad_fn=<AddBackward0>),\n \"c\": 3}\n",
            ["out"],
            {"b": [["0.5", "1.5"]], "c": "3"},
        ),
        ("{'W1': 0.5}", ["grads"], {}),  # of what its name says
        ("{'W1': 0.5}", ["dW"], {}),
        ("{'a': 1.0", [], {}),
    ],
)
def test_a_dict_that_is_printed_has_an_answer_an_entry(text: str, bare: list[str], expected: dict[str, Any]) -> None:
    found = printed_answers(text, inside("x", "cell 1 output"), bare).answers
    assert {
        answer.name: plain(answer.value) for answer in found if answer.name in ("O6", "W1", "a", "b", "c")
    } == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><td>1</td><td>-0.5</td></tr><tr><td>2</td><td>3</td></tr></table>", [["1", "-0.5"], ["2", "3"]]),
        (
            "<div><table><thead><tr><th></th><th>0</th></tr></thead>\n<tr><th>0</th><td> 7 </td></tr></table>",
            [["7"]],
        ),
        ("<table><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table>", None),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", None),
        ("<table><tr><td>1</td><td><b>2</b></td></tr></table>", None),
        ("<p>0.5</p>", None),
    ],
)
def test_a_table_that_is_html_alone(html: str, expected: list[list[str]] | None) -> None:
    output = {"output_type": "execute_result", "data": {"text/html": [html]}}
    cell = {"cell_type": "code", "source": "S", "outputs": [output]}
    submission = parse_submission(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}), "ada.ipynb")
    assert answers(submission) == ({} if expected is None else {"S": expected})


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("print('Net input I6:', I6)", "Net input I6: -0.105\nOutput O6: 0.474\n", {"I6": "-0.105", "O6": "0.474"}),
        ("print(s)", "Gradient of W1: 0.5\n", {"Gradient of W1": "0.5"}),  # it is no W1
        ("print(s)", "Updated b1: 0.5\n", {"Updated b1": "0.5"}),
        ("print(I6, O6)", "-0.105 0.474\n", {"I6": "-0.105", "O6": "0.474"}),
        ("print(I6, O6)", "-0.105 0.474 1\n", {}),
        ("print(O, O6)", "[0.3 0.5] 0.474\n", {}),
    ],
)
def test_words_before_a_name_and_numbers_side_by_side(source: str, text: str, expected: dict[str, str]) -> None:
    cell = {"cell_type": "code", "source": source, "outputs": [_stream(text)]}
    submission = parse_submission(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}), "ada.ipynb")
    assert answers(submission) == expected


@pytest.mark.parametrize(
    ("source", "others"),
    [
        ("print(expected)", True),
        ("print(d['grads'])", True),
        ("print(errors)", True),
        ("print(ans['b'])", False),
        ("d", False),
    ],
)
def test_a_printed_dict_of_something_else_gives_no_answers(source: str, *, others: bool) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "{'O6': 0.474, 'm': 1.5}\n"}
    cell = {"cell_type": "code", "source": source, "outputs": [output]}
    data = json.dumps({"cells": [cell, {"cell_type": "markdown", "source": "k = 2"}], "nbformat": 4})
    submission = parse_submission(data, "ada.ipynb")
    assert ("O6" not in {answer.name for answer in submission.answers}) == others
