"""The screen while the car is driven, on every panel: few things, large ones, nothing for more than a glance."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.events import DrivingOverridden
from edge.domain.inputs import Pause, UseTactic
from tests.vehicle.touchscreen.layout import CUT, SCROLLS, SMALL, controls, wrong
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import (
    BY_ROOM,
    PANELS,
    Panel,
    opened,
    press,
    put_on,
    shoot,
    wait_for_sentence,
)
from tests.vehicle.touchscreen.serving import served

MOST: Final = 7
DRIVEN_MM: Final = 15.0
DRIVEN_LARGE_MM: Final = 20.0  # from 10″
PARKED_MM: Final = 12.0
LEAST_PX: Final = 76.0
READ_MM: Final = 3.8
DECISIVE_MM: Final = 5.0
DECISIVE: Final = ("#ring-clock", "#ring-box", "#next-number", "#next-distance")
SIZE: Final = "name => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)"


def drive_on(scene: Scene) -> None:
    """The car moves where it is."""
    last = scene.bench.state.track.last
    assert last is not None
    scene.bench.at(last.east + 3.0, last.north, speed=6.0)


def _patrol(scene: Scene) -> None:
    scene.patrol()
    drive_on(scene)


def _visit(scene: Scene) -> None:
    scene.arrive()
    scene.bench.stay(scene.cell, 360)
    drive_on(scene)
    scene.bench.tell(UseTactic(scene.bench.mono, scene.bench.agency.tactics[4].id))


def _over_stay(scene: Scene) -> None:
    scene.over_stay()
    drive_on(scene)


def _away(scene: Scene) -> None:
    scene.away()
    drive_on(scene)


def _asked(scene: Scene) -> None:
    scene.arrive()
    scene.bench.tell(Pause(scene.bench.mono, "call"))
    scene.bench.mono += 1300.0
    drive_on(scene)


def _signed_out(scene: Scene) -> None:
    scene.signed_out()
    drive_on(scene)


def assert_decisive(page: Page, mm: float, look: str) -> None:
    """The figures that decide are 5 mm or more, where they are seen."""
    for name in DECISIVE:
        if page.locator(name).is_visible():
            assert page.evaluate(SIZE, name) >= DECISIVE_MM * mm - 0.1, (look, name)


PLAYS: Final = (_patrol, _visit, _over_stay, _away, _asked, _signed_out)


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.__name__.strip("_"))
def test_the_layout_while_driving(chromium: Browser, scene: Scene, play: Callable[[Scene], None]) -> None:
    """At most 7 controls, none over another, each 15 mm (20 from 10 inches); text of 3.8 mm; nothing scrolls."""
    play(scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-driving=driving]")
        for width, height, diagonal in PANELS:
            mm = put_on(page, width, height, diagonal)
            look = f"driving-{play.__name__.strip('_')}-{width}x{height}-dark"
            shoot(page, look)
            least = max(LEAST_PX, mm * (DRIVEN_LARGE_MM if diagonal >= 10.0 else DRIVEN_MM))
            assert wrong(page, least) == [], look
            assert len(controls(page)) <= MOST, look
            assert page.evaluate(SMALL, READ_MM * mm) == [], look
            assert page.evaluate(SCROLLS) == [], look
            assert page.evaluate(CUT) == [], look
            assert_decisive(page, mm, look)
            assert page.locator("input, textarea, select, dialog[open], #keypad:visible").count() == 0


@pytest.mark.parametrize("panels", BY_ROOM)
@pytest.mark.parametrize("name", ["patrol", "visit", "move_on", "away", "signed_out"])
def test_the_layout_when_parked(chromium: Browser, scene: Scene, name: str, panels: tuple[Panel, ...]) -> None:
    """No control over another or outside, each 12 mm and 76 px; text of 3.8 mm, nothing cut."""
    getattr(scene, name)()
    scene.park()
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-driving=parked]")
        for width, height, diagonal in panels:
            mm = put_on(page, width, height, diagonal)
            look = f"parked-{name}-{width}x{height}-dark"
            shoot(page, look)
            assert wrong(page, max(LEAST_PX, PARKED_MM * mm)) == [], look
            assert page.evaluate(SMALL, READ_MM * mm) == [], look
            assert page.evaluate(CUT) == [], look
            assert_decisive(page, mm, look)


def test_an_open_sheet_closes_when_the_car_moves(chromium: Browser, scene: Scene) -> None:
    """And what is not for glances is gone."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        expect(page.locator("#sheet")).to_be_visible()
        drive_on(scene)
        expect(page.locator("#sheet")).to_be_hidden()
        for gone in ("#more", "#zoom-in", "#keypad"):
            expect(page.locator(gone)).to_be_hidden()


def test_an_open_sheet_closes_on_a_change_of_mode(chromium: Browser, scene: Scene) -> None:
    """The prescribed time is up: no sheet lies over it."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        expect(page.locator("#sheet")).to_be_visible()
        scene.bench.stay(scene.cell, 560)
        wait_for_sentence(page, "^BOX .* DONE")
        expect(page.locator("#sheet")).to_be_hidden()


HOLD: Final = """async (seconds) => {
  const finger = (what) => {
    document.getElementById("override").dispatchEvent(new PointerEvent(what, { bubbles: true }));
  };
  finger("pointerdown");
  await new Promise((done) => setTimeout(done, seconds * 1000));
  finger("pointerup");
}"""
"""By the page's own clock: no busy machine makes it longer or shorter."""


def _hold(page: Page, seconds: float) -> None:
    page.wait_for_selector("body[data-settled=true]")
    page.evaluate(HOLD, seconds)


def test_a_passenger_holds_the_button_for_2_s(chromium: Browser, scene: Scene) -> None:
    """A tap does nothing; held it is recorded, the whole screen is there, and it ends with the drive."""
    _patrol(scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        _hold(page, 1.0)
        page.wait_for_timeout(1200)
        expect(page.locator("body")).to_have_attribute("data-driving", "driving")
        _hold(page, 2.3)
        expect(page.locator("#more")).to_be_visible()
        assert [one.data for one in scene.bench.posted if isinstance(one.data, DrivingOverridden)] == [
            DrivingOverridden(6.0)
        ]
        press(page, "#more")
        expect(page.locator("#sheet")).to_be_visible()
        page.click("#sheet-close", trial=True)
        scene.park()
        drive_on(scene)
        expect(page.locator("body")).to_have_attribute("data-driving", "driving")


def test_only_three_tactics_and_the_one_in_use_among_them(chromium: Browser, scene: Scene) -> None:
    """The fifth runs: it takes the third's place."""
    _visit(scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-driving=driving]")
        shown = page.locator(".tactic:visible")
        expect(shown).to_have_count(3)
        expect(page.locator(f'[data-tactic="{scene.bench.agency.tactics[4].id}"]')).to_be_visible()
