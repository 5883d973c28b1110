"""Signing in by id and PIN in chromium, where the roster's ids have letters."""

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.inputs import SignIn
from edge.text.coded import CodedError
from edge.vehicle.admitted import Admitted
from edge.vehicle.view.snapshot import SignInView
from tests.vehicle.touchscreen.layout import wrong
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import PANELS, opened, press, put_on, shoot, wait_for_sentence
from tests.vehicle.touchscreen.serving import served

LETTERS = "-ABCDEFGHIJK"
PIN = "739105"


@pytest.fixture
def listed(scene: Scene) -> Scene:
    """A car with a roster that lists K9-2."""

    def admits(officer: str, pin: str | None) -> Admitted:
        if (officer, pin) != ("K9-2", PIN):
            raise CodedError("not_admitted.wrong")
        return Admitted("K9-2", "supervisor")

    scene.signed_out()
    scene.bench.admits = admits
    scene.bench.asked = SignInView(open=True, pin=True, letters=LETTERS)
    return scene


def enter(page: Page, digits: str) -> None:
    for digit in digits:
        press(page, f'#keypad [data-key="{digit}"]')


def test_an_id_with_letters_and_a_pin_that_is_never_seen(chromium: Browser, listed: Scene) -> None:
    """The keypad turns to letters and back; a wrong PIN is said and forgotten, the id stays; then the right one."""
    with served(listed.bench) as port, opened(chromium, port, expected=("401",)) as page:
        turn, badge = page.locator("#key-clear"), page.locator("#badge-id")
        expect(turn).to_have_text("-–I")
        press(page, "#key-clear")
        expect(page.locator("[data-symbol]").first).to_have_text("-")
        press(page, "#key-clear")
        expect(turn).to_have_text("123")
        enter(page, "K")
        press(page, "#key-clear")
        enter(page, "9")
        press(page, "#key-clear")
        enter(page, "-")
        press(page, "#key-clear")
        press(page, "#key-clear")
        enter(page, "2")
        expect(badge).to_have_text("K9-2")
        expect(page.locator("#sign-in-words")).to_have_text("NEXT")
        press(page, "#sign-in-go")
        expect(page.locator("#badge-label")).to_have_text("PIN")
        expect(turn).to_have_text("CLEAR")
        expect(page.locator("#sign-in-go")).to_be_disabled()
        enter(page, "111")
        expect(badge).to_have_text("•••")
        press(page, "#sign-in-go")
        expect(page.locator("#toast")).to_have_text("Id or PIN is wrong.")
        expect(badge).to_have_text("")
        expect(page.locator("#badge-label")).to_have_text("PIN")
        enter(page, PIN)
        assert PIN not in page.content()
        press(page, "#sign-in-go")
        wait_for_sentence(page, r"^NEXT BOX")
        assert (listed.bench.snapshot().officer, listed.bench.snapshot().role) == ("K9-2", "supervisor")
        press(page, "#more")
        expect(page.locator("#sheet-title")).to_have_text("Officer K9-2 (supervisor) · car-12")


def test_the_letters_are_as_large_as_the_digits_on_every_panel(chromium: Browser, listed: Scene) -> None:
    """No control over another or outside; a car that nobody may sign in to says so instead."""
    listed.park()
    with served(listed.bench) as port:
        with opened(chromium, port) as page:
            press(page, "#key-clear")
            for width, height, diagonal in PANELS:
                put_on(page, width, height, diagonal)
                assert wrong(page, 76.0) == [], (width, height, diagonal)
                shoot(page, f"sign-in-letters-{width}x{height}-dark")
        listed.bench.asked = SignInView(open=False)
        with opened(chromium, port) as page:
            expect(page.locator("#sign-in-closed")).to_contain_text("this car has no roster")
            expect(page.locator("#keypad")).to_be_hidden()


def test_another_officer_takes_over_and_a_second_comes_beside(chromium: Browser, scene: Scene) -> None:
    """In the midst of a visit, by the keypad in a sheet; it is back in its place for the next sign-in."""
    scene.visit()
    scene.bench.admits = lambda officer, _pin: Admitted(officer, None)
    with served(scene.bench) as port, opened(chromium, port) as page:
        for button, officer in (("#change-officer", "22"), ("#second-in", "33")):
            press(page, "#more")
            press(page, "#sheet-officers")
            press(page, button)
            enter(page, officer)
            press(page, "#sign-in-go")
            expect(page.locator("#who-sheet")).to_be_hidden()
        press(page, "#more")
        expect(page.locator("#sheet-title")).to_have_text("Officer 22 + 33 · car-12")
        press(page, "#sheet-officers")
        expect(page.locator("#second-in")).to_be_hidden()
        press(page, "#second-out")
        expect(page.locator("#officers-sheet")).to_be_hidden()
        state = scene.bench.state
        assert (state.officer, state.second, state.visit is not None) == ("22", None, True)
        assert state.visit is not None
        assert [(one.officer, one.second) for one in state.visit.segments[-3:]] == [
            ("22", None), ("22", "33"), ("22", None),
        ]  # fmt: skip
        assert page.locator("#floor > #sign-in").count() == 1


def test_a_supervisor_suppresses_a_box_in_three_answers(chromium: Browser, scene: Scene) -> None:
    """Which box, why, for how long; an officer has no such button."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        press(page, "#sheet-officers")
        expect(page.locator("#suppress-box")).to_be_hidden()
        scene.bench.tell(SignIn(scene.bench.mono, "9001", "supervisor"))
        expect(page.locator("#officers-sheet")).to_be_hidden()
        press(page, "#more")
        press(page, "#sheet-officers")
        press(page, "#suppress-box")
        expect(page.locator("#change-title")).to_have_text(f"Suppress box {scene.number}: why?")
        press(page, '#change-choices [data-box="change unsafe"]')
        expect(page.locator("#change-title")).to_have_text(f"Box {scene.number}: for how long?")
        press(page, '#change-choices [data-box="lasts 120"]')
        expect(page.locator("#change-sheet")).to_be_hidden()
        (change,) = scene.bench.state.changes
        assert (change.patrol.suppressed, change.role, scene.bench.state.visit) == ("unsafe", "supervisor", None)


def test_my_record_before_sign_out(chromium: Browser, scene: Scene) -> None:
    """Visits, tactics and pauses of the shift, and who sees them; from the sheet that asks whether to sign out."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port) as page:
        press(page, "#more")
        press(page, "#sign-out")
        press(page, "#out-record")
        expect(page.locator("#record h3")).to_contain_text("4711: 0 counted visits, 0 min")
        expect(page.locator("#record-sheet")).to_contain_text("Only the officers in this car see this here.")
        press(page, "#record-close")
        expect(page.locator("#record-sheet")).to_be_hidden()
        assert scene.bench.snapshot().officer == "4711"
