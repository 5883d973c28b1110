"""Local times as instants: those of the zone's own clocks, at every hour of every kind of day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.ingest.local import by_clocks

ZONES = ("America/Chicago", "Europe/London", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
MINUTES = st.integers(0, 40 * 366 * 24 * 60)
FIRST = datetime(1990, 1, 1)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ZONES), st.lists(MINUTES, min_size=1, max_size=40))
@example("America/Chicago", [minute for hour in range(30) for minute in (17_872_320 + 60 * hour,)])
def test_instants_are_those_of_the_zones_clocks(zone: str, minutes: list[int]) -> None:
    """A time that is shown once or twice has its earlier and its later instant; one that is skipped is noted."""
    place = ZoneInfo(zone)
    local = [FIRST + timedelta(minutes=minute) for minute in minutes]
    early, late, repeated, skipped = by_clocks(np.array(local, "datetime64[us]"), zone)
    for at, time in enumerate(local):
        folds = [time.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)]
        shown = [fold for fold in folds if fold.astimezone(place).replace(tzinfo=None) == time]
        assert skipped[at] == (not shown)
        if shown:
            right = [np.datetime64(edge.replace(tzinfo=None), "us") for edge in (min(shown), max(shown))]
            assert [early[at], late[at]] == right
            assert repeated[at] == (right[0] != right[1])


def test_a_skipped_time_is_the_change() -> None:
    """02:30 on 10 March 2024 in Chicago is 08:00 UTC, when the clocks go forward."""
    early, late, repeated, skipped = by_clocks(np.array(["2024-03-10T02:30", "NaT"], "datetime64[us]"), ZONES[0])
    assert [str(early[0]), str(late[0])] == ["2024-03-10T08:00:00.000000"] * 2
    assert np.isnat(early[1])
    assert np.isnat(late[1])
    assert list(repeated) == [False, False]
    assert list(skipped) == [True, False]


def test_a_repeated_time_is_both() -> None:
    """01:30 on 3 November 2024 in Chicago is 06:30 and 07:30 UTC."""
    early, late, repeated, _ = by_clocks(np.array(["2024-11-03T01:30"], "datetime64[us]"), ZONES[0])
    assert [str(early[0]), str(late[0])] == ["2024-11-03T06:30:00.000000", "2024-11-03T07:30:00.000000"]
    assert repeated.all()
