"""Who is let in: by id and PIN, or by policy alone; five wrong PINs lock an id, whatever happens to the computer."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.contract.roster import RosterDoc
from edge.contract.signed_documents import Verified
from edge.text.coded import CodedError
from edge.vehicle.access.access import Access
from edge.vehicle.access.listed import InForceRoster
from edge.vehicle.access.lock_out import LOCK_S, TRIES, LockOut
from edge.vehicle.access.pin import is_right
from edge.vehicle.admitted import Admitted
from edge.vehicle.view.snapshot import SignInView
from tests.vehicle.access.rosters import EXPIRES, OTHER, PIN, Memory, roster
from tests.waiting import PATIENCE_S
from tests.words import shown

WRONG = "999999"


@dataclass
class Car:
    """A car's access over its disk, on a clock that the test moves."""

    held: Verified[RosterDoc] | None
    any_id: bool = True
    disk: Memory = field(default_factory=Memory)
    boot: str = "boot 1"
    mono: float = 1000.0
    utc: float | None = None
    verify: Callable[[str, str], bool] = is_right
    patience_s: float = PATIENCE_S

    def __post_init__(self) -> None:
        self.restart(self.boot, self.mono)

    def restart(self, boot: str, mono: float) -> None:
        """Another life of the daemon, perhaps of the computer."""
        self.boot, self.mono = boot, mono
        lock_out = LockOut(self.disk, boot, lambda: self.mono)
        self.access = Access(
            InForceRoster(lambda: self.held),
            lock_out,
            lambda: self.utc,
            any_id=self.any_id,
            verify=self._is_right,
            patience_s=self.patience_s,
        )

    def _is_right(self, pin: str, hashed: str) -> bool:
        return self.verify(pin, hashed)

    def refused(self, officer: str, pin: str | None) -> str:
        """Why they are not let in."""
        with pytest.raises(CodedError) as told:
            self.access.admit(officer, pin)
        return told.value.why.code.removeprefix("not_admitted.")

    def lock(self, officer: str = "4711") -> None:
        """Five wrong PINs."""
        said = [self.refused(officer, WRONG) for _ in range(TRIES)]
        assert said == [*["wrong"] * (TRIES - 1), "locked"]


@pytest.fixture(scope="module")
def held() -> Verified[RosterDoc]:
    return roster()


@pytest.fixture
def car(held: Verified[RosterDoc]) -> Car:
    return Car(held)


def test_an_id_and_its_pin_are_let_in_with_the_roster_s_role(car: Car) -> None:
    """Whatever the case of its letters; as the roster spells it. A role that is not known here is an officer's."""
    assert car.access.admit("4711", PIN) == Admitted("4711", "officer")
    assert car.access.admit("k9-2", OTHER) == Admitted("K9-2", "supervisor")
    assert car.access.admit("A1", PIN) == Admitted("A1", "analyst")
    assert car.access.admit("7", PIN) == Admitted("7", "officer")
    assert car.access.view() == SignInView(open=True, pin=True, letters="-AK")


@pytest.mark.parametrize(("officer", "pin"), [("4711", OTHER), ("K9-2", PIN), ("4712", PIN), ("4711", ""), ("'", "1")])
def test_nobody_else_is_and_the_refusal_does_not_say_why(car: Car, officer: str, pin: str) -> None:
    assert car.refused(officer, pin) == "wrong"
    assert car.refused(officer, None) == "pin_needed"


def test_without_a_roster_policy_decides(held: Verified[RosterDoc]) -> None:
    """Any id, as in the demo; or nobody, until a roster comes, which is obeyed at once."""
    assert Car(None).access.admit("4711", None) == Admitted("4711", None)
    assert Car(None).access.view() == SignInView(open=True, pin=False)
    closed = Car(None, any_id=False)
    assert closed.refused("4711", PIN) == "no_roster"
    assert closed.access.view() == SignInView(open=False, pin=False)
    closed.held = held
    assert closed.access.admit("4711", PIN).role == "officer"


def test_five_wrong_pins_lock_that_id_alone_for_ten_minutes(car: Car) -> None:
    """Not even the right one is looked at; then five tries are there again."""
    car.lock()
    assert car.refused("4711", PIN) == "locked"
    assert car.access.admit("A1", PIN).officer == "A1"
    car.mono += LOCK_S - 1.0
    assert car.refused("4711", PIN) == "locked"
    car.mono += 1.0
    assert [car.refused("4711", WRONG) for _ in range(TRIES - 1)] == ["wrong"] * (TRIES - 1)
    assert car.access.admit("4711", PIN).officer == "4711"


def test_the_right_pin_forgives_the_wrong_ones_before(car: Car) -> None:
    for _ in range(3):
        assert [car.refused("4711", WRONG) for _ in range(TRIES - 1)] == ["wrong"] * (TRIES - 1)
        car.access.admit("4711", PIN)


def test_a_lock_outlives_a_restart_and_begins_anew_with_a_reboot(car: Car) -> None:
    """A restart goes on by the same monotonic clock; after a reboot nobody knows how long it was off: ten minutes."""
    car.lock()
    car.mono += 200.0
    car.restart("boot 1", car.mono)
    car.mono += LOCK_S - 201.0
    assert car.refused("4711", PIN) == "locked"
    car.restart("boot 2", 3.0)
    car.mono += LOCK_S - 1.0
    assert car.refused("4711", PIN) == "locked"
    car.mono += 1.0
    assert car.access.admit("4711", PIN).officer == "4711"


def test_no_clock_that_is_set_otherwise_ends_a_lock(car: Car) -> None:
    """Years ahead, or back: only time at work counts."""
    car.lock()
    for utc in (0.0, EXPIRES.timestamp() + 1e9, None):
        car.utc = utc
        assert car.refused("4711", PIN) == "locked"


@given(st.lists(st.sampled_from(["try", "restart", "reboot", "wait"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_order_of_pulled_plugs_gives_a_sixth_try_in_ten_minutes(moves: list[str]) -> None:
    """Five tries count in any ten minutes at work, however often the car is restarted between them."""
    disk, boots, mono, lived = Memory(), 0, 100.0, 0.0
    lock_out = LockOut(disk, "0", lambda: mono)
    taken: list[float] = []
    for move in moves:
        if move == "try" and not lock_out.left_s("4711"):
            lock_out.count("4711", {"4711"})
            taken.append(lived)
        elif move == "wait":
            mono, lived = mono + 150.0, lived + 150.0
        elif move == "reboot":
            boots, mono = boots + 1, 1.0
        if move in ("restart", "reboot"):
            lock_out = LockOut(disk, str(boots), lambda: mono)  # noqa: B023 - of this round
    rounds = [taken[at : at + TRIES] for at in range(0, len(taken), TRIES)]
    assert all(after[0] - before[-1] >= LOCK_S for before, after in itertools.pairwise(rounds))


def test_a_try_is_on_disk_before_its_pin_is_looked_at(car: Car) -> None:
    """So a plug that is pulled in between takes nothing back."""

    def pulled(pin: str, hashed: str) -> bool:
        raise KeyboardInterrupt

    car.verify = pulled
    for _ in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            car.access.admit("4711", WRONG)
        car.restart("boot 1", car.mono)
    car.verify = is_right
    assert car.refused("4711", PIN) == "locked"


def test_a_pin_that_cannot_be_verified_is_no_wrong_one(car: Car) -> None:
    """For want of memory, say."""

    def starved(pin: str, hashed: str) -> bool:
        raise CodedError("not_admitted.not_verified", detail="Memory allocation error")

    car.verify = starved
    assert {car.refused("4711", PIN) for _ in range(2 * TRIES)} == {"not_verified"}
    car.verify = is_right
    assert car.access.admit("4711", PIN).officer == "4711"


def test_a_disk_that_takes_nothing_keeps_nobody_out(car: Car) -> None:
    """Locks hold until the next start, and the screen says so until the disk takes them again."""
    car.disk.full = True
    car.lock()
    assert car.refused("4711", PIN) == "locked"
    assert [shown(one) for one in car.access.notices()] == [
        "Wrong PINs could not be stored: disk error. They count until the next restart."
    ]
    car.disk.full = False
    assert car.refused("A1", WRONG) == "wrong"
    assert car.access.notices() == ()


@pytest.mark.parametrize("body", [{}, {"ids": 7}, {"boot": 3, "ids": {"4711": "x"}}, {"ids": {"4711": {"wrong": "?"}}}])
def test_stored_tries_of_another_form_count_for_nothing(held: Verified[RosterDoc], body: dict[str, object]) -> None:
    disk = Memory()
    disk.put("wrong PINs", body)
    assert Car(held, disk=disk).access.admit("4711", PIN).officer == "4711"


def test_after_its_expiry_a_roster_lets_in_and_gives_no_role(car: Car) -> None:
    """As far as the time is sure; metering must go on."""
    car.utc = EXPIRES.timestamp() - 1.0
    assert (car.access.admit("K9-2", OTHER).role, car.access.notices()) == ("supervisor", ())
    car.utc += 1.0
    assert car.access.admit("K9-2", OTHER).role == "officer"
    assert car.access.role_of("k9-2") == "officer"
    assert [shown(one) for one in car.access.notices()] == [
        "Roster expired on 2026-12-31: everyone signs in as an officer. Ask headquarters for a new one."
    ]
    car.utc = None
    assert car.access.role_of("K9-2") == "supervisor"


def test_a_newer_roster_is_obeyed_at_once(car: Car) -> None:
    """Another PIN, another role, an id that is gone: its tries are forgotten with it."""
    car.lock()
    car.held = roster(2, (("A1", "officer", OTHER),))
    assert car.refused("4711", PIN) == "wrong"
    assert car.refused("A1", PIN) == "wrong"
    assert car.access.admit("A1", OTHER) == Admitted("A1", "officer")
    assert (car.access.role_of("4711"), car.access.role_of("A1"), car.access.role_of(None)) == (None, "officer", None)
    assert "4711" not in str(car.disk.documents)


def test_pins_are_verified_one_by_one(held: Verified[RosterDoc]) -> None:
    """Each takes 64 MiB: who would wait too long is asked to come again, and no try of theirs counts."""
    entered, leave = threading.Event(), threading.Event()

    def slow(pin: str, hashed: str) -> bool:
        entered.set()
        return leave.wait(PATIENCE_S)

    car = Car(held, verify=slow, patience_s=0.01)
    first = threading.Thread(target=car.access.admit, args=("4711", PIN))
    first.start()
    assert entered.wait(PATIENCE_S)
    assert car.refused("A1", PIN) == "busy"
    leave.set()
    first.join(PATIENCE_S)
    assert not first.is_alive()


def test_a_role_and_details_ask_for_the_pin_again_after_half_an_hour(car: Car) -> None:
    """Each for the id whose PIN it was; a restart asks, too. Nobody is signed out by it: that is the rules' alone."""
    assert (car.access.role_of("K9-2"), car.access.fresh("K9-2")) == ("officer", False)
    car.access.admit("K9-2", OTHER)
    car.mono += 1799.0
    assert (car.access.role_of("K9-2"), car.access.fresh("k9-2"), car.access.fresh("4711")) == (
        "supervisor",
        True,
        False,
    )
    car.mono += 1.0
    assert (car.access.role_of("K9-2"), car.access.fresh("K9-2")) == ("officer", False)
    car.access.admit("K9-2", OTHER)
    car.restart("boot 1", car.mono)
    assert not car.access.fresh("K9-2")
    assert Car(None).access.fresh("4711")
