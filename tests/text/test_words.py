"""The catalogue: every code has its words, every placeholder its filter, and values come out as people read them."""

import re
from typing import Any, get_args

import pytest

from edge.domain.events import PauseReason
from edge.domain.policy import CRIME_TYPES
from edge.text.why import with_type
from edge.text.words import (
    CATALOGUE,
    FILTERS,
    Notice,
    accuracy,
    clock,
    countdown,
    distance,
    often,
    parts,
    point,
    say,
    span,
    times,
    word,
)

SAMPLES: dict[str, Any] = {
    "more": ("own", "nearby"),
    "less": ("places",),
    "crime_type": "motor_vehicle_theft",
    "crime_types": ("robbery", "theft"),
    "reason": "call",
    "name": "night",
    "reasons": ("call", "break"),
    "causes": ("unsafe", "crowd"),
    "status": "404",
    "why": {"code": "broker.not_listening", "values": {"where": "broker:8883"}},
    "party": "vehicle",
    "whom": ("headquarters", "the fleet"),
    "alert": "unknown_ca",
    "error": "enospc",
}
"""Values that are no number."""


def sentences() -> list[tuple[str, str]]:
    """Every code with one of its sentences."""
    found = []
    for group, entries in CATALOGUE.items():
        for key, entry in entries.items():
            found += [(f"{group}.{key}", one) for one in ([entry] if isinstance(entry, str) else entry)]
    return found


@pytest.mark.parametrize(("code", "sentence"), sentences())
def test_every_filter_is_known(code: str, sentence: str) -> None:
    """A placeholder names a filter or a group of the catalogue; no brace is left over."""
    places = re.findall(r"\{(\w+)((?:\|\w+)*)\}", sentence)
    for _, filters in places:
        assert all(name in FILTERS or name in CATALOGUE for name in filters.split("|")[1:]), code
    assert "{" not in re.sub(r"\{(\w+)((?:\|\w+)*)\}", "", sentence)
    assert sentence == sentence.strip()


def test_every_crime_type_has_its_words() -> None:
    """And no other: the list is the rules'."""
    assert set(CATALOGUE["crime_type"]) == set(CRIME_TYPES)
    assert word("crime_type", "motor_vehicle_theft") == "motor vehicle theft"


def test_every_reason_of_a_pause_has_its_words() -> None:
    """In a sentence, as the state of the screen, and on its button; a call has a button of its own on the screen."""
    reasons = set(get_args(PauseReason))
    assert set(CATALOGUE["pause"]) == set(CATALOGUE["pause_state"]) == reasons
    assert {key for key in CATALOGUE["sheet_button"] if "pause" in key} == {
        f"pause:{one}" for one in reasons - {"call"}
    }


def test_a_key_that_is_not_known_is_its_own_word() -> None:
    """A newer peer may say what this catalogue does not have."""
    assert word("pause", "court_duty") == "court duty"


def test_a_notice_in_words() -> None:
    """Its values go through the filters it names, in order; lists are joined."""
    values = {
        "crime_type": "motor_vehicle_theft",
        "expected": 0.025,
        "times": 6.04,
        "more": ("own", "nearby"),
        "less": ("places",),
    }
    notice = Notice("why.more_less", values)
    assert say(notice) == (
        "About one in 40 such shifts, 6 × the average box, mostly due to this box's own history and the boxes around"
        " it; lowered by places here."
    )
    assert parts(notice) == (say(notice),)
    assert say(with_type(notice)).startswith("Motor vehicle theft: About one in 40")


def test_distances_are_in_feet_and_miles() -> None:
    """Below a tenth of a mile in steps of ten feet, from there in miles with one decimal; an accuracy is never 0."""
    metres = (0, 1.5, 42, 100, 160.93, 160.94, 250, 1234, 1609.344, 14_400)
    shown = ["0 ft", "0 ft", "140 ft", "330 ft", "530 ft", "0.1 mi", "0.2 mi", "0.8 mi", "1.0 mi", "8.9 mi"]
    assert [distance(one) for one in metres] == shown
    assert [accuracy(one) for one in metres] == ["10 ft", "10 ft", *shown[2:]]


def test_numbers_as_people_read_them() -> None:
    """Clocks are never negative and may pass 99 minutes; halves are rounded up, needless zeros left out."""
    assert [clock(seconds) for seconds in (526.9, 0.5, -3, 6000)] == ["08:46", "00:00", "00:00", "100:00"]
    assert [countdown(seconds) for seconds in (95.9, 42, -3, 600)] == ["1:35", "0:42", "0:00", "10:00"]
    assert [span(seconds) for seconds in (-5, 59, 2700, 11_520)] == ["0 min", "0 min", "45 min", "3 h 12 min"]
    assert [point(bearing) for bearing in (0, 22.4, 22.5, 225, 359)] == ["n", "n", "ne", "sw", "n"]
    assert [times(factor) for factor in (0.02, 0.42, 1.04, 8.7, 12.4)] == [
        "less than a tenth of the average box",
        "0.42 × the average box",
        "about the same as the average box",
        "8.7 × the average box",
        "12 × the average box",
    ]
    assert [often(expected) for expected in (0.0, 0.0000999, 0.000734, 0.0251, 0.66, 0.67, 1.49, 1.5, 12.34)] == [
        "less than one in 10,000 such shifts",
        "less than one in 10,000 such shifts",
        "about one in 1,400 such shifts",
        "about one in 40 such shifts",
        "about one in 2 such shifts",
        "about one in such a shift",
        "about one in such a shift",
        "about 1.5 in such a shift",
        "about 12.3 in such a shift",
    ]
