"""Every sheet of a car that stands, on every panel: large enough to touch and to read, nothing over anything or cut."""

from math import hypot
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.vehicle.touchscreen.layout import CUT, SMALL, wrong
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import BY_ROOM, opened, press, shoot
from tests.vehicle.touchscreen.serving import served

LEAST_MM: Final = 12.0
LEAST_PX: Final = 76.0
READ_MM: Final = 3.8
SHEETS: Final = {
    "sheet": ("#more",),
    "key-sheet": ("#more", "#sheet-key"),
    "display-sheet": ("#more", "#sheet-display"),
    "officers-sheet": ("#more", "#sheet-officers"),
    "skip-sheet": ("#more", "#sheet-skip"),
    "task-sheet": ("#more", "#sheet-task"),
    "why-sheet": ("#more", "#sheet-why"),
    "out-sheet": ("#more", "#sign-out"),
}
"""The way to each."""


@pytest.mark.parametrize(("width", "height", "diagonal"), BY_ROOM)
def test_the_sheets(chromium: Browser, scene: Scene, width: int, height: int, diagonal: float) -> None:
    """Targets of 12 mm and 76 px, text of 3.8 mm, inside the panel."""
    scene.explained()
    mm = hypot(width, height) / (diagonal * 25.4)
    with (
        served(scene.bench, diagonal=diagonal) as port,
        opened(chromium, port, size=(width, height)) as page,
    ):
        for sheet, way in SHEETS.items():
            for button in way:
                press(page, button)
            expect(page.locator(f"#{sheet}")).to_be_visible()
            shoot(page, f"{sheet}-{width}x{height}")
            assert wrong(page, max(LEAST_PX, LEAST_MM * mm)) == [], sheet
            assert page.evaluate(SMALL, READ_MM * mm) == [], sheet
            assert page.evaluate(CUT) == [], sheet
            page.keyboard.press("Escape")
