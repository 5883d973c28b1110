"""A ragged little town's world for the tests of maps, features and training; its past is made from a seed. A helper."""

from typing import Final

import numpy as np

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts
from edge.risk.days import Days
from edge.risk.events import Events
from edge.risk.features import World
from edge.risk.frame import Frame
from edge.risk.layers import Layers

CELLS: Final = [(x, y) for y in range(9, -1, -1) for x in range(12) if (x + 2 * y) % 7]
FIRST: Final = 736_000
SHIFTS: Final = 3
THEFT: Final = CRIME_TYPES.index("theft")
ROBBERY: Final = CRIME_TYPES.index("robbery")


def made_up(seed: int, days: int, rows: int, late: int = 4) -> Counts:
    """So many rows from `FIRST` on, most of theft, three in ten at one corner; some known up to ``late`` days later."""
    random = np.random.default_rng(seed)
    box = np.where(random.random(rows) < 0.3, random.integers(0, 4, rows), random.integers(0, len(CELLS), rows))
    day = FIRST + random.integers(0, days, rows)
    columns = {
        "kind": random.choice(len(CRIME_TYPES), rows, p=[0.05, 0.01, 0.1, 0.14, 0.1, 0.1, 0.5]),
        "box": box,
        "day": day,
        "shift": random.integers(0, SHIFTS, rows),
        "known": day + random.integers(0, late + 1, rows) * (random.random(rows) < 0.2),
        "weight": np.where(random.random(rows) < 0.2, 100, WEIGHT),
    }
    return Counts.of(
        {name: np.asarray(values, dtype=np.int64) for name, values in columns.items()}, FIRST, FIRST + days - 1
    )


def world_of(counts: Counts) -> World:
    """The town with these counts, and nothing else known of it."""
    frame = Frame(np.array(CELLS, dtype=np.int32))
    return World(frame, SHIFTS, counts, Layers.none(frame.size), Days.none(), Events.none())


def restless(seed: int, days: int, rate: float = 0.12, quiet: int = 10) -> Counts:
    """`made_up`, but that a box with a theft has none for ``quiet`` days: what a mixture of its past cannot say."""
    random = np.random.default_rng(seed)
    others = made_up(seed, days, 10 * days)
    last = np.full(len(CELLS), -quiet)
    box, day = [], []
    for today in range(days):
        struck = np.flatnonzero((random.random(len(CELLS)) < rate) & (today - last >= quiet))
        last[struck] = today
        box.append(struck)
        day.append(np.full(len(struck), FIRST + today))
    boxes, dates = np.concatenate(box), np.concatenate(day)
    on = others.kind != THEFT
    columns = {name: getattr(others, name)[on] for name in ("kind", "box", "day", "shift", "known", "weight")}
    thefts = {
        "kind": np.full(len(boxes), THEFT),
        "box": boxes,
        "day": dates,
        "shift": random.integers(0, SHIFTS, len(boxes)),
        "known": dates,
        "weight": np.full(len(boxes), WEIGHT),
    }
    whole = {name: np.concatenate([columns[name], thefts[name]]).astype(np.int64) for name in columns}
    return Counts.of(whole, FIRST, FIRST + days - 1)
