"""Shifts against the wall clock itself: a shift starts at the first instant at which the clock has got to its start.

The expectations come from `zoneinfo` and a walk through time, second opinion to `edge.domain.shift`, which computes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.shift import Calendar, Shift, ShiftRule

HOUR = 3600.0
QUARTER = 900
DAY_S = 86_400
ZONES = (
    "America/Chicago",
    "America/Havana",  # changes at midnight
    "Asia/Beirut",  # changes at midnight, back into the day before
    "Asia/Kathmandu",  # UTC+5:45, no change
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Auckland",  # the southern summer
    "Africa/Casablanca",  # summer time rests in Ramadan
    "America/Phoenix",
)
THREE = (ShiftRule("day", time(6)), ShiftRule("evening", time(14)), ShiftRule("night", time(22)))
IN_THE_GAP = (ShiftRule("late", time(2, 15)), ShiftRule("dawn", time(2, 45)), ShiftRule("day", time(10)))
AT_MIDNIGHT = (ShiftRule("first", time(0)), ShiftRule("second", time(0, 30)), ShiftRule("third", time(23, 30)))


@lru_cache(maxsize=1)  # a zone's year is walked once for all its shifts
def walls(zone: ZoneInfo, first: float, last: float, step: float) -> list[tuple[float, datetime]]:
    """Each instant, and the latest time that the wall clock has shown by then."""
    seen, found, at = datetime.min, [], first
    while at <= last:
        seen = max(seen, datetime.fromtimestamp(at, zone).replace(tzinfo=None))
        found.append((at, seen))
        at += step
    return found


def starts_by_walking(
    zone: ZoneInfo, rules: Sequence[ShiftRule], first: float, last: float, step: float
) -> list[tuple[float, str]]:
    """Each shift's first instant between two instants, and its id, in order."""
    shown = walls(zone, first, last, step)
    begun = [wall for _, wall in shown]  # it never falls
    day, found = begun[0].date(), []
    while day <= begun[-1].date():
        for rule in rules:
            index = _first(begun, datetime.combine(day, rule.starts))
            if 0 < index < len(shown):
                found.append((shown[index][0], f"{day.isoformat()}/{rule.name}"))
        day += timedelta(days=1)
    return found


def _first(begun: list[datetime], wall: datetime) -> int:
    """The first of the rising wall times that is not before one."""
    return bisect_right(begun, wall - timedelta(microseconds=1))


def utc(*when: int) -> float:
    """POSIX seconds of a UTC time."""
    return datetime(*when, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]  # year, month, day, …


@pytest.mark.parametrize("rules", [THREE, IN_THE_GAP, AT_MIDNIGHT], ids=["three", "in the gap", "midnight"])
@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_shifts_is_as_the_wall_clock_shows_it(zone: str, rules: tuple[ShiftRule, ...]) -> None:
    """Every shift of 2026 begins, and has its first, middle and last instant, where the wall clock says; ids agree.

    What the clocks skip whole (the half hour from 02:15 in Chicago on 8 March) is empty, and no instant is in it.
    """
    calendar = Calendar(ZoneInfo(zone), rules)
    first, last = utc(2025, 12, 30), utc(2027, 1, 3)
    expected = starts_by_walking(calendar.zone, rules, first, last, QUARTER)
    assert len(expected) >= 3 * 366
    assert [at for at, _ in expected] == sorted(at for at, _ in expected)
    for (at, name), (until, _) in pairwise(expected):
        shift = Shift(name, at, until)
        assert calendar.shift(name) == shift
        assert calendar.ends(name) == until
        if at < until:
            assert {calendar.shift_at(one) for one in (at, (at + until) / 2.0, until - 0.001)} == {shift}


@pytest.mark.parametrize(
    ("night", "hours"),
    [
        ("2026-03-07/night", 7),
        ("2026-03-08/night", 8),
        ("2026-10-31/night", 9),
        ("2026-12-31/night", 8),
        ("2028-02-28/night", 8),
        ("2028-02-29/night", 8),
    ],
)
def test_the_nights_of_chicago_in_utc(night: str, hours: int) -> None:
    """22:00–06:00: 7 h in spring, 9 h in autumn, 8 h over New Year and around 29 February."""
    zone = ZoneInfo("America/Chicago")
    on = date.fromisoformat(night.partition("/")[0])
    begins = datetime.combine(on, time(22), zone)
    ends = datetime.combine(on + timedelta(days=1), time(6), zone)
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=hours)
    shift = Calendar(zone, THREE).shift(night)
    assert (shift.starts, shift.ends) == (begins.timestamp(), ends.timestamp())
    assert Calendar(zone, THREE).shift_at(shift.ends - 1).id == night


@pytest.mark.parametrize(
    ("zone", "shift", "starts", "ends"),
    [
        # 02:00–03:00 is skipped on 8 March, at 08:00 UTC; 01:00–02:00 comes twice on 1 November, first at 06:00 UTC
        ("America/Chicago", "2026-03-08/early", utc(2026, 3, 8, 7, 30), utc(2026, 3, 8, 8)),
        ("America/Chicago", "2026-03-08/late", utc(2026, 3, 8, 8), utc(2026, 3, 9, 6, 30)),
        ("America/Chicago", "2026-11-01/early", utc(2026, 11, 1, 6, 30), utc(2026, 11, 1, 8, 30)),
        ("America/Chicago", "2026-11-01/late", utc(2026, 11, 1, 8, 30), utc(2026, 11, 2, 7, 30)),
        # 02:00 becomes 02:30 on 4 October, at 15:30 UTC; 02:00 becomes 01:30 on 5 April, at 15:00 UTC
        ("Australia/Lord_Howe", "2026-10-04/early", utc(2026, 10, 3, 15), utc(2026, 10, 3, 15, 30)),
        ("Australia/Lord_Howe", "2026-10-04/late", utc(2026, 10, 3, 15, 30), utc(2026, 10, 4, 14, 30)),
        ("Australia/Lord_Howe", "2026-04-05/early", utc(2026, 4, 4, 14, 30), utc(2026, 4, 4, 16)),
    ],
)
def test_a_boundary_within_the_change_of_clocks(zone: str, shift: str, starts: float, ends: float) -> None:
    """Shifts from 01:30 and 02:30: a start that is skipped is the skip; of one that comes twice it is the first."""
    calendar = Calendar(ZoneInfo(zone), (ShiftRule("early", time(1, 30)), ShiftRule("late", time(2, 30))))
    assert calendar.shift(shift) == Shift(shift, starts, ends)
    assert calendar.shift_at(starts) == calendar.shift_at(ends - 0.001) == Shift(shift, starts, ends)


def test_starts_that_the_clocks_skip_stay_in_order() -> None:
    """02:15, 02:45 and 03:00 are one instant on that morning: two shifts are empty, and none runs backwards."""
    names = ("a", "b", "c")
    rules = tuple(ShiftRule(name, at) for name, at in zip(names, (time(2, 15), time(2, 45), time(3)), strict=True))
    calendar, skip = Calendar(ZoneInfo("America/Chicago"), rules), utc(2026, 3, 8, 8)
    assert [calendar.shift(f"2026-03-08/{name}").starts for name in names] == [skip] * 3
    assert [calendar.shift(f"2026-03-08/{name}").ends - skip for name in names[:2]] == [0.0, 0.0]
    assert calendar.shift_at(skip).id == "2026-03-08/c"
    assert calendar.shift_at(skip - 1).id == "2026-03-07/c"


def test_a_day_that_begins_twice() -> None:
    """In St. John's, before 2011, clocks went back at 00:01 to 23:01: midnight had been already when it came again."""
    calendar = Calendar(ZoneInfo("America/St_Johns"), (ShiftRule("whole", time(0)),))
    back = utc(2010, 11, 7, 2, 31)  # 00:01 daylight time, UTC-2:30
    for later in (-61.0, -60.0, 0.0, 1800.0, 7200.0):
        shift = calendar.shift_at(back + later)
        assert shift.id == ("2010-11-06/whole" if later < -60.0 else "2010-11-07/whole")
        assert shift.starts <= back + later < shift.ends


def test_a_day_that_there_never_was() -> None:
    """Samoa skipped 30 December 2011: its shifts are empty but for the last, which ends the morning after."""
    calendar = Calendar(ZoneInfo("Pacific/Apia"), THREE)
    skip = utc(2011, 12, 30, 10)
    assert calendar.shift("2011-12-30/day") == Shift("2011-12-30/day", skip, skip)
    assert calendar.shift("2011-12-30/night") == Shift("2011-12-30/night", skip, skip + 6 * HOUR)
    assert calendar.shift_at(skip - 1).id == "2011-12-29/night"
    assert calendar.shift_at(skip).id == "2011-12-30/night"


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any shift table an agency may write, in any zone of the database."""
    zone = draw(st.sampled_from(sorted(available_timezones())))
    minutes = draw(st.sets(st.integers(0, 1439), min_size=1, max_size=12))
    rules = tuple(ShiftRule(f"shift-{minute}", time(minute // 60, minute % 60)) for minute in sorted(minutes))
    return Calendar(ZoneInfo(zone), rules)


INSTANTS = st.integers(int(utc(1980, 1, 1)) // 60, int(utc(2037, 12, 1)) // 60).map(lambda minute: minute * 60.0)


@settings(deadline=None, max_examples=60)
@given(calendars(), INSTANTS)
def test_any_calendar_is_as_the_wall_clock_shows_it(calendar: Calendar, at: float) -> None:
    """Two days around any minute of 1980–2037: every start, and the shift of the minute."""
    expected = starts_by_walking(calendar.zone, calendar.rules, at - 3 * DAY_S, at + 3 * DAY_S, 60.0)
    begun = [start for start, _ in expected]
    running = expected[bisect_right(begun, at) - 1]
    shift = calendar.shift_at(at)
    assert (shift.starts, shift.id) == running
    for start, name in expected:
        assert calendar.shift(name).starts == start


@settings(deadline=None, max_examples=120)
@given(calendars(), st.floats(0.0, 4.2e9))
def test_every_instant_is_in_exactly_one_shift(calendar: Calendar, at: float) -> None:
    """Any fraction of a second until 2103: the shift holds it, its neighbours do not, and its id gives it back."""
    shift = calendar.shift_at(at)
    assert shift.starts <= at < shift.ends
    assert calendar.shift(shift.id) == shift
    assert calendar.ends(shift.id) == shift.ends
    after = calendar.shift_at(shift.ends)
    assert after.starts == shift.ends < after.ends
    assert calendar.shift_at(shift.starts - 1e-3).ends == shift.starts


@pytest.mark.parametrize("alias", ["20260602/day", "2026-W23-2/day", "2026-06-02T00:00/day"])
def test_a_shift_has_one_id(alias: str) -> None:
    """Another way to write its date names no shift: its report would be empty, and its plan never in force."""
    calendar = Calendar(ZoneInfo("America/Chicago"), THREE)
    with pytest.raises(ValueError, match="date"):
        calendar.shift(alias)
    assert calendar.ends(alias) == float("-inf")
