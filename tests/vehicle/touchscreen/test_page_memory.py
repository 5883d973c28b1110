"""A page that is open all shift holds no more in the end than in the beginning."""

import pytest
from playwright.sync_api import Browser

from tests.vehicle.touchscreen.hour import SCRIPT, held, live
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened
from tests.vehicle.touchscreen.serving import served

GROWTH = 300_000  # bytes an hour: compiled code and caches, of some 5 MB


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_hour_leaves_nothing_behind(chromium: Browser, scene: Scene) -> None:
    """An hour's drive, a snapshot a second, each second drawn: neither nodes nor listeners, and next to no memory."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port, script=SCRIPT) as page:
        live(page, 20)
        before = held(page)
        live(page, 60)
        after = held(page)
    assert (after.nodes, after.listeners) == (before.nodes, before.listeners)
    assert after.heap - before.heap < GROWTH
