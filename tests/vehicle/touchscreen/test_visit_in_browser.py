"""An officer drives a whole visit on the screen, in chromium, on a clock that the test moves."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, Page, Route, expect

from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import (
    VEHICLE_GONE,
    opened,
    press,
    ring_seconds,
    shoot,
    still,
    wait_for_sentence,
)
from tests.vehicle.touchscreen.serving import served
from tests.waiting import wait_for


def test_a_whole_visit(chromium: Browser, scene: Scene) -> None:
    """Sign in, next box, arrival, timer, tactic, undo, pause, resume, move on, over-stay, closed."""
    scene.signed_out()
    with served(scene.bench) as port, opened(chromium, port) as page:
        for step in (_sign_in_to_the_next_box, _arrival, _tactic_and_undo, _call, _over_stay, _departure):
            step(page, scene)
    kinds = [event.data.type for event in scene.bench.posted]
    order = ["signed_in", "visit_opened", "visit_counted", "tactic_used", "tactic_undone", "tactic_used", "paused",
             "resumed", "prescribed_reached", "overstayed", "visit_left", "visit_closed"]  # fmt: skip
    assert [kind for kind in kinds if kind in order] == order


def _sign_in_to_the_next_box(page: Page, scene: Scene) -> None:
    wait_for_sentence(page, "^SIGN IN TO START")
    expect(page.locator("#sign-in-go")).to_be_disabled()
    for digit in "4711":
        press(page, f'#keypad [data-key="{digit}"]')
    press(page, "#sign-in-go")
    wait_for_sentence(page, r"^NEXT BOX \d+ [\d.]+ (ft|mi) ")
    assert scene.bench.snapshot().officer == "4711"
    coming = scene.bench.snapshot().next
    assert coming is not None
    expect(page.locator("#next-number")).to_have_text(str(coming.number))


def _arrival(page: Page, scene: Scene) -> None:
    scene.bench.drive(scene.near(900.0, -450.0), scene.near(20.0, -15.0), 60)
    scene.bench.stay(scene.cell, 10)
    wait_for_sentence(page, rf"^IN BOX {scene.number} ROBBERY · 14:\d\d left")
    expect(page.locator("#visits")).to_have_text("Visit 1 of 1")
    expect(page.locator("#ring-note")).to_have_text(re.compile(r"^counts in 0:[45]\d$"))
    scene.bench.stay(scene.cell, 60)
    expect(page.locator("#ring-note")).to_have_text("counted")


def _tactic_and_undo(page: Page, scene: Scene) -> None:
    tactic = scene.bench.agency.tactics[0]
    selector = f'[data-tactic="{tactic.id}"]'
    button = page.locator(selector)
    press(page, selector)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#undo")).to_contain_text(tactic.label)
    press(page, "#undo")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#undo")).to_be_hidden()
    press(page, selector)
    expect(button).to_have_attribute("aria-pressed", "true")
    scene.bench.stay(scene.cell, 6)
    expect(page.locator("#undo")).to_be_hidden()


def _call(page: Page, scene: Scene) -> None:
    press(page, "#call")
    wait_for_sentence(page, "^ON A CALL 0 min")
    before = scene.bench.snapshot().visit
    scene.bench.stay(scene.cell, 125)
    expect(page.locator("#paused-clock")).to_contain_text(re.compile("0[2-9]:"))
    press(page, "#resume")
    wait_for_sentence(page, rf"^IN BOX {scene.number}")
    after = scene.bench.snapshot().visit
    assert before is not None
    assert after is not None
    assert after.dosage_s - before.dosage_s < 2.0


def _over_stay(page: Page, scene: Scene) -> None:
    scene.bench.stay(scene.cell, 830)
    wait_for_sentence(page, rf"^BOX {scene.number} DONE NEXT BOX \d+")
    expect(page.locator("#next")).to_be_visible()
    scene.bench.stay(scene.cell, 300)
    wait_for_sentence(page, rf"^TOO LONG IN BOX {scene.number} 05:\d\d over")
    expect(page.locator("#ring-label")).to_have_text("DONE")
    expect(page.locator("#ring-note")).to_have_text("move on")


def _departure(page: Page, scene: Scene) -> None:
    scene.bench.drive(scene.near(0.0, 0.0), scene.near(400.0, 60.0), 35)
    wait_for_sentence(page, r"^NEXT BOX \d+ ")
    scene.bench.drive(scene.near(400.0, 60.0), scene.near(1400.0, 60.0), 130)
    expect(page.locator("#ring-panel")).to_be_hidden()


def test_a_break_and_signing_out(chromium: Browser, scene: Scene) -> None:
    """Both lie behind "More"; signing out takes two taps, each in a place of its own."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        shoot(page, "more-800x480-dark")
        press(page, '[data-value="break"]')
        wait_for_sentence(page, "^ON A BREAK")
        assert scene.bench.snapshot().paused == "break"
        press(page, "#resume")
        wait_for_sentence(page, "^NEXT BOX")
        press(page, "#more")
        press(page, "#sign-out")
        assert scene.bench.snapshot().officer == "4711"
        press(page, "#out-sure")
        wait_for_sentence(page, "^SIGN IN TO START")
        assert scene.bench.snapshot().officer is None


def test_the_keypad_mends_a_mistake(chromium: Browser, scene: Scene) -> None:
    """Digits are deleted one by one or all at once; no more than twelve are taken."""
    scene.signed_out()
    with served(scene.bench) as port, opened(chromium, port) as page:
        badge = page.locator("#badge-id")
        for _ in range(14):
            press(page, '[data-key="7"]')
        expect(badge).to_have_text("7" * 12)
        press(page, '[data-key="back"]')
        expect(badge).to_have_text("7" * 11)
        press(page, '[data-key="clear"]')
        expect(badge).to_have_text("")
        expect(page.locator("#sign-in-go")).to_be_disabled()


@contextmanager
def opened_after_cut(chromium: Browser, scene: Scene) -> Iterator[tuple[Page, int]]:
    """The screen, whose vehicle has just gone, and the port it was on."""
    with ExitStack() as vehicle, ExitStack() as screen:
        port = vehicle.enter_context(served(scene.bench))
        page = screen.enter_context(opened(chromium, port, expected=VEHICLE_GONE))
        wait_for_sentence(page, "^IN BOX")
        vehicle.close()
        yield page, port


def test_a_cut_stream_stops_the_clock_and_the_face_goes_grey(chromium: Browser, scene: Scene) -> None:
    """The timer stands, a tap before says it was lost, the face says that it is not of now; and all mends by itself.

    The vehicle's software that comes back has another token: the first tap is taken all the same.
    """
    scene.arrive()
    with opened_after_cut(chromium, scene) as (page, port):
        press(page, ".tactic")
        expect(page.locator("#toast")).to_contain_text("did not reach the vehicle")
        expect(page.locator("#fact-screen")).to_be_visible()
        wait_for_sentence(page, r"^NOT CONNECTED last known \d\d:\d\d$")
        first = ring_seconds(page)
        shoot(page, "cut-800x480-dark")
        page.wait_for_timeout(1500)
        assert ring_seconds(page) == first
        with served(scene.bench, port):
            expect(page.locator("#fact-screen")).to_be_hidden()
            wait_for_sentence(page, "^IN BOX")
            press(page, ".tactic")
            expect(page.locator(".tactic").first).to_have_attribute("aria-pressed", "true")


def test_a_hung_stream_is_replaced_by_asking(chromium: Browser, scene: Scene) -> None:
    """Where only the stream is broken, the screen asks for the state itself and stays connected."""
    scene.patrol()
    with served(scene.bench) as port:
        context = chromium.new_context(viewport={"width": 800, "height": 480})
        page = context.new_page()
        page.route("**/api/stream", lambda route: route.abort())
        page.goto(f"http://127.0.0.1:{port}/")
        wait_for_sentence(page, "^NEXT BOX")
        scene.bench.drive(scene.near(480.0, -330.0), scene.near(20.0, -15.0), 45)
        scene.bench.stay(scene.cell, 10)
        wait_for_sentence(page, "^IN BOX")
        expect(page.locator("#fact-screen")).to_be_hidden()
        context.close()


def test_what_the_vehicle_refuses_is_said(chromium: Browser, scene: Scene) -> None:
    """A tap that came too late shows the vehicle's sentence."""

    def late(route: Route) -> None:
        scene.bench.mono += 6.0
        route.continue_()

    scene.visit()
    with served(scene.bench) as port, opened(chromium, port, expected=("409",)) as page:
        page.route("**/api/taps/undo", late)
        press(page, "#undo")
        expect(page.locator("#toast")).to_have_text("Too late to undo.")


def test_the_map_shows_the_car_and_zooms(chromium: Browser, scene: Scene) -> None:
    """The car is in the middle in its colour; a zoom button changes the scale; nothing is drawn for nothing."""
    scene.patrol()
    middle = """() => {
      const map = document.getElementById('map');
      const of = (x, y) => [...map.getContext('2d').getImageData(x, y, 1, 1).data];
      return [of(map.width / 2, map.height / 2), of(40, 40)].map(String);
    }"""
    with served(scene.bench) as port, opened(chromium, port) as page:
        wait_for(lambda: page.evaluate(middle)[0] == "75,155,255,255")
        before = page.locator("#map").screenshot()
        press(page, "#zoom-in")
        still(page)
        assert page.locator("#map").screenshot() != before


def test_the_theme_follows_the_light(chromium: Browser, scene: Scene) -> None:
    """Day and night change without a reload, the map's colours too."""
    scene.patrol()
    ground = "() => getComputedStyle(document.body).backgroundColor"
    with served(scene.bench) as port, opened(chromium, port) as page:
        night = page.evaluate(ground)
        still(page)
        dark = page.locator("#map").screenshot()
        scene.bench.show(theme="day")
        page.wait_for_selector("html[data-theme=day]")
        still(page)
        assert page.evaluate(ground) != night
        assert page.locator("#map").screenshot() != dark
