"""Nothing changes under a finger: taps after a change count for nothing, and a second tap is another place's."""

from typing import Final

from playwright.sync_api import Browser, Page, expect

from edge.domain.events import BoxSkipped, ResumeBackdated
from edge.domain.inputs import Pause
from tests.vehicle.touchscreen.layout import controls, overlapping, wrong
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import PANELS, opened, press, put_on, shoot, wait_for_sentence
from tests.vehicle.touchscreen.serving import served

LEAST_PX: Final = 76.0
SHEET_CUT: Final = """() => [...document.querySelectorAll('dialog:modal, dialog:modal *')].filter(one =>
  one.clientWidth > 0 && (one.scrollHeight > one.clientHeight + 8 || one.scrollWidth > one.clientWidth + 1))
  .map(one => `${one.id || one.className} ${one.scrollWidth}x${one.scrollHeight}`)"""
AT_ONCE: Final = """([appears, spot]) => {
  window.tapped = false;
  const tap = (one) => {
    one?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    one?.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
  };
  const look = () => {
    const one = document.querySelector(appears);
    if (!one.checkVisibility()) return requestAnimationFrame(look);
    tap(spot === null ? one : document.elementFromPoint(...spot));
    tap(one);
    window.tapped = true;
  };
  look();
}"""


def _tap_as_soon_as_seen(page: Page, selector: str, spot: tuple[float, float] | None = None) -> None:
    """Tap, once it appears, whatever is then at a spot, and it itself; no busy machine makes it later."""
    page.evaluate(AT_ONCE, [selector, spot])


def _spot(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_two_taps_66_ms_apart_sign_nobody_out(chromium: Browser, scene: Scene) -> None:
    """The second one counts for nothing, wherever it falls; a third one at leisure does what it says."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        page.wait_for_selector("body[data-settled=true]")
        _tap_as_soon_as_seen(page, "#out-sure", _spot(page, "#sign-out"))
        press(page, "#sign-out")
        page.wait_for_function("() => window.tapped")
        page.wait_for_timeout(300)
        assert scene.bench.snapshot().officer == "4711"
        assert scene.bench.snapshot().visit is not None
        press(page, "#out-sure")
        wait_for_sentence(page, "^SIGN IN TO START")


def test_the_confirming_button_stands_elsewhere(chromium: Browser, scene: Scene) -> None:
    """No pixel of it is one of the first button's, on any panel."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        for width, height, diagonal in PANELS:
            put_on(page, width, height, diagonal)
            press(page, "#more")
            shoot(page, f"more-{width}x{height}-dark")
            assert wrong(page, LEAST_PX) == [], (width, height)
            assert page.evaluate(SHEET_CUT) == [], (width, height)
            (first,) = [one for one in controls(page) if one["name"] == "sign-out"]
            press(page, "#sign-out")
            shoot(page, f"sign-out-{width}x{height}-dark")
            (sure,) = [one for one in controls(page) if one["name"] == "out-sure"]
            assert not overlapping(first, sure), (width, height)
            page.keyboard.press("Escape")
            expect(page.locator("#out-sheet")).to_be_hidden()


def test_a_tap_within_half_a_second_of_a_change_is_none(chromium: Browser, scene: Scene) -> None:
    """The face changes from visit to pause under the finger: "back on patrol" is not what it meant."""
    scene.arrive()
    with served(scene.bench) as port, opened(chromium, port) as page:
        page.wait_for_selector("body[data-settled=true]")
        _tap_as_soon_as_seen(page, "#resume")
        scene.bench.tell(Pause(scene.bench.mono, "call"))
        page.wait_for_function("() => window.tapped")
        page.wait_for_timeout(300)
        assert scene.bench.snapshot().paused == "call"
        press(page, "#resume")
        wait_for_sentence(page, "^IN BOX")


def test_sentence_card_compass_and_map_name_one_box(chromium: Browser, scene: Scene) -> None:
    """Out of the box in mid-visit: all of them lead back to it, and none to the next one."""
    scene.away()
    with served(scene.bench) as port, opened(chromium, port) as page:
        wait_for_sentence(page, rf"^LEFT BOX {scene.number}")
        expect(page.locator("#next-number")).to_have_text(str(scene.number))
        expect(page.locator("#next-label")).to_have_text("BACK TO BOX")
        snapshot = scene.bench.snapshot()
        assert snapshot.target is not None
        assert snapshot.target.number == scene.number
        assert snapshot.next is not None
        assert snapshot.next.number != scene.number
        bearing = snapshot.target.bearing
        turn = page.get_attribute("#next-arrow", "transform")
        assert bearing is not None
        assert turn == f"rotate({round(bearing)})"


def test_tactics_stay_until_the_visit_closes(chromium: Browser, scene: Scene) -> None:
    """Past the prescribed time, over-stayed, away: the one in use is still seen; gone with the visit."""
    scene.visit()
    used = f'[data-tactic="{scene.bench.agency.tactics[0].id}"]'
    with served(scene.bench) as port, opened(chromium, port) as page:
        for seconds, sentence in ((560, "DONE"), (300, "^TOO LONG")):
            scene.bench.stay(scene.cell, seconds)
            wait_for_sentence(page, sentence)
            expect(page.locator(used)).to_have_attribute("aria-pressed", "true")
            expect(page.locator(used)).to_be_enabled()
        scene.bench.drive(scene.near(0.0, 0.0), scene.near(1400.0, 60.0), 150)
        expect(page.locator("#tactics")).to_be_hidden()


def test_a_forgotten_pause_is_asked_about(chromium: Browser, scene: Scene) -> None:
    """After 20 min; "back since" is a record of its own; "yes" is asked again later."""
    scene.arrive()
    scene.bench.tell(Pause(scene.bench.mono, "call"))
    with served(scene.bench) as port, opened(chromium, port) as page:
        wait_for_sentence(page, "^ON A CALL")
        scene.bench.stay(scene.cell, 1210)
        wait_for_sentence(page, r"^STILL ON THE CALL\? 20 min")
        shoot(page, "still-on-the-call-800x480-dark")
        press(page, "#still")
        wait_for_sentence(page, "^ON A CALL")
        scene.bench.stay(scene.cell, 1210)
        wait_for_sentence(page, "^STILL ON THE CALL")
        press(page, "[data-since]")
        wait_for_sentence(page, "^IN BOX")
    (backdated,) = [one.data for one in scene.bench.posted if isinstance(one.data, ResumeBackdated)]
    assert backdated.back_s == 300.0


def test_another_box_by_one_tap_and_a_skip_by_three(chromium: Browser, scene: Scene) -> None:
    """Both are records with their reason; what is led to is another box at once."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port) as page:
        first = page.inner_text("#next-number")
        press(page, "#another")
        expect(page.locator("#next-number")).not_to_have_text(first)
        second = page.inner_text("#next-number")
        press(page, "#more")
        press(page, "#sheet-skip")
        expect(page.locator("#skip-title")).to_contain_text(second)
        shoot(page, "skip-800x480-dark")
        press(page, '[data-cause="road_closed"]')
        expect(page.locator("#skip-sheet")).to_be_hidden()
        expect(page.locator("#next-number")).not_to_have_text(second)
    made = [one.data for one in scene.bench.posted if isinstance(one.data, BoxSkipped)]
    assert [one.reason for one in made] == ["next", "road_closed"]
