"""A made-up town's incidents for the tests of evaluation: a year in Squaretown, two corners of it hot. A helper."""

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest

from edge.contract.agency import Agency
from edge.risk.counts import Counts
from edge.risk.days import Days
from edge.risk.events import Events
from edge.risk.features import World
from edge.risk.frame import Frame
from edge.risk.layers import Layers
from models.count.tally import count
from models.evaluate.period import Period
from models.evaluate.setting import Setting
from models.ingest.incidents import write_incidents
from tests.agency.square import EAST, NORTH, SOUTH, WEST, square_agency

__all__ = ["square_agency", "toy", "toy_incidents"]

PERIOD: Final = Period("2016-10-17", "2016-11-13", "2016-09-01", "2016-10-16", 14)
"""Four weeks tested, two fits."""
RATES: Final = {"theft": 9.0, "robbery": 3.0, "burglary": 2.0}
"""Incidents a day."""
DAYS: Final = 330


def incidents_frame(seed: int = 7) -> pd.DataFrame:
    """Incidents from 2016-01-01 on: two thirds at two corners, the others anywhere, at all hours."""
    random = np.random.default_rng(seed)
    frames = []
    for crime_type, rate in RATES.items():
        rows = random.poisson(rate * DAYS)
        hot = random.random(rows) < 2 / 3
        corner = random.integers(2, size=rows)
        x = np.where(hot, 0.2 + 0.6 * corner + random.normal(0, 0.03, rows), random.random(rows))
        y = np.where(hot, 0.3 + 0.4 * corner + random.normal(0, 0.03, rows), random.random(rows))
        seconds = random.integers(0, DAYS * 86400, rows)
        at = pd.Timestamp("2016-01-01 06:00", tz="UTC") + pd.to_timedelta(seconds, unit="s")
        frames.append(
            pd.DataFrame(
                {
                    "event_id": [f"{crime_type}-{row}" for row in range(rows)],
                    "crime_type": crime_type,
                    "from_utc": at.astype("datetime64[us, UTC]"),
                    "to_utc": at.astype("datetime64[us, UTC]"),
                    "lat": SOUTH + (NORTH - SOUTH) * np.clip(y, 0.01, 0.99),
                    "lon": WEST + (EAST - WEST) * np.clip(x, 0.01, 0.99),
                    "initiated_by": pd.Series([None] * rows, dtype="object"),
                    "gunfire": False,
                    "rounds": pd.Series([None] * rows, dtype="object"),
                    "source": "toy",
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def setting_of(agency: Agency, counts: Counts) -> Setting:
    """The town with these counts and no other tables."""
    boxes = len(agency.grid.boxes)
    frame, shifts = Frame.of(agency.grid), len(agency.calendar.rules)
    return Setting(agency, World(frame, shifts, counts, Layers.none(boxes), Days.none(), Events.none()))


def after(counts: Counts, origin: date, *, shuffled: bool) -> Counts:
    """The counts with every row known on or after a day deleted, or (``shuffled``) moved to other boxes and types."""
    late = np.flatnonzero(counts.known >= origin.toordinal())
    rows = np.arange(len(counts)) if shuffled else np.flatnonzero(counts.known < origin.toordinal())
    columns = {
        name: getattr(counts, name)[rows].astype(np.int64)
        for name in ("kind", "box", "day", "shift", "known", "weight")
    }
    if shuffled:
        for name in ("kind", "box", "shift", "weight"):
            columns[name][late] = np.random.default_rng(1).permutation(columns[name][late])
    return Counts.of(columns, counts.first, counts.last)


@pytest.fixture(scope="session")
def toy(square_agency: Agency) -> Setting:
    """Squaretown and its year."""
    return setting_of(square_agency, count(incidents_frame(), square_agency))


@pytest.fixture(scope="session")
def toy_incidents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same incidents as the importer writes them."""
    path = tmp_path_factory.mktemp("toy") / "incidents.parquet"
    write_incidents(incidents_frame(), path)
    return path
