"""The pages that are read in a car, on every panel: text of 3.8 mm, buttons of 12 mm, nothing to be moved sideways."""

from math import hypot
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.vehicle.touchscreen.scenes import ALARM, Scene
from tests.vehicle.touchscreen.screen_page import BY_ROOM, Panel, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_briefing_in_browser import a_usual_plan

SMALL_TEXT: Final = """least => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility() &&
  one.closest('svg, thead') === null && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
  parseFloat(getComputedStyle(one).fontSize) < least - 0.1).map(one => one.outerHTML)"""
LETTERS: Final = """least => {
  const ground = document.querySelector(".ground");
  const seen = [...ground.querySelectorAll("text")].filter((one) => getComputedStyle(one).visibility === "visible");
  const { a } = ground.getScreenCTM();
  const small = seen.filter((one) => parseFloat(getComputedStyle(one).fontSize) * a < least - 0.1);
  const rects = seen.map((one) => [one, one.getBoundingClientRect()]);
  const over = rects.filter(([one, own], at) => rects.slice(at + 1).some(([_, other]) => own.left < other.right - 1 &&
    own.right > other.left + 1 && own.top < other.bottom - 1 && own.bottom > other.top + 1));
  const { left, right, top, bottom } = ground.getBoundingClientRect();
  const cut = rects.filter(([_, own]) => own.left < left || own.right > right || own.top < top || own.bottom > bottom);
  return [small, over.map(([one]) => one), cut.map(([one]) => one)].map((all) => all.map((one) => one.textContent));
}"""
"""What is written on the briefing's map: too small, over another, over its edge."""

SMALL_LINKS: Final = """least => [...document.querySelectorAll('.around a')].map(one => one.getBoundingClientRect())
  .map(({ width, height }) => [width, height]).filter((sides) => Math.min(...sides) < least - 0.5)"""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("panels", BY_ROOM)
def test_a_page_on_a_panel(chromium: Browser, scene: Scene, panels: tuple[Panel, ...], language: str) -> None:
    """Briefing, with a dozen boxes on its map; status and help."""
    scene.explained()
    scene.bench.adopt(a_usual_plan(scene))
    scene.bench.notices = (ALARM,)
    scene.bench.show(language=language)
    page = chromium.new_page()
    for width, height, diagonal in panels:
        mm = hypot(width, height) / (diagonal * 25.4)
        page.set_viewport_size({"width": width, "height": height})
        with served(scene.bench, diagonal=diagonal) as port:
            for name in ("briefing", "status", "help"):
                look = f"page-{name}-{width}x{height}-{language}"
                page.goto(f"http://127.0.0.1:{port}/{name}")
                page.wait_for_function("document.documentElement.style.getPropertyValue('--mm') !== ''")
                shoot(page, look)
                assert page.evaluate(SMALL_TEXT, 3.8 * mm) == [], look
                assert page.evaluate(SMALL_LINKS, max(76.0, 12.0 * mm)) == [], look
                assert page.evaluate(WIDER) <= 0, look
                if name == "briefing":
                    assert page.evaluate(LETTERS, 3.8 * mm) == [[], [], []], look
                    assert str(scene.number) in page.locator(".ground .number:not(.crowded)").all_text_contents(), look
    page.close()
