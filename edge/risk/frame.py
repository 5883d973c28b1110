"""The agency's boxes on a raster: sums over neighbours in whole numbers, so that every processor agrees.

A float box filter gave a quarter of the rows another value on another machine; integers do not. Must not read files.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.domain.grid import Grid

Ints: TypeAlias = NDArray[np.int64]

REACH = 4
"""The widest neighbourhood, in boxes: 9 x 9."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """``cells``: int32[N, 2], each box's cell (east, north) by ``Box.number - 1``."""

    cells: NDArray[np.int32]

    @staticmethod
    def of(grid: Grid) -> "Frame":
        """The frame of a grid. Raises ValueError unless its boxes are numbered 1 to N."""
        boxes = sorted(grid.boxes.values(), key=lambda box: box.number)
        if [box.number for box in boxes] != list(range(1, len(boxes) + 1)):
            msg = "the grid's boxes are not numbered from 1 without gaps"
            raise ValueError(msg)
        return Frame(np.array([box.cell for box in boxes], dtype=np.int32).reshape(-1, 2))

    @property
    def size(self) -> int:
        """How many boxes."""
        return len(self.cells)

    def sums(self, values: Ints, radius: int) -> Ints:
        """int64[..., N]: each box's sum over the (2 radius + 1)² boxes around it; beyond the agency stands 0."""
        return self.window(self.integral(values), radius)

    def integral(self, values: Ints) -> Ints:
        """The cumulative table of int64[..., N] that `window` reads."""
        across, up, place = self._places()
        table = np.zeros((*values.shape[:-1], up * across), dtype=np.int64)
        table[..., place] = values
        table = table.reshape(*values.shape[:-1], up, across)
        np.cumsum(table, axis=-1, out=table)
        np.cumsum(table, axis=-2, out=table)
        return table.reshape(*values.shape[:-1], up * across)

    def window(self, integral: Ints, radius: int) -> Ints:
        """int64[..., N]: sums over the square of a radius (boxes, at most `REACH`)."""
        across, _, place = self._places()
        low, high = -radius - 1, radius
        found: Ints = (
            integral[..., place + high * across + high]
            - integral[..., place + low * across + high]
            - integral[..., place + high * across + low]
            + integral[..., place + low * across + low]
        )
        return found

    def nearest_of(self, values: Ints) -> Ints:
        """int64[N]: the smallest value of the 3 x 3 boxes around each."""
        across, up, place = self._places()
        table = np.full(up * across, np.iinfo(np.int64).max, dtype=np.int64)
        table[place] = values
        steps = [dy * across + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        least: Ints = np.min(np.stack([table[place + step] for step in steps]), axis=0)
        return least

    def digest(self) -> str:
        """SHA-256 of the cells."""
        return hashlib.sha256(np.ascontiguousarray(self.cells, dtype="<i4").tobytes()).hexdigest()

    def _places(self) -> tuple[int, int, Ints]:
        """Width and height of the raster with its margins, and each box's place in it."""
        return _places(self)


@lru_cache(maxsize=4)
def _places(frame: Frame) -> tuple[int, int, Ints]:
    if not frame.size:
        return 2 * REACH + 1, 2 * REACH + 1, np.zeros(0, dtype=np.int64)
    margin = REACH + 1
    x, y = (frame.cells - frame.cells.min(axis=0)).astype(np.int64).T + margin
    across, up = int(x.max()) + 1 + margin, int(y.max()) + 1 + margin
    return across, up, y * across + x
