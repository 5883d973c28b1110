"""A whole shift in chromium on the whole daemon, over a replayed drive: the ledger holds exactly what was tapped.

At each panel's size. The drive is real NMEA, and time stands still while the officer's fingers are at work.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.events import (
    BoxFeedback,
    BoxSkipped,
    EventData,
    MeteringPaused,
    MeteringResumed,
    Overstayed,
    PatrolSuppressed,
    PresenceRecorded,
    ResumeBackdated,
    SelfTasked,
    SignedIn,
    SignedOut,
    TacticUndone,
    TacticUsed,
    VisitClosed,
    instant,
)
from edge.domain.grid import Cell, box_id
from edge.text.words import CATALOGUE
from tests.vehicle.access.rosters import OTHER, PIN
from tests.vehicle.touchscreen.replayed_car import ReplayedCar, replayed_car
from tests.vehicle.touchscreen.screen_page import PANELS, opened, press, shoot, wait_for_sentence
from tests.waiting import wait_for

MEMBERS: Final = (("4711", "officer", PIN), ("902", "supervisor", OTHER))
OF_TAPS: Final = (
    SignedIn, SignedOut, MeteringPaused, MeteringResumed, ResumeBackdated, TacticUsed, TacticUndone, BoxSkipped,
    BoxFeedback, SelfTasked, PatrolSuppressed,
)  # fmt: skip
"""The kinds of record that a finger makes."""

HEARD_OF: Final = "async () => (await import('/static/screen/state.js')).live(true)?.display.power === 'on'"
"""The page has heard that it is awake; until then it would fall asleep again after 3 s."""

KEEPS_SHEETS: Final = """async now => {
  const view = (await import('/static/screen/state.js')).live(true);
  return [view.mode, view.driving, view.visit?.box, view.officer, view.second].join() === now;
}"""
"""The page has heard what the vehicle says now; what it had yet to hear would close a sheet that is tapped open."""

CALL_S: Final = 180


class Officer:
    """Fingers on the screen of a car. A dim or blank screen is woken by a first tap, which does nothing else."""

    def __init__(self, page: Page, car: ReplayedCar) -> None:
        self.page, self.car = page, car

    def tap(self, selector: str) -> None:
        """One tap, once a finger may."""
        self._wake()
        view = self.car.vehicle.parts.published.snapshot()
        now = (view.mode, view.driving, view.visit and view.visit.box, view.officer, view.second)
        self.page.wait_for_function(KEEPS_SHEETS, arg=",".join(one or "" for one in now))
        press(self.page, selector)

    def sign_in(self, officer: str, pin: str) -> None:
        """By id and PIN, key by key."""
        self._keys(officer)
        self.tap("#sign-in-go")
        expect(self.page.locator("#badge-label")).to_have_text("PIN")
        self._keys(pin)
        self.tap("#sign-in-go")

    def reads(self, sentence: str) -> None:
        """The state sentence says so."""
        wait_for_sentence(self.page, sentence)

    def _keys(self, keys: str) -> None:
        for key in keys:
            self.tap(f'#keypad [data-key="{key}"]')

    def _wake(self) -> None:
        display = self.car.vehicle.parts.display
        if display.view.power == "on":
            return
        power = "power => document.body.dataset.power === power"
        self.page.wait_for_function(power, arg=display.view.power)
        self.page.mouse.click(self.page.evaluate("innerWidth / 2"), 12)
        wait_for(lambda: display.view.power == "on")
        self.page.wait_for_function(HEARD_OF)
        self.page.wait_for_function("() => document.getElementById('shade').dataset.asleep === 'false'")


@pytest.fixture
def car(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ReplayedCar]:
    """A car beside the plan's first box, on a panel of so many inches."""
    with replayed_car(tmp_path, request.param, MEMBERS, east=40.0, north=-450.0) as made:
        yield made


def panels() -> list[Any]:
    """The smallest in ordinary tests, the others in the long ones."""
    return [
        pytest.param(
            (width, height),
            diagonal,
            id=f"{width}x{height}",
            marks=[] if (width, height, diagonal) == PANELS[0] else [pytest.mark.long],
        )
        for width, height, diagonal in PANELS
    ]


@pytest.mark.parametrize(("size", "car"), panels(), indirect=["car"])
def test_the_ledger_holds_exactly_what_was_tapped(chromium: Browser, car: ReplayedCar, size: tuple[int, int]) -> None:
    """Briefing, visits, a call, a forgotten pause, an undone tactic, an over-stay, a skip, a suppression, a choice."""
    with opened(chromium, car.port, size=size) as page:
        tapped = list(_shift(Officer(page, car), f"{size[0]}x{size[1]}"))
    events = car.events()
    assert [event.data for event in events if isinstance(event.data, OF_TAPS)] == tapped
    visits = [event.data for event in events if isinstance(event.data, VisitClosed)]
    assert [(one.counted, one.early, one.reason, [part.officer for part in one.segments]) for one in visits] == [
        (True, False, "left", ["4711"]),
        (True, False, "left", ["4711"]),
        (True, False, "left", ["4711", "902"]),
        (True, True, "signed_out", ["902"]),
    ]
    assert [one.data.visit for one in events if isinstance(one.data, Overstayed)] == [visits[1].visit]
    (stay,) = [one.data for one in events if isinstance(one.data, PresenceRecorded) and one.data.box == visits[0].box]
    assert visits[0].dosage_s == stay.seconds - CALL_S
    assert isinstance(tapped[-2], SelfTasked)
    assert tapped[-2].visit == visits[3].visit


def _shift(officer: Officer, look: str) -> Iterator[EventData]:
    """The shift as it is tapped; what the ledger must hold of each tap, in order."""
    car, page = officer.car, officer.page
    first = car.plan.patrols[0].cell
    officer.reads("^SIGN IN")
    officer.sign_in("4711", PIN)
    officer.reads(f"^NEXT BOX {_number(car, first)} ")
    yield SignedIn("officer")
    _brief(officer)
    yield from _a_call(officer, first)
    yield from _a_skip(officer)
    second = _target(car)
    yield from _an_over_stay(officer, second)
    shoot(page, f"shift-over-stay-{look}")
    yield from _a_forgotten_pause(officer)
    yield from _a_change_of_officer(officer)
    yield from _a_suppression(officer)
    yield from _a_choice(officer)
    officer.tap("#more")
    officer.tap("#sign-out")
    officer.tap("#out-sure")
    officer.reads("^SIGN IN")
    yield SignedOut()


def _brief(officer: Officer) -> None:
    """The briefing lists the boxes of the plan; its way back leads to the screen."""
    page = officer.page
    officer.tap("#more")
    officer.tap('#sheet [data-page="/briefing"]')
    page.wait_for_url("**/briefing")
    for patrol in officer.car.plan.patrols:
        expect(page.locator("body")).to_contain_text(str(_number(officer.car, patrol.cell)))
    page.locator('a[href="/"]').first.click()
    page.wait_for_selector("body[data-mode=patrol]")


def _a_call(officer: Officer, cell: Cell) -> Iterator[EventData]:
    """The first visit: a tactic, another that is undone, a call, what analysts are told."""
    car, box = officer.car, box_id(cell)
    car.drive_to(cell)
    officer.reads(f"^IN BOX {_number(car, cell)} ")
    visit = _visit(car)
    one, two = (tactic.id for tactic in car.vehicle.parts.published.snapshot().tactics[:2])
    officer.tap(f'[data-tactic="{one}"]')
    yield TacticUsed(visit, box, one)
    car.stand(10)
    officer.tap(f'[data-tactic="{two}"]')
    officer.tap("#undo")
    expect(officer.page.locator(f'[data-tactic="{one}"]')).to_have_attribute("aria-pressed", "true")
    yield TacticUsed(visit, box, two)
    yield TacticUndone(visit, two, car.events()[-2].id)
    car.stand(120)
    officer.tap("#call")
    officer.reads("^ON A CALL")
    yield MeteringPaused("call")
    car.stand(CALL_S)
    officer.tap("#resume")
    officer.reads(f"^IN BOX {_number(car, cell)} ")
    yield MeteringResumed(float(CALL_S))
    officer.tap("#about-here")
    officer.tap("[data-feedback=quiet]")
    expect(officer.page.locator("#about-here")).to_have_text("quiet")
    yield BoxFeedback(box, "quiet")
    car.stand(60)


def _a_skip(officer: Officer) -> Iterator[EventData]:
    """On the way to the next box: skipped for a crowd; another is next."""
    car = officer.car
    x, y = car.place
    car.drive((x + 60.0, y + 290.0))
    car.stand(140)
    skipped = _target(car)
    officer.reads(f"^NEXT BOX {_number(car, skipped)} ")
    officer.tap("#more")
    officer.tap("#sheet-skip")
    officer.tap("[data-cause=crowd]")
    officer.page.wait_for_function("number => document.getElementById('next-number').textContent !== number",
                                   arg=str(_number(car, skipped)))  # fmt: skip
    assert _target(car) != skipped
    (record,) = [event for event in car.events() if isinstance(event.data, BoxSkipped)]
    assert isinstance(record.data, BoxSkipped)
    assert (record.data.until - record.time).total_seconds() == 3600.0
    yield BoxSkipped(box_id(skipped), "crowd", record.data.until)


def _an_over_stay(officer: Officer, cell: Cell) -> Iterator[EventData]:
    """The second visit lasts 21 min of its 15."""
    car = officer.car
    number = _number(car, cell)
    car.drive_to(cell)
    officer.reads(f"^IN BOX {number} ")
    car.stand(900)
    officer.reads(f"^BOX {number} DONE")
    car.stand(310)
    officer.reads(f"^TOO LONG IN BOX {number} ")
    tactic = car.vehicle.parts.published.snapshot().tactics[2].id
    officer.tap(f'[data-tactic="{tactic}"]')
    yield TacticUsed(_visit(car), box_id(cell), tactic)


def _a_forgotten_pause(officer: Officer) -> Iterator[EventData]:
    """A call of a minute; driven off without a tap, and asked about after 2 min of driving."""
    car, (x, y) = officer.car, officer.car.place
    officer.tap("#call")
    officer.reads("^ON A CALL")
    yield MeteringPaused("call")
    car.stand(60)
    car.drive((x, y + 1300.0), speed=10.0)
    officer.reads("^STILL ON THE CALL")
    officer.tap("[data-since]")
    officer.reads("^NEXT BOX|^NOTHING DUE")
    yield MeteringResumed(190.0)
    (record,) = [event for event in car.events() if isinstance(event.data, ResumeBackdated)]
    assert isinstance(record.data, ResumeBackdated)
    assert record.data.back_s == 120.0
    yield record.data


def _a_change_of_officer(officer: Officer) -> Iterator[EventData]:
    """The third visit goes on in another officer's name."""
    car = officer.car
    third = _target(car)
    car.drive_to(third)
    officer.reads(f"^IN BOX {_number(car, third)} ")
    car.stand(70)
    officer.tap("#more")
    officer.tap("#sheet-officers")
    officer.tap("#change-officer")
    officer.sign_in("902", OTHER)
    expect(officer.page.locator("#who-sheet")).to_be_hidden()
    officer.reads(f"^IN BOX {_number(car, third)} ")
    yield SignedIn("supervisor")
    car.stand(60)
    car.drive((car.place[0], car.place[1] - 290.0))
    car.stand(140)


def _a_suppression(officer: Officer) -> Iterator[EventData]:
    """The supervisor takes the next box out of this car's plan, for the rest of the shift; another is next."""
    car, box = officer.car, _target(officer.car)
    officer.tap("#more")
    officer.tap("#sheet-officers")
    officer.tap("#suppress-box")
    officer.tap('#change-choices button:has-text("UNSAFE")')
    officer.tap(f'#change-choices button:has-text("{str(CATALOGUE["lasts"]["shift"]).upper()}")')
    wait_for(lambda: _target(car) != box)
    expect(officer.page.locator("#next-number")).to_have_text(str(_number(car, _target(car))))
    state = car.vehicle.parts.published.state
    assert state.shift is not None
    assert state.issued is not None
    yield PatrolSuppressed(
        state.shift.id, box_id(box), "unsafe", "supervisor", instant(state.shift.ends), state.issued.digest
    )


def _a_choice(officer: Officer) -> Iterator[EventData]:
    """The last visit is in a box of no plan, by the officer's own choice."""
    car = officer.car
    car.stand(30)
    officer.tap("#more")
    officer.tap("#sheet-task")
    officer.tap("[data-purpose=recent_crime]")
    officer.reads(r"^IN BOX \d+ SELF-TASKED")
    box = car.vehicle.parts.published.snapshot().box
    assert box is not None
    yield SelfTasked(_visit(car), box, "recent_crime")
    car.stand(90)


def _number(car: ReplayedCar, cell: Cell) -> int:
    return car.agency.grid.boxes[cell].number


def _target(car: ReplayedCar) -> Cell:
    """The box that the car is led to."""
    target = car.vehicle.parts.published.snapshot().target
    assert target is not None
    return next(one.cell for one in car.plan.patrols if one.box == target.id)


def _visit(car: ReplayedCar) -> str:
    visit = car.vehicle.parts.published.state.visit
    assert visit is not None
    return visit.id
