"""The map as it is drawn: main streets stand out, and no beat's name is under a box."""

from typing import Any, Final

from playwright.sync_api import Browser

from tests.vehicle.touchscreen.pixels import COUNT
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import PANELS, opened, press, put_on, shoot
from tests.vehicle.touchscreen.serving import served

BEATS = """
    async ([beats, taken]) => {
      const { drawBeats } = await import("/static/screen/map_beats.js");
      const written = [];
      const fake = new Proxy({
        measureText: () => ({ width: 60 }), fillText: (...one) => written.push(one),
      }, { get: (own, name) => own[name] ?? (() => {}), set: () => true });
      const camera = { width: 400, height: 300, toScreen: (x, y) => [x, y] };
      drawBeats(fake, camera, beats, taken);
      return written;
    }
"""


COVERED: Final = """async () => {
  const { spared } = await import("/static/screen/map_car.js");
  const canvas = document.getElementById("map");
  const from = canvas.getBoundingClientRect();
  const buttons = [...document.querySelectorAll(".zoom button")].filter((one) => one.checkVisibility())
    .map((one) => one.getBoundingClientRect());
  const covered = buttons.map(({ left, top, right, bottom }) => (
    { left: left - from.left, top: top - from.top, right: right - from.left, bottom: bottom - from.top }));
  const [, scale] = spared({ width: canvas.clientWidth, height: canvas.clientHeight, covered });
  return covered.map((one) => [Math.min(one.right, scale.right) - Math.max(one.left, scale.left),
    Math.min(one.bottom, scale.bottom) - Math.max(one.top, scale.top)]);
}"""
"""How far each button of the map reaches over its scale, pixels across and down."""


def test_no_button_lies_over_the_scale(chromium: Browser, scene: Scene) -> None:
    """It stands at the bottom, or at the top where a button is there; on every panel."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        for panel in PANELS:
            put_on(page, *panel)
            over = page.evaluate(COVERED)
            assert len(over) == 3, panel
            assert all(min(one) <= 0 for one in over), panel


def test_main_streets_are_drawn_stronger(chromium: Browser, scene: Scene) -> None:
    """Seen from above the town the main streets are there in their own colour, wider than a hair."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        for _ in range(2):
            press(page, "#zoom-out")
        shoot(page, "map-far-800x480-dark")
        assert page.evaluate(COUNT, "--map-main_street-far") > 1500
        assert page.evaluate(COUNT, "--map-street-far") > 0


def test_a_beats_name_is_written_whole(chromium: Browser, scene: Scene) -> None:
    """Moved in from the edge; that of a place out of sight is not written."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        for place, seen in (((10, 150), True), ((395, 290), True), ((-5, 150), False)):
            written: list[Any] = page.evaluate(BEATS, [[[*place, "12"]], []])
            assert len(written) == seen, place
            for _, x, y in written:
                assert 34 <= x <= 366
                assert 0 < y < 300


TAKEN: Final[tuple[tuple[list[dict[str, int]], list[Any]], ...]] = (
    ([], [["Beat 12", 200, 150]]),
    ([{"left": 150, "top": 140, "right": 260, "bottom": 200}], [["Beat 12", 200, 122]]),
    ([{"left": 0, "top": 0, "right": 400, "bottom": 300}], []),
)
"""What is taken on the map, and what is then written of a beat."""


def test_a_beats_name_is_written_where_no_box_is(chromium: Browser, scene: Scene) -> None:
    """At its place, or at the nearest free one, or not at all."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        for taken, written in TAKEN:
            assert page.evaluate(BEATS, [[[200, 150, "12"]], taken]) == written, taken
