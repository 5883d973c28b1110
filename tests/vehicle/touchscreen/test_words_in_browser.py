"""The catalogue in the browser: what JavaScript makes of a code and its values is what Python makes of them."""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from edge.text.words import CATALOGUE, IN, LANGUAGES, Notice, clock, countdown, point
from tests.text.test_words import SAMPLES
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened
from tests.vehicle.touchscreen.serving import served

NUMBERS: Final = (
    0, 0.00005, 0.00073, 0.0251, 0.04, 0.42, 0.999, 1, 1.04, 1.05, 1.524, 2.25, 8.74, 9.5, 12.5, 44, 160.93, 160.9344,
    241.4016, 250, 995, 1250, 9_949, 12_500, 40_000,
)  # fmt: skip
SAY: Final = """async (notices) => {
  const { say } = await import('/static/screen/words.js');
  return notices.map(([code, values]) => say({ code, values }));
}"""
FORMATS: Final = """async ([name, values]) => {
  const words = await import('/static/screen/words.js');
  return values.map((value) => words[name](value));
}"""


FILTERS_OF_NUMBERS: Final = {"point", "distance"}
LISTS: Final = {"and", "list", "plus", "semicolons"}


def _values(entry: str | list[str], number: float) -> dict[str, Any]:
    """A value for each name that an entry mentions: a number, or a text or several where its filters need that."""
    names = re.findall(r"\{(\w+)((?:\|\w+)*)\}", entry if isinstance(entry, str) else " ".join(entry))
    return {name: SAMPLES.get(name, _sample(filters.split("|")[1:], number)) for name, filters in names}


def _sample(filters: list[str], number: float) -> object:
    if LISTS.intersection(filters):
        return ("robbery", "theft")
    return "robbery" if {"a", *CATALOGUE}.intersection(filters) and filters[0] not in FILTERS_OF_NUMBERS else number


@pytest.mark.parametrize("language", LANGUAGES)
def test_javascript_says_what_python_says(language: str, chromium: Browser, scene: Scene) -> None:
    """Every code of the catalogue, with one and with several of what it counts, in every language."""
    scene.patrol()
    scene.bench.show(language=language)
    words = IN[language]
    with served(scene.bench) as port, opened(chromium, port) as page:
        notices = [
            Notice(f"{group}.{key}", _values(entry, number))
            for group, entries in words.catalogue.items()
            for key, entry in entries.items()
            for number in (1, 42)
        ]
        made = page.evaluate(SAY, [[one.code, one.values] for one in notices])
        assert dict(zip(map(str, notices), made, strict=True)) == {str(one): words.say(one) for one in notices}


@pytest.mark.parametrize("language", LANGUAGES)
def test_javascript_writes_numbers_as_python_does(language: str, chromium: Browser, scene: Scene) -> None:
    """Halves, zeros, bounds: digit for digit."""
    scene.patrol()
    scene.bench.show(language=language)
    words = IN[language]
    with served(scene.bench) as port, opened(chromium, port) as page:
        for of_python in (
            clock,
            countdown,
            words.span,
            words.distance,
            words.accuracy,
            point,
            words.times,
            words.often,
        ):
            made = page.evaluate(FORMATS, [of_python.__name__, NUMBERS])
            assert made == [of_python(number) for number in NUMBERS], of_python.__name__
