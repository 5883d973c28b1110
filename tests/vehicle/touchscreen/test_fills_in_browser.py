"""Boxes over water, on a screenshot: a lake of the basemap as large as the map."""

from typing import Final

import numpy as np
import pytest
from playwright.sync_api import Browser
from pyproj import Transformer

from edge.agency.basemap import make_basemap
from edge.domain.grid import centre
from edge.vehicle.basemap.basemap import Basemap
from edge.vehicle.touchscreen.release import MAP_SOFTWARE
from edge.vehicle.view.snapshot import BasemapView
from tests.agency.osm_town import Around
from tests.vehicle.touchscreen.colours import contrast, rgb
from tests.vehicle.touchscreen.pixels import COUNT
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import THEMES, opened, press, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_crime_types import SEEN, colors_of, count_of, mixed
from tests.vehicle.touchscreen.town import Town

LAKE_M: Final = 8000.0


@pytest.fixture(scope="module")
def lake(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Basemap:
    """A basemap that is water around the plan's first box, with one street."""
    if not MAP_SOFTWARE.is_file():
        pytest.skip("needs what draws the basemap: run make vendor where npm is installed")
    folder, grid = tmp_path_factory.mktemp("lake"), town.agency.grid
    lon, lat = Transformer.from_crs(grid.epsg, 4326, always_xy=True).transform(*centre(town.plan.patrols[0].cell))
    around = Around(lat, lon)
    around.square({"natural": "water"}, -LAKE_M / 2, -LAKE_M / 2, LAKE_M)
    around.way({"highway": "residential", "name": "Pier"}, (0.0, 0.0), (300.0, 0.0))
    make_basemap(around.file.write(folder / "osm.pbf"), town.agency, folder / "basemap.pmtiles")
    return Basemap(folder / "basemap.pmtiles", grid, drawn=True)


@pytest.mark.parametrize("theme", THEMES)
def test_fills_stand_out_on_water(chromium: Browser, scene: Scene, lake: Basemap, theme: str) -> None:
    """Boxes that are due, and one at its cap, have their fill there, 3 : 1 or better against the water around them."""
    scene.patrol()
    scene.bench.basemap = BasemapView(lake.look().version)
    scene.bench.show(theme=theme)
    colors = colors_of(theme)
    water = rgb(colors["water"])
    with (
        served(scene.bench, opened=lake.opened) as port,
        opened(chromium, port, size=(1280, 800)) as page,
    ):
        page.wait_for_function(f"() => ({COUNT})('--map-water') > 10000")
        press(page, "#zoom-out")
        page.wait_for_function(f"() => ({COUNT})('--map-water') > 10000")
        shoot(page, f"lake-1280x800-{theme}")
        assert count_of(page, [round(255 * one) for one in water]) > 10_000
        for status in ("due", "at_cap"):
            fill = mixed(colors[f"{status}-fill"], water)
            assert count_of(page, [round(255 * one) for one in fill]) > 200, status
            assert contrast(water, np.round(255 * fill) / 255) >= SEEN, status
