"""Newer software under the open page: it loads itself anew, once, and not while a sheet is open."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from playwright.sync_api import Browser, expect

from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.parts import keep, parts_of
from edge.vehicle.touchscreen.release import release
from edge.vehicle.touchscreen.server import serve
from tests.brokers import free_port
from tests.service.serving import serving
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import VEHICLE_GONE, opened, press
from tests.vehicle.touchscreen.serving import HOST, served

NEWER: Final = "0123456789abcdef"
OLD: Final = "window.old === true"
STAYS: Final = """async (release) => {
  const { hearRelease } = await import('/static/screen/update.js');
  setInterval(() => hearRelease(release), 20);
}"""
"""The vehicle goes on to say that it has other files."""


def test_the_digest_is_of_the_files() -> None:
    """The same each time it is taken: 16 digits."""
    assert release() == release()
    assert len(release()) == 16


def test_a_page_of_older_files_loads_itself_anew_once(chromium: Browser, scene: Scene) -> None:
    """After a restart of the same software it stays; of newer software it does not."""
    scene.patrol()
    port = free_port()
    newer = create_app(scene.bench, trusted_hosts=[HOST])
    keep(newer, replace(parts_of(newer), release=NEWER))
    with ExitStack() as pages:
        with served(scene.bench, port):
            page = pages.enter_context(opened(chromium, port, expected=VEHICLE_GONE))
            page.evaluate("window.old = true")
        page.wait_for_selector("body[data-connection=lost]")
        with served(scene.bench, port):
            page.wait_for_selector("body[data-connection=live]")
            assert page.evaluate(OLD)
        with serving(serve(newer, HOST, port)):
            page.wait_for_selector(f'meta[name="roundsman-release"][content="{NEWER}"]', state="attached")
            page.wait_for_selector("body[data-mode=patrol]")
            assert not page.evaluate(OLD)
            page.evaluate("window.old = true")
            page.wait_for_timeout(1000)
            assert page.evaluate(OLD)


def test_not_while_a_sheet_is_open(chromium: Browser, scene: Scene) -> None:
    """It waits until the sheet is closed, and a moment more."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        expect(page.locator("#sheet")).to_be_visible()
        page.evaluate("window.old = true")
        page.evaluate(STAYS, NEWER)
        page.wait_for_timeout(4000)
        assert page.evaluate(OLD)
        press(page, "#sheet-close")
        page.wait_for_function("() => window.old === undefined")
        page.wait_for_selector("body[data-mode=patrol]")
