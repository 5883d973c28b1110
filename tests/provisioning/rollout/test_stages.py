"""A release or a bundle goes to one unit, then to five, then to all; it halts where one does not come back."""

from dataclasses import dataclass, field
from typing import Final

import pytest

from provisioning.rollout.stages import BACK_AFTER_S, SILENT_S, WAITS_S, Book, Reported, halted_by, may_have

OLD: Final = "0.1.0-" + "0" * 12
NEW: Final = "0.2.0-" + "1" * 12
DAY_H: Final = 24
QUARTER_S: Final = 900.0


@dataclass
class Fleet:
    """Twenty units that report every quarter of an hour; one that is offered the release runs it from the next time on.

    ``ways``: units that are ``bad`` (it does not work on them), ``silent`` (they are not heard of again) or ``waiting``
    (they use it from a next start that does not come).
    """

    ways: dict[str, str] = field(default_factory=dict)
    now: float = 1_764_500_000.0
    book: Book = field(default_factory=Book)
    runs: dict[str, str] = field(default_factory=lambda: {f"car-{number}": OLD for number in range(1, 21)})
    bad: set[str] = field(default_factory=set)

    def quarter(self) -> None:
        """All of them report once."""
        self.now += QUARTER_S
        for unit, runs in list(self.runs.items()):
            way = self.ways.get(unit)
            if way == "silent" and self.offered(unit):
                continue
            waits = NEW if way == "waiting" and self.offered(unit) else None
            said = Reported(runs, (NEW,) if unit in self.bad else (), waits)
            self.book = self.book.reported(unit, said, self.now)
            if may_have(NEW, unit, self.book.units, self.now):
                self.book = self.book.offered(unit, NEW, self.now)
                if way == "bad":
                    self.bad.add(unit)
                elif way is None:
                    self.runs[unit] = NEW

    def hours(self, hours: float) -> int:
        """How many run the release after so long."""
        for _ in range(int(hours * 4)):
            self.quarter()
        return self.running

    def offered(self, unit: str) -> bool:
        """Whether a unit was offered it."""
        return unit in self.book.units and self.book.units[unit].offered == NEW

    @property
    def running(self) -> int:
        """How many run it."""
        return sum(one == NEW for one in self.runs.values())


def test_one_then_five_then_all() -> None:
    """Each stage after as many have run it for an hour."""
    fleet = Fleet()
    assert [fleet.hours(1), fleet.hours(0.5), fleet.hours(0.5), fleet.hours(1)] == [1, 5, 5, 20]
    assert BACK_AFTER_S == 3_600.0


def test_a_release_that_does_not_work_reaches_one_unit() -> None:
    """It reports that it went back; nobody else gets it, however long."""
    fleet = Fleet({"car-1": "bad"})
    assert fleet.hours(48) == 0
    assert [unit for unit in fleet.runs if fleet.offered(unit)] == ["car-1"]
    assert halted_by(NEW, fleet.book.units, fleet.now) == ("car-1",)


def test_one_bad_unit_of_five_halts_the_rest() -> None:
    """The four that have it keep it."""
    fleet = Fleet({"car-3": "bad"})
    assert fleet.hours(48) == 4
    assert halted_by(NEW, fleet.book.units, fleet.now) == ("car-3",)


def test_a_unit_that_is_silent_halts_it_until_it_comes_back() -> None:
    """Before it is silent for a day it holds up the next stage alone."""
    fleet = Fleet({"car-1": "silent"})
    assert fleet.hours(47) == 0
    assert SILENT_S == 86_400.0
    assert halted_by(NEW, fleet.book.units, fleet.now) == ("car-1",)
    del fleet.ways["car-1"]
    fleet.runs["car-1"] = NEW
    assert fleet.hours(1.25) == 5
    assert fleet.hours(2) == 20


def test_a_unit_that_takes_no_offer_gets_no_other_ones() -> None:
    """Whoever runs it, or knows it as bad, is not offered it again."""
    fleet = Fleet()
    fleet.hours(6)
    assert not any(may_have(NEW, unit, fleet.book.units, fleet.now) for unit in fleet.runs)


def test_a_unit_that_waits_for_its_next_start_holds_up_the_next_stage_and_halts_after_a_week() -> None:
    """While it reports; once it has used it for an hour it is back."""
    fleet = Fleet({"car-1": "waiting"})
    assert fleet.hours(6.75 * DAY_H) == 0
    assert halted_by(NEW, fleet.book.units, fleet.now) == ()
    assert [unit for unit in fleet.runs if fleet.offered(unit)] == ["car-1"]
    fleet.hours(0.5 * DAY_H)
    assert WAITS_S == 7 * DAY_H * 3_600.0
    assert halted_by(NEW, fleet.book.units, fleet.now) == ("car-1",)
    del fleet.ways["car-1"]
    fleet.runs["car-1"] = NEW
    assert [fleet.hours(1.25), fleet.hours(2)] == [5, 20]


def test_one_that_waits_and_falls_silent_halts_it_after_a_day() -> None:
    """Its next start may have been its last."""
    fleet = Fleet({"car-1": "waiting"})
    fleet.hours(3)
    fleet.ways["car-1"] = "silent"
    fleet.hours(DAY_H - 0.5)
    assert halted_by(NEW, fleet.book.units, fleet.now) == ()
    fleet.hours(1)
    assert halted_by(NEW, fleet.book.units, fleet.now) == ("car-1",)


@pytest.mark.parametrize("said", [Reported(None), Reported(OLD)])
def test_what_was_bad_stays_bad(said: Reported) -> None:
    """A unit may have removed what it refused, and says no more of it."""
    book = Book().reported("car-1", Reported(OLD, (NEW,)), 1.0).reported("car-1", said, 2.0)
    assert halted_by(NEW, book.units, 3.0) == ("car-1",)
