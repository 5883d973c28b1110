"""Street names on the screen: where boxes are, and along the streets of the map, over nothing else."""

from typing import Any, Final

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened, press, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.town import Town

DRAW = """
    async ([streets, scale, up, taken]) => {
      const { drawStreets } = await import("/static/screen/map_streets.js");
      const written = [];
      const fake = new Proxy({
        measureText: (words) => ({ width: 10 * words.length }), fillText: (words) => written.push(words),
      }, { get: (own, name) => own[name] ?? (() => {}), set: (own, name, value) => Reflect.set(own, name, value) });
      const camera = {
        x: 0, y: 0, width: 400, height: 300, metresPerPixel: scale, up,
        toScreen: (x, y) => [200 + x / scale, 150 - y / scale],
      };
      const all = [...taken];
      drawStreets(fake, camera, streets, all);
      return [written, all.slice(taken.length)];
    }
"""
TWO: Final[dict[str, Any]] = {
    "names": ["Main", "4th"],
    "main": 1,
    "labels": [[0, 0, 100, 0, 200], [1, -100, -60, 90, 200]],
}


FAR_OUT: Final[tuple[tuple[float, list[str]], ...]] = (
    (1.0, ["Main", "4th"]),
    (4.0, ["Main", "4th"]),
    (4.1, ["Main"]),
    (8.0, ["Main"]),
    (8.1, []),
)
"""Metres a pixel, and which of them have a name there."""


def drawn(page: Page, streets: dict[str, Any], scale: float = 1.0, up: float = 0.0, taken: tuple[Any, ...] = ()) -> Any:
    """Names that are written on a map of 400 × 300 pixels, and their rectangles."""
    return page.evaluate(DRAW, [streets, scale, up, list(taken)])


def test_a_box_is_called_by_its_crossing(client: FlaskClient, scene: Scene) -> None:
    """The next box, the visit's, and the sheet that says why."""
    scene.explained()
    state = client.get("/api/state").json
    assert state is not None
    assert state["target"]["place"] == "19th / Granite"
    answer = client.get(f"/api/why/{state['target']['id']}").json
    assert answer is not None
    assert answer["place"] == "19th / Granite"


def test_labels_are_in_metres_from_the_maps_origin(client: FlaskClient, town: Town) -> None:
    """As the lines are: the same point of the plane as in the bundle."""
    answer, places = client.get("/api/map").json, town.agency.places
    assert answer is not None
    assert places is not None
    streets = answer["streets"]
    assert (streets["names"], streets["main"]) == (list(places.names), places.main)
    first, (name, x, y, bearing, straight) = streets["labels"][0], next(places.written())
    place = x + places.origin[0] - answer["origin"][0], y + places.origin[1] - answer["origin"][1]
    assert first == [name, *place, bearing, straight]


def test_the_cards_and_the_sheet_say_where(chromium: Browser, scene: Scene) -> None:
    """On patrol and in the visit, in words that are not cut off."""
    scene.explained()
    with served(scene.bench) as port, opened(chromium, port) as page:
        assert page.inner_text("#next-place") == "19th / Granite"
        press(page, "#why")
        page.wait_for_selector("#why-sheet[open]")
        assert page.inner_text("#why-title") == "Why 19th / Granite · box 238"
        shoot(page, "why-with-a-place-800x480-dark")
        page.click("#why-close")
        scene.bench.drive(scene.near(480.0, -330.0), scene.near(20.0, -15.0), 45)
        scene.bench.stay(scene.cell, 10)
        page.wait_for_selector("#ring-place:visible")
        assert page.inner_text("#ring-place") == "19th / Granite"


def test_far_out_only_main_streets_have_names(chromium: Browser, scene: Scene) -> None:
    """Side streets up to 4 metres a pixel, main ones up to 8; each only where its street is straight for so long."""
    long, short = ({**TWO, "labels": [[*label[:4], metres] for label in TWO["labels"]]} for metres in (2000, 20))
    with served(scene.bench) as port, opened(chromium, port) as page:
        for scale, names in FAR_OUT:
            assert drawn(page, long, scale)[0] == names, scale
            assert drawn(page, short, scale)[0] == [], scale


def test_names_lie_over_nothing_and_not_over_one_another(chromium: Browser, scene: Scene) -> None:
    """Not over what is taken, beyond the edge, or over an earlier name; the same name not twice near itself."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        assert drawn(page, TWO, taken=({"left": 0, "top": 0, "right": 400, "bottom": 140},))[0] == ["4th"]
        again = {**TWO, "labels": [*TWO["labels"], [0, 0, 0, 0, 200], [1, 0, 90, 90, 200], [0, 195, 0, 0, 200]]}
        assert drawn(page, again)[0] == ["Main", "4th"]
        _, boxes = drawn(page, again, up=0.6)
        assert len(boxes) >= 1
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                assert (
                    one["right"] < other["left"]
                    or other["right"] < one["left"]
                    or (one["bottom"] < other["top"] or other["bottom"] < one["top"])
                )


def test_words_are_never_upside_down(chromium: Browser, scene: Scene) -> None:
    """However the map is turned they read from left to right, or upward."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        angles = page.evaluate("""async () => {
          const { upright } = await import("/static/screen/map_streets.js");
          return Array.from({ length: 720 }, (_, step) => upright((step - 360) * Math.PI / 90));
        }""")
    assert all(-1.5708 <= angle < 1.5608 for angle in angles)
