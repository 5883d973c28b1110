"""A box is chosen by a finger on the map: its sheet, and from there a supervisor's change of the plan."""

from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.events import PatrolAdded, PatrolSuppressed
from edge.domain.inputs import SignIn
from edge.text.words import CATALOGUE
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened, press, settle, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_about_box_in_browser import self_tasked

PICK: Final = """async ([view, across, down, metres, up]) => {
  const { Camera } = await import("/static/screen/camera.js");
  const { pick } = await import("/static/screen/map_pick.js");
  const { state } = { state: await (await fetch("/api/state")).json() };
  const camera = new Camera();
  Object.assign(camera, { width: 400, height: 300, up });
  [camera.x, camera.y] = view;
  while (camera.metresPerPixel < metres) camera.offset += 1;
  const there = camera.toScreen(...camera.toPlane(across, down));
  pick(across, down, camera, [0, 0], state);
  return [Math.hypot(there[0] - across, there[1] - down), camera.toPlane(across, down)];
}"""
"""Tap a place of a map that looks at a point: how far off the place is after there and back; where it is."""


def choose(page: Page, *words: str) -> None:
    """Answer the questions of a change."""
    for one in words:
        press(page, f'#change-choices button:has-text("{one.upper()}")')


def of_group(group: str, key: str) -> str:
    """A word of the catalogue."""
    return str(CATALOGUE[group][key])


def test_a_supervisor_adds_and_suppresses_the_box_under_a_finger(chromium: Browser, scene: Scene) -> None:
    """Three questions, a record; then the same box is one of the plan, and may be suppressed by two."""
    self_tasked(scene)  # parked in a box of no plan, which is the middle of the map
    scene.bench.tell(SignIn(scene.bench.mono, "9001", "supervisor"))
    with served(scene.bench) as port, opened(chromium, port) as page:
        settle(page)
        page.locator("#map").click()
        expect(page.locator("#why-sentence")).to_have_text("Not in the plan of this shift.")
        here = scene.bench.snapshot().box_number
        expect(page.locator("#why-change")).to_have_text(f"ADD BOX {here}")
        shoot(page, "why-add-800x480-dark")
        press(page, "#why-change")
        choose(page, of_group("crime_type", "burglary"), of_group("change", "request"), of_group("lasts", "120"))
        expect(page.locator("dialog[open]")).to_have_count(0)
        added = [one.data for one in scene.bench.posted if isinstance(one.data, PatrolAdded)]
        assert [(one.crime_types, one.reason) for one in added] == [(("burglary",), "request")]
        settle(page)
        page.locator("#map").click()
        expect(page.locator("#why-change")).to_have_text(f"SUPPRESS BOX {here}")
        shoot(page, "why-suppress-800x480-dark")
        press(page, "#why-change")
        choose(page, of_group("change", "unsafe"), of_group("lasts", "shift"))
        expect(page.locator("dialog[open]")).to_have_count(0)
        (suppressed,) = [one.data for one in scene.bench.posted if isinstance(one.data, PatrolSuppressed)]
        assert suppressed.box == added[0].box


def test_an_officer_reads_of_boxes_of_the_plan_alone(chromium: Browser, scene: Scene) -> None:
    """In a visit its box is in the middle: its sheet opens, without a button to change anything."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        settle(page)
        page.locator("#map").click()
        expect(page.locator("#why-title")).to_contain_text(f"box {scene.number}")
        expect(page.locator("#why-change")).to_be_hidden()


@pytest.mark.parametrize(("role", "opens"), [(None, False), ("supervisor", True)])
def test_a_box_of_no_plan_is_for_who_may_add_it(chromium: Browser, scene: Scene, role: Any, opens: bool) -> None:
    """An officer's finger there opens nothing."""
    self_tasked(scene)
    scene.bench.tell(SignIn(scene.bench.mono, "9001", role))
    with served(scene.bench) as port, opened(chromium, port) as page:
        settle(page)
        page.locator("#map").click()
        page.wait_for_timeout(500)
        assert page.locator("#why-sheet").is_visible() == opens


@pytest.mark.parametrize("up", [0.0, 0.7, -2.9])
def test_the_place_under_the_finger_is_the_maps(chromium: Browser, scene: Scene, up: float) -> None:
    """However the map is turned; far out a finger beside a small box of the plan means that box."""
    scene.patrol()
    x, y = scene.near(0.0, 0.0)
    with served(scene.bench) as port, opened(chromium, port) as page:
        settle(page)
        off, _ = page.evaluate(PICK, [[x - 300.0, y + 200.0], 31, 222, 4, up])
        assert off < 1e-6
        page.keyboard.press("Escape")
        settle(page)
        page.evaluate(PICK, [[x - 200.0, y], 200, 150, 11, up])
        expect(page.locator("#why-title")).to_contain_text(f"box {scene.number}")


def test_nothing_is_chosen_in_a_car_that_is_driven(chromium: Browser, scene: Scene) -> None:
    """No sheet, not for a supervisor either."""
    scene.visit()
    scene.bench.tell(SignIn(scene.bench.mono, "9001", "supervisor"))
    scene.bench.drive(scene.near(0.0, 0.0), scene.near(40.0, 0.0), 4)
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-driving=driving]")
        settle(page)
        page.locator("#map").click()
        page.wait_for_timeout(500)
        assert page.locator("dialog[open]").count() == 0
