"""What is kept of one method's forecasts of one crime type: enough to make every figure without the forecasts.

Sums by day and shift, so that weeks can be drawn anew, and calibration bins over the whole period. Must not know
which method it is.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from edge.text.whole_file import whole_file
from models.train.metrics import (
    AREAS,
    BINS,
    DECILES,
    Floats,
    Ints,
    boxes_in,
    brier,
    deviance,
    equal_bins,
    ranking,
)

TOP: Final = AREAS.index(0.01)


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """float64 arrays. Days, shifts first where it says so; bins by rising expected count, deciles by falling.

    ``observed`` … ``brier``: [days, shifts]; ``hits``, ``hoped``: observed and expected in the top `AREAS`
    [days, shifts, areas]; ``decile_*``: tenths of the boxes of each shift, [days, shifts, 10]; ``rows_*``: 20 bins of
    equally many box-shifts, ``mass_*``: of equal expected counts; ``shift_*``, ``month_*``, ``district_*``: the former
    within each group, [groups, 20].
    """

    observed: Floats
    expected: Floats
    deviance: Floats
    brier: Floats
    hits: Floats
    hoped: Floats
    decile_observed: Floats
    decile_expected: Floats
    rows_observed: Floats
    rows_expected: Floats
    mass_observed: Floats
    mass_expected: Floats
    shift_observed: Floats
    shift_expected: Floats
    month_observed: Floats
    month_expected: Floats
    district_observed: Floats
    district_expected: Floats


def statistics(observed: Floats, expected: Floats, month: Ints, district: Ints) -> Statistics:
    """Of forecasts [days, shifts, boxes]; ``month``: the group of each day, ``district``: of each box, from 0."""
    _, shifts, boxes = observed.shape
    order = ranking(expected)
    y, mu = (np.take_along_axis(values, order, axis=-1) for values in (observed, expected))
    ends = [boxes_in(area, boxes) - 1 for area in AREAS]
    tenths = np.linspace(0, boxes, DECILES + 1).astype(np.int64)[:-1]
    flat = np.argsort(expected, axis=None, kind="stable")
    every = _Sorted(observed.ravel()[flat], expected.ravel()[flat])
    mass = equal_bins(every.expected)
    shift_of, month_of, district_of = (
        labels.ravel()[flat]
        for labels in np.broadcast_arrays(np.arange(shifts)[None, :, None], month[:, None, None], district[None, None])
    )
    return Statistics(
        observed=observed.sum(axis=-1),
        expected=expected.sum(axis=-1),
        deviance=deviance(observed, expected),
        brier=brier(observed, expected),
        hits=np.cumsum(y, axis=-1)[..., ends],
        hoped=np.cumsum(mu, axis=-1)[..., ends],
        decile_observed=np.add.reduceat(y, tenths, axis=-1),
        decile_expected=np.add.reduceat(mu, tenths, axis=-1),
        **every.all("rows"),
        mass_observed=np.bincount(mass, weights=every.observed, minlength=BINS).astype(np.float64),
        mass_expected=np.bincount(mass, weights=every.expected, minlength=BINS).astype(np.float64),
        **every.by("shift", shift_of, shifts),
        **every.by("month", month_of, int(month.max()) + 1),
        **every.by("district", district_of, int(district.max()) + 1),
    )


def save(path: Path, by_method: dict[str, Statistics]) -> None:
    """Write the statistics of methods beside each other; a file half written never has the name."""
    arrays: dict[str, NDArray[Any]] = {
        f"{name}/{field.name}": getattr(each, field.name) for name, each in by_method.items() for field in fields(each)
    }
    with whole_file(path) as place, place.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # its stub takes no mapping of arrays


def load(path: Path) -> dict[str, Statistics]:
    """Read what `save` wrote."""
    with np.load(path) as file:
        names = dict.fromkeys(key.partition("/")[0] for key in file.files)
        return {name: Statistics(**{f.name: file[f"{name}/{f.name}"] for f in fields(Statistics)}) for name in names}


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """Box-shifts in the order of their expected count."""

    observed: Floats
    expected: Floats

    def all(self, name: str) -> dict[str, Floats]:
        """Sums in bins of equally many box-shifts."""
        starts = np.arange(BINS) * len(self.observed) // BINS
        found = {}
        for what in ("observed", "expected"):
            sums = np.concatenate([[0.0], np.cumsum(getattr(self, what))])
            found[f"{name}_{what}"] = np.diff(sums[[*starts, len(self.observed)]])
        return found

    def by(self, name: str, group: Ints, groups: int) -> dict[str, Floats]:
        """The same within each group."""
        order = np.argsort(group.astype(np.uint16), kind="stable")  # 16 bits: sorted in linear time
        ends = np.cumsum(np.bincount(group, minlength=groups))[:-1]
        parts = zip(np.split(self.observed[order], ends), np.split(self.expected[order], ends), strict=True)
        each = [_Sorted(observed, expected).all(name) for observed, expected in parts]
        return {key: np.stack([one[key] for one in each]) for key in (f"{name}_observed", f"{name}_expected")}
