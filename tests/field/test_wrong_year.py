"""A wrong date costs no plan, no document, and no visit that a cap asks for: however far off, and however it comes.

The real vault and rules, a car that has lived for days, and a receiver that leaps. Box n of the made plane lies from
x = 250 n m; seconds count from 09:00 of 2 March 2026.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from edge.domain.events import ClockStepped, ShiftBegan
from edge.domain.inputs import AdoptPlan, Fix, Input, MergeVisits, Start, Tick
from edge.domain.lived import DAY_S, KEEP_VISITS_S
from edge.domain.plan import Plan, at_cap
from edge.domain.visits import VisitSummary
from edge.vehicle.in_force import InForce
from tests.domain.script import DAY, SETTING, patrol
from tests.field.car import Car
from tests.oracle_plane import NINE, fix

HOUR = 3600.0
YEAR = 365.0 * DAY_S
BUNDLE = NINE - 30 * DAY_S
"""Before that, no clock can be right."""

LEAPS = {
    "7 years ahead": 7 * YEAR,
    "45 h ahead": 45 * HOUR,
    "300 days ahead": 300 * DAY_S,
    "1024 weeks ahead": 1024 * 7 * DAY_S,
    "3 days back": -3 * DAY_S,
    "13 years back": -13 * YEAR,
}
LEAPING = pytest.mark.parametrize("leap", LEAPS.values(), ids=LEAPS)
PLAN = Plan(DAY, "1", 1, (patrol(1),))


def visit(days: float) -> VisitSummary:
    """A counted visit of another car in box 1, so many days ago."""
    opened = NINE - days * DAY_S - HOUR
    shift = SETTING.calendar.shift_at(opened).id
    return VisitSummary(f"car-2:{days}", "car-2", "1-0", shift, opened, opened + 900.0, 900.0, True, False)


@pytest.fixture(scope="module")
def nine_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a car at work for nine days, up to 09:00."""
    folder, days = tmp_path_factory.mktemp("car"), 9 * DAY_S
    parked = [Fix(NINE - days + mono, float(mono), 0.00125, 0.0375, 0.0, 5.0) for mono in range(0, int(days), 1800)]
    start = Start(0.0, "a", NINE - days, "t", BUNDLE)
    last = days - 60.0
    Car(folder).live(start, parked, AdoptPlan(last, PLAN), MergeVisits(last, tuple(map(visit, range(7)))))
    return folder


@pytest.fixture
def car(nine_days: Path, tmp_path: Path) -> Car:
    """That car: seven visits of the fleet in seven days have box 1 at its cap, and a plan is in force."""
    car = Car(shutil.copytree(nine_days, tmp_path / "car"))
    car.live(booted(*dated(20, 30), boot="before"))
    assert has_lost_nothing(car)
    return car


def has_lost_nothing(car: Car) -> bool:
    """The plan is in force, its document stored, and box 1 at its cap by the fleet's seven visits."""
    state = car.state
    assert state.plan is not None
    return car.stored_plans() == [DAY] and at_cap(state.plan.patrols[0], DAY, state.visits, state.utc(state.mono))


def booted(*given: Input, boot: str = "b") -> list[Input]:
    """A life that begins at 09:00, by a computer without a battery clock."""
    return [Start(10.0, boot, 0.0, "t", BUNDLE), *given]


def dated(first: int, last: int, leap: float = 0.0) -> list[Input]:
    """Fixes of each second of a boot that came up at 09:00, by a receiver so far off."""
    return [replace(fix(float(mono), 900), utc=NINE + mono + leap) for mono in range(first, last)]


@LEAPING
@pytest.mark.parametrize("lasts", [1, 5, 300, 1500])
def test_a_first_fix_with_a_wrong_date_costs_nothing(car: Car, leap: float, lasts: int) -> None:
    """Once, for 5 s, for 5 min, for 25 min; then the right date: all is as before, and after a restart too."""
    right = dated(20 + lasts, 20 + lasts + 900)
    car.live(booted(*dated(20, 20 + lasts, leap), *right))
    assert has_lost_nothing(car)
    assert car.state.utc(100.0) == pytest.approx(NINE + 100.0, abs=0.1)
    car.live(booted(*dated(20, 30), boot="c"))
    assert has_lost_nothing(car)


@LEAPING
def test_a_wrong_date_at_a_restart_of_the_daemon_costs_nothing(car: Car, leap: float) -> None:
    """A boot of the right date; the daemon starts anew, with the wrong one for a while; then right again."""
    car.live(booted(*dated(20, 200)))
    car.live(booted(*dated(200, 320, leap), *dated(320, 600)))
    assert has_lost_nothing(car)


@LEAPING
def test_a_power_cut_during_the_leap_costs_nothing(car: Car, leap: float) -> None:
    """Off while the date is wrong: the next boot's first fix is right, and is believed within 70 s."""
    car.live(booted(*dated(20, 320, leap)))
    car.live(booted(*dated(20, 90), boot="c"))
    assert has_lost_nothing(car)
    assert car.state.clock.state == "gps"
    assert car.state.utc(80.0) == pytest.approx(NINE + 80.0, abs=0.1)


def test_a_date_that_no_car_can_have_waited_for_is_not_believed(car: Car) -> None:
    """7 years ahead for a whole hour, and no second witness: time stays that of the last shift, not trusted."""
    car.live(booted(*dated(20, 3620, 7 * YEAR)))
    assert car.state.clock.state == "saved"
    assert car.state.utc(20.0) == pytest.approx(NINE, abs=900.0 + 60.0)
    assert [event for event in car.events if isinstance(event.data, ClockStepped) and event.boot == "b"] == []


def test_a_weekend_in_the_garage_is_believed_at_once(car: Car) -> None:
    """60 h later, as the saved time has it: the first fix sets the clock."""
    car.live(booted(*dated(20, 21, 60 * HOUR)))
    assert (car.state.clock.state, car.state.utc(20.0)) == ("gps", NINE + 20.0 + 60 * HOUR)


def test_a_plan_that_comes_while_the_date_is_wrong_is_there_when_it_is_right(car: Car) -> None:
    """45 h ahead, its shift seems to be long over: it is stored all the same."""
    newer = replace(PLAN, version=2, patrols=(patrol(1), patrol(2)))
    car.live(booted(*dated(20, 60, 45 * HOUR), AdoptPlan(60.0, newer), *dated(61, 300)))
    assert [one.version for one in car.state.plans] == [2]
    assert car.state.issued is not None


@pytest.mark.parametrize("leap", [45 * HOUR, 300 * DAY_S])
def test_a_document_that_comes_while_the_date_is_wrong_is_not_refused_for_an_expired_key(car: Car, leap: float) -> None:
    """A key of next week has not expired; a leap that lasts for over an hour, or that NTP confirms, counts."""
    car.live(booted(*dated(20, 60, leap)))
    assert InForce().arrival(car.state, "ab") == pytest.approx(NINE, abs=900.0)
    car.live(booted(*(one for mono in range(60, 2 * 3600 * 3, 60) for one in dated(mono, mono + 1, leap))))
    assert InForce().arrival(car.state, "ab") == pytest.approx(car.state.utc(car.state.mono))
    seconded = [*dated(20, 60, leap), Tick(60.0, NINE + 60.0 + leap, ntp=True)]
    car.live(booted(*seconded, boot="c"))
    assert InForce().arrival(car.state, "ab") == NINE + 60.0 + leap


def test_a_new_car_has_the_bundles_date_to_go_by(tmp_path: Path) -> None:
    """Nothing saved: a date before the bundle, or 7 years after it, is not believed; the right one at once."""
    car = Car(tmp_path)
    car.live(booted(*dated(20, 30, -YEAR), *dated(30, 40, 7 * YEAR)))
    assert car.state.clock.state == "none"
    car.live(booted(*dated(50, 51), boot="c"))
    assert (car.state.clock.state, car.state.utc(50.0)) == ("gps", NINE + 50.0)


def test_what_is_kept_is_bounded_by_the_time_lived_through(car: Car) -> None:
    """Twelve days later, lived through: the plan and the visits are gone, and no more than a dozen marks are held."""
    later = 12 * DAY_S
    car.live(booted(*(one for mono in range(20, int(later), 900) for one in dated(mono, mono + 1))))
    assert car.state.plans == ()
    assert car.stored_plans() == []
    assert list(car.state.visits.all()) == []
    assert car.state.past(KEEP_VISITS_S) < NINE + later - KEEP_VISITS_S
    assert len(car.state.marks) < 20


def test_what_is_kept_is_not_dropped_by_time_off(car: Car) -> None:
    """Off for twelve days and lived through an hour: nothing is past for sure, and the caps look at dates anyway."""
    car.live(booted(*(one for mono in range(20, 3600, 60) for one in dated(mono, mono + 1, 12 * DAY_S))))
    assert car.stored_plans() == [DAY]
    assert len(list(car.state.visits.all())) == 7
    assert car.state.visits.counted_in_7_days("1-0", car.state.utc(car.state.mono)) == 0


def test_network_time_is_not_overruled_by_a_receiver(car: Car) -> None:
    """NTP disciplines the computer; the receiver is 45 h, or 3 s, ahead for an hour: it is not believed."""
    for off in (45 * HOUR, 3.0, -2 * HOUR):
        ticked = [Tick(mono + 0.5, NINE + mono + 0.5, ntp=True) for mono in range(15, 3600, 15)]
        both = sorted([*dated(20, 3600, off), *ticked], key=lambda one: one.mono)
        car.live(booted(*both, boot=f"by {off}"))
        assert car.state.clock.state == "ntp"
        assert car.state.utc(1000.0) == pytest.approx(NINE + 1000.0, abs=0.1)
    assert has_lost_nothing(car)


def test_network_time_puts_a_receiver_right(car: Car) -> None:
    """The receiver, 45 h ahead, was first, as nobody knew better: the network's first second ends that."""
    ticks = [Tick(100.0 + second, NINE + 100.0 + second, ntp=True) for second in range(3)]
    car.live(booted(*dated(20, 100, 45 * HOUR), *ticks))
    assert (car.state.clock.state, car.state.utc(100.0)) == ("ntp", NINE + 100.0)
    assert has_lost_nothing(car)


def test_network_time_is_the_second_witness_of_a_long_absence(car: Car) -> None:
    """Two years in a depot: what the receiver says is believed once the network says the same."""
    leap = 2 * YEAR
    car.live(booted(*dated(20, 40, leap), Tick(40.5, NINE + 40.5 + leap, ntp=True), *dated(41, 43, leap)))
    assert car.state.clock.state == "gps"
    assert car.state.utc(50.0) == pytest.approx(NINE + 50.0 + leap)


def test_a_leap_leaves_a_handful_of_records(car: Car) -> None:
    """45 h ahead for 25 min in mid-boot: a shift each way, and two steps of the clock."""
    car.live(booted(*dated(20, 1000), *dated(1000, 2500, 45 * HOUR), *dated(2500, 4000)))
    own = [event.data for event in car.events if event.boot == "b"]
    assert sum(isinstance(one, ShiftBegan) for one in own) <= 2
    assert [round(one.step_s) for one in own if isinstance(one, ClockStepped)][1:] == [45 * HOUR, -45 * HOUR]
    assert has_lost_nothing(car)
