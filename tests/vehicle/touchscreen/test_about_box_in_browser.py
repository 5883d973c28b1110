"""Feedback on a box and self-tasking in the browser: two taps on a box; a reason from a list; one target."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.events import BoxFeedback, SelfTasked
from tests.vehicle.touchscreen.layout import CUT, wrong
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import PANELS, opened, press, put_on, shoot, wait_for_sentence
from tests.vehicle.touchscreen.serving import served

OTHER: Final = (260.0, -10.0)
"""From the middle of the plan's first box to a box of no plan, metres."""


def self_tasked(scene: Scene) -> None:
    """Parked in a box of no plan; every button behind "More" is there."""
    scene.explained()
    scene.bench.drive(scene.near(480.0, -330.0), scene.near(*OTHER), 20)
    scene.park()
    scene.park()


def test_two_taps_on_the_next_box_tell_analysts(chromium: Browser, scene: Scene) -> None:
    """The box is where it stood; its button says what was said; the same again is no second record."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#about-next")
        expect(page.locator("#feedback-title")).to_have_text(f"Tell analysts about box {scene.number}")
        shoot(page, "feedback-800x480-dark")
        press(page, "[data-feedback=quiet]")
        expect(page.locator("#about-next")).to_have_text("quiet")
        expect(page.locator("#feedback-sheet")).to_be_hidden()
        press(page, "#about-next")
        expect(page.locator("[data-feedback=quiet]")).to_have_attribute("aria-pressed", "true")
        press(page, "[data-feedback=quiet]")
        expect(page.locator("#feedback-sheet")).to_be_hidden()
        made = [one.data for one in scene.bench.posted if isinstance(one.data, BoxFeedback)]
        assert made == [BoxFeedback(scene.plan.patrols[0].box, "quiet")]
        expect(page.locator("#next-number")).to_have_text(str(scene.number))


HIDDEN_BY_TAG: Final = """() => {
  const tag = document.querySelector(".next-head .about-tag").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("#next-number"));
  const number = range.getBoundingClientRect();
  return tag.width > 0 && tag.left < number.right && tag.top < number.bottom && number.top < tag.bottom;
}"""
"""Whether the flag, or what was said, lies over the next box's number."""


@pytest.mark.parametrize("situation", [Scene.patrol, Scene.move_on], ids=lambda one: one.__name__)
def test_the_flag_never_lies_over_the_number(
    chromium: Browser, scene: Scene, situation: Callable[[Scene], None]
) -> None:
    """Not on the large card, and not on the small one beside the ring of a visit that is done; on every panel."""
    situation(scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        expect(page.locator("#next-number")).not_to_be_empty()
        for panel in PANELS:
            put_on(page, *panel)
            assert not page.evaluate(HIDDEN_BY_TAG), panel


def test_two_taps_on_the_box_of_a_visit(chromium: Browser, scene: Scene) -> None:
    """The ring is the button."""
    scene.arrive()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#about-here")
        press(page, "[data-feedback=wrong_hour]")
        expect(page.locator("#about-here")).to_have_text("wrong hour")
        made = [one.data for one in scene.bench.posted if isinstance(one.data, BoxFeedback)]
        assert made == [BoxFeedback(scene.plan.patrols[0].box, "wrong_hour")]


def test_self_tasking_is_the_one_target(chromium: Browser, scene: Scene) -> None:
    """Sentence, ring and map name the box; out of it, sentence and card lead back to it."""
    self_tasked(scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        shoot(page, "more-self-task-800x480-dark")
        press(page, "#sheet-task")
        press(page, "[data-purpose=request]")
        wait_for_sentence(page, r"^IN BOX \d+ SELF-TASKED · 1[45]:\d\d left$")
        (made,) = [one.data for one in scene.bench.posted if isinstance(one.data, SelfTasked)]
        number = scene.bench.snapshot().box_number
        assert (made.box, made.reason) == (scene.bench.snapshot().box, "request")
        expect(page.locator("#visits")).to_have_text("Resident's request")
        shoot(page, "self-tasked-800x480-dark")
        scene.bench.drive(scene.near(*OTHER), scene.near(OTHER[0] + 300.0, OTHER[1]), 25)
        scene.park()
        wait_for_sentence(page, f"^LEFT BOX {number} ")
        expect(page.locator("#next-number")).to_have_text(str(number))
        assert scene.bench.snapshot().target is not None


def test_a_box_at_its_cap_is_refused_in_one_sentence(chromium: Browser, scene: Scene) -> None:
    """And no list of reasons opens."""
    self_tasked(scene)
    box = scene.bench.snapshot().box
    assert box is not None
    scene.bench.elsewhere(box, 3, hours_ago=0.3)
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        press(page, "#sheet-task")
        expect(page.locator("#toast")).to_have_text("This box has had enough visits.")
        expect(page.locator("#task-sheet")).to_be_hidden()


def test_none_of_it_is_there_while_the_car_is_driven(chromium: Browser, scene: Scene) -> None:
    """These are for a car that stands."""
    scene.patrol()
    scene.bench.drive(scene.near(480.0, -330.0), scene.near(470.0, -330.0), 2)
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-driving=driving]")
        for gone in ("#about-next", "#about-here", "#more", "#sheet-task"):
            expect(page.locator(gone)).to_be_hidden()


@pytest.mark.parametrize("sheet", ["about-next", "sheet-task"])
def test_the_sheets_fit_every_panel(chromium: Browser, scene: Scene, sheet: str) -> None:
    """No control over another or outside, each 12 mm and 76 px."""
    self_tasked(scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        if sheet == "sheet-task":
            press(page, "#more")
            _fits(page, "more-all")
        press(page, f"#{sheet}")
        page.wait_for_selector("dialog[open]")
        _fits(page, sheet)


def _fits(page: Page, name: str) -> None:
    for width, height, diagonal in PANELS:
        put_on(page, width, height, diagonal)
        shoot(page, f"{name}-{width}x{height}-dark")
        assert wrong(page, 76.0) == [], (width, height)
        assert page.evaluate(CUT) == [], (width, height)
