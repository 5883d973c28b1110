"""The file that says how dispatch names units and statuses."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from edge.errors import UserError
from edge.headquarters.feeds.dispatch_mapping import DispatchMapping, Reported, read_mapping

ZONE = ZoneInfo("America/Chicago")
TEXT = """
unit = "Unit"
status = "Status"
time = "When"
busy = ["ENR", "ONS"]
available = ["AV"]
ignored = ["LOGIN"]
[units]
"1A12" = "car-12"
"""


@pytest.fixture
def mapping(tmp_path: Path) -> DispatchMapping:
    (tmp_path / "dispatch.toml").write_text(TEXT)
    return read_mapping(tmp_path / "dispatch.toml")


def evening(zone: ZoneInfo = ZONE) -> float:
    return datetime(2026, 11, 22, 21, 5, tzinfo=zone).timestamp()


def test_a_row_is_read_by_its_columns(mapping: DispatchMapping) -> None:
    """A unit under its own name here; a time without an offset is the agency's."""
    row = {"Unit": "1A12", "Status": "ONS", "When": "2026-11-22 21:05:00", "Nature": "a word that nobody reads"}
    assert mapping.read(row, ZONE) == Reported("car-12", busy=True, since=evening())
    free = {"Unit": "car-7", "Status": " AV ", "When": "2026-11-23T03:05:00Z"}
    utc = datetime(2026, 11, 23, 3, 5, tzinfo=UTC).timestamp()
    assert mapping.read(free, ZONE) == Reported("car-7", busy=False, since=utc)


def test_a_format_and_a_zone_of_its_own(mapping: DispatchMapping) -> None:
    """As dispatch writes it."""
    other = mapping.model_copy(update={"format": "%m/%d/%y %H:%M", "time_zone": ZoneInfo("America/Denver")})
    row = {"Unit": "car-7", "Status": "AV", "When": "11/22/26 21:05"}
    assert other.read(row, ZONE) == Reported("car-7", busy=False, since=evening(ZoneInfo("America/Denver")))


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"Unit": "car-7", "Status": "LOGIN", "When": "2026-11-22 21:05"}, None),
        ({"Unit": "car-7", "Status": "XYZ", "When": "2026-11-22 21:05"}, "unknown_status"),
        ({"Unit": "car-7", "Status": "AV", "When": "yesterday"}, "unreadable"),
        ({"Unit": "car-7", "Status": "AV", "When": "0001-01-01 00:00"}, "unreadable"),
        ({"Unit": "", "Status": "AV", "When": "2026-11-22 21:05"}, "unreadable"),
        ({"Unit": ["car-7"], "Status": "AV", "When": "2026-11-22 21:05"}, "unreadable"),
        ({}, "unreadable"),
    ],
)
def test_a_row_that_says_nothing(mapping: DispatchMapping, row: dict[str, object], outcome: str | None) -> None:
    """Ignored, or counted by why."""
    assert mapping.read(row, ZONE) == outcome


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ('busy = ["ENR", "AV"]', "'AV' is listed twice; a status is busy, available or ignored"),
        ("busy = []", "dispatch.toml: busy: must list 1 entry or more"),
        ('colour = "red"', "dispatch.toml: colour: "),
        ('time_zone = "America/Nowhere"', "dispatch.toml: time_zone: "),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, line: str, mistake: str) -> None:
    """With the file."""
    name = line.partition(" ")[0]
    kept = [one for one in TEXT.splitlines() if not one.startswith(f"{name} ")]
    (tmp_path / "dispatch.toml").write_text("\n".join([line, *kept]))
    with pytest.raises(UserError, match=r"dispatch\.toml") as error:
        read_mapping(tmp_path / "dispatch.toml")
    assert mistake in str(error.value)
