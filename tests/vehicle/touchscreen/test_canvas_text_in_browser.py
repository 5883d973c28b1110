"""What is written on the map and on its key is as large as everything else: 3.8 mm by the panel's diagonal."""

from typing import Final

import pytest
from playwright.sync_api import Browser

from edge.text.words import CATALOGUE
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import BY_ROOM, Panel, opened, press, put_on, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_driving_in_browser import drive_on

NOTED: Final = """
  window.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (words, ...more) {
    window.written.push([words, parseFloat(/([\\d.]+)px/.exec(this.font)[1]), innerWidth]);
    fillText.call(this, words, ...more);
  };
"""
"""What is written, how large in pixels, and how wide the panel is by then."""

HERE: Final = "written.filter(([words, size, wide]) => wide === innerWidth).map(([words, size]) => [words, size])"
"""What was written since the page is on this panel."""

READ_MM: Final = 3.8
ELSEWHERE: Final = (640, 400)
"""No panel: on each of them the map is drawn anew."""


@pytest.mark.parametrize("driven", [False, True])
@pytest.mark.parametrize("panels", BY_ROOM)
def test_text_on_the_canvas(chromium: Browser, scene: Scene, panels: tuple[Panel, ...], *, driven: bool) -> None:
    """Numbers of boxes, plates' letters, streets, beats, scale, north; and the key's."""
    scene.patrol()
    if driven:
        drive_on(scene)
    with served(scene.bench) as port, opened(chromium, port, script=NOTED, size=ELSEWHERE) as page:
        for width, height, diagonal in panels:
            mm = put_on(page, width, height, diagonal)
            page.wait_for_function(f"() => {HERE}.length > 3")
            if not driven:
                press(page, "#more")
                press(page, "#sheet-key")
                page.wait_for_function(f"() => {HERE}.some(([words]) => words === '◔')")
                shoot(page, f"canvas-key-{width}x{height}")
                page.keyboard.press("Escape")
            found = page.evaluate(HERE)
            assert [one for one in found if one[1] < READ_MM * mm - 0.01] == [], (width, height)
            assert str(scene.number) in {words for words, _ in found}, (width, height)


@pytest.mark.parametrize("near", [False, True])
def test_a_plate_has_letters_where_there_is_room_else_its_color_alone(
    chromium: Browser, scene: Scene, *, near: bool
) -> None:
    """Never smaller letters."""
    scene.arrive()
    with served(scene.bench) as port, opened(chromium, port, script=NOTED) as page:
        for _ in range(0 if near else 6):
            press(page, "#zoom-out")
        page.evaluate("written.length = 0")
        press(page, "#zoom-out")
        page.wait_for_function("() => written.length > 0")
        shoot(page, f"plates-{'near' if near else 'far'}-800x480-dark")
        letters = {words for words, _ in page.evaluate(HERE)} & set(CATALOGUE["crime_type_letters"].values())
        assert bool(letters) == near
