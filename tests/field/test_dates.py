"""Receivers whose dates are wrong: what the rules believe of them, live; and a recording of them that does not leap.

Epochs are received one a second. The cases of `shared/data/field_cases/gps` are of 22 November 2026, 15:00 UTC, in
Chicago, or begin there; those written here are their brothers.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.demo.nmea import nmea_sentences
from edge.domain.events import ClockStepped
from edge.domain.inputs import Fix, Input, Start, Tick
from edge.domain.taps import SignIn
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from tests.domain.script import SETTING, adopt, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE

THREE = datetime(2026, 11, 22, 15, 0, tzinfo=UTC).timestamp()
DAY = 86_400.0
HOUR = 3600.0
WEEKS_1024 = 1024 * 7 * DAY
BUNDLE = THREE - 30 * DAY


def epochs(data: bytes) -> Iterator[bytes]:
    """The sentences of one time of day together."""
    together, clock = b"", b""
    for line in data.splitlines(keepends=True):
        found = re.match(rb"\$..(?:RMC|GGA),(\d+\.?\d*)", line)
        if found and clock not in (b"", found[1]):
            yield together
            together = b""
        together, clock = together + line, found[1] if found else clock
    yield together


def live(received: Sequence[bytes], *, computer: float = 0.0, bundle: float = BUNDLE) -> Metered:
    """A car that has just come up without a battery clock, and what it makes of an epoch a second."""
    pipeline = Pipeline()
    inputs: list[Input] = [Start(0.0, "a", computer, "t", bundle)]
    for second, epoch in enumerate(received):
        mono = 10.0 + second
        for sentence in pipeline.reader.feed(epoch):
            inputs += pipeline.add(sentence, mono)
        inputs.append(Tick(mono + 0.5, 0.0))
    return play(SETTING, [*inputs, *pipeline.end()])


def steps(told: Metered) -> list[ClockStepped]:
    """Every step of the clock."""
    return [event.data for event in told.events if isinstance(event.data, ClockStepped)]


def case(folder: Path, name: str) -> list[bytes]:
    """The epochs of a field case."""
    (path,) = (folder / "field_cases" / "gps").glob(f"{name}-*")
    return list(epochs(path.read_bytes()))


@pytest.mark.parametrize("name", ["n08", "n09", "n10", "n11", "n12", "n13"])
def test_a_case_of_a_wrong_date_ends_at_the_right_one(shared_data: Path, name: str) -> None:
    """Whatever it began with, the clock is GPS's and right at the end, and no other year was believed on the way."""
    received = case(shared_data, name)
    told = live(received)
    last = 10.0 + len(received) - 1
    expected = THREE + {"n08": 7.0, "n12": 5.0, "n13": 5.0, "n11": 39.0}.get(name, len(received) - 1.0)
    assert told.state.clock.state == "gps"
    assert told.state.utc(last) == pytest.approx(expected, abs=0.1)
    assert {event.time.year for event in told.events if event.clock == "gps"} == {2026}


@pytest.mark.parametrize("name", ["n34", "n35"])
def test_midnight_with_a_date_that_lags_or_is_early_is_no_step(shared_data: Path, name: str) -> None:
    """One epoch is refused, and the clock goes on over midnight."""
    received = case(shared_data, name)
    told = live(received)
    assert len(steps(told)) == 1
    assert told.state.utc(29.0) == pytest.approx(THREE + 9 * HOUR + 9.0, abs=0.1)


@pytest.mark.parametrize("case_name", ["n08", "n09", "n10", "n11", "n12", "n13", "n34", "n35"])
def test_a_replay_of_a_case_runs_as_long_as_its_epochs(shared_data: Path, case_name: str) -> None:
    """A second an epoch, whatever the dates say."""
    data = b"".join(case(shared_data, case_name))
    found = list(fixes_of([data], Pipeline()))
    rmc = sum(b"RMC" in line and b",A," in line for line in data.splitlines())
    assert found[-1].mono - found[0].mono == rmc - 1


def driven(utc_of: dict[range, float], seconds: int = 200) -> list[bytes]:
    """An epoch a second at one place, whose dates are off by so much in some stretches."""
    off = {second: by for stretch, by in utc_of.items() for second in stretch}
    return [
        nmea_sentences(THREE + second + off.get(second, 0.0), 0.00125, 375.0 / 100_000.0, 5.0, 90.0)
        for second in range(seconds)
    ]


BROTHERS = {
    "a day back for one epoch": {range(100, 101): -DAY},
    "a day back for five": {range(100, 105): -DAY},
    "a day ahead for one": {range(100, 101): DAY},
    "a day ahead for forty": {range(100, 140): DAY},
    "7 years ahead for five": {range(100, 105): 2557 * DAY},
    "45 h ahead for five": {range(100, 105): 45 * HOUR},
    "45 h ahead for forty": {range(100, 140): 45 * HOUR},
    "back, then ahead": {range(50, 55): -DAY, range(100, 105): 3 * DAY},
}


@pytest.mark.parametrize("off", BROTHERS.values(), ids=BROTHERS)
def test_a_leap_of_dates_in_a_recording_is_no_leap_of_its_time(off: dict[range, float]) -> None:
    """As long as it lasts: the fixes in step stay in step, and the last one comes at its second."""
    found = list(fixes_of(driven(off), Pipeline()))
    assert found[-1].mono - found[0].mono == 199.0
    right = [fix for fix in found if abs(fix.utc - THREE - fix.mono) < 0.1]
    assert len(right) >= 200 - sum(len(stretch) + 4 for stretch in off)


def test_a_gap_in_a_recording_is_a_gap_in_time() -> None:
    """Three hours, and a night of eleven and a half: nothing comes back before them."""
    found = list(fixes_of([*driven({}, 100), *driven({range(100): 3 * HOUR}, 100)], Pipeline()))
    assert found[-1].mono - found[0].mono == 3 * HOUR + 99.0


@pytest.mark.parametrize("off", BROTHERS.values(), ids=BROTHERS)
def test_a_leap_of_dates_live_is_no_step(off: dict[range, float]) -> None:
    """The right date has been believed for longer than any of these lasts."""
    told = live(driven(off))
    assert len(steps(told)) == 1
    assert told.state.utc(209.0) == pytest.approx(THREE + 199.0, abs=0.1)


@pytest.mark.parametrize("ahead", [1.5, 2.0, 3.0, 17.0, 18.0])
def test_leap_seconds_that_are_learned_put_the_clock_right(ahead: float) -> None:
    """Ahead by some seconds at the first fix, for a minute, then right: within 15 s the clock is right, too."""
    told = live(driven({range(60): ahead}))
    assert told.state.utc(209.0) == pytest.approx(THREE + 199.0, abs=0.1)
    assert [one.step_s for one in steps(told)[1:]] == [-ahead]


def test_a_base_week_of_2013_is_no_2033(shared_data: Path) -> None:
    """As a recording says it: 2013, which no car of today believes; moved on by 1024 weeks it would be 2033."""
    found = list(fixes_of([b"".join(case(shared_data, "n10"))], Pipeline()))
    assert {datetime.fromtimestamp(fix.utc, UTC).year for fix in found} == {2013, 2026}


@pytest.mark.parametrize("years_back", [3, 13, 46])
def test_a_position_with_a_date_that_is_not_believed_meters_all_the_same(years_back: int) -> None:
    """Durations need no date: 190 s in box 1 of the shift that was saved count, and the step repairs their UTC."""
    before: list[Input] = [Start(0.0, "a", NINE, "t", NINE - DAY), SignIn(1.0, "1"), adopt(1.0, patrol(1))]
    before += [Fix(NINE + second, float(second), 0.00125, 0.0375, 1.0, 5.0) for second in range(2, 20)]
    wrong = -years_back * 365 * DAY
    stay = [Fix(NINE + 100 + second + wrong, 10.0 + second, 0.00125, 0.00375, 1.0, 5.0) for second in range(190)]
    away = [Fix(NINE + 290 + second, 200.0 + second, 0.00125, 0.0375, 1.0, 5.0) for second in range(60)]
    told = play(SETTING, [*before, Start(5.0, "b", 0.0, "t", NINE - DAY), *stay, *away, Tick(1500.0, 0.0)])
    (visit,) = told.visits
    assert visit.counted
    assert visit.dosage_s == pytest.approx(190.0, abs=1.5)
    assert visit.opened.timestamp() == pytest.approx(NINE + 100, abs=2.0)
