"""What the browser makes of it: how soon a fix is in pixels, how often the map is drawn, how large the page is.

A real car hears two epochs a second, as in `screen`, while Debian's chromium shows it (without a graphics processor: it
draws on the same two cores). From the writing of an epoch until the frame with sentence and ring of its event, or a
later one's, has been handed over; and until the map is drawn for it, of fixes that the car has moved a pixel for. Then
the car is parked for half a minute.

First paint: of the page with its processor four times as slow; and until the basemap of a dense city is on it.
Memory: after an hour's drive in short (`tests.vehicle.touchscreen.hour`), what the page holds more than after its first
third. JavaScript: every script of the page and of the basemap, each compressed by gzip; waitress does not compress, so
this is what a proxy or a package would carry.
"""

import gzip
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import hypot
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Final, TypeAlias

import pynmea2
from playwright.sync_api import Browser, Page, sync_playwright

from edge.demo.drive import motions
from edge.demo.receiver import Receiver
from tests.benchmarks.dense import dense_basemap
from tests.benchmarks.processes import get
from tests.benchmarks.road import on_the_road
from tests.benchmarks.screen import APART_S, DIGITS, WARM
from tests.benchmarks.table import Figure, Goal
from tests.benchmarks.town import Town
from tests.browsers import QUIET
from tests.vehicle.touchscreen.hour import SCRIPT, held, live

FIXES: Final = 120
PARKED_S: Final = 30.0
MOVED_M: Final = 8.0
"""A pixel of the coarsest map that is chosen without a finger: a car that has moved less is drawn where it was."""
SLOWER: Final = 4
SIZE: Final = (800, 480)
WATCH: Final = """
  window.shown = [];
  window.drawn = [];
  let heard = null;
  const at = () => performance.timeOrigin + performance.now();
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...all) {
    window.drawn.push([heard, at()]);
    return drawImage.apply(this, all);
  };
  window.EventSource = class extends EventSource {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", (event) => {
        const latitude = JSON.parse(event.data).position.lat;
        heard = latitude;
        requestAnimationFrame(() => setTimeout(() => window.shown.push([latitude, at()])));
      });
    }
  };
"""
"""Notes which latitude is in pixels since when: once the frame after its event is done; and each drawing of the map."""

CREDITED: Final = """
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...all) {
    if (text.startsWith("©")) window.credited ??= performance.now();
    return fillText.call(this, text, ...all);
  };
"""

Place: TypeAlias = tuple[float, float]
Seen: TypeAlias = Sequence[tuple[float | None, float]]
"""A latitude, and since when it is seen, POSIX milliseconds."""


@dataclass
class Feed:
    """What the car's receiver says, at uneven times. ``written``: when, POSIX ms, and where, by latitude."""

    town: Town
    parked: bool = False
    written: dict[float, tuple[float, Place]] = field(default_factory=dict)

    def epochs(self) -> Iterator[tuple[float, bytes]]:
        """Without an end, each now; the car stands where it is once it is ``parked``."""
        city, random = self.town.site.city, Random("benchmark")  # noqa: S311 - noise, not a secret
        receiver, motion = Receiver(city.layout.tunnel, random), None
        for driven in motions(city, 1):
            motion = replace(motion, speed=0.0) if self.parked and motion is not None else driven
            time.sleep(random.uniform(*APART_S))
            sentences = receiver.epoch(time.time(), motion)
            yield time.time(), sentences
            first = pynmea2.parse(sentences.split()[0].decode())
            place = self.town.site.agency.grid.project(first.latitude, first.longitude)
            if first.latitude and place is not None:
                self.written[round(first.latitude, DIGITS)] = time.time() * 1e3, place
            yield time.time(), sentences


def figures(town: Town, folder: Path) -> list[Figure]:
    """Latencies, redraws, sizes, first paint, memory."""
    feed = Feed(town)
    with on_the_road(town, folder, feed.epochs()) as car, _chromium() as browser:
        pixels, drawn, redraws = _drive(browser, car.port, feed)
        parked, busy = _park(browser, car.port, feed)
        painted = sorted(_first_paint(browser, car.port) for _ in range(5))[2]
        grown = _grown(browser, car.port)
        size = _scripts(car.port)
    (folder / "mapped").mkdir()
    mapped = dense_basemap(town, folder)
    with on_the_road(town, folder / "mapped", Feed(town).epochs(), mapped) as car, _chromium() as browser:
        streets = sorted(_first_streets(browser, car.port) for _ in range(5))[2]
    return [
        Figure("fix → pixels of sentence and ring, p50", _percentile(pixels, 50), "ms"),
        Figure("fix → pixels of sentence and ring, p99", _percentile(pixels, 99), "ms", goal=Goal("figure", 100.0)),
        Figure("fix → map, p99", _percentile(drawn, 99), "ms", goal=Goal("figure", 500.0)),
        Figure("redraws of the map, driving", redraws, "a second", goal=Goal("figure", 2.0)),
        Figure("redraws of the map, parked", parked, "a second", goal=Goal("figure", 1.0)),
        Figure("processor time of the page, parked", busy, "% of a core"),
        Figure("first paint, processor 4 × slower", painted, "ms", goal=Goal("figure", 1000.0)),
        Figure("the same, until the basemap is drawn", streets, "ms", goal=Goal("figure", 2000.0)),
        Figure("JavaScript with the map's, compressed", size / 1e3, "kB", goal=Goal("figure", 250.0)),
        Figure("memory that a page gains in the last 40 min of an hour", grown / 1e3, "kB"),
    ]


def _percentile(values: Sequence[float], which: int) -> float:
    return quantiles(values, n=100, method="inclusive")[which - 1]


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@contextmanager
def _page(browser: Browser, port: int, script: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    page = context.new_page()
    page.add_init_script(script)
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("body:not([data-mode=loading])")
    yield page
    context.close()


def _drive(browser: Browser, port: int, feed: Feed) -> tuple[list[float], list[float], float]:
    """Milliseconds until pixels, until the map; and how often a second it is drawn."""
    with _page(browser, port, WATCH) as page:
        page.wait_for_function(f"() => window.shown.length > {WARM}", timeout=60_000)
        began, first = time.time() * 1e3, len(feed.written)
        page.wait_for_function(f"() => window.shown.length > {WARM + 2 * FIXES}", timeout=300_000)
        ended = time.time() * 1e3
        shown, drawn = page.evaluate("window.shown"), page.evaluate("window.drawn")
    redraws = sum(began <= at <= ended for _, at in drawn) / (ended - began) * 1e3
    return _delays(feed, shown, first, 0.0), _delays(feed, drawn, first, MOVED_M), redraws


def _delays(feed: Feed, seen: Seen, first: int, moved_m: float) -> list[float]:
    """From each fix to when it, or a later one, is first seen; of those that lie so far from the one seen before."""
    order, delays, last = list(feed.written), list[float](), first
    for latitude, at in seen:
        if latitude is None or (key := round(latitude, DIGITS)) not in feed.written:
            continue
        now = order.index(key)
        for one in order[last + 1 : now + 1]:
            if _apart(feed, order[last], one) >= moved_m:
                delays.append(at - feed.written[one][0])
        last = max(last, now)
    return delays


def _apart(feed: Feed, one: float, other: float) -> float:
    (x, y), (u, v) = feed.written[one][1], feed.written[other][1]
    return hypot(x - u, y - v)


def _park(browser: Browser, port: int, feed: Feed) -> tuple[float, float]:
    """Redraws a second of a parked car's map, and the page's processor time, % of a core."""
    feed.parked = True
    with _page(browser, port, WATCH) as page:
        page.wait_for_selector("body[data-driving=parked]", timeout=60_000)
        page.wait_for_timeout(3000)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        before, count = _busy_s(session.send("Performance.getMetrics")), page.evaluate("window.drawn.length")
        page.wait_for_timeout(PARKED_S * 1e3)
        after, last = _busy_s(session.send("Performance.getMetrics")), page.evaluate("window.drawn.length")
    return (last - count) / PARKED_S, 100.0 * (after - before) / PARKED_S


def _busy_s(metrics: dict[str, list[dict[str, float]]]) -> float:
    return next(one["value"] for one in metrics["metrics"] if str(one["name"]) == "ProcessTime")


def _first_paint(browser: Browser, port: int) -> float:
    """Milliseconds from the request until something is seen, with a slow processor and nothing kept."""
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    painted = float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    context.close()
    return painted


def _first_streets(browser: Browser, port: int) -> float:
    """Milliseconds from the request until the basemap's credit is written, which is when its streets are drawn."""
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    page = context.new_page()
    page.add_init_script(CREDITED)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"http://127.0.0.1:{port}/")
    drawn = float(page.wait_for_function("() => window.credited").json_value())
    context.close()
    return drawn


def _grown(browser: Browser, port: int) -> int:
    """Bytes."""
    with _page(browser, port, SCRIPT) as page:
        live(page, 20)
        before = held(page)
        live(page, 40)
        return held(page).heap - before.heap


def _scripts(port: int) -> int:
    """Bytes of every script that the page loads, each compressed."""
    asked, sizes = {"/static/screen/main.js", "/static/vendor/basemap.js"}, dict[str, int]()
    while new := asked - sizes.keys():
        path = new.pop()
        text = get(port, path)
        sizes[path] = len(gzip.compress(text))
        for found in re.findall(rb'(?:from|^import) "([^"]+)"', text, re.MULTILINE):
            name = found.decode()
            asked.add(name if name.startswith("/") else f"/static/screen/{name.removeprefix('./')}")
    return sum(sizes.values())
