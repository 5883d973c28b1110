"""Every mode of the screen, at both sizes, in both themes: accessible, readable, large enough, kept as pictures."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import OF_AXE, violations
from tests.vehicle.touchscreen.pixels import luminance
from tests.vehicle.touchscreen.scenes import SCENES, Scene
from tests.vehicle.touchscreen.screen_page import SIZES, THEMES, opened, press, resize, shoot
from tests.vehicle.touchscreen.serving import served

TARGET_PX: Final = 76
SMALLEST_TEXT_PX: Final = 16
DARK: Final = 0.10

SMALL_BUTTONS: Final = """least => [...document.querySelectorAll('button')].filter(one => one.checkVisibility())
  .map(one => [one.id || one.innerText, one.getBoundingClientRect()])
  .filter(([, at]) => at.width < least || at.height < least || at.right > innerWidth || at.bottom > innerHeight)
  .map(([name, at]) => `${name} ${at.width}x${at.height}`)"""
SMALL_TEXT: Final = """least => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility() &&
  [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
  parseFloat(getComputedStyle(one).fontSize) < least).map(one => one.outerHTML)"""
CUT_OFF: Final = """() => [...document.querySelectorAll(`.sentence-head, .sentence-tail, .fact, .facts, .panel, .tactic,
  .ring-text, .next-types, .next-distance, .paused-time, .notice, .button`)]
  .filter(one => one.checkVisibility() &&
    (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 8)).map(one => one.outerHTML)"""

CUT_OFF_WHY: Final = """() => [...document.querySelectorAll(`.why-type, .why-types, .why-sentence, .why-words,
  #why-sheet`)]
  .filter(one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map(one => one.outerHTML)"""


def _in_every_look(page: Page, scene: Scene, name: str) -> Iterator[str]:
    """The page at both sizes and in both themes, each kept as a picture."""
    for width, height in SIZES:
        resize(page, width, height)
        for theme in THEMES:
            scene.bench.show(theme=theme)
            page.wait_for_selector(f"html[data-theme={theme}]")
            look = f"{name}-{width}x{height}-{theme}"
            shoot(page, look)
            yield look


@pytest.mark.parametrize("name", SCENES)
def test_a_mode(chromium: Browser, scene: Scene, name: str) -> None:
    """Axe finds nothing, contrast at AAA; targets are 76 px, text 16 px or more; nothing is cut off; dark is dark."""
    SCENES[name](scene)
    with served(scene.bench) as port, opened(chromium, port, expected=OF_AXE) as page:
        for look in _in_every_look(page, scene, name):
            assert violations(page) == [], look
            assert scene.bench.display.theme == "day" or luminance(page) <= DARK, look
            assert page.evaluate(SMALL_BUTTONS, TARGET_PX) == [], look
            assert page.evaluate(SMALL_TEXT, SMALLEST_TEXT_PX) == [], look
            assert page.evaluate(CUT_OFF) == [], look


def test_the_sheet(chromium: Browser, scene: Scene) -> None:
    """The sheet behind "More" holds to the same."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port, expected=OF_AXE) as page:
        press(page, "#more")
        for look in _in_every_look(page, scene, "more"):
            assert violations(page) == [], look
            assert page.evaluate(SMALL_TEXT, SMALLEST_TEXT_PX) == [], look


def test_why_this_box(chromium: Browser, scene: Scene) -> None:
    """So does the sheet that says why; the button that opens it is the card's middle."""
    scene.own_plan()
    with served(scene.bench) as port, opened(chromium, port, expected=OF_AXE) as page:
        press(page, "#why")
        page.wait_for_selector(".why-part")
        for look in _in_every_look(page, scene, "why"):
            assert violations(page) == [], look
            assert page.evaluate(SMALL_TEXT, SMALLEST_TEXT_PX) == [], look
            assert page.evaluate(CUT_OFF_WHY) == [], look


def test_the_longest_words(chromium: Browser, scene: Scene) -> None:
    """Two long crime types, an alarm, no link and a long queue still fit the small screen."""
    scene.arrive_with_long_words()
    with served(scene.bench) as port, opened(chromium, port) as page:
        shoot(page, "long-words-800x480-dark")
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate(SMALL_BUTTONS, TARGET_PX) == []
        scene.bench.stay(scene.cell, 900)
        page.wait_for_selector("body[data-mode=move_on]")
        shoot(page, "long-words-done-800x480-dark")
        assert page.evaluate(CUT_OFF) == []


def test_it_works_by_keyboard(chromium: Browser, scene: Scene) -> None:
    """Every button of a visit is reached by Tab, and where the focus is can be seen."""
    scene.arrive()
    with served(scene.bench) as port, opened(chromium, port) as page:
        seen = []
        for _ in range(8):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("() => document.activeElement.id || document.activeElement.dataset.tactic"))
            assert page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth") == "4px"
        assert {"call", "more", "zoom-in", "zoom-out", scene.bench.agency.tactics[0].id} <= set(seen)


def test_the_state_is_said_once(chromium: Browser, scene: Scene) -> None:
    """A screen reader hears a new state, and not every second of its clock."""
    scene.arrive()
    with served(scene.bench) as port, opened(chromium, port) as page:
        announced = page.inner_text("#announced")
        assert "IN BOX" in announced
        assert ":" not in announced
        scene.bench.stay(scene.cell, 30)
        page.wait_for_function("() => document.getElementById('ring-clock').textContent < '14:30'")
        assert page.inner_text("#announced") == announced
