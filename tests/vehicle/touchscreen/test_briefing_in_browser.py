"""The briefing in the car: from the parked screen to the page and back, on paper one sheet, nothing cut off."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from edge.domain.plan import DirectedPatrol, Plan
from tests.printing import FORMATS, cut, gray, sheets
from tests.vehicle.touchscreen.scenes import LONG_REASON, Scene
from tests.vehicle.touchscreen.screen_page import opened, press
from tests.vehicle.touchscreen.serving import served

USUAL = 12
"""Boxes of a usual plan."""


def a_usual_plan(scene: Scene) -> Plan:
    """Twelve boxes, each with a long reason and several types."""
    agency = scene.bench.agency
    own = {one.cell for one in scene.plan.patrols}
    free = [
        one for one in agency.grid.boxes.values() if one.district == "1" and not one.opt_out and one.cell not in own
    ]
    rule = scene.plan.patrols[0].prescription
    more = [DirectedPatrol(one.cell, ("robbery",), rule) for one in free][: USUAL - len(scene.plan.patrols)]
    patrols = tuple(
        replace(one, why=LONG_REASON, why_by_model=True, crime_types=("aggravated_assault", "motor_vehicle_theft"))
        for one in (*scene.plan.patrols, *more)
    )
    return replace(scene.plan, version=9, patrols=patrols)


def test_it_is_one_tap_behind_more_and_closes_when_the_car_is_driven(chromium: Browser, scene: Scene) -> None:
    """A big button leads there, a big one back; a car that moves off has its screen again."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        press(page, "#sheet [data-page='/briefing']")
        page.wait_for_selector("table.boxes")
        assert page.locator(".boxes tbody tr").count() == len(scene.plan.patrols)
        box = page.locator("#back").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 76
        page.click("#back")
        page.wait_for_url(f"http://127.0.0.1:{port}/")
        page.goto(f"http://127.0.0.1:{port}/briefing")
        scene.bench.drive(scene.near(480.0, -330.0), scene.near(900.0, -330.0), 20)
        page.wait_for_url(f"http://127.0.0.1:{port}/")


def test_before_sign_in_it_is_one_tap(chromium: Browser, scene: Scene) -> None:
    """Beside the sentence, large; its page leads to status and help. A car that is driven has no such button."""
    scene.signed_out()
    scene.park()
    with served(scene.bench) as port, opened(chromium, port) as page:
        box = page.locator("#read").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 76
        press(page, "#read")
        page.wait_for_selector("table.boxes")
        page.click("text=STATUS")
        page.wait_for_selector(".standing")
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("#read")
        scene.bench.drive(scene.near(900.0, -450.0), scene.near(900.0, 300.0), 10)
        page.wait_for_selector("#read", state="hidden")


@pytest.mark.parametrize("paper", FORMATS)
def test_a_usual_plan_is_one_sheet(paper: str, chromium: Browser, scene: Scene) -> None:
    """Twelve boxes with long reasons: every text is on it, nothing cut off, and black does for all of it."""
    scene.explained()
    scene.bench.adopt(a_usual_plan(scene))
    with served(scene.bench) as port:
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{port}/briefing")
        assert page.locator(".boxes tbody tr").count() == page.locator(".ground .box").count() == USUAL
        assert sheets(page, paper, "briefing") == 1
        assert cut(page, paper) == []
        assert gray(page) == []
        for words in ("district 1", "Events:", "Weather:", LONG_REASON, "Approved plan, version 9"):
            assert words in page.inner_text("main")
        page.close()


def test_axe_finds_nothing(chromium: Browser, scene: Scene) -> None:
    """At AAA, dark as in the car."""
    scene.patrol()
    with served(scene.bench) as port:
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{port}/briefing")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa"]}
        found = Axe().run(page, options=options).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        page.close()


def test_before_the_shift_is_known_it_says_so(client: FlaskClient) -> None:
    """On a page, with the way back: a car without a clock has no shift."""
    answer = client.get("/briefing")
    assert answer.status_code == 404
    assert "<h1>The shift is not known yet. Wait for GPS.</h1>" in answer.text
    assert 'id="back"' in answer.text
