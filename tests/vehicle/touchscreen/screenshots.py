"""The README's pictures of the touchscreen: ``make screenshots`` takes them anew, of the demo city's night.

The page, its server and the rules are the car's own; only the clock is moved by hand.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

import edge.vehicle.touchscreen
from edge.text.words import Notice
from edge.vehicle.view.snapshot import GpsView
from tests.browsers import QUIET
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.town import Town, build_town

FOLDER: Final = Path(edge.vehicle.touchscreen.__file__).parent
SIZE: Final = (1024, 600)


def _visit(scene: Scene) -> None:
    scene.visit()


def _driving(scene: Scene) -> None:
    """On the way to the next box."""
    scene.patrol()
    scene.bench.drive(scene.near(480.0, -330.0), scene.near(330.0, -230.0), 15)


PICTURES: Final[dict[str, Callable[[Scene], None]]] = {"screenshot": _visit, "screenshot-driving": _driving}
"""By the file's name, and what the car does in it."""


def main() -> int:
    """Take them all."""
    binary = shutil.which("chromium")
    if binary is None:
        sys.stderr.write("needs chromium (apt-get install chromium)\n")
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        town = build_town(Path(folder))
        browser = playwright.chromium.launch(executable_path=binary, args=QUIET, env={**os.environ})
        for name, play in PICTURES.items():
            _take(browser, town, name, play)
        browser.close()
    return 0


def _take(browser: Browser, town: Town, name: str, play: Callable[[Scene], None]) -> None:
    scene = Scene(Bench(town.agency), town.plan)
    scene.bench.gps = GpsView(Notice("gps.receiving", {"device": "/dev/gps"}))
    play(scene)
    with served(scene.bench) as port, opened(browser, port, size=SIZE) as page:
        page.wait_for_timeout(1500)  # the map, and a colour's transition
        page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
