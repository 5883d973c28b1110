"""The screen in Spanish: switched by a tap, nothing cut off in any mode, and what is printed is one sheet."""

import pytest
from playwright.sync_api import Browser, expect

from edge.text.words import IN
from tests.printing import FORMATS, cut, sheets
from tests.vehicle.touchscreen.scenes import SCENES, Scene
from tests.vehicle.touchscreen.screen_page import SIZES, opened, press, resize, shoot, wait_for_sentence
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_every_mode_in_browser import CUT_OFF, SMALL_BUTTONS, SMALL_TEXT

TARGET_PX = 76
LONGEST = ("signed_out_with_alarm", "over_stay", "lost", "at_cap")
"""The modes with the most words; the others are tried with `make test-long`."""
LEAST_TEXT_PX = 16


def test_the_language_is_switched_on_the_screen_sheet(chromium: Browser, scene: Scene) -> None:
    """A tap, and everything is Spanish: sentence, buttons, what is read aloud; another, and it is English again."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        press(page, "#sheet-display")
        press(page, "[data-language=es]")
        page.wait_for_selector("html[lang=es]")
        wait_for_sentence(page, r"SIGUE CUADRO \d+ .* (mi|pies)")
        expect(page.locator("#more")).to_have_attribute("aria-label", IN["es"].text("screen.more_label"))
        press(page, "#more")
        press(page, "#sheet-display")
        press(page, "[data-language=en]")
        page.wait_for_selector("html[lang=en]")
        wait_for_sentence(page, r"NEXT BOX \d+")


@pytest.mark.parametrize(
    "name", [one if one in LONGEST else pytest.param(one, marks=pytest.mark.long) for one in SCENES]
)
def test_a_mode_in_spanish(chromium: Browser, scene: Scene, name: str) -> None:
    """Longer words than English has: targets and text keep their size, nothing is cut off."""
    SCENES[name](scene)
    scene.bench.show(language="es")
    with served(scene.bench) as port, opened(chromium, port) as page:
        assert page.get_attribute("html", "lang") == "es"
        for width, height in SIZES:
            resize(page, width, height)
            shoot(page, f"es-{name}-{width}x{height}")
            assert page.evaluate(SMALL_BUTTONS, TARGET_PX) == []
            assert page.evaluate(SMALL_TEXT, LEAST_TEXT_PX) == []
            assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("name", ["briefing", "help", "status"])
def test_a_sheet_in_spanish(name: str, chromium: Browser, scene: Scene) -> None:
    """One page on both papers."""
    scene.explained()
    scene.bench.show(language="es")
    with served(scene.bench) as port:
        page = chromium.new_page(viewport={"width": 800, "height": 480})
        page.goto(f"http://127.0.0.1:{port}/{name}")
        assert page.get_attribute("html", "lang") == "es"
        assert [sheets(page, paper, f"{name}-es") for paper in FORMATS] == [1, 1]
        assert [cut(page, paper) for paper in FORMATS] == [[], []]
        page.close()
