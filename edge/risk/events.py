"""Upcoming events (a match, a street fair) as columns per box: the attendance expected within distance bands.

An event is a box, a span of dates, a shift or all of them, and a size class: no name, no organiser, nobody's guest
list. Sums are of whole numbers, so every processor agrees. Must not read a calendar file.
"""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.risk.feature_column import FORMAT, Column, Floats32
from edge.risk.npz import load_npz, save_npz
from edge.text.coded import CodedError

ALL_SHIFTS: Final = -1
SIZES: Final = (100, 1_000, 10_000, 50_000)
"""The attendance that stands for a size class: small, medium, large, huge. An event that says nothing is small."""
SIZE_NAMES: Final = ("small", "medium", "large", "huge")
BANDS: Final = (0, 2, 4)
"""Radii in boxes between middles: the box itself, 500 m, 1 km; each band holds those before it."""
EVENT_COLUMNS: Final = ("events_here", "events_500m", "events_1km")
"""People expected at events in the box, within 500 m and within 1 km of its middle; 0 without an event."""

_FIELDS: Final = {"first": np.int32, "last": np.int32, "shift": np.int8, "box": np.int32, "size": np.int8}


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Parallel arrays: first and last date (ordinals), shift index or `ALL_SHIFTS`, box index, index into `SIZES`.

    ``about``: what `EVENT_COLUMNS` are and where the events are from, for model cards.
    """

    first: NDArray[np.int32]
    last: NDArray[np.int32]
    shift: NDArray[np.int8]
    box: NDArray[np.int32]
    size: NDArray[np.int8]
    about: tuple[Column, ...] = ()

    def __post_init__(self) -> None:
        for name, kind in _FIELDS.items():
            array = getattr(self, name)
            if array.dtype != kind or array.shape != self.first.shape or array.ndim != 1:
                msg = f"events: {name} must be {np.dtype(kind)}[events]"
                raise ValueError(msg)
        if not ((self.size >= 0) & (self.size < len(SIZES)) & (self.box >= 0) & (self.shift >= ALL_SHIFTS)).all():
            msg = "events: a size class, box or shift is out of range"
            raise ValueError(msg)

    @staticmethod
    def none() -> "Events":
        """No event."""
        return Events.of([])

    @staticmethod
    def of(rows: list[tuple[int, int, int, int, int]], about: tuple[Column, ...] = ()) -> "Events":
        """From rows of (first, last, shift, box, size), in a fixed order and each once."""
        table = np.array(sorted(set(rows)), dtype=np.int64).reshape(-1, len(_FIELDS))
        first, last, shift, box, size = (table[:, index].astype(kind) for index, kind in enumerate(_FIELDS.values()))
        return Events(first, last, shift, box, size, about)

    def rows(self) -> list[tuple[int, int, int, int, int]]:
        """What `of` takes."""
        columns = (getattr(self, name).tolist() for name in _FIELDS)
        return list(zip(*columns, strict=True))

    def plus(self, other: "Events") -> "Events":
        """Both, each event once; where they are from is this one's to say."""
        return Events.of(self.rows() + other.rows(), self.about)

    def columns(self, cells: NDArray[np.int32], day: int, shift: int) -> Floats32:
        """float32[boxes, `EVENT_COLUMNS`] of a date and shift; ``cells``: int32[boxes, 2], each box's cell.

        Raises ValueError where an event's box is not among the cells.
        """
        found = np.zeros((len(cells), len(BANDS)), dtype=np.int64)
        on = (self.first <= day) & (day <= self.last) & ((self.shift == ALL_SHIFTS) | (self.shift == shift))
        if on.any() and int(self.box[on].max()) >= len(cells):
            msg = "events: an event's box is not in this grid"
            raise ValueError(msg)
        for box, size in zip(self.box[on], self.size[on], strict=True):
            away = cells.astype(np.int64) - cells[box]
            squared = (away * away).sum(axis=1)
            for index, radius in enumerate(BANDS):
                found[squared <= radius * radius, index] += SIZES[size]
        return found.astype(np.float32)

    def digest(self) -> str:
        """SHA-256 of the rows."""
        return hashlib.sha256(repr(self.rows()).encode()).hexdigest()


def save_events(path: Path, events: Events) -> None:
    """Write ``events.npz``: the same events give the same bytes. Raises CodedError where it cannot be written."""
    meta = {"kind": "events", "format": FORMAT, "columns": [asdict(column) for column in events.about]}
    save_npz(path, {name: getattr(events, name) for name in _FIELDS}, meta)


def load_events(path: Path) -> Events:
    """Read ``events.npz``. Raises CodedError where it is missing, damaged or of another format."""
    arrays, meta = load_npz(path)
    if (meta.get("kind"), meta.get("format")) != ("events", FORMAT):
        raise CodedError("risk_file.other_format", path=str(path), kind="events", format=FORMAT)
    try:
        return Events(**arrays, about=tuple(Column(**column) for column in meta["columns"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CodedError("risk_file.damaged", path=str(path), detail=str(error)) from error
