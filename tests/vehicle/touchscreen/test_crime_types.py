"""The plates of the crime types, from the one palette: the color-blind tell them apart, their letters can be read."""

import re
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

import edge.service
import edge.vehicle.touchscreen
from edge.text.words import CATALOGUE
from tests.vehicle.touchscreen.colours import MACHADO, Rgb, contrast, difference, rgb
from tests.vehicle.touchscreen.pixels import screenshot
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import THEMES, opened, press, shoot
from tests.vehicle.touchscreen.serving import served

PALETTE: Final = Path(edge.service.__file__).parent / "static" / "sheets" / "crime_types.css"
THEME: Final = Path(edge.vehicle.touchscreen.__file__).parent / "static" / "screen" / "theme.css"
COLORS: Final = dict(re.findall(r"--crime-([\w-]+): (#[0-9a-f]{6});", PALETTE.read_text("utf-8")))
TYPES: Final = tuple(CATALOGUE["crime_type"])
APART: Final = 15.0
READABLE: Final = 7.0
SEEN: Final = 3.0
STATUSES: Final = ("due", "later", "done", "at_cap", "suppressed")

GROUND_AND_FILLS: Final = """statuses => {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement("canvas").getContext("2d");
  return ["land", ...statuses.map((status) => `${status}-fill`)].map((name) => {
    for (const one of ["land", name]) {
      probe.fillStyle = style.getPropertyValue(`--map-${one}`).trim();
      probe.fillRect(0, 0, 1, 1);
    }
    return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });
}"""
"""The ground, and what each status' fill comes to on it, as the browser mixes it: red, green, blue."""


def test_every_crime_type_has_its_plate() -> None:
    """A color, one for its letters, and two letters of its own."""
    assert set(COLORS) == {f"{one}{part}" for one in TYPES for part in ("", "-text")}
    letters = [str(CATALOGUE["crime_type_letters"][one]) for one in TYPES]
    assert all(re.fullmatch("[A-Z]{2}", one) for one in letters)
    assert len(set(letters)) == len(TYPES) == 7


@pytest.mark.parametrize("vision", [None, *MACHADO])
def test_any_two_are_told_apart(vision: str | None) -> None:
    """By everybody, and by who has no red, no green, or no blue cones: CIE76 ΔE 15 or more (of the worst pair 26)."""
    worst = min(
        (difference(rgb(COLORS[one]), rgb(COLORS[other]), vision), one, other) for one, other in combinations(TYPES, 2)
    )
    assert worst[0] >= APART, worst


@pytest.mark.parametrize("kind", TYPES)
def test_the_letters_can_be_read(kind: str) -> None:
    """7 : 1 on their plate."""
    assert contrast(rgb(COLORS[kind]), rgb(COLORS[f"{kind}-text"])) >= READABLE


def colors_of(theme: str) -> dict[str, str]:
    """The map's colors of a theme, by name: ``#rrggbb``, of a fill ``#rrggbbaa``."""
    night, day = THEME.read_text("utf-8").split(':root[data-theme="day"]')
    return dict(re.findall(r"--map-([\w-]+): (#[0-9a-f]+);", day if theme == "day" else night))


def mixed(fill: str, below: Rgb) -> Rgb:
    """What a fill comes to on a ground."""
    share = int(fill[7:9], 16) / 255.0
    return share * rgb(fill[:7]) + (1.0 - share) * below


@pytest.mark.parametrize("ground", ["land", "outside", "green", "building", "water", "opt_out"])
@pytest.mark.parametrize("theme", THEMES)
def test_fills_stand_out_on_every_ground(theme: str, ground: str) -> None:
    """On a park, a house, on water as on bare land: 3 : 1 or better; and at a shore on either side of it."""
    colors = colors_of(theme)
    for status in STATUSES:
        fill, below = colors[f"{status}-fill"], rgb(colors[ground])
        assert contrast(below, mixed(fill, below)) >= SEEN, status
        if ground == "water":
            assert contrast(below, mixed(fill, rgb(colors["land"]))) >= SEEN, status
            assert contrast(rgb(colors["land"]), mixed(fill, below)) >= SEEN, status


def count_of(page: Page, color: list[int]) -> int:
    """How many pixels of what is seen have a color, to 2 of 255."""
    return int((abs(screenshot(page) - color) <= 2).all(axis=2).sum())


@pytest.mark.parametrize("theme", THEMES)
def test_fills_stand_out_and_plates_are_there(chromium: Browser, scene: Scene, theme: str) -> None:
    """On a screenshot each status has its fill, 3 : 1 or better against the ground; card and map have the plates."""
    scene.patrol()
    scene.bench.show(theme=theme)
    with served(scene.bench) as port, opened(chromium, port, size=(1280, 800)) as page:
        press(page, "#zoom-out")
        shoot(page, f"plates-1280x800-{theme}")
        land, *fills = page.evaluate(GROUND_AND_FILLS, STATUSES)
        assert count_of(page, land) > 1000
        assert count_of(page, fills[0]) > 1000
        kinds = {kind for box in scene.bench.snapshot().boxes[:8] for kind in box.crime_types}
        for kind in kinds:
            assert count_of(page, [round(255 * one) for one in rgb(COLORS[kind])]) > 100, kind
        target = scene.bench.snapshot().target
        assert target is not None
        shown = page.locator("#next-types .crime").all_inner_texts()
        assert shown == [CATALOGUE["crime_type_letters"][one] for one in target.crime_types]
        press(page, "#more")
        press(page, "#sheet-key")  # it has every status
        for status, fill in zip(STATUSES, fills, strict=True):
            assert count_of(page, fill) > 40, status
            assert contrast(np.array(land) / 255.0, np.array(fill) / 255.0) >= SEEN, status
