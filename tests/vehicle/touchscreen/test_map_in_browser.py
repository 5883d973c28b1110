"""The map as it is drawn: main streets stand out, and no beat's name is under a box."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened, press, shoot
from tests.vehicle.touchscreen.serving import served

COUNT = """
    name => {
      const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const canvas = document.getElementById("map");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) found += wanted.every((value, at) => data[i + at] === value);
      return found;
    }
"""
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


def test_main_streets_are_drawn_stronger(chromium: Browser, scene: Scene) -> None:
    """Seen from above the town the main streets are there in their own colour, wider than a hair."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        for _ in range(2):
            press(page, "#zoom-out")
        shoot(page, "map-far-800x480-dark")
        assert page.evaluate(COUNT, "--map-main_street-far") > 1500
        assert page.evaluate(COUNT, "--map-street-far") > 0


@pytest.mark.parametrize(
    ("taken", "at"),
    [
        ([], [200, 150]),
        ([{"left": 150, "top": 140, "right": 260, "bottom": 200}], [200, 126]),
        ([{"left": 0, "top": 0, "right": 400, "bottom": 300}], None),
    ],
)
def test_a_beats_name_is_written_where_no_box_is(
    taken: list[dict[str, int]], at: list[int] | None, chromium: Browser, scene: Scene
) -> None:
    """At its place, or at the nearest free one, or not at all."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        written: list[Any] = page.evaluate(BEATS, [[[200, 150, "12"]], taken])
    assert written == ([["Beat 12", *at]] if at else [])
