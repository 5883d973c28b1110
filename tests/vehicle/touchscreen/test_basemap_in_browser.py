"""The basemap under the boxes: where its streets lie, by day and by night; the plain map where it cannot be drawn."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page
from pyproj import Transformer

from edge.agency.basemap import make_basemap
from edge.domain.grid import centre
from edge.vehicle.basemap.basemap import Basemap
from edge.vehicle.touchscreen.release import MAP_SOFTWARE
from edge.vehicle.view.snapshot import BasemapView
from tests.agency.osm_town import METRE, SHORE_M, write_extract
from tests.vehicle.touchscreen.pixels import COUNT, luminance
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import BY_ROOM, THEMES, Panel, opened, press, put_on, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_canvas_text_in_browser import ELSEWHERE, HERE, NOTED, READ_MM
from tests.vehicle.touchscreen.test_driving_in_browser import drive_on
from tests.vehicle.touchscreen.test_redraws_in_browser import COUNT as DRAWS
from tests.vehicle.touchscreen.test_redraws_in_browser import draws
from tests.vehicle.touchscreen.town import Town

SECONDS: Final = 8
STREETS: Final = f"() => ({COUNT})('--map-street') + ({COUNT})('--map-street-far') > 100"
PAINT: Final = """
    async ([version, scale, middle, points]) => {
      const { Basemap } = await import("/static/screen/basemap.js");
      const map = await (await fetch("/api/map")).json();
      const [width, height] = [900, 700];
      const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
      const [x, y] = [middle[0] - map.origin[0], middle[1] - map.origin[1]];
      const view = { context, width, height, scale, left: x - (width / 2) * scale, top: y + (height / 2) * scale };
      const basemap = new Basemap(() => {});
      basemap.load(map);
      await basemap.follow(version);
      if (!basemap.ready(view, () => {})) await new Promise((done) => basemap.ready(view, done));
      const names = basemap.paint(view);
      const style = getComputedStyle(document.documentElement);
      const colours = Object.fromEntries(["street", "main_street", "water", "green", "building", "street-far",
        "main_street-far"].map((name) => [style.getPropertyValue(`--map-${name}`).trim(), name]));
      const at = ([east, north]) => {
        const { data } = context.getImageData(width / 2 + east / scale, height / 2 - north / scale, 1, 1);
        const hex = [...data].slice(0, 3).map((one) => one.toString(16).padStart(2, "0")).join("");
        return data[3] === 0 ? null : colours[`#${hex}`];
      };
      return [points.map(at), names];
    }
"""
"""What is painted at places, metres east and north of the middle of a canvas; and the names."""

NONSENSE: Final = """
    export class LineSymbolizer {}
    export class PolygonSymbolizer {}
    export class View {
      dataTilesForBounds() {
        return [{ dataTile: { z: 14, x: 0, y: 0 }, scale: 1, origin: { x: 0, y: 0 }, dim: 512 }];
      }
    }
    export class PmtilesSource {
      p = { getHeader: async () => ({ maxZoom: 14 }) };
      async get() {
        return new Map([["name", [{ geom: [], props: {} }]]]);
      }
    }
    export const paint = (context) => context.translate(1e6, 1e6);
"""
"""A reader whose tiles have a name without a place, and a painter that leaves the canvas askew."""


CREDIT: Final = """async () => {
  const { creditBox } = await import("/static/screen/map_credit.js");
  const canvas = document.getElementById("map");
  const camera = { width: canvas.clientWidth, height: canvas.clientHeight, covered: [] };
  const { left, top, right, bottom } = creditBox(document.createElement("canvas").getContext("2d"), camera);
  return [left, top, right, bottom, camera.width, camera.height];
}"""
"""The rectangle that the credit takes, and the map's size, pixels."""


@dataclass(frozen=True)
class Streets:
    """A town's basemap around the car: the file, and the middle of its streets in the plane."""

    basemap: Basemap
    version: str
    middle: tuple[float, float]


@pytest.fixture(scope="module")
def streets(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Streets:
    """Two streets that cross where the scene's car stands, and what is around them."""
    if not MAP_SOFTWARE.is_file():
        pytest.skip("needs what draws the basemap: run make vendor where npm is installed")
    folder, grid, box = tmp_path_factory.mktemp("streets"), town.agency.grid, centre(town.plan.patrols[0].cell)
    middle = box[0] + 400.0, box[1] - 300.0
    lon, lat = Transformer.from_crs(grid.epsg, 4326, always_xy=True).transform(*middle)
    make_basemap(write_extract(folder / "osm.pbf", lat, lon), town.agency, folder / "basemap.pmtiles")
    basemap = Basemap(folder / "basemap.pmtiles", grid, drawn=True)
    version = basemap.look().version
    assert version is not None
    return Streets(basemap, version, middle)


@contextmanager
def shown(
    browser: Browser, scene: Scene, streets: Streets, size: tuple[int, int] = (800, 480), script: str = ""
) -> Iterator[Page]:
    """The screen once the basemap is on it; the content security policy has had nothing to say."""
    scene.bench.basemap = BasemapView(streets.version)
    with (
        served(scene.bench, opened=streets.basemap.opened) as port,
        opened(browser, port, size=size, script=script) as page,
    ):
        wait_until_drawn(page)
        yield page


def wait_until_drawn(page: Page) -> None:
    """The park is on the map: no bundle has one."""
    page.wait_for_function(f"() => ({COUNT})('--map-green') > 100")


def place(town: Town, streets: Streets, east: float, north: float) -> tuple[float, float]:
    """Where the extract has a point, as metres of the plane from the middle: its metres are degrees'."""
    grid = town.agency.grid
    lon, lat = Transformer.from_crs(grid.epsg, 4326, always_xy=True).transform(*streets.middle)
    x, y = Transformer.from_crs(4326, grid.epsg, always_xy=True).transform(
        lon + east * METRE / 0.77, lat + north * METRE
    )
    return x - streets.middle[0], y - streets.middle[1]


WHERE: Final[dict[str | None, list[tuple[float, float]]]] = {
    "main_street": [(0.0, 300.0), (0.0, -300.0)],
    "street": [(200.0, 0.0), (-300.0, 0.0)],
    "green": [(-486.0, 114.0), (-364.0, 236.0)],
    "water": [(-486.0, -386.0), (-314.0, -214.0), (SHORE_M + 14.0, 300.0)],
    "building": [(108.0, 108.0), (122.0, 122.0)],
    None: [(30.0, 300.0), (200.0, 30.0), (-514.0, 114.0), (-514.0, -386.0), (SHORE_M - 14.0, 300.0), (90.0, 90.0)],
}
"""What lies at places of the extract, metres."""


def test_all_lies_where_it_is(chromium: Browser, scene: Scene, streets: Streets, town: Town) -> None:
    """To a pixel or two, at every zoom: the tiles' world and the agency's plane are turned and stretched otherwise."""
    places = [(name, place(town, streets, *one)) for name, many in WHERE.items() for one in many]
    scene.patrol()
    with shown(chromium, scene, streets) as page:
        for scale in (2.0, 3.1, 8.0):
            kinds = {*WHERE} if scale < 5.0 else {"green", "water", "main_street"}  # a side street is narrower there
            near = [(kind, at) for kind, at in places if kind in kinds and max(map(abs, at)) < 330 * scale]
            asked = [list(at) for _, at in near]
            found, names = page.evaluate(PAINT, [streets.version, scale, streets.middle, asked])
            assert [(one or "").removesuffix("-far") for one in found] == [kind or "" for kind, _ in near], scale
            if scale == 2.0:
                origin = page.evaluate("async () => (await (await fetch('/api/map')).json()).origin")
                _named(names, place(town, streets, -250.0, 250.0), streets, origin)


def _named(names: Any, quarter: tuple[float, float], streets: Streets, origin: list[float]) -> None:
    """The streets' as the bundle has them, main ones first; of park, water and quarter at a place inside."""
    assert names["streets"]["names"] == ["Main", "4th"]
    assert names["streets"]["main"] == 1
    assert {name for name, *_ in names["streets"]["labels"]} == {0, 1}
    assert {(name, kind) for _, _, name, kind in names["areas"]} == {
        ("City Park", "park"), ("Mirror Lake", "water"), ("Old Town", "place"),
    }  # fmt: skip
    x, y, *_ = next(one for one in names["areas"] if one[2] == "Old Town")
    here = x + origin[0] - streets.middle[0], y + origin[1] - streets.middle[1]
    assert here == pytest.approx(quarter, abs=1.0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(800, 480), pytest.param((1280, 800), marks=pytest.mark.long)])
def test_it_is_on_the_screen(
    size: tuple[int, int], theme: str, chromium: Browser, scene: Scene, streets: Streets
) -> None:
    """In the theme's colors, and dark at night; the plan's boxes are drawn over it as ever."""
    scene.patrol()
    scene.bench.show(theme=theme)
    with shown(chromium, scene, streets, size) as page:
        shoot(page, f"basemap-{size[0]}x{size[1]}-{theme}")
        assert page.evaluate(STREETS)
        assert page.evaluate(COUNT, "--map-land") > 100
        if theme == "night":
            assert luminance(page) <= 0.10
            scene.bench.show(theme=theme, power="dim", shade=0.8)
            page.wait_for_selector("body[data-power=dim]")
            page.wait_for_timeout(400)
            assert luminance(page) <= 0.03


@pytest.mark.parametrize("driven", [False, True])
@pytest.mark.parametrize("panels", BY_ROOM)
def test_what_is_written_on_it_is_as_large_as_all_else(
    chromium: Browser, scene: Scene, streets: Streets, panels: tuple[Panel, ...], *, driven: bool
) -> None:
    """Whose map it is, the names of parks and water: 3.8 mm, and within the map."""
    scene.patrol()
    if driven:
        drive_on(scene)
    scene.bench.basemap = BasemapView(streets.version)
    with (
        served(scene.bench, opened=streets.basemap.opened) as port,
        opened(chromium, port, script=NOTED, size=ELSEWHERE) as page,
    ):
        for width, height, diagonal in panels:
            mm = put_on(page, width, height, diagonal)
            page.wait_for_function(f"() => {HERE}.some(([words]) => words.startsWith('©'))")
            shoot(page, f"basemap-{width}x{height}-{'driven' if driven else 'parked'}")
            assert [one for one in page.evaluate(HERE) if one[1] < READ_MM * mm - 0.01] == [], (width, height)
            left, top, right, bottom, wide, high = page.evaluate(CREDIT)
            assert 0 <= left < right <= wide, (width, height)
            assert 0 <= top < bottom <= high, (width, height)


def test_while_driving_it_turns_with_the_car(chromium: Browser, scene: Scene, streets: Streets) -> None:
    """Heading up; drawn at most twice a second, and not at all for a parked car."""
    scene.patrol()
    x, y = scene.near(480.0, -330.0)

    def drive(second: int) -> None:
        scene.bench.at(x - 12.0 * second, y + 6.0 * second, speed=12.0)

    def stand(second: int) -> None:
        scene.bench.at(x - 12.0 * SECONDS + second % 2, y + 6.0 * SECONDS)

    with shown(chromium, scene, streets, script=DRAWS) as page:
        page.clock.install()
        assert draws(page, scene, drive, SECONDS) <= 2 * SECONDS
        wait_until_drawn(page)
        shoot(page, "basemap-driving-800x480-night")
        draws(page, scene, stand, SECONDS)
        assert draws(page, scene, stand, 3) == 0


def test_another_file_takes_its_place(chromium: Browser, scene: Scene, streets: Streets, tmp_path: Path) -> None:
    """Without a reload: none, then one again."""
    scene.patrol()
    with shown(chromium, scene, streets) as page:
        scene.bench.basemap = BasemapView()
        scene.bench.show(brightness=1)
        page.wait_for_function(f"() => ({COUNT})('--map-green') === 0")
        scene.bench.basemap = BasemapView(streets.version)
        scene.bench.show(brightness=0)
        wait_until_drawn(page)


def test_the_first_drawing_has_it(chromium: Browser, scene: Scene, streets: Streets) -> None:
    """Nothing is drawn that would be drawn again at once: a basemap that is about to be there is waited for."""
    scene.patrol()
    noted = f"""
      window.green = [];
      const {{ drawImage }} = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.drawImage = function (...all) {{
        drawImage.apply(this, all);
        window.green.push(({COUNT})("--map-green") > 100);
      }};"""
    with shown(chromium, scene, streets, script=noted) as page:
        assert page.evaluate("green[0]")


@pytest.mark.parametrize("broken", ["no software", "gone", "changed", "nonsense", "no answer"])
def test_what_cannot_be_drawn_leaves_the_plain_map(
    broken: str, chromium: Browser, scene: Scene, streets: Streets, tmp_path: Path
) -> None:
    """No software, no file, no answer, a tile changed or nonsense: the bundle's streets, and all works."""
    scene.patrol()
    scene.bench.basemap = BasemapView(streets.version)
    copy = Path(shutil.copy(streets.basemap.path, tmp_path / "basemap.pmtiles"))
    if broken == "changed":
        content = copy.read_bytes()
        copy.write_bytes(content[:2000] + bytes(len(content) - 2000))
    asked: list[str] = []
    with served(scene.bench, opened=lambda _: None if broken == "gone" else copy.open("rb")) as port:
        context = chromium.new_context(viewport={"width": 800, "height": 480})
        page = context.new_page()
        page.on("response", lambda response: asked.append(response.url))
        if broken == "no software":
            page.route("**/static/vendor/*", lambda route: route.fulfill(status=404))
        if broken == "nonsense":
            page.route("**/static/vendor/*", lambda route: route.fulfill(content_type="text/javascript", body=NONSENSE))
        if broken == "no answer":
            page.route("**/*.pmtiles", lambda _: None)
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("body:not([data-mode=loading])")
        page.wait_for_function(STREETS)
        press(page, "#zoom-out")
        press(page, "#zoom-in")
        assert page.evaluate(STREETS)
        assert page.evaluate(COUNT, "--map-green") == 0
        context.close()
    assert broken == "no answer" or any("basemap" in one for one in asked)


def test_without_a_basemap_nothing_of_it_is_loaded(chromium: Browser, scene: Scene) -> None:
    """The page is as light as before."""
    scene.patrol()
    asked: list[str] = []
    with served(scene.bench) as port:
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_function(STREETS)
        page.close()
    assert not [one for one in asked if "vendor" in one or ".pmtiles" in one]


def test_the_manifest_names_what_is_inside() -> None:
    """Each package with version, license, hash, and its license's text beside it."""
    if not MAP_SOFTWARE.is_file():
        pytest.skip("needs what draws the basemap: run make vendor where npm is installed")
    folder = MAP_SOFTWARE.parent
    manifest: dict[str, Any] = json.loads((folder / "MANIFEST.json").read_text("utf-8"))
    assert manifest["file"] == MAP_SOFTWARE.name
    assert {"protomaps-leaflet", "pmtiles"} <= {one["name"] for one in manifest["packages"]}
    for one in manifest["packages"]:
        assert one["integrity"].startswith("sha512-")
        assert one["license"] in ("BSD-3-Clause", "ISC", "MIT")
        assert "opyright" in (folder / one["text"]).read_text("utf-8")
        assert f"node_modules/{one['name']}/" in MAP_SOFTWARE.read_text("utf-8")
