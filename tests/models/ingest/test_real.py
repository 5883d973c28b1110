"""The shipped mappings on the real files (skipped where ../shared/data is absent)."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

import models
from edge.contract.agency import Agency
from edge.domain.policy import CRIME_TYPES
from models.count.tally import tally
from models.count.units import boxes_of
from models.ingest.mapping import read_mapping
from models.ingest.report import Report
from models.ingest.run import ingest

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def run(mapping: str, *files: Path) -> tuple[pd.DataFrame, Report]:
    """An import by a shipped mapping."""
    document, _ = read_mapping(Path(mapping))
    return ingest(document, files, NOW, lambda _: None)


@pytest.fixture(scope="module")
def crimes(shared_data: Path) -> tuple[pd.DataFrame, Report]:
    """Chicago's seven years, imported."""
    return run("chicago-parquet", shared_data / "chicago" / "crimes_part1_2012_2018.parquet")


def test_chicagos_years_are_kept_but_for_rows_without_coordinates(crimes: tuple[pd.DataFrame, Report]) -> None:
    """Every row has a place in the report."""
    found, report = crimes
    assert (report.rows, report.kept) == (802_209, 799_006)
    assert {reason: rows for reason, rows in report.left_out.items() if rows} == {"no coordinates": 3_203}
    assert (found["gunfire"].sum(), (found["crime_type"] == "gunfire").sum()) == (14_727, 1_508)
    assert found["event_id"].is_unique


def test_chicago_is_counted_by_the_cars_own_boxes(crimes: tuple[pd.DataFrame, Report], chicago_agency: Agency) -> None:
    """Each incident in the boundary counts once, and gunfire twice; some 4,000 at the airport lie outside of it."""
    found, _ = crimes
    counted = tally(found, chicago_agency)
    assert counted.left_out == {"outside the agency": 4_077}
    by_type = dict(zip(CRIME_TYPES, pd.Series(counted.counts.weight).groupby(counted.counts.kind).sum(), strict=True))
    assert sum(by_type.values()) == 256 * (counted.counted + 14_727 - 1_508)
    sample = found.iloc[::401]
    index = boxes_of(chicago_agency.grid, sample["lat"].to_numpy(), sample["lon"].to_numpy())
    boxes = [chicago_agency.grid.box_of(lat, lon) for lat, lon in zip(sample["lat"], sample["lon"], strict=True)]
    assert list(index) == [-1 if box is None else box.number - 1 for box in boxes]


def test_the_portals_export_gives_what_the_parquet_gives(
    crimes: tuple[pd.DataFrame, Report], shared_data: Path
) -> None:
    """The same week by either mapping: the same events, types, times and gunfire, but for what was edited between."""
    found, report = run("chicago-portal", shared_data / "chicago" / "portal_export_2017-06-01_07.csv")
    assert report.rows == 5_660
    both = found.merge(crimes[0], on="event_id", suffixes=("", "_parquet"))
    assert len(both) >= 0.99 * len(found)
    for column in ("crime_type", "gunfire", "from_utc"):
        assert (both[column] == both[f"{column}_parquet"]).mean() > 0.995, column


def test_the_portals_denied_types_are_counted_by_name(shared_data: Path) -> None:
    """Narcotics, prostitution, weapons: no row of them is kept, and each is in the report."""
    found, report = run("chicago-portal", shared_data / "chicago" / "portal_export_2017-06-01_07.csv")
    assert set(found["crime_type"]) <= set(CRIME_TYPES)
    denied = report.denied["Primary Type"]
    assert (denied["NARCOTICS"], denied["PROSTITUTION"], denied["WEAPONS VIOLATION"]) == (225, 14, 96)
    assert report.unmapped["Primary Type"]["CRIM SEXUAL ASSAULT"] == 35


def test_the_citizen_reported_file_gives_nothing(shared_data: Path) -> None:
    """All its rows are left out: simple battery and assault unmapped, damage and trespass never forecast."""
    path = shared_data / "chicago" / "crimes_citizen_reported_nonpart1_2014_2018.parquet"
    found, report = run("chicago-citizen-reported", path)
    assert (len(found), report.rows) == (0, 443_558)
    assert report.denied == {"crime_type": {"CRIMINAL DAMAGE": 140_932, "CRIMINAL TRESPASS": 33_126}}
    assert report.unmapped == {"crime_type": {"BATTERY": 205_269, "ASSAULT": 64_231}}


def test_dcs_detections_are_gunfire(shared_data: Path) -> None:
    """Every detection with a place, single or multiple."""
    found, report = run("dc-shotspotter", shared_data / "dc" / "shotspotter_2006_2013.csv.gz")
    assert (report.rows, report.kept) == (39_066, 39_065)
    assert set(found["crime_type"]) == {"gunfire"}
    assert dict(found["rounds"].value_counts()) == {"multiple": 20_727, "single": 18_338}


def test_new_yorks_felonies_are_all_kept(shared_data: Path) -> None:
    """The second city's mapping, which stands beside its agency: every row of its four types."""
    mapping = Path(models.__file__).parent / "newyork" / "mapping.toml"
    _, report = run(str(mapping), shared_data / "newyork" / "felonies_2014_2015.parquet")
    assert (report.rows, report.kept) == (191_580, 191_580)
    assert report.by_type == {"theft": 85_899, "aggravated_assault": 40_429, "robbery": 33_453, "burglary": 31_799}
