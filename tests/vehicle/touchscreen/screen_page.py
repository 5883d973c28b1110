"""The screen in a browser as a test reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import hypot
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from playwright.sync_api import Browser, Page

from edge.vehicle.display.look import Theme

SHOTS: Final = Path(__file__).resolve().parents[3] / "build" / "screens"
SIZES: Final = ((800, 480), (1024, 600))
Panel: TypeAlias = tuple[int, int, float]
PANELS: Final[tuple[Panel, ...]] = (
    (800, 480, 7.0), (1024, 600, 7.0), (1280, 800, 10.1), (1920, 1080, 14.0), (600, 1024, 7.0), (390, 844, 6.1),
)  # fmt: skip
"""Every panel: pixels, and the diagonal in inches; the last one is a phone."""

LEAST_ROOM: Final = (PANELS[0], PANELS[4], PANELS[5])
BY_ROOM: Final = [
    pytest.param(LEAST_ROOM, id="least_room"),
    pytest.param(PANELS[1:4], id="more_room", marks=pytest.mark.long),
]
"""Panels that one page is tried on: those with the least room of each form; the others in long tests."""

VEHICLE_GONE: Final = (
    "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_INCOMPLETE", "ERR_CONTENT_LENGTH_MISMATCH", "ERR_EMPTY",
    "403",
)  # fmt: skip
"""What a browser's console says when the vehicle's software ends and begins anew, depending on where a request was."""

THEMES: Final[tuple[Theme, ...]] = ("night", "day")

STILL: Final = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  const moving = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.all(moving.map((one) => one.finished.catch(() => {})));
}"""


FITTED: Final = """() => [...document.querySelectorAll('[data-fitted]')].every((one) =>
  !one.checkVisibility() || one.dataset.fitted.split('|').at(-2) === String(one.clientWidth))"""
"""What has its size by its width has it by the width that it has now; the page looks each 0.2 s."""


MEASURED: Final = """mm => {
  const own = parseFloat(document.documentElement.style.getPropertyValue('--mm'));
  return Math.abs(own - mm) < 0.01;
}"""


@contextmanager
def opened(
    browser: Browser, port: int, expected: tuple[str, ...] = (), script: str = "", size: tuple[int, int] = SIZES[0]
) -> Iterator[Page]:
    """The small screen, or one of another size, as a browser without a color scheme of its own shows it.

    Afterwards the browser's console holds no complaint but the ``expected`` ones. ``script``: runs before the page's.
    """
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.add_init_script(script)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with page.expect_response("**/api/map"):
        page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("body:not([data-mode=loading])")
    yield page
    context.close()
    unexpected = [one for one in complaints if not any(part in one for part in expected)]
    assert not unexpected, unexpected


def wait_for_sentence(page: Page, pattern: str) -> None:
    """Wait until the state sentence, as it is seen, holds a regular expression."""
    page.wait_for_function(
        "pattern => new RegExp(pattern).test(document.querySelector('.sentence').innerText.replace(/\\s+/g, ' '))",
        arg=pattern,
    )


def settle(page: Page) -> None:
    """Wait until what can be tapped has stood still for as long as a finger needs: the page has drawn itself anew."""
    page.evaluate("async () => (await import('/static/screen/steady.js')).watchLayout()")
    page.wait_for_selector("body[data-settled=true]")


def press(page: Page, selector: str) -> None:
    """Tap the first that a selector finds, once a finger may."""
    page.locator(selector).first.wait_for()
    settle(page)
    page.locator(selector).first.click()


def ring_seconds(page: Page) -> int:
    """What the ring's clock shows, seconds."""
    minutes, seconds = page.inner_text("#ring-clock").removeprefix("+").split(":")
    return 60 * int(minutes) + int(seconds)


def still(page: Page) -> None:
    """Wait until what was changed is drawn, and no color or shape is on its way any more."""
    page.evaluate(STILL)


def resize(page: Page, width: int, height: int) -> None:
    """Another panel, and the page as it is there."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("size => innerWidth === size[0] && innerHeight === size[1]", arg=[width, height])
    still(page)
    page.wait_for_function(FITTED)


def put_on(page: Page, width: int, height: int, diagonal: float) -> float:
    """The page on a panel of so many pixels and inches, as it is there; gives its pixels per millimeter."""
    page.evaluate("diagonal => { document.body.dataset.diagonal = diagonal; }", str(diagonal))
    resize(page, width, height)
    mm = hypot(width, height) / (diagonal * 25.4)
    page.wait_for_function(MEASURED, arg=mm)
    settle(page)
    return mm


def shoot(page: Page, name: str) -> None:
    """Keep a picture under ``build/screens``, once the page is still."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    still(page)
    page.screenshot(path=SHOTS / f"{name}.png")
