"""The boxes on a raster: exact sums over neighbours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.grid import Box, Grid
from edge.risk.frame import Frame

CELLS = [(x, y) for y in range(9, -1, -1) for x in range(12) if (x + 2 * y) % 7]
"""A ragged town: one cell in seven is not the agency's."""


def frame() -> Frame:
    return Frame(np.array(CELLS, dtype=np.int32))


def by_hand(values: list[int], radius: int) -> list[int]:
    """The sums, pair by pair."""
    return [
        sum(value for (a, b), value in zip(CELLS, values, strict=True) if abs(a - x) <= radius and abs(b - y) <= radius)
        for x, y in CELLS
    ]


@given(
    seed=st.integers(0, 2**32),
    radius=st.integers(0, 4),
)
def test_sums_are_exactly_those_over_the_square_around(seed: int, radius: int) -> None:
    """Every box's sum is that of the boxes within the radius, in whole numbers; cells of nobody count 0."""
    values = np.random.default_rng(seed).integers(0, 2**40, len(CELLS)).tolist()
    assert frame().sums(np.array(values, dtype=np.int64), radius).tolist() == by_hand(values, radius)


def test_many_maps_are_summed_at_once() -> None:
    """Leading axes are kept: each map is summed on its own."""
    values = np.arange(6 * len(CELLS), dtype=np.int64).reshape(2, 3, -1)
    found = frame().sums(values, 1)
    assert found.shape == values.shape
    assert found[1, 2].tolist() == by_hand(values[1, 2].tolist(), 1)


def test_nearest_is_the_smallest_of_nine() -> None:
    """`nearest_of` takes the least value of the box and its eight neighbours."""
    values = np.full(len(CELLS), 1000, dtype=np.int64)
    at = CELLS.index((5, 5))
    values[at] = 3
    found = frame().nearest_of(values)
    assert {CELLS[index] for index in np.flatnonzero(found == 3)} == {
        (x, y) for x, y in CELLS if abs(x - 5) <= 1 and abs(y - 5) <= 1
    }


def grid(numbers: list[int]) -> Grid:
    boxes = {cell: Box(cell, number, "1", "1") for cell, number in zip(CELLS, numbers, strict=False)}
    return Grid(32616, 0.0, 0.0, 1.0, 1.0, (0.0,) * 10, (0.0,) * 10, boxes)


def test_boxes_stand_by_their_number() -> None:
    """Row ``number - 1`` is the box of that number, whatever the order of the grid's mapping."""
    assert Frame.of(grid([3, 1, 2])).cells.tolist() == [list(CELLS[1]), list(CELLS[2]), list(CELLS[0])]


def test_numbers_with_a_gap_are_refused() -> None:
    """A grid whose numbers do not run from 1 has no frame."""
    with pytest.raises(ValueError, match="numbered"):
        Frame.of(grid([1, 2, 4]))


def test_another_grid_has_another_digest() -> None:
    """The digest tells two grids apart."""
    assert frame().digest() != Frame(frame().cells[::-1]).digest()
