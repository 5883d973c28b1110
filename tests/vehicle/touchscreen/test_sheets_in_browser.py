"""Every sheet of a car that stands, on every panel: large enough to touch and to read, nothing over anything or cut."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from edge.domain.inputs import SignIn
from edge.domain.taps import SignInSecond, UseTactic
from tests.vehicle.touchscreen.layout import BROKEN, CUT, SMALL, wrong
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import BY_ROOM, Panel, opened, press, put_on
from tests.vehicle.touchscreen.serving import served

LEAST_MM: Final = 12.0
LEAST_PX: Final = 76.0
READ_MM: Final = 3.8
SHEETS: Final = {
    "sheet": ("#more",),
    "key-sheet": ("#more", "#sheet-key"),
    "display-sheet": ("#more", "#sheet-display"),
    "officers-sheet": ("#more", "#sheet-officers"),
    "skip-sheet": ("#more", "#sheet-skip"),
    "task-sheet": ("#more", "#sheet-task"),
    "why-sheet": ("#more", "#sheet-why"),
    "out-sheet": ("#more", "#sign-out"),
}
"""The way to each."""

OFFICERS: Final = ("#more", "#sheet-officers")
ANSWER: Final = "#change-choices button"
OF_A_SUPERVISOR: Final = {
    "officers": ("officers-sheet", OFFICERS),
    "feedback": ("feedback-sheet", ("#about-next",)),
    "record": ("record-sheet", (*OFFICERS, "#own-record")),
    "who": ("who-sheet", (*OFFICERS, "#change-officer")),
    "add-for": ("change-sheet", (*OFFICERS, "#add-box")),
    "add-why": ("change-sheet", (*OFFICERS, "#add-box", ANSWER)),
    "add-until": ("change-sheet", (*OFFICERS, "#add-box", ANSWER, ANSWER)),
    "suppress-why": ("change-sheet", (*OFFICERS, "#suppress-box")),
    "suppress-of-a-box": ("why-sheet", ("#more", "#sheet-why")),
}
"""What a supervisor has beside them: each sheet, and the way to it."""

HALVES: Final = (tuple(OF_A_SUPERVISOR)[:4], tuple(OF_A_SUPERVISOR)[4:])


def supervised(scene: Scene) -> None:
    """Two officers after a visit, one of them a supervisor, where a box may be added: every button is there."""
    scene.explained()
    scene.bench.drive(scene.near(480.0, -330.0), scene.near(20.0, -15.0), 45)
    scene.bench.stay(scene.cell, 100)
    for tactic in scene.bench.agency.tactics:
        scene.bench.mono += 1.0
        scene.bench.tell(UseTactic(scene.bench.mono, tactic.id))
    scene.bench.tell(SignInSecond(scene.bench.mono, "9002"))
    scene.bench.tell(SignIn(scene.bench.mono, "9001", "supervisor"))
    scene.bench.stay(scene.cell, 100)
    scene.bench.drive(scene.near(20.0, -15.0), scene.near(260.0, -10.0), 20)
    scene.park()
    scene.bench.silence(1)
    for _ in range(125):
        scene.park()


def open_sheet(page: Page, sheet: str, way: tuple[str, ...]) -> None:
    """By its buttons; a question is another one once its title is."""
    for button in way:
        title = page.inner_text("#change-title") if page.locator("#change-sheet").is_visible() else None
        press(page, button)
        if title is not None:
            expect(page.locator("#change-title")).not_to_have_text(title)
    expect(page.locator(f"#{sheet}")).to_be_visible()


def fits(page: Page, panels: tuple[Panel, ...], sheet: str) -> None:
    """On every panel: targets of 12 mm and 76 px, text of 3.8 mm, nothing outside or over anything; words whole."""
    for panel in panels:
        mm = put_on(page, *panel)
        assert wrong(page, max(LEAST_PX, LEAST_MM * mm)) == [], (sheet, panel)
        assert page.evaluate(SMALL, READ_MM * mm) == [], (sheet, panel)
        assert page.evaluate(CUT) == [], (sheet, panel)
        assert page.evaluate(BROKEN) == [], (sheet, panel)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("panels", BY_ROOM)
def test_the_sheets(chromium: Browser, scene: Scene, panels: tuple[Panel, ...], language: str) -> None:
    """Each of an officer's."""
    scene.explained()
    scene.bench.show(language=language)
    with served(scene.bench) as port, opened(chromium, port) as page:
        for sheet, way in SHEETS.items():
            open_sheet(page, sheet, way)
            fits(page, panels, sheet)
            page.keyboard.press("Escape")


@pytest.mark.parametrize("names", HALVES, ids=["people", "changes"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("panels", BY_ROOM)
def test_the_sheets_of_a_supervisor(
    chromium: Browser, scene: Scene, panels: tuple[Panel, ...], language: str, names: tuple[str, ...]
) -> None:
    """Feedback, own record, who is in the car, and each question of a change."""
    supervised(scene)
    scene.bench.show(language=language)
    with served(scene.bench) as port, opened(chromium, port) as page:
        for sheet, way in (OF_A_SUPERVISOR[name] for name in names):
            open_sheet(page, sheet, way)
            fits(page, panels, sheet)
            page.keyboard.press("Escape")
