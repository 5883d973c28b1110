"""Every page and every sheet of the car by day and by night: axe finds nothing, at AAA contrast."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import OF_AXE, violations
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import THEMES, VEHICLE_GONE, opened, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_dead_daemon import STARTING
from tests.vehicle.touchscreen.test_sheets_in_browser import OF_A_SUPERVISOR, SHEETS, open_sheet, supervised


def in_each_theme(page: Page, scene: Scene, name: str) -> None:
    """Axe finds nothing on the page as it is, by night and by day."""
    for theme in THEMES:
        scene.bench.show(theme=theme)
        page.wait_for_selector(f"html[data-theme={theme}]")
        shoot(page, f"{name}-800x480-{theme}")
        assert violations(page) == [], (name, theme)


def test_the_sheets_of_the_screen(chromium: Browser, scene: Scene) -> None:
    """One after the other."""
    scene.explained()
    with served(scene.bench) as port, opened(chromium, port, expected=OF_AXE) as page:
        for sheet, way in SHEETS.items():
            open_sheet(page, sheet, way)
            in_each_theme(page, scene, sheet)
            page.keyboard.press("Escape")


def test_the_sheets_of_a_supervisor(chromium: Browser, scene: Scene) -> None:
    """Feedback, own record, who is in the car, each question of a change."""
    supervised(scene)
    with served(scene.bench) as port, opened(chromium, port, expected=OF_AXE) as page:
        for name, (sheet, way) in OF_A_SUPERVISOR.items():
            open_sheet(page, sheet, way)
            in_each_theme(page, scene, f"supervisor-{name}")
            page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", THEMES)
def test_while_driving_and_of_a_car_that_is_gone(chromium: Browser, scene: Scene, theme: str) -> None:
    """With a tactic that can be undone; then the grey face."""
    scene.visit()
    last = scene.bench.state.track.last
    assert last is not None
    scene.bench.at(last.east + 3.0, last.north, speed=6.0)
    scene.bench.show(theme=theme)
    with ExitStack() as pages:
        with served(scene.bench) as port:
            page = pages.enter_context(opened(chromium, port, expected=(*OF_AXE, *VEHICLE_GONE)))
            page.wait_for_selector("body[data-driving=driving]")
            assert violations(page) == []
        page.wait_for_selector("body[data-connection=lost]")
        assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_that_are_read(chromium: Browser, scene: Scene, theme: str) -> None:
    """Briefing, status and help."""
    scene.explained()
    scene.bench.show(theme=theme)
    with served(scene.bench) as port, opened(chromium, port, expected=OF_AXE) as page:
        for name in ("briefing", "status", "help"):
            page.goto(f"http://127.0.0.1:{port}/{name}")
            shoot(page, f"{name}-800x480-{theme}")
            assert violations(page) == [], name


def test_the_starting_page(chromium: Browser) -> None:
    """A file, always dark."""
    page = chromium.new_page()
    page.goto(STARTING.as_uri())
    assert violations(page) == []
    page.close()
