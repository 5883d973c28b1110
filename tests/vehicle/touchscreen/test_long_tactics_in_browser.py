"""Tactics of long words on the narrowest buttons: broken between syllables, with a hyphen, and never smaller."""

from dataclasses import replace
from math import hypot
from typing import Final

import pytest
from playwright.sync_api import Browser

from edge.domain.inputs import UseTactic
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.layout import BROKEN, CUT, SMALL, wrong
from tests.vehicle.touchscreen.scenes import ALARM, Scene
from tests.vehicle.touchscreen.screen_page import BY_ROOM, PANELS, Panel, opened, press, put_on, shoot
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.test_driving_in_browser import drive_on
from tests.vehicle.touchscreen.town import Town

LONG: Final = {
    "en": (
        "Neighborhood conversations", "Environmental inspection", "Shopkeepers' introductions", "Transportation stop",
    ),
    "es": (
        "Iluminación del estacionamiento", "Conversaciones con comerciantes", "Acompañamiento a transeúntes",
        "Identificación de bicicletas",
    ),
}  # fmt: skip
HYPHENATED: Final = (
    "async ([words, language]) => (await import('/static/screen/syllables.js')).hyphenated(words, language)"
)


def with_long_words(town: Town) -> Scene:
    """The town's tactics with long labels in both languages."""
    tactics = tuple(
        replace(one, label=LONG["en"][at % 4], labels=(("es", LONG["es"][at % 4]),))
        for at, one in enumerate(town.agency.tactics)
    )
    return Scene(Bench(replace(town.agency, tactics=tactics)), town.plan)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("panels", BY_ROOM)
def test_no_word_of_a_tactic_is_broken_within_a_syllable(
    chromium: Browser, town: Town, panels: tuple[Panel, ...], language: str
) -> None:
    """Parked, with an alarm and UNDO, and driven; at 3.8 mm."""
    scene = with_long_words(town)
    scene.visit()
    scene.bench.show(language=language)
    with served(scene.bench) as port, opened(chromium, port) as page:
        for state in ("parked", "alarm", "driving"):
            if state == "alarm":
                scene.bench.notices = (ALARM,)
                scene.bench.tell(UseTactic(scene.bench.mono, scene.bench.agency.tactics[1].id))
                page.wait_for_selector("#notice:not([hidden])")
                page.wait_for_selector("#undo:not([hidden])")
            if state == "driving":
                drive_on(scene)
                page.wait_for_selector("body[data-driving=driving]")
            for width, height, diagonal in panels:
                mm, look = put_on(page, width, height, diagonal), f"{width}x{height}-{language}-{state}"
                shoot(page, f"long-tactics-{look}")
                assert page.evaluate(BROKEN) == [], look
                assert page.evaluate(CUT) == [], look
                assert page.evaluate(SMALL, 3.8 * mm) == [], look
                assert wrong(page, max(76.0, 12.0 * mm)) == [], look


def test_on_a_phone_three_are_shown_and_the_rest_are_one_tap_away(chromium: Browser, town: Town) -> None:
    """The one in use is among the three; the sheet has all of them, and closes once one is tapped."""
    scene, (width, height, diagonal) = with_long_words(town), PANELS[-1]
    scene.visit()
    tactics = scene.bench.agency.tactics
    with served(scene.bench, diagonal=diagonal) as port, opened(chromium, port, size=(width, height)) as page:
        assert page.locator("#tactics .tactic:visible").count() == 3
        press(page, "#more-tactics")
        shoot(page, "tactics-sheet-390x844")
        assert page.locator("#tactics-all .tactic:visible").count() == len(tactics) > 4
        assert wrong(page, max(76.0, 12.0 * hypot(width, height) / (diagonal * 25.4))) == []
        press(page, f"[data-choice='{tactics[-1].id}']")
        page.wait_for_selector("#tactics-sheet", state="hidden")
        page.wait_for_selector(f"[data-tactic='{tactics[-1].id}'][aria-pressed=true]")
        assert page.locator("#tactics .tactic:visible").count() == 3
        drive_on(scene)
        page.wait_for_selector("body[data-driving=driving]")
        page.wait_for_selector("#more-tactics", state="hidden")


SYLLABLES: Final = (
    ("es", "estacionamiento", "es ta cio na mien to"),
    ("es", "ILUMINACIÓN", "ILU MI NA CIÓN"),
    ("es", "patrullamiento", "pa tru lla mien to"),
    ("es", "desarrollar", "de sa rro llar"),
    ("es", "transporte de bicicletas", "trans por te de bi ci cle tas"),
    ("es", "quiosqueros", "quios que ros"),
    ("en", "conversation", "con ver sa tion"),
    ("en", "neighborhood", "neigh bor hood"),
    ("en", "surveillance", "sur veil lance"),
    ("en", "AGGRAVATED", "AGGRA VATED"),
    ("en", "Foot patrol", "Foot patrol"),
)


def test_syllables(chromium: Browser, scene: Scene) -> None:
    """Spanish by its rules, English much the same; short words whole, clusters and digraphs, too."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        made = [page.evaluate(HYPHENATED, [words, language]) for language, words, _ in SYLLABLES]
        assert [one.replace("\u00ad", " ") for one in made] == [parts for _, _, parts in SYLLABLES]
