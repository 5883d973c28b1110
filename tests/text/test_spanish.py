"""Spanish: as complete as English, the same values in each sentence, numbers as Americans who speak it write them."""

import re
from typing import Final

import pytest

from edge.text.grammar import GRAMMAR
from edge.text.words import ENGLISH, IN, LANGUAGES, Notice, Words, catalogue_of, over

SPANISH: Final = IN["es"]
PLACE: Final = re.compile(r"\{(\w+)((?:\|\w+)*)\}")
OF_A_LANGUAGE: Final = {*GRAMMAR["en"], "capital", "sentence", "upper"}
"""Filters of grammar: one language needs an article, or a capital, where another does not."""

ALIKE: Final = {
    "English",
    "Español",
    "GPS",
    "OpenStreetMap",
    "PIN",
    "Plan",
    "ROUNDSMAN",
    "Roundsman",
    "auto",
    "min",
    "plan",
    "supervisor",
}
"""Words that are the same in both languages."""


def places(entry: str | list[str]) -> list[set[tuple[str, ...]]]:
    """The values of each of an entry's sentences, each with the filters that write it."""
    sentences = [entry] if isinstance(entry, str) else entry
    return [
        {(name, *(one for one in filters.split("|")[1:] if one not in OF_A_LANGUAGE)) for name, filters in found}
        for found in map(PLACE.findall, sentences)
    ]


def test_both_catalogues_have_the_same_keys() -> None:
    """Group by group, in the same order: nothing is lacking, nothing is left over."""
    english, spanish = catalogue_of("en"), catalogue_of("es")
    assert list(english) == list(spanish)
    for group, entries in english.items():
        assert list(entries) == list(spanish[group]), group


@pytest.mark.parametrize("group", ENGLISH.catalogue)
def test_each_sentence_says_the_same_values(group: str) -> None:
    """By the same filters, in as many parts; and it is no English that was left."""
    for key, entry in ENGLISH.catalogue[group].items():
        other = SPANISH.catalogue[group][key]
        assert places(entry) == places(other), f"{group}.{key}"
        if entry == other:
            words = set(re.findall(r"[^\W\d_]{3,}", PLACE.sub("", str(entry))))
            assert words <= ALIKE, f"{group}.{key}"


def test_numbers_lists_and_plurals() -> None:
    """Feet and miles, thousands with a comma; "y" is "e" before an i; articles by the noun."""
    assert [SPANISH.distance(metres) for metres in (42.0, 1234.0)] == ["140 pies", "0.8 mi"]
    assert SPANISH.often(0.025) == "alrededor de uno en 40 turnos así"
    assert SPANISH.often(0.000734) == "alrededor de uno en 1,400 turnos así"
    assert SPANISH.times(45.0) == "45 × el cuadro promedio"
    assert SPANISH.span(8000.0) == "2 h 13 min"
    filters = SPANISH.filters
    assert filters["and"](["robo", "hurto"]) == "robo y hurto"
    assert filters["and"](["robo", "incendio"]) == "robo e incendio"
    assert filters["and"](["agua", "hielo"]) == "agua y hielo"
    assert [filters["a"](noun) for noun in ("plan", "lista de oficiales", "retiro")] == [
        "un plan",
        "una lista de oficiales",
        "un retiro",
    ]
    for days, words in (
        (1, "datos hasta 2026-11-21 (1 día de antigüedad)"),
        (3, "datos hasta 2026-11-21 (3 días de antigüedad)"),
    ):
        assert SPANISH.text("plan.data", date="2026-11-21", days=days) == words


def test_a_sentence_within_a_sentence_is_spanish_too() -> None:
    """A notice as a value."""
    why = Notice("document.for_others", {"whose": "elsewhere"})
    notice = Notice(
        "incoming.refused", {"file": "a.json", "why": Notice("document.rejected", {"kind": "plan", "why": why})}
    )
    assert SPANISH.say(notice) == "a.json: se rechazó un plan: es para elsewhere"


def test_what_spanish_lacks_is_said_in_english() -> None:
    """A code that has just been added has words all the same."""
    lacking = Words("es", over({"a": {"b": "here", "c": "there"}, "d": {"e": "new"}}, {"a": {"b": "aquí"}}))
    assert [lacking.text(code) for code in ("a.b", "a.c", "d.e")] == ["aquí", "there", "new"]
    assert tuple(IN) == LANGUAGES
