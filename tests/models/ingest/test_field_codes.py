"""Field cases of codes and column names (skipped where ../shared/data is absent): the rows that are kept, by type."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest

NOW = datetime(2026, 11, 22, tzinfo=UTC)
REFUSED = {"Plate", "Vic", "Property Owner", "Profile", "Subject", "Name", "Handle", "Arrest"}


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    """The folder of small exports."""
    return shared_data / "field_cases" / "ingest"


@pytest.mark.parametrize(
    ("case", "types"),
    [
        (
            "23-nibrs",
            {"A1": "homicide", "A2": "homicide", "A3": "homicide", "A4": "aggravated_assault", "A5": "robbery",
             "A6": "robbery", "A7": "burglary", "A8": "motor_vehicle_theft", "A9": "theft", "A10": "theft",
             "A11": "theft", "A12": "burglary", "A14": "robbery"},
        ),
        (
            "24-ucr",
            {"A1": "robbery", "A2": "robbery", "A3": "robbery", "A4": "robbery", "A5": "burglary", "A6": "theft",
             "A7": "theft", "A8": "motor_vehicle_theft", "A9": "aggravated_assault", "A10": "aggravated_assault",
             "A11": "homicide", "A12": "homicide", "A13": "homicide", "A14": "homicide", "A15": "aggravated_assault",
             "A16": "aggravated_assault"},
        ),
    ],
)  # fmt: skip
def test_codes_are_known_however_they_are_written(cases: Path, case: str, types: dict[str, str]) -> None:
    """Every row of ours by its id; what is left out is not mapped (26A is fraud)."""
    mapping, _ = read_mapping(cases / f"{case}.toml")
    found, report = ingest(mapping, [cases / f"{case}.csv"], NOW, lambda _: None)
    assert dict(zip(found["event_id"], found["crime_type"], strict=True)) == types
    assert report.kept + sum(report.left_out.values()) == report.rows


def test_columns_about_places_may_be_named_and_those_about_persons_may_not(cases: Path) -> None:
    """36-col-*: each mapping asks for one more column; the verdict is by what the column speaks of."""
    files = sorted(cases.glob("36-col-*.toml"))
    assert len(files) == 21
    for file in files:
        column = file.read_text(encoding="utf-8").rsplit('column = "', 1)[1].split('"', 1)[0]
        if column not in REFUSED:
            assert read_mapping(file)[0].rows[0].column == column
            continue
        with pytest.raises(UserError, match=f"the column '{column}' is about people"):
            read_mapping(file)
