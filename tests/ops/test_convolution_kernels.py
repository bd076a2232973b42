"""Cross-correlation and its adjoints, against loops written from the definition.

All arrays hold small whole numbers, so every sum is exact and arrays are compared without a tolerance.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from hwcheck.ops import convolution_columns, convolution_geometry
from hwcheck.ops.convolution_geometry import geometry
from hwcheck.ops.convolution_kernels import correlate, correlate_input, correlate_weight

Array = NDArray[np.float64]


class Case(NamedTuple):
    """One geometry; the images are (N, C, H, W), the kernels (O, C / groups, kh, kw)."""

    images: tuple[int, int, int, int]
    kernels: tuple[int, int, int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1

    @property
    def options(self) -> dict[str, Any]:
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation, "groups": self.groups}

    @property
    def output(self) -> tuple[int, ...]:
        """(N, O, Ho, Wo): count the places by walking along the canvas."""
        counts = []
        for axis in (0, 1):
            canvas = self.images[2 + axis] + sum(self.padding[axis])
            reach = self.dilation[axis] * (self.kernels[2 + axis] - 1)
            counts.append(len(range(0, canvas - reach, self.stride[axis])))
        return (self.images[0], self.kernels[0], *counts)


CASES = {
    "the plainest": Case((1, 1, 4, 5), (1, 1, 2, 3)),
    "homework: padding wider than the image": Case((1, 2, 2, 3), (1, 2, 3, 4), padding=((2, 2), (2, 2))),
    "homework in groups": Case((1, 2, 2, 3), (4, 1, 3, 1), padding=((2, 2), (1, 1)), groups=2),
    "kernel larger than the image": Case((3, 1, 2, 4), (2, 1, 5, 6), padding=((3, 1), (0, 2))),
    "kernel as large as the image": Case((5, 3, 4, 2), (6, 3, 4, 2)),
    "1x1": Case((2, 3, 4, 5), (7, 3, 1, 1)),
    "1x1, strided": Case((2, 3, 4, 7), (5, 3, 1, 1), stride=(2, 3)),
    "1x1, padded": Case((2, 3, 4, 7), (5, 3, 1, 1), padding=((0, 2), (1, 0))),
    "padding on one side only": Case((2, 3, 5, 4), (1, 3, 2, 2), padding=((0, 3), (1, 0))),
    "stride leaves rows over": Case((2, 1, 9, 8), (3, 1, 2, 3), stride=(4, 3)),
    "stride jumps over entries": Case((3, 2, 8, 11), (5, 2, 1, 2), stride=(3, 4)),
    "dilation": Case((2, 3, 8, 9), (5, 3, 3, 2), dilation=(2, 3)),
    "dilation, stride, padding, leftovers": Case(
        (2, 3, 9, 11), (5, 3, 3, 2), stride=(3, 2), padding=((1, 2), (0, 3)), dilation=(2, 4)
    ),
    "dilation and stride share a factor": Case(
        (1, 2, 11, 9), (3, 2, 2, 3), stride=(4, 2), padding=((3, 0), (1, 2)), dilation=(2, 2)
    ),
    "groups": Case((2, 6, 5, 4), (9, 2, 3, 2), padding=((1, 1), (0, 1)), groups=3),
    "every channel its own group": Case((2, 4, 5, 6), (4, 1, 3, 2), padding=((1, 1), (2, 0)), groups=4),
    "everything": Case((3, 4, 10, 8), (6, 2, 3, 2), stride=(2, 3), padding=((2, 1), (0, 4)), dilation=(3, 2), groups=2),
    "a long row": Case((1, 2, 1, 40), (3, 2, 1, 5), stride=(1, 2), padding=((0, 0), (2, 2))),
    "a long column": Case((1, 2, 40, 1), (3, 2, 5, 1), stride=(2, 1), padding=((2, 2), (0, 0))),
}
SHEETS = [(1, 1), (7, 1), (1, 7), (7, 7)]

table = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
broadcast = pytest.mark.parametrize("sheets", SHEETS, ids=str)


def whole_numbers(shape: tuple[int, ...], seed: int = 0) -> Array:
    return np.random.default_rng([seed, *shape]).integers(-9, 10, shape).astype(np.float64)


def operands(case: Case, sheets: tuple[int, int]) -> tuple[Array, Array, Array]:
    """X, w and a g that has the sheets of both."""
    x = whole_numbers((sheets[0], *case.images), 1)
    w = whole_numbers((sheets[1], *case.kernels), 2)
    return x, w, whole_numbers((max(sheets), *case.output), 3)


def meetings(case: Case, sheets: int) -> Iterator[tuple[Any, Any, Any]]:
    """For every entry of y: where it is, which kernel made it, and the part of the canvas that kernel lay on."""
    each, filters = case.kernels[1], case.kernels[0] // case.groups
    for s, n, o, p, q in product(range(sheets), *map(range, case.output)):
        first = o // filters * each
        rows = [p * case.stride[0] + i * case.dilation[0] for i in range(case.kernels[2])]
        columns = [q * case.stride[1] + j * case.dilation[1] for j in range(case.kernels[3])]
        yield (s, n, o, p, q), (s, o), (s, n, *np.ix_(range(first, first + each), rows, columns))


def all_sheets(array: Array, sheets: int) -> Array:
    return np.concatenate([array] * (sheets // len(array)))


def on_canvas(case: Case, x: Array) -> Array:
    return np.pad(x, ((0, 0), (0, 0), (0, 0), *case.padding))


def naive_correlate(case: Case, x: Array, w: Array) -> Array:
    sheets = max(len(x), len(w))
    canvas, w, y = on_canvas(case, all_sheets(x, sheets)), all_sheets(w, sheets), np.empty((sheets, *case.output))
    for place, kernel, window in meetings(case, sheets):
        y[place] = (canvas[window] * w[kernel]).sum()
    return y


def naive_input(case: Case, g: Array, w: Array) -> Array:
    sheets = max(len(g), len(w))
    canvas, g, w = on_canvas(case, np.zeros((sheets, *case.images))), all_sheets(g, sheets), all_sheets(w, sheets)
    for place, kernel, window in meetings(case, sheets):
        canvas[window] += g[place] * w[kernel]
    (top, _), (left, _) = case.padding
    return canvas[..., top : top + case.images[2], left : left + case.images[3]]


def naive_weight(case: Case, x: Array, g: Array) -> Array:
    sheets = max(len(x), len(g))
    canvas, g, w = on_canvas(case, all_sheets(x, sheets)), all_sheets(g, sheets), np.zeros((sheets, *case.kernels))
    for place, kernel, window in meetings(case, sheets):
        w[kernel] += g[place] * canvas[window]
    return w


def input_adjoint(case: Case, g: Array, w: Array) -> Array:
    return correlate_input(g, w, size=case.images[2:], **case.options)


def weight_adjoint(case: Case, x: Array, g: Array) -> Array:
    return correlate_weight(x, g, size=case.kernels[2:], **case.options)


def assert_result(actual: Array, expected: Array) -> None:
    assert actual.dtype == np.float64
    assert_array_equal(actual, expected, strict=True)


def test_by_hand() -> None:
    x, w = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 1, 3), np.array([10.0, 1.0]).reshape(1, 1, 1, 1, 2)
    case = Case((1, 1, 1, 3), (1, 1, 1, 2), padding=((0, 0), (1, 1)))
    g = np.array([1.0, 0.0, 2.0, -1.0]).reshape(1, 1, 1, 1, 4)
    assert correlate(x, w, **case.options).tolist() == [[[[[1, 12, 23, 30]]]]]
    assert input_adjoint(case, g, w).tolist() == [[[[[1, 20, -8]]]]]
    assert weight_adjoint(case, x, g).tolist() == [[[[[1, 7]]]]]


@table
@broadcast
def test_correlate_is_the_sum_of_its_definition(case: Case, sheets: tuple[int, int]) -> None:
    x, w, _ = operands(case, sheets)
    assert_result(correlate(x, w, **case.options), naive_correlate(case, x, w))


@table
@broadcast
def test_correlate_input_is_the_sum_of_its_definition(case: Case, sheets: tuple[int, int]) -> None:
    g, w = whole_numbers((sheets[0], *case.output)), whole_numbers((sheets[1], *case.kernels))
    assert_result(input_adjoint(case, g, w), naive_input(case, g, w))


@table
@broadcast
def test_correlate_weight_is_the_sum_of_its_definition(case: Case, sheets: tuple[int, int]) -> None:
    x, g = whole_numbers((sheets[0], *case.images)), whole_numbers((sheets[1], *case.output))
    assert_result(weight_adjoint(case, x, g), naive_weight(case, x, g))


@pytest.mark.parametrize("entries", [1, 30, 1_000])
@broadcast
def test_columns_made_in_pieces(entries: int, sheets: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Row by row, strip by strip with an uneven last one, a few images or sheets at a time."""
    case = CASES["everything"]
    x, w, g = operands(case, sheets)
    expected = naive_correlate(case, x, w), naive_input(case, g, w), naive_weight(case, x, g)
    monkeypatch.setattr(convolution_columns, "COLUMN_ENTRIES", entries)
    actual = correlate(x, w, **case.options), input_adjoint(case, g, w), weight_adjoint(case, x, g)
    for one, other in zip(actual, expected, strict=True):
        assert_result(one, other)


@table
def test_both_ways_agree(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """With M as large as it likes, and with none: the table's cases stand on both sides of the border."""
    x, w, g = operands(case, (1, 1))
    results = []
    for entries in (10**9, 0):
        monkeypatch.setattr(convolution_geometry, "MATRIX_ENTRIES", entries)
        geometry.cache_clear()
        results.append((correlate(x, w, **case.options), input_adjoint(case, g, w), weight_adjoint(case, x, g)))
    geometry.cache_clear()
    for by_matrix, by_columns in zip(*results, strict=True):
        assert_result(by_matrix, by_columns)


@pytest.mark.parametrize(
    ("channels", "filters", "size", "kernel", "small"),
    [
        (2, 1, (2, 2), (1, 1), True),
        (4, 4, (16, 1), (1, 1), True),  # 4 * 16 * 4 * 16 = 4096
        (4, 4, (17, 1), (1, 1), False),  # 4 * 17 * 4 * 17
        (1, 4, (8, 4), (1, 1), True),  # 32 * 4 * 32 = 4096
        (1, 4, (8, 5), (1, 1), False),
        (1, 6, (28, 28), (5, 5), False),
        (64, 64, (56, 56), (3, 3), False),
    ],
)
def test_the_matrix_serves_small_images(
    channels: int, filters: int, size: tuple[int, int], kernel: tuple[int, int], small: bool
) -> None:
    sizes = geometry(channels, filters, size, kernel, None, (1, 1), ((0, 0), (0, 0)), (1, 1), 1)
    assert sizes.small is small


@table
@broadcast
def test_adjoints(case: Case, sheets: tuple[int, int]) -> None:
    """<correlate(x, w), g> == <x, correlate_input(g, w)> == <w, correlate_weight(x, g)>."""
    x, w, g = operands(case, sheets)
    inner = (correlate(x, w, **case.options) * g).sum()
    assert inner != 0
    assert (x * input_adjoint(case, g, w)).sum() == inner
    assert (w * weight_adjoint(case, x, g)).sum() == inner


@st.composite
def cases(draw: st.DrawFn) -> Case:
    def pair(most: int, least: int = 1) -> tuple[int, int]:
        return draw(st.integers(least, most)), draw(st.integers(least, most))

    groups = draw(st.integers(1, 3))
    channels, filters = (groups * each for each in pair(3))
    size, stride, dilation, kernel = pair(9), pair(4), pair(3), pair(4)
    padding = (pair(3, 0), pair(3, 0))
    # As many more zeros behind as the kernel needs to fit once.
    reach = [step * (taps - 1) + 1 for step, taps in zip(dilation, kernel, strict=True)]
    short = [max(0, reach[axis] - size[axis] - sum(padding[axis])) for axis in (0, 1)]
    (top, bottom), (left, right) = padding
    return Case(
        (draw(st.integers(1, 3)), channels, *size),
        (filters, channels // groups, *kernel),
        stride,
        ((top, bottom + short[0]), (left, right + short[1])),
        dilation,
        groups,
    )


@given(cases(), st.sampled_from([(1, 1), (2, 1), (1, 2), (2, 2)]))
def test_any_geometry(case: Case, sheets: tuple[int, int]) -> None:
    x, w, g = operands(case, sheets)
    assert_result(correlate(x, w, **case.options), naive_correlate(case, x, w))
    assert_result(input_adjoint(case, g, w), naive_input(case, g, w))
    assert_result(weight_adjoint(case, x, g), naive_weight(case, x, g))


def test_what_no_window_covers_has_no_gradient() -> None:
    case = CASES["stride leaves rows over"]  # rows 0 1, 4 5 of 9; columns 0 1 2, 3 4 5 of 8
    gradient = input_adjoint(case, np.ones((1, *case.output)), np.ones((1, *case.kernels)))
    covered = np.ix_([0, 1, 4, 5], range(6))
    expected = np.zeros((9, 8))
    expected[covered] = 3  # once for each filter
    assert_array_equal(gradient, np.broadcast_to(expected, gradient.shape))


def test_a_smaller_output_is_one_with_zeros_behind() -> None:
    """The gradient may have fewer places than fit: those of a transposed convolution with output padding."""
    case = CASES["everything"]
    x, w, g = operands(case, (1, 1))
    g[..., -1, :] = g[..., -2:] = 0
    assert_result(input_adjoint(case, np.ascontiguousarray(g[..., :-1, :-2]), w), naive_input(case, g, w))
    assert_result(weight_adjoint(case, x, np.ascontiguousarray(g[..., :-1, :-2])), naive_weight(case, x, g))


@pytest.mark.parametrize("name", ["homework in groups", "everything"])
def test_arrays_of_any_layout_stay_as_they_are(name: str) -> None:
    """Transposed, reversed, broadcast and read-only arrays are read right and not written to."""
    case = CASES[name]
    x = whole_numbers((3, *case.images[::-1])).transpose(0, 4, 3, 2, 1)
    w = np.broadcast_to(whole_numbers(case.kernels[1:]), (1, *case.kernels))
    g = np.asfortranarray(whole_numbers((3, *case.output)))[::-1, ..., ::-1]
    for array in (x, w, g):
        array.setflags(write=False)
    assert_result(correlate(x, w, **case.options), naive_correlate(case, x, w))
    assert_result(input_adjoint(case, g, w), naive_input(case, g, w))
    assert_result(weight_adjoint(case, x, g), naive_weight(case, x, g))


@pytest.mark.parametrize("name", ["1x1", "homework in groups"])
def test_whole_numbers_of_another_type_are_converted(name: str) -> None:
    case = CASES[name]
    x, w, g = operands(case, (2, 2))
    assert_result(correlate(x.astype(np.int64), w.astype(np.float32), **case.options), naive_correlate(case, x, w))
    assert_result(input_adjoint(case, g.astype(np.int64), w.astype(np.int64)), naive_input(case, g, w))
    assert_result(weight_adjoint(case, x.astype(np.int64), g.astype(np.int64)), naive_weight(case, x, g))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("name", ["homework in groups", "dilation, stride, padding, leftovers"])
def test_infinity_stays_where_it_is_seen(name: str, value: float) -> None:
    """The zeros of the matrix must not spread it over the other groups, places and images."""
    case = CASES[name]
    x, w, g = operands(case, (2, 1))
    w[w == 0] = 1
    x[1, 0, 0, 0, 0] = g[1, 0, 0, 0, 0] = value
    with np.errstate(invalid="ignore"):
        assert_result(correlate(x, w, **case.options), naive_correlate(case, x, w))
        assert_result(input_adjoint(case, g, w), naive_input(case, g, w))


def test_ten_thousand_sheets_are_the_sheets_one_by_one() -> None:
    case = CASES["homework in groups"]
    x, w, g = operands(case, (10_000, 1))
    results = correlate(x, w, **case.options), input_adjoint(case, g, w), weight_adjoint(case, x, g)
    for sheet in (0, 4_321, 9_999):
        one = slice(sheet, sheet + 1)
        assert_result(results[0][one], naive_correlate(case, x[one], w))
        assert_result(results[1][one], naive_input(case, g[one], w))
        assert_result(results[2][one], naive_weight(case, x[one], g[one]))


@pytest.mark.parametrize(
    ("sheets", "images"),
    [(60, (20, 4, 12, 12)), (2, (600, 4, 12, 12)), (1, (1, 4, 280, 284))],
    ids=["many sheets", "many images", "a large image"],
)
def test_memory_is_bounded_by_the_block(sheets: int, images: tuple[int, int, int, int]) -> None:
    """All columns would take 61 MB, of which 2 may be made at once; the results take 2 MB each, the canvas 3."""
    case = Case(images, (3, 4, 5, 5), padding=((0, 0), (1, 0)))
    x, w, g = operands(case, (sheets, sheets))
    tracemalloc.start()
    correlate(x, w, **case.options)
    input_adjoint(case, g, w)
    weight_adjoint(case, x, g)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6


def test_large_images_are_the_sum_of_their_taps() -> None:
    """A geometry that needs strips at the full size of a block, against one product for each tap."""
    x, w = whole_numbers((1, 2, 32, 47, 45)), whole_numbers((1, 16, 32, 3, 5))
    canvas = np.pad(x[0], ((0, 0), (0, 0), (1, 1), (2, 2)))
    taps = product(range(3), range(5))
    expected = sum(np.einsum("oc,nchw->nohw", w[0, :, :, i, j], canvas[:, :, i : i + 47, j : j + 45]) for i, j in taps)
    assert_result(
        correlate(x, w, stride=(1, 1), padding=((1, 1), (2, 2)), dilation=(1, 1), groups=1), expected[np.newaxis]
    )
