"""Shifts are instants: nights of 7, 8 and 9 hours, and no second of a year that is in none or in two."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.shift import Calendar, ShiftRule

CHICAGO = ZoneInfo("America/Chicago")
THREE = Calendar(CHICAGO, (ShiftRule("day", time(6)), ShiftRule("evening", time(14)), ShiftRule("night", time(22))))
TWELVE = Calendar(CHICAGO, (ShiftRule("first", time(0)), ShiftRule("second", time(12))))
WHOLE = Calendar(CHICAGO, (ShiftRule("all", time(7)),))
HOUR = 3600.0


def _at(*local: int) -> float:
    return datetime(*local, tzinfo=CHICAGO).timestamp()  # type: ignore[misc, arg-type]  # year, month, day, …


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-03-07/night", 7), ("2026-10-31/night", 9), ("2026-06-01/night", 8)]
)
def test_a_night_is_7_hours_in_spring_and_9_in_autumn(night: str, hours: int) -> None:
    """The clocks go forward on 2026-03-08 and back on 2026-11-01, at 02:00."""
    shift = THREE.shift(night)
    assert shift.ends - shift.starts == hours * HOUR


def test_the_spring_night_in_utc() -> None:
    """From 22:00 CST, 04:00 UTC, to 06:00 CDT, 11:00 UTC."""
    shift = THREE.shift("2026-03-07/night")
    assert datetime.fromtimestamp(shift.starts, UTC).isoformat() == "2026-03-08T04:00:00+00:00"
    assert datetime.fromtimestamp(shift.ends, UTC).isoformat() == "2026-03-08T11:00:00+00:00"


@pytest.mark.parametrize(("calendar", "shifts"), [(THREE, 3 * 365), (TWELVE, 2 * 365), (WHOLE, 365)])
def test_a_year_of_shifts_has_no_gap_and_no_overlap(calendar: Calendar, shifts: int) -> None:
    """Each shift ends where the next one starts, ids are unique, and an id gives its shift back."""
    shift, seen = calendar.shift_at(_at(2026, 1, 1, 12)), set[str]()
    for _ in range(shifts):
        assert calendar.shift(shift.id) == shift
        assert calendar.shift_at(shift.starts) == shift
        assert calendar.shift_at(shift.ends - 0.001) == shift
        following = calendar.shift_at(shift.ends)
        assert following.starts == shift.ends
        seen.add(shift.id)
        shift = following
    assert len(seen) == shifts
    assert shift.id.startswith("2027-01-01/")


@given(st.integers(0, 2**32))
def test_every_instant_is_in_exactly_its_shift(utc: int) -> None:
    """From 1970 to 2106, whatever the zone's rules were."""
    for calendar in (THREE, TWELVE, WHOLE):
        shift = calendar.shift_at(utc)
        assert shift.starts <= utc < shift.ends
        assert calendar.shift(shift.id) == shift


def test_an_id_is_the_local_date_it_starts_on() -> None:
    """01:00 on the 3rd is in the night of the 2nd; 23:00 UTC is the local evening."""
    assert THREE.shift_at(_at(2026, 6, 3, 1)).id == "2026-06-02/night"
    assert THREE.shift_at(datetime(2026, 6, 2, 23, tzinfo=UTC).timestamp()).id == "2026-06-02/evening"
    assert THREE.shift_at(_at(2026, 6, 3, 1)).name == "night"


def test_a_shift_may_start_at_midnight() -> None:
    """The last second of a day is in the shift before, midnight itself in the day's first."""
    assert TWELVE.shift_at(_at(2026, 6, 2, 23, 59, 59)).id == "2026-06-02/second"
    assert TWELVE.shift_at(_at(2026, 6, 3)).id == "2026-06-03/first"


@pytest.mark.parametrize("wrong", ["2026-06-02/dusk", "2026-13-02/day", "day", "", "2026-06-02"])
def test_an_id_that_is_none_is_refused(wrong: str) -> None:
    """An unknown name, a date there is not, or no date at all."""
    with pytest.raises(ValueError, match=r"no shift|date|month|isoformat|iso"):
        THREE.shift(wrong)
