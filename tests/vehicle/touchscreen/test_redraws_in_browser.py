"""How often the map is drawn: not at all while a car stands, twice a second while it drives, at once for a finger."""

import math
from collections.abc import Callable
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened, press
from tests.vehicle.touchscreen.serving import served

COUNT = """
  window.draws = 0;
  window.heard = [];
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...all) {
    window.draws += 1;
    return drawImage.apply(this, all);
  };
  window.EventSource = class extends EventSource {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", (event) => window.heard.push(JSON.parse(event.data).position.east));
    }
  };
"""
"""The ground is drawn by one `drawImage` each time that the map is."""

SECONDS = 20
JITTER_M = 1.2  # a parked receiver's usual wander


def heard(page: Page, scene: Scene) -> None:
    """Wait until the page has heard of the last position."""
    last = scene.bench.state.track.last
    assert last is not None
    page.wait_for_function("east => window.heard.at(-1) === east", arg=last.east)


def draws(page: Page, scene: Scene, move: Callable[[int], None], seconds: int = SECONDS) -> int:
    """Draw calls in so many seconds of the page's clock, a position each, which the page has heard."""
    page.clock.run_for(3000)
    before = int(page.evaluate("window.draws"))
    for second in range(seconds):
        move(second)
        heard(page, scene)
        page.clock.run_for(1000)
    return int(page.evaluate("window.draws")) - before


def test_a_parked_map_is_still(chromium: Browser, scene: Scene) -> None:
    """Neither the receiver's wander nor the seconds of a visit draw it; a box that changes its state does, once."""
    scene.arrive()
    random = Random(7)  # noqa: S311 - noise, not a secret
    x, y = scene.near(20.0, -15.0)

    def wander(_: int) -> None:
        scene.bench.at(x + random.uniform(-JITTER_M, JITTER_M), y + random.uniform(-JITTER_M, JITTER_M))

    def visited(_: int) -> None:
        scene.bench.elsewhere(scene.plan.patrols[4].box, 3, hours_ago=0.3)
        wander(0)

    with served(scene.bench) as port, opened(chromium, port, script=COUNT) as page:
        page.clock.install()
        assert draws(page, scene, wander, 3) <= 1  # settled
        assert draws(page, scene, wander) == 0
        assert draws(page, scene, visited, 1) == 1


def test_a_driven_map_is_drawn_at_most_twice_a_second(chromium: Browser, scene: Scene) -> None:
    """Once for each position that is one, and however many positions a second there are, never more than two."""
    scene.patrol()
    x, y = scene.near(480.0, -330.0)

    def drive(second: int) -> None:
        scene.bench.at(x - 12.0 * second, y + 3.0 * math.sin(second), speed=12.0)

    def fast(second: int) -> None:
        for tenth in range(10):
            scene.bench.at(x - 12.0 * (second + tenth / 10.0) - 400.0, y, speed=12.0)

    with served(scene.bench) as port, opened(chromium, port, script=COUNT) as page:
        page.clock.install()
        drive(0)
        page.wait_for_selector("body[data-driving=driving]")
        assert SECONDS - 2 <= draws(page, scene, drive) <= 2 * SECONDS
        assert draws(page, scene, fast, 5) <= 2 * 5 + 1


def test_a_finger_never_waits(chromium: Browser, scene: Scene) -> None:
    """Zoom and north up draw at once, however lately the map was drawn."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port, script=COUNT) as page:
        press(page, "#zoom-in")
        before = page.evaluate("window.draws")
        page.evaluate("for (const id of ['zoom-out', 'zoom-in']) document.getElementById(id).click()")
        assert page.evaluate("window.draws") == before + 2
        press(page, "#more")
        press(page, "#sheet-north")
        assert page.evaluate("window.draws") == before + 3


def test_a_parked_receivers_wander_turns_nothing(chromium: Browser, scene: Scene) -> None:
    """The course is the drive's, smoothed; standing, the car keeps it."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        courses = page.evaluate("""async () => {
          const { Track } = await import("/static/screen/map_track.js");
          const track = new Track();
          const seen = [];
          for (let s = 0; s < 20; s += 1) {
            track.take([12 * s, s % 2 ? 2 : -2], 2.8, false);
            seen.push(track.course);
          }
          const driven = track.course;
          for (let s = 0; s < 60; s += 1) track.take([228 + 1.2 * Math.sin(s), 1.2 * Math.cos(7 * s)], 2.8, true);
          return [seen.slice(2).map((one) => Math.abs(one - Math.PI / 2)), track.course === driven, track.place];
        }""")
    assert max(courses[0]) < math.radians(15.0)
    assert courses[1]
    assert courses[2] == [228, 2]


def test_the_cars_heading_is_up_unless_north_is_wanted(chromium: Browser, scene: Scene) -> None:
    """After a drive to the west the west is up, for map and compass alike."""
    scene.patrol()
    x, y = scene.near(480.0, -330.0)
    turned = "async () => (await import('/static/screen/heading.js')).turned()"
    with served(scene.bench) as port, opened(chromium, port, script=COUNT) as page:
        for second in range(1, 8):
            scene.bench.at(x - 12.0 * second, y, speed=12.0)
            heard(page, scene)
        assert page.evaluate(turned) == pytest.approx(-90.0, abs=2.0)
        scene.park()
        page.wait_for_selector("body[data-driving=parked]")
        press(page, "#more")
        press(page, "#sheet-north")
        assert page.evaluate(turned) == 0.0


def test_the_circle_of_accuracy_is_as_wide_as_it_is(chromium: Browser, scene: Scene) -> None:
    """In metres of the map, 68 % of the time the car is in it; never smaller than the car's own sign."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        radii = page.evaluate("""async () => {
          const { drawCar } = await import("/static/screen/map_car.js");
          const arcs = [];
          const fake = new Proxy({ arc: (x, y, radius) => arcs.push(radius) }, {
            get: (own, name) => own[name] ?? (() => {}), set: (own, name, value) => Reflect.set(own, name, value),
          });
          const camera = { width: 400, height: 300, metresPerPixel: 1.4, up: 0 };
          for (const accuracy of [4, 70, null]) drawCar(fake, camera, { quality: "good", accuracy }, 0);
          return arcs;
        }""")
    assert radii == pytest.approx([24.0, 50.0, 24.0])
