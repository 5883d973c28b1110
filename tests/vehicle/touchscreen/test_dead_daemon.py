"""The real daemon frozen, killed and restarted under the open screen: its face is never live while it is not."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.text.words import CATALOGUE
from tests.vehicle.touchscreen.live_car import LiveCar, live_car
from tests.vehicle.touchscreen.screen_page import VEHICLE_GONE, opened, press, shoot
from tests.waiting import wait_for

GREY_S: Final = 5.0
WRONG_S: Final = 1.0
FLOOR_S: Final = 1.0  # a clock shows whole seconds: 08:46 is anything up to 08:47
STARTING: Final = Path(__file__).resolve().parents[3] / "firmware_config" / "kiosk" / "starting.html"

WATCH: Final = """
  window.seen = [];
  window.spoke = 0;
  const note = () => {
    const clock = document.getElementById("ring-clock");
    const now = performance.now() / 1000;
    if (clock) window.seen.push([now, document.body.dataset.connection, clock.textContent, now - window.spoke]);
  };
  setInterval(note, 50);
  const Plain = window.EventSource;
  window.EventSource = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => { window.spoke = performance.now() / 1000; });
    }
  };
  const ask = window.fetch;
  window.fetch = async (...given) => {
    const answer = await ask(...given);
    if (String(given[0]) === "/api/state") window.spoke = performance.now() / 1000;
    return answer;
  };
"""
"""Notes 20 times a second what the face shows, and when the vehicle was heard last."""


@pytest.fixture(scope="module")
def car(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCar]:
    """A real car in a visit."""
    with live_car(tmp_path_factory.mktemp("live")) as made:
        yield made


@pytest.fixture
def page(chromium: Browser, car: LiveCar) -> Iterator[Page]:
    """Its screen, watched."""
    with opened(chromium, car.port, expected=VEHICLE_GONE, script=WATCH) as made:
        expect(made.locator("#ring-panel")).to_be_visible()
        yield made


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return 60 * int(minutes) + int(seconds)


def _seen(page: Page) -> list[list[Any]]:
    """What was noted: second, connection, the ring's clock, how long ago the vehicle was heard."""
    noted: list[list[Any]] = json.loads(page.evaluate("JSON.stringify(window.seen)"))
    return noted


def _became_grey_in_time(page: Page) -> None:
    """No later than 5 s after the last word, as far as the machine let the watch itself look in time."""
    page.wait_for_function("() => window.seen.some(([at, connection]) => connection === 'lost' && at > window.spoke)")
    noted, spoke = _seen(page), page.evaluate("window.spoke")
    grey = next(at for at, connection, *_ in noted if connection == "lost" and at > spoke)
    before = max(at for at, *_ in noted if at < grey)
    assert before - spoke <= GREY_S


def _is_grey(page: Page, name: str) -> None:
    expect(page.locator("#sentence-head")).to_have_text("NOT CONNECTED")
    expect(page.locator("#sentence-tail")).to_have_text(
        "last known " + page.evaluate("document.getElementById('fact-clock').textContent").split()[0]
    )
    shoot(page, name)
    assert page.evaluate("[...document.querySelectorAll('button')].filter((one) => one.checkVisibility()"
                         " && !one.closest('[inert]')).length") == 0  # fmt: skip
    shown = page.evaluate("getComputedStyle(document.querySelector('.floor')).filter")
    assert shown == "grayscale(1)"


def _right_again(car: LiveCar, page: Page) -> None:
    """The ring's clock is the daemon's, where the machine lets both be read at one time."""
    wait_for(lambda: abs(_seconds(page.inner_text("#ring-clock")) - car.left()) <= WRONG_S + FLOOR_S)


def test_a_frozen_daemon_leaves_a_grey_face_whose_clocks_stand(car: LiveCar, page: Page) -> None:
    """Within 5 s; no second that was shown differs by more than 1 from what the daemon goes on with. It comes back."""
    left = car.left()
    car.daemon.send(signal.SIGSTOP)
    wait_for(car.daemon.frozen)
    try:
        mark = page.evaluate("window.seen.length")
        _became_grey_in_time(page)
        _is_grey(page, "not-connected-800x480-dark")
        ring = page.inner_text("#ring-clock")
        page.wait_for_timeout(1500)
        assert page.inner_text("#ring-clock") == ring
        shown = [_seconds(clock) for _, _, clock, _ in _seen(page)[mark:]]
    finally:
        car.daemon.send(signal.SIGCONT)
    page.wait_for_selector("body[data-connection=live]")
    expect(page.locator("#sentence-head")).to_contain_text("IN BOX")
    assert all(left - WRONG_S - FLOOR_S <= one <= left + WRONG_S for one in shown), (left, shown)
    page.wait_for_function("() => Number(document.getElementById('ring-clock').textContent.slice(3)) >= 0")
    _right_again(car, page)


def test_a_killed_daemon_leaves_a_grey_face_until_it_is_back(car: LiveCar, page: Page) -> None:
    """The page is not loaded anew; the visit is there again, and the first tap is taken."""
    page.evaluate("window.same = true")
    car.daemon.kill()
    _became_grey_in_time(page)
    _is_grey(page, "not-connected-after-kill-800x480-dark")
    car.daemon.start()
    page.wait_for_selector("body[data-connection=live]")
    car.wait_for_mode("visit")
    expect(page.locator("#sentence-head")).to_contain_text("IN BOX")
    assert page.evaluate("window.same")
    _right_again(car, page)
    press(page, ".tactic")
    expect(page.locator(".tactic").first).to_have_attribute("aria-pressed", "true")


def test_a_dropped_stream_alone_is_not_seen(chromium: Browser, car: LiveCar) -> None:
    """The screen asks for the state instead: never grey, and its clock is the daemon's."""
    with ExitStack() as stack:
        page = stack.enter_context(opened(chromium, car.port, expected=("ERR_FAILED",), script=WATCH))
        page.route("**/api/stream", lambda route: route.abort())
        page.reload()
        page.wait_for_selector("body[data-mode=visit]")
        page.wait_for_timeout(6000)
        assert all(connection == "live" or unheard > GREY_S for _, connection, _, unheard in _seen(page))
        _right_again(car, page)


def test_the_starting_page_waits_for_the_daemon_and_goes_to_its_screen(chromium: Browser, car: LiveCar) -> None:
    """A kiosk opens a file of this computer; nothing of the daemon's guard is loosened for it."""
    car.daemon.kill()
    with ExitStack() as stack:
        context = chromium.new_context(viewport={"width": 800, "height": 480})
        stack.callback(context.close)
        page = context.new_page()
        page.goto(f"{STARTING.as_uri()}?{car.port}")
        expect(page.locator("#clock")).to_have_text("0:01")
        shoot(page, "starting-800x480")
        car.daemon.start()
        page.wait_for_url(f"http://127.0.0.1:{car.port}/")
        page.wait_for_selector("body[data-mode=visit]")


def test_the_starting_page_says_the_catalogues_words() -> None:
    """It cannot load them, so they stand there once more."""
    page = STARTING.read_text(encoding="utf-8")
    assert all(f">{words}<" in page for words in CATALOGUE["starting"].values())
