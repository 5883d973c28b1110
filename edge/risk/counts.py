"""Incidents as counts by box, type, shift and day: all that the car holds of the past. No place name, no person.

An incident weighs `WEIGHT` units; one of unknown time is split over shifts in whole units. ``known`` is the local date
of its last possible moment, so that a forecast made at 00:00 of a day may use the rows with ``known`` before that day
and no others. Must not know where a box lies.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.risk.npz import load_npz, save_npz
from edge.text.coded import CodedError

WEIGHT: Final = 256
"""Units of one incident."""
FORMAT: Final = 1

Ints: TypeAlias = NDArray[np.int64]

_FIELDS: Final = {
    "kind": np.int8,
    "box": np.int32,
    "day": np.int32,
    "shift": np.int8,
    "known": np.int32,
    "weight": np.int32,
}


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Parallel arrays sorted by (known, day, shift, kind, box); equal keys are one row.

    ``kind``: index into `edge.domain.policy.CRIME_TYPES`. ``box``: number - 1. ``day``: ordinal of the local date the
    shift starts on. ``shift``: index of the calendar's rule. ``known``: ordinal, at least ``day``. ``weight``: units.
    ``first``, ``last``: the first and last complete day. Make one by `Counts.of`.
    """

    kind: NDArray[np.int8]
    box: NDArray[np.int32]
    day: NDArray[np.int32]
    shift: NDArray[np.int8]
    known: NDArray[np.int32]
    weight: NDArray[np.int32]
    first: int
    last: int

    def __post_init__(self) -> None:
        for name, kind in _FIELDS.items():
            array = getattr(self, name)
            if array.dtype != kind or array.shape != self.kind.shape or array.ndim != 1:
                msg = f"counts: {name} must be {np.dtype(kind)}[rows]"
                raise ValueError(msg)
        if (self.known[1:] < self.known[:-1]).any() or (self.known < self.day).any():
            msg = (
                "counts: rows must be sorted by the day they were known, and none may be known before the day it "
                "happened"
            )
            raise ValueError(msg)

    @staticmethod
    def of(columns: dict[str, Ints], first: int, last: int) -> "Counts":
        """From integer columns by field name, in any order; rows of the same key are added up.

        Raises ValueError for a missing column or a row known before its day.
        """
        order = ("known", "day", "shift", "kind", "box")
        table = np.stack([np.asarray(columns[name], dtype=np.int64) for name in order], axis=1)
        weight = np.asarray(columns["weight"], dtype=np.int64)
        at = np.lexsort(table.T[::-1])
        table, weight = table[at], weight[at]
        new = np.ones(len(table), dtype=np.bool_)
        new[1:] = (table[1:] != table[:-1]).any(axis=1)
        starts = np.flatnonzero(new)
        sums = np.add.reduceat(weight, starts) if len(starts) else weight
        rows: dict[str, Any] = dict(zip(order, table[starts].T, strict=True)) | {"weight": sums}
        return Counts(**{name: rows[name].astype(kind) for name, kind in _FIELDS.items()}, first=first, last=last)

    @staticmethod
    def none(first: int, last: int) -> "Counts":
        """No incident from ``first`` to ``last``."""
        return Counts.of({name: np.zeros(0, dtype=np.int64) for name in _FIELDS}, first, last)

    def __len__(self) -> int:
        return len(self.kind)

    def known_before(self, day: int) -> "Counts":
        """What was known at 00:00 of a day (ordinal): the rows with ``known < day``."""
        return self._cut(int(np.searchsorted(self.known, day)), min(self.last, day - 1))

    def _cut(self, rows: int, last: int) -> "Counts":
        return Counts(**{name: getattr(self, name)[:rows] for name in _FIELDS}, first=self.first, last=last)

    def plus(self, delta: "Counts") -> "Counts":
        """Both together; the days both cover run from the earlier first to the later last."""
        columns = {
            name: np.concatenate([getattr(self, name), getattr(delta, name)]).astype(np.int64) for name in _FIELDS
        }
        return Counts.of(columns, min(self.first, delta.first), max(self.last, delta.last))

    def digest(self) -> str:
        """SHA-256 of all rows and both days."""
        found = hashlib.sha256(f"counts;{self.first};{self.last};".encode())
        for name, kind in _FIELDS.items():
            found.update(np.ascontiguousarray(getattr(self, name), dtype=np.dtype(kind).newbyteorder("<")).tobytes())
        return found.hexdigest()


def save_counts(path: Path, counts: Counts) -> None:
    """Write ``counts.npz``: the same counts give the same bytes. Raises CodedError where it cannot be written."""
    meta = {"kind": "counts", "format": FORMAT, "first": counts.first, "last": counts.last}
    save_npz(path, {name: getattr(counts, name) for name in _FIELDS}, meta)


def load_counts(path: Path) -> Counts:
    """Read ``counts.npz``. Raises CodedError where it is missing, damaged or of another format."""
    arrays, meta = load_npz(path)
    if meta.get("kind") != "counts" or meta.get("format") != FORMAT:
        raise CodedError("risk_file.other_format", path=str(path), kind="counts", format=FORMAT)
    try:
        return Counts(**arrays, first=int(meta["first"]), last=int(meta["last"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CodedError("risk_file.damaged", path=str(path), detail=str(error)) from error
