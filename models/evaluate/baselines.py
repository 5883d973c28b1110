"""The rivals: expected counts of every box from simple maps of the past, mixed by weights tuned before the test.

Each is the model's own level, which knows shift and weekday, times a mixture of maps, of which a uniform share keeps
the deviance finite. The weights come from expectation maximisation on the tuning period, kernels and decays from a
small grid there (`models.evaluate.tuning`). Must not see an incident that was not known at the forecast's origin.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge.risk.counts import Counts
from models.evaluate.parts import City, Part, Past, levels, part_map, past_of
from models.train.metrics import Floats, Ints

THREE_YEARS: Final = 1096
UNIFORM: Final = Part("uniform")
HISTORY: Final = Part("count")
BOX_SHIFT: Final = Part("count", by_shift=True)
NAMES: Final = (
    "uniform",
    "count_28",
    "history",
    "box_shift",
    "box_shift_3y",
    "history_kde",
    "near_repeat",
    "own_mixture",
)
"""In the order of the tables. `history_kde` and `near_repeat` have a grid of kernels to choose from."""
BOX_SHIFTS: Final = ("box_shift", "box_shift_3y")
SIMPLE: Final = NAMES[1:]
"""The rivals proper: a model that loses to one of them is not worth its trees."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A rival of one crime type: its maps and their shares, which sum to 1."""

    name: str
    parts: tuple[Part, ...]
    shares: tuple[float, ...]


def candidates(name: str) -> tuple[tuple[Part, ...], ...]:
    """The mixtures among which tuning chooses for a rival."""
    plain = {
        "uniform": (UNIFORM,),
        "count_28": (Part("count", days=28), UNIFORM),
        "history": (HISTORY, UNIFORM),
        "box_shift": (BOX_SHIFT, UNIFORM),
        "box_shift_3y": (Part("count", days=THREE_YEARS, by_shift=True), UNIFORM),
    }
    if name in plain:
        return (plain[name],)
    if name == "history_kde":
        return tuple(
            (raw, replace(raw, sigma=sigma), UNIFORM)
            for raw in (HISTORY, BOX_SHIFT)
            for sigma in (0.5, 0.75, 1.0, 1.5, 2.5)
        )
    if name == "own_mixture":
        return ((*_own_counts(), UNIFORM),)
    assert name == "near_repeat", name  # noqa: S101 - NAMES is the table
    background = (BOX_SHIFT, HISTORY, replace(HISTORY, sigma=1.0))
    return tuple(
        (*background, Part("count", sigma=sigma, tau=tau), UNIFORM)
        for sigma in (0.6, 1.0, 2.0)
        for tau in (7.0, 30.0, 90.0, 365.0)
    )


def _own_counts() -> tuple[Part, ...]:
    """The type's own counts, old and new, sharp and blurred: mixed without a tree, the strongest simple rival found."""
    box = [replace(HISTORY, sigma=sigma, tau=tau) for tau in (0.0, 365.0, 90.0, 30.0) for sigma in (0.0, 0.6, 1.5)]
    of_shift = [replace(BOX_SHIFT, sigma=sigma, tau=tau) for tau in (0.0, 365.0) for sigma in (0.0, 1.0)]
    return (*box, *of_shift)


def forecast(baseline: Baseline, past: Past, city: City, level: Floats) -> Floats:
    """float64[shifts, boxes]: expected counts for the day that begins at the origin (or, with a lag, after it).

    ``level``: float64[shifts], of the whole city.
    """
    maps = sum(share * part_map(part, past, city) for part, share in zip(baseline.parts, baseline.shares, strict=True))
    return np.asarray(level[:, None] * maps, dtype=np.float64)


def forecasts(baseline: Baseline, counts: Counts, kind: int, days: Ints, city: City, lag: int = 0) -> Floats:
    """float64[days, shifts, boxes] of a type; each day from what was known at its 00:00, ``lag`` days less."""
    past, of_days = past_of(counts, kind, int(days[-1]) - lag), levels(counts, kind, days, city.shifts, lag)
    pairs = zip(days, of_days, strict=True)
    return np.stack([forecast(baseline, past.before(int(day) - lag), city, each) for day, each in pairs])
