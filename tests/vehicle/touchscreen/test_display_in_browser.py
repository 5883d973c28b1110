"""Day, night, dim and blank in a browser without a color scheme: the vehicle says, the page obeys, a touch wakes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.events import MeteringPaused
from edge.vehicle.display.look import DIM_SHADE
from tests.vehicle.display.test_backlight import panel
from tests.vehicle.touchscreen.live_car import live_car
from tests.vehicle.touchscreen.pixels import luminance
from tests.vehicle.touchscreen.scenes import SCENES, Scene
from tests.vehicle.touchscreen.screen_page import opened, press, shoot
from tests.vehicle.touchscreen.serving import served
from tests.waiting import wait_for

DIM: Final = 0.03
AGAIN: Final = """(spot) => {
  const again = () => {
    const there = document.elementFromPoint(...spot);
    for (const kind of ["pointerdown", "pointerup"]) there.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
    there.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
    window.tapped = true;
  };
  window.addEventListener("click", () => setTimeout(again, 100), { capture: true, once: true });
}"""
"""A second tap right after the next one, at the same spot: by the page's own clock."""


def _asleep(page: Page, scene: Scene, power: str, shade: float) -> None:
    scene.bench.show(power=power, shade=shade)
    page.wait_for_selector("#shade[data-asleep=true]")
    expect(page.locator("#shade")).to_have_css("opacity", f"{shade:g}")


@pytest.mark.parametrize("name", ["own_plan_visit", "signed_out_with_alarm"])
def test_a_dim_screen_lights_up_no_car(chromium: Browser, scene: Scene, name: str) -> None:
    """The brightest modes: their mean luminance is 3 % at most when dim, and nothing when blank."""
    SCENES[name](scene)
    with served(scene.bench) as port, opened(chromium, port) as page:
        _asleep(page, scene, "dim", DIM_SHADE)
        shoot(page, f"dim-{name}-800x480")
        assert 0.0 < luminance(page) <= DIM
        _asleep(page, scene, "blank", 1.0)
        assert luminance(page) == 0.0


@pytest.mark.parametrize("power", ["dim", "blank"])
def test_the_first_tap_only_wakes_it(chromium: Browser, scene: Scene, power: str) -> None:
    """On the button for a call: no pause. It is seen at once, and the vehicle hears of it; the next tap pauses."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-settled=true]")
        scene.bench.show(power=power, shade=1.0 if power == "blank" else DIM_SHADE)
        page.wait_for_selector("#shade[data-asleep=true]")
        touches = scene.bench.touches
        at = page.locator("#call").bounding_box()
        assert at is not None
        middle = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
        page.evaluate(AGAIN, middle)
        page.mouse.click(*middle)
        page.wait_for_function("() => window.tapped")
        page.wait_for_selector("body[data-power=on]")
        expect(page.locator("#shade")).to_have_css("opacity", "0")
        page.wait_for_selector("#shade[data-asleep=false]")
        assert scene.bench.touches == touches + 1
        assert _pauses(scene) == 0
        press(page, "#call")
        page.wait_for_selector("body[data-mode=paused]")
        assert _pauses(scene) == 1


def test_a_key_only_wakes_it_too(chromium: Browser, scene: Scene) -> None:
    """Enter on the button that has the focus."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-settled=true]")
        page.focus("#call")
        scene.bench.show(power="blank", shade=1.0)
        page.wait_for_selector("#shade[data-asleep=true]")
        page.keyboard.press("Enter")
        page.wait_for_selector("#shade[data-asleep=false]")
        assert _pauses(scene) == 0


def _pauses(scene: Scene) -> int:
    return sum(isinstance(one.data, MeteringPaused) for one in scene.bench.posted)


def test_a_sheet_closes_when_it_goes_dim(chromium: Browser, scene: Scene) -> None:
    """Nothing lies over the black."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        expect(page.locator("#sheet")).to_be_visible()
        wait_for(lambda: scene.bench.touches == 1)
        scene.bench.show(power="dim", shade=DIM_SHADE)
        expect(page.locator("#sheet")).to_be_hidden()


def test_a_finger_is_heard_of(chromium: Browser, scene: Scene) -> None:
    """Of a screen that is awake, too: it does not go dim under the officer's hand."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        with page.expect_response("**/api/display/touch") as answer:
            page.mouse.click(400, 200)
        assert answer.value.status == 202
        assert scene.bench.touches == 1


def test_an_officers_choice(chromium: Browser, scene: Scene) -> None:
    """Day at night and one step darker, from the sheet behind "More"; what is in force is marked."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        press(page, "#sheet-display")
        shoot(page, "display-800x480-night")
        expect(page.locator("[data-theme-choice=auto]")).to_have_attribute("aria-pressed", "true")
        press(page, "[data-theme-choice=day]")
        expect(page.locator("[data-theme-choice=day]")).to_have_attribute("aria-pressed", "true")
        press(page, "#display-darker")
        expect(page.locator("#display-step")).to_have_text("Brightness -1")
        press(page, "#display-darker")
        expect(page.locator("#display-darker")).to_be_disabled()
        assert scene.bench.chosen == [("theme", "day"), ("brightness", -1), ("brightness", -2)]


def test_a_kiosk_without_a_color_scheme_is_dark_after_sunset(chromium: Browser, scene: Scene) -> None:
    """Before a script runs, too: the page comes in the vehicle's theme."""
    for theme, ground in (("night", "rgb(11, 16, 22)"), ("day", "rgb(227, 232, 238)")):
        scene.bench.show(theme=theme)
        with served(scene.bench) as port, _bare(chromium) as page:
            page.goto(f"http://127.0.0.1:{port}/")
            assert page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
            expect(page.locator("body")).to_have_css("background-color", ground)


@contextmanager
def _bare(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    page.route("**/main.js", lambda route: route.abort())
    yield page
    context.close()


def test_motion_is_reduced_where_it_is_asked_for(chromium: Browser, scene: Scene) -> None:
    """No transition anywhere; the map glides for nobody."""
    scene.patrol()
    still = "() => [...document.querySelectorAll('*')].every(one => getComputedStyle(one).transitionDuration === '0s')"
    with served(scene.bench) as port, opened(chromium, port) as page:
        assert not page.evaluate(still)
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(still)


def test_a_real_car_sets_its_backlight_and_keeps_the_choice(chromium: Browser, tmp_path: Path) -> None:
    """Through a folder that stands for sysfs; over a restart; day or night is the sun's over the city."""
    made = panel(tmp_path / "backlights")
    with live_car(tmp_path, str(tmp_path / "backlights")) as car:
        before = int((made / "brightness").read_text())
        assert before in (255, 153, 76)
        assert car.state()["display"]["theme"] == ("day" if before == 255 else "night")
        with opened(chromium, car.port) as page:
            press(page, "#more")
            press(page, "#sheet-display")
            press(page, "[data-theme-choice=day]")
            page.wait_for_selector("html[data-theme=day]")
            press(page, "#display-darker")
            expect(page.locator("#display-step")).to_have_text("Brightness -1")
            press(page, "#display-sound")
            expect(page.locator("#display-sound")).to_have_text("SOUND: OFF")
        assert int((made / "brightness").read_text()) == round(before / 1.5)
        car.daemon.kill()
        car.daemon.start()
        car.wait_for_mode("visit")
        shown = car.state()["display"]
        assert (shown["theme"], shown["choice"], shown["brightness"]) == ("day", "day", -1)
        assert (shown["muted"], shown["volume"]) == (True, 0.0)
