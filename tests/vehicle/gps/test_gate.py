"""The gate: one test for each rule."""

import math
from collections import Counter
from datetime import UTC, datetime

import pytest

from edge.domain.inputs import Fix
from edge.vehicle.gps.gate import ERA, RIVAL_FIXES, RIVAL_SPAN, ROLLOVER, Gate
from tests.vehicle.gps.sentences import LAT, LON, START, STEP


def at(second: float, *, late: float = 0.0, lat: float = LAT, lon: float = LON, speed: float | None = 10.0) -> Fix:
    """A fix of ``START + second`` that is received ``late`` seconds later than usual."""
    return Fix(START + second, 1000 + second + late, lat, lon, speed, 5.0)


class Trial:
    """A gate and what it refused."""

    def __init__(self, ceiling: float = math.inf) -> None:
        self.refused: Counter[str] = Counter()
        self.gate = Gate(self.refused, ceiling=ceiling)

    def passes(self, fix: Fix) -> bool:
        """Is it accepted."""
        return self.gate.judge(fix) is not None


def test_a_drive_passes() -> None:
    """A second apart, 11 m apart: nothing is refused and nothing changed."""
    trial = Trial()
    fixes = [at(s, lat=LAT + s * STEP) for s in range(60)]
    assert [trial.gate.judge(fix) for fix in fixes] == fixes
    assert not trial.refused


def test_zero_zero_is_refused() -> None:
    """(0, 0) is a receiver without a position; 0 in one coordinate is a place."""
    trial = Trial()
    assert not trial.passes(at(0, lat=0.0, lon=0.0))
    assert not trial.passes(at(1, lat=-0.0, lon=0.0001))
    assert trial.passes(at(2, lat=0.0, lon=10.0))
    assert trial.refused == {"zero_zero": 2}


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0.0), (-91.0, 5.0), (10.0, 180.5), (math.nan, 1.0), (1.0, math.inf)])
def test_out_of_range_is_refused(lat: float, lon: float) -> None:
    """Degrees that no place has."""
    trial = Trial()
    assert not trial.passes(at(0, lat=lat, lon=lon))
    assert trial.refused == {"out_of_range": 1}


def test_impossible_reported_speed_is_refused() -> None:
    """No car drives 100 m/s; one whose speed is unknown may."""
    trial = Trial()
    assert not trial.passes(at(0, speed=100.0))
    assert trial.passes(at(1, speed=None))
    assert trial.refused == {"impossible_speed": 1}


def test_a_speed_that_is_none_is_refused() -> None:
    """Backwards, and NaN."""
    trial = Trial()
    assert not any(trial.passes(at(0, speed=speed)) for speed in (-0.1, math.nan))
    assert trial.refused == {"impossible_speed": 2}


def test_a_date_beyond_all_calendars_is_refused() -> None:
    """Even as the first fix, which nothing contradicts: the rules would look for the shift of that day, and fail."""
    trial = Trial()
    late = datetime(9999, 12, 31, tzinfo=UTC).timestamp() - START
    assert not any(trial.passes(at(second)) for second in (late, -1e12, math.nan, math.inf, -math.inf))
    assert trial.refused == {"bad_time": 5}
    assert trial.passes(at(0))


def test_impossible_jump_is_refused() -> None:
    """A kilometre in a second is an error of the receiver; the next good fix passes."""
    trial = Trial()
    assert trial.passes(at(0))
    assert not trial.passes(at(1, lat=LAT + 0.01))
    assert trial.passes(at(2))
    assert trial.refused == {"impossible_jump": 1}


def test_a_relocation_is_believed_after_a_while() -> None:
    """When the first position was the wrong one, the right one wins, flagged, within a few seconds."""
    trial = Trial()
    trial.passes(at(0))
    judged = [trial.gate.judge(at(s, lat=LAT + 1)) for s in range(1, 10)]
    assert judged[: int(RIVAL_SPAN)] == [None] * int(RIVAL_SPAN)
    assert judged[int(RIVAL_SPAN)] is not None
    assert judged[int(RIVAL_SPAN)].flags == ("relocated",)  # type: ignore[union-attr]
    assert judged[-1] == at(9, lat=LAT + 1)


def test_an_outage_with_a_long_way_passes() -> None:
    """Ten minutes without a fix, 15 km away: a car can do that, and nothing is lost."""
    trial = Trial()
    assert trial.passes(at(0))
    assert trial.passes(at(600, lat=LAT + 0.135))


def test_time_that_does_not_advance_is_refused() -> None:
    """The same moment again, or an earlier one, is no news."""
    trial = Trial()
    assert trial.passes(at(5))
    assert not trial.passes(at(5, late=1))
    assert not trial.passes(at(4, late=2))
    assert trial.refused == {"time_not_advancing": 2}


def test_a_frozen_receiver_is_refused_for_ever() -> None:
    """The same fix for an hour never becomes a new one."""
    trial = Trial()
    assert trial.passes(at(0))
    assert not any(trial.passes(at(0, late=s)) for s in range(1, 3600))


def test_old_fixes_out_of_a_buffer_are_refused() -> None:
    """A burst of what was held back for 20 s is old, though its time advances; what is live passes at once."""
    trial = Trial()
    assert trial.passes(at(0))
    assert not any(trial.passes(at(s, late=20 - s)) for s in range(1, 17))
    assert trial.passes(at(17, late=3))
    assert trial.passes(at(21))
    assert trial.refused == {"time_late": 16}


def test_lateness_does_not_creep() -> None:
    """Each fix a little later than the one before: the 3 s count from the promptest one."""
    trial = Trial()
    passed = [trial.passes(at(s, late=s * 0.5)) for s in range(60)]
    assert passed == [True] * 7 + [False] * 53
    assert trial.refused == {"time_late": 53}


def test_earliness_does_not_creep() -> None:
    """Fixes that are each a little early would lead the clock away, a step at a time."""
    trial = Trial()
    assert [trial.passes(at(second, late=-2.0 * second)) for second in range(4)] == [True, True, False, False]
    assert trial.refused == {"time_jump": 2}


def test_time_that_jumps_is_refused() -> None:
    """A time an hour ahead, though a second has passed; the next good one passes."""
    trial = Trial()
    assert trial.passes(at(0))
    assert not trial.passes(at(3601, late=-3600))
    assert trial.passes(at(2))
    assert trial.refused == {"time_jump": 1}


@pytest.mark.parametrize("step", [-18.0, -3600.0, 3600.0])
def test_a_stepped_clock_is_believed_after_a_while(step: float) -> None:
    """A receiver whose clock truly stepped is followed, flagged, once its new time has run on steadily."""
    trial = Trial()
    trial.passes(at(0))
    judged = [trial.gate.judge(at(s + step, late=-step)) for s in range(1, 10)]
    assert judged[:3] == [None] * 3
    assert judged[3] is not None
    assert judged[3].flags == ("clock_stepped",)
    assert None not in judged[3:]


def test_a_rival_needs_time_and_fixes() -> None:
    """Ten fixes a second do not shorten the trial, nor do two with a long pause between."""
    trial = Trial()
    trial.passes(at(0))
    tenths = [trial.passes(at(1 + s / 10, lat=LAT + 1)) for s in range(31)]
    assert tenths.index(True) == 30
    pair = Trial()
    pair.passes(at(0))
    assert [pair.passes(at(s, lat=LAT + 1)) for s in (1, 30, 60)] == [False] * (RIVAL_FIXES - 1) + [True]


def test_week_rollover_is_mended_and_flagged() -> None:
    """A date 1024 weeks back, twice over too, is brought into the present era."""
    for times in (1, 2):
        mended = Trial().gate.judge(at(-times * ROLLOVER))
        assert mended is not None
        assert (mended.utc, mended.flags) == (START, ("rollover",))


def test_a_date_of_this_era_is_left_alone() -> None:
    """From the last rollover on, dates are believed."""
    assert Trial().gate.judge(at(ERA - START)) == at(ERA - START)


def test_a_recording_is_not_mended_into_the_future() -> None:
    """A log of 2008 is old, not of 2027."""
    old = at(-ROLLOVER)
    assert Trial(ceiling=START - 1).gate.judge(old) == old
