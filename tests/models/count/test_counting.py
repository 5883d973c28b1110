"""Counts from incidents: the car's own boxes and shifts, whole units, and what is known when."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.domain.policy import CRIME_TYPES
from edge.domain.shift import Calendar, ShiftRule
from edge.errors import UserError
from edge.risk.counts import WEIGHT, Counts
from models.count.shift_table import shift_table
from models.count.tally import count, tally
from models.count.units import boxes_of, whole_days

ZONES = ("America/Chicago", "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
CHICAGO = ZoneInfo("America/Chicago")
INSIDE = (40.01, -99.0)


def incidents(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Thefts of 2026-01-05 12:00 in Squaretown, but for what is said; the week around it has one at each end."""
    theft = {
        "event_id": "1", "crime_type": "theft", "lat": INSIDE[0], "lon": INSIDE[1], "initiated_by": None,
        "gunfire": False, "from_utc": local(2026, 1, 5, 12), "source": "town",
    }  # fmt: skip
    filled = [{**theft, **row} for row in rows]
    return pd.DataFrame([{"to_utc": row["from_utc"]} | row for row in filled])


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> pd.Timestamp:
    """An instant by Chicago's clocks."""
    return pd.Timestamp(datetime(year, month, day, hour, minute, tzinfo=CHICAGO)).tz_convert("UTC")


EDGES = ({"from_utc": local(2026, 1, 1, 1)}, {"from_utc": local(2026, 1, 20, 23)})


def rows_of(counts: Counts, kind: str = "theft") -> list[tuple[str, int, str, int]]:
    """Day, shift, known and units of a type's rows, the edges' left out."""
    found = []
    for row in np.flatnonzero(counts.kind == CRIME_TYPES.index(kind)):
        day, known = (date.fromordinal(int(one[row])).isoformat() for one in (counts.day, counts.known))
        if known not in ("2026-01-01", "2026-01-20"):
            found.append((day, int(counts.shift[row]), known, int(counts.weight[row])))
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(39.99, 40.03), st.floats(-99.02, -98.98)), min_size=1, max_size=30))
def test_boxes_are_the_cars(square_agency: Agency, places: list[tuple[float, float]]) -> None:
    """Every position lies in exactly the box that `Grid.box_of` says, or in none."""
    found = boxes_of(square_agency.grid, *np.array(places).T)
    for (lat, lon), index in zip(places, found, strict=True):
        box = square_agency.grid.box_of(lat, lon)
        assert index == (-1 if box is None else box.number - 1)


def test_boxes_on_the_very_edges(square_agency: Agency) -> None:
    """Neighbouring doubles on both sides of the boundary between two boxes fall as they do on the car."""
    grid, lat = square_agency.grid, 40.01
    box = grid.box_of(lat, -99.0)
    assert box is not None
    low, high = -99.0, -98.995
    while np.nextafter(low, high) < high:
        middle = (low + high) / 2.0
        low, high = (middle, high) if grid.box_of(lat, middle) == box else (low, middle)
    found = boxes_of(grid, np.array([lat, lat]), np.array([low, high]))
    east = grid.box_of(lat, high)
    assert east is not None
    assert list(found) == [box.number - 1, east.number - 1]


def test_boxes_where_the_grid_does_not_hold(square_agency: Agency) -> None:
    """The other side of the world, and no position at all, are no box."""
    assert list(boxes_of(square_agency.grid, np.array([-40.0, np.nan]), np.array([99.0, 0.0]))) == [-1, -1]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)), min_size=1, max_size=4, unique=True),
    st.datetimes(datetime(2010, 1, 3), datetime(2012, 3, 1), timezones=st.just(ZoneInfo("UTC"))),
)
def test_shifts_are_the_calendars(zone: str, starts: list[time], instant: datetime) -> None:
    """Every instant lies in exactly the shift that `Calendar.shift_at` says, whatever the clocks do."""
    rules = tuple(ShiftRule(f"s{index}", start) for index, start in enumerate(sorted(starts)))
    calendar = Calendar(ZoneInfo(zone), rules)
    micro = round(instant.timestamp()) * 1_000_000
    table = shift_table(calendar, micro, micro)
    (row,) = table.at(np.array([micro]))
    shift = calendar.shift_at(micro / 1e6)
    assert f"{date.fromordinal(int(table.day[row])).isoformat()}/{rules[table.rule[row]].name}" == shift.id
    assert table.starts[row] == shift.starts * 1_000_000


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2026, 7, 4)])
def test_shifts_of_the_nights_on_which_clocks_change(square_agency: Agency, day: date, hour: int) -> None:
    """Each half hour of 23, 24 and 25 hours."""
    start = datetime.combine(day, time(0), CHICAGO).timestamp() + hour * 3600.0
    table = shift_table(square_agency.calendar, round(start * 1e6), round(start * 1e6))
    for instant in (start, start + 1800.0, start + 3599.0):
        (row,) = table.at(np.array([round(instant * 1e6)]))
        name = square_agency.calendar.rules[table.rule[row]].name
        assert square_agency.calendar.shift_at(instant).id == f"{date.fromordinal(int(table.day[row]))}/{name}"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1_767_000_000, 1_780_000_000), st.integers(0, 7 * 86_400)), min_size=1, max_size=20)
)
def test_the_units_of_every_incident_add_up(square_agency: Agency, spans: list[tuple[int, int]]) -> None:
    """Exactly 256, each share within one unit of its part of the time, none empty, in shifts that it may lie in."""
    first, length = np.array(spans).T * 1_000_000
    table = shift_table(square_agency.calendar, int(first.min()), int((first + length).max()))
    shares = table.shares(first, first + length)
    assert (np.bincount(shares.incident, shares.units, len(first)) == WEIGHT).all()
    assert (shares.units > 0).all()
    for incident, slot, units in zip(shares.incident, shares.slot, shares.units, strict=True):
        opens, closes = int(table.starts[slot]), int(table.starts[slot + 1])
        begin, end = int(first[incident]), int(first[incident] + length[incident])
        inside = min(closes, end) - max(opens, begin)
        assert inside >= 0
        assert abs(units - (WEIGHT * inside / (end - begin) if end > begin else WEIGHT)) < 1.0


def test_one_incident_is_256_units_of_its_shift(square_agency: Agency) -> None:
    """Noon is in the day's shift of its date."""
    assert rows_of(count(incidents({}, *EDGES), square_agency)) == [("2026-01-05", 0, "2026-01-05", 256)]


def test_after_midnight_the_night_is_still_of_the_day_before(square_agency: Agency) -> None:
    """The day is that on which the shift starts; known is the calendar's own date."""
    night = incidents({"from_utc": local(2026, 1, 6, 3)}, *EDGES)
    assert rows_of(count(night, square_agency)) == [("2026-01-05", 1, "2026-01-06", 256)]


def test_a_span_is_shared_by_time_and_known_at_its_end(square_agency: Agency) -> None:
    """18:00 to 06:00: 4 of 12 hours in the day, 8 in the night; nothing of it is known before it can have happened."""
    span = incidents({"from_utc": local(2026, 1, 5, 18), "to_utc": local(2026, 1, 6, 6)}, *EDGES)
    assert rows_of(count(span, square_agency)) == [
        ("2026-01-05", 0, "2026-01-06", 85),
        ("2026-01-05", 1, "2026-01-06", 171),
    ]


def test_a_night_of_nine_hours_shares_by_its_hours(square_agency: Agency) -> None:
    """Where the clocks go back, the night has 9 of the 24 + 1 hours."""
    span = incidents({"from_utc": local(2026, 10, 31, 22), "to_utc": local(2026, 11, 1, 15)}, *EDGES)
    assert rows_of(count(span, square_agency)) == [
        ("2026-10-31", 1, "2026-11-01", 128),
        ("2026-11-01", 0, "2026-11-01", 128),
    ]


def test_more_than_seven_days_tell_nothing_of_a_shift(square_agency: Agency) -> None:
    """Seven days are shared over their shifts; one second more is left out, and counted."""
    week = {"from_utc": local(2026, 1, 5, 6), "to_utc": local(2026, 1, 12, 6)}
    more = week | {"to_utc": local(2026, 1, 12, 6) + timedelta(seconds=1)}
    assert sum(row[-1] for row in rows_of(count(incidents(week, *EDGES), square_agency))) == 256
    found = tally(incidents(more, *EDGES), square_agency)
    assert found.left_out == {"time known only to within more than 7 days": 1}


def test_gunfire_counts_under_its_type_and_under_gunfire_once(square_agency: Agency) -> None:
    """A battery by a shot is both; a shot at nobody is one gunfire."""
    shots = incidents({"crime_type": "aggravated_assault", "gunfire": True}, {"crime_type": "gunfire", "gunfire": True},
                      *EDGES)  # fmt: skip
    found = count(shots, square_agency)
    assert rows_of(found, "aggravated_assault") == [("2026-01-05", 0, "2026-01-05", 256)]
    assert rows_of(found, "gunfire") == [("2026-01-05", 0, "2026-01-05", 512)]


def test_what_lies_outside_is_counted(square_agency: Agency) -> None:
    """A position in no box of the agency is left out, and the tally says so."""
    found = tally(incidents({"lat": 41.0}, {}, *EDGES), square_agency)
    assert (found.counted, found.left_out) == (3, {"outside the agency": 1})


def test_nothing_to_count_is_told(square_agency: Agency) -> None:
    """Another city's incidents: one sentence with the reasons."""
    with pytest.raises(UserError, match="2 outside the agency; check that they are this agency"):
        count(incidents({"lat": 41.0}, {"lat": 42.0}), square_agency)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ((2026, 1, 1, 0, 5), (2026, 1, 9, 23, 50), ("2026-01-01", "2026-01-09")),
        ((2026, 1, 1, 6, 0), (2026, 1, 9, 21, 0), ("2026-01-02", "2026-01-08")),
    ],
)
def test_a_day_that_may_be_cut_is_not_whole(
    first: tuple[int, int, int, int, int], last: tuple[int, int, int, int, int], days: tuple[str, str]
) -> None:
    """An export's first and last day are whole where incidents reach to within two hours of their midnights."""
    micro = [round(local(*parts).timestamp() * 1e6) for parts in (first, last)]
    found = whole_days(micro[0], micro[1], CHICAGO)
    assert tuple(date.fromordinal(one).isoformat() for one in found) == days


def test_less_than_a_day_is_told(square_agency: Agency) -> None:
    """One noon is no whole day."""
    with pytest.raises(UserError, match="do not cover one whole day"):
        count(incidents({}), square_agency)
