"""A real small agency: one precinct of New York with a year of history (skipped without ../shared/data)."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pytest

import models
from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import Counts
from edge.risk.days import Days
from edge.risk.events import Events
from edge.risk.features import World
from edge.risk.frame import Frame
from edge.risk.layers import Layers
from models.count.tally import count
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest
from models.train.settings import Settings
from tests.models.rivals import over_best_rival

NEW_YORK: Final = Path(models.__file__).parent / "newyork"
PRECINCT: Final = "75"
FROM, TESTED, TO = (day.toordinal() for day in (date(2014, 7, 1), date(2015, 7, 1), date(2015, 12, 30)))


@pytest.fixture(scope="module")
def precinct(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Its boxes and what happened in them since the first day."""
    out = tmp_path_factory.mktemp("new-york") / "agency"
    build_agency(NEW_YORK / "agency.toml", out)
    agency = load_agency(out)
    mapping, _ = read_mapping(NEW_YORK / "mapping.toml")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    incidents, _ = ingest(mapping, [shared_data / "newyork" / "felonies_2014_2015.parquet"], now, lambda _: None)
    counts = count(incidents, agency)
    boxes = sorted(agency.grid.boxes.values(), key=lambda box: box.number)
    own = np.array([box.district == PRECINCT for box in boxes])
    place, on = np.cumsum(own) - 1, own[counts.box] & (counts.day >= FROM)
    columns = {name: getattr(counts, name)[on].astype(np.int64) for name in ("kind", "day", "shift", "known", "weight")}
    columns["box"] = place[counts.box[on]]
    frame = Frame(np.array([box.cell for box, held in zip(boxes, own, strict=True) if held], dtype=np.int32))
    known = Counts.of(columns, FROM, counts.last)
    return World(frame, len(agency.calendar.rules), known, Layers.none(frame.size), Days.none(), Events.none())


@pytest.mark.long
@pytest.mark.parametrize("crime_type", ["theft", "robbery", "burglary", "aggravated_assault"])
def test_a_precinct_is_not_below_its_best_rival(precinct: World, crime_type: str) -> None:
    """On half a year of later days, each type of some hundred incidents."""
    found = over_best_rival(precinct, CRIME_TYPES.index(crime_type), np.arange(TESTED, TO), Settings())
    assert found["high"] >= 0.0, found
