"""What the rivals of the models are mixed from: simple maps of where incidents were, and the model's own level.

Everything is computed from `Past`, the incidents known at 00:00 of the forecast's day (less the data lag), so a
rival can see no more. Windows and decays go by the day on which an incident became known. Must not train a model.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from edge.risk.base import level
from edge.risk.counts import WEIGHT, Counts
from edge.risk.frame import Frame
from models.train.metrics import Floats, Ints

FORGOTTEN: Final = 8.0
"""An excitation older than this many decay times is left out (e^−8 = 0.03%)."""
KERNEL_REACH: Final = 3.0
"""A Gaussian kernel ends after this many standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """The boxes as squares of a raster. ``rows``, ``columns``: int64[boxes]; ``shape``: the raster's."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    shape: tuple[int, int]
    shifts: int

    @property
    def boxes(self) -> int:
        """How many boxes the city has."""
        return len(self.rows)

    def smoothed(self, values: Floats, sigma: float) -> Floats:
        """float64[boxes] blurred by a Gaussian kernel of ``sigma`` boxes; what falls outside the city is lost."""
        raster = np.zeros(self.shape)
        raster[self.rows, self.columns] = values
        blurred = gaussian_filter(raster, sigma, mode="constant", truncate=KERNEL_REACH)
        return np.asarray(blurred[self.rows, self.columns], dtype=np.float64)


def city_of(frame: Frame, shifts: int) -> City:
    """The raster of an agency's boxes."""
    low = frame.cells.min(axis=0)
    columns, rows = (frame.cells - low).astype(np.int64).T
    return City(rows, columns, (int(rows.max()) + 1, int(columns.max()) + 1), shifts)


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The incidents of one type known before ``origin`` (an ordinal), sorted by the day they became known."""

    origin: int
    shift: NDArray[np.int64]
    box: NDArray[np.int64]
    known: NDArray[np.int64]
    weight: Floats

    def before(self, origin: int) -> "Past":
        """What was known at an earlier origin."""
        end = int(np.searchsorted(self.known, origin))
        return Past(origin, self.shift[:end], self.box[:end], self.known[:end], self.weight[:end])

    def since(self, days: int | None) -> "Past":
        """The last days before the origin only; None: all."""
        start = 0 if days is None else int(np.searchsorted(self.known, self.origin - days))
        return Past(self.origin, self.shift[start:], self.box[start:], self.known[start:], self.weight[start:])


def past_of(counts: Counts, kind: int, origin: int) -> Past:
    """The incidents of a type (an index into the crime types) that are known before an origin."""
    on = (counts.kind == kind) & (counts.known < origin)
    order = np.argsort(counts.known[on], kind="stable")
    shift, box, known = (column[on][order].astype(np.int64) for column in (counts.shift, counts.box, counts.known))
    return Past(origin, shift, box, known, counts.weight[on][order] / WEIGHT)


@dataclass(frozen=True, slots=True)
class Part:
    """One map: counts of the last ``days`` (None: all), blurred by ``sigma`` boxes, decaying with ``tau`` days."""

    what: Literal["uniform", "count"]
    days: int | None = None
    by_shift: bool = False
    sigma: float = 0.0
    tau: float = 0.0


def part_map(part: Part, past: Past, city: City) -> Floats:
    """float64[shifts, boxes], each shift's sum 1; uniform where the part knows no incident."""
    if part.what == "uniform":
        return np.full((city.shifts, city.boxes), 1.0 / city.boxes)
    span = part.days if not part.tau else int(FORGOTTEN * part.tau) + 1
    recent = past.since(span)
    weight = recent.weight
    if part.tau:
        weight = weight * np.exp(-(past.origin - 1 - recent.known) / part.tau)
    rows = city.shifts if part.by_shift else 1
    cell = recent.shift * city.boxes + recent.box if part.by_shift else recent.box
    maps = np.bincount(cell, weights=weight, minlength=rows * city.boxes).astype(np.float64).reshape(rows, city.boxes)
    if part.sigma:
        maps = np.stack([city.smoothed(one, part.sigma) for one in maps])
    return _shares(np.broadcast_to(maps, (city.shifts, city.boxes)))


def _shares(maps: Floats) -> Floats:
    total = maps.sum(axis=1, keepdims=True)
    return np.where(total > 0, maps, 1.0) / np.where(total > 0, total, float(maps.shape[1]))


def levels(counts: Counts, kind: int, days: Ints, shifts: int, lag: int = 0) -> Floats:
    """float64[days, shifts]: the expected incidents of each shift in the whole city, `edge.risk.base.level`.

    The model's own, so that a rival knows shift, weekday and the last weeks as it does; each day from what was known
    at its 00:00, ``lag`` days less.
    """
    return _levels(counts, kind, int(days[0]), int(days[-1]), shifts, lag)


@lru_cache(maxsize=8)
def _levels(counts: Counts, kind: int, first: int, last: int, shifts: int, lag: int) -> Floats:
    own = np.flatnonzero(counts.kind == kind)
    known, shift, weight = (column[own] for column in (counts.known, counts.shift, counts.weight))
    day = counts.day[own].astype(np.int64) - counts.first
    found = []
    for today in range(first, last + 1):
        origin = min(today - lag, counts.last + 1)
        span, rows = max(origin - counts.first, 0), slice(0, int(np.searchsorted(known, today - lag)))
        on = (day[rows] >= 0) & (day[rows] < span)
        place = shift[rows][on].astype(np.int64) * span + day[rows][on]
        sums = np.bincount(place, weights=weight[rows][on], minlength=shifts * span)
        city = sums.astype(np.int64).reshape(shifts, span)
        found.append([level(city, counts.first, today, each) for each in range(shifts)])
    return np.array(found)
