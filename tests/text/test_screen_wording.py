"""What the screen says in the moments that were misread: each as it was agreed, word for word."""

from typing import Any, Final

import pytest

from edge.text.words import Notice, say

AGREED: Final[tuple[tuple[str, dict[str, Any], str], ...]] = (
    ("screen.call", {}, "ON A CALL"),
    ("headline.paused", {"reason": "call", "paused_s": 133 * 60.0}, "ON A CALL · 2 h 13 min"),
    ("timer.over", {}, "DONE"),
    ("timer.done", {}, "move on"),
    ("headline.over_stay_nothing_due", {"number": 238, "over_s": 61.0}, "TOO LONG IN BOX 238 · 01:01 over"),
    ("headline.uncertain_in_visit", {}, "WEAK GPS · TIMER STOPPED"),
    (
        "headline.lost_in_visit",
        {"lost_s": 25.0, "held_s": 95.0},
        "GPS LOST 00:25 · timer stopped, visit held 1:35 more",
    ),
    ("headline.at_cap_nothing_due", {"here": 238}, "ENOUGH VISITS IN BOX 238 · NOTHING DUE"),
    ("timer.counts_in", {"counts_in_s": 42.0}, "counts in 0:42"),
    ("paused.no_visit", {}, "Boxes do not count until you are back."),
    ("sheet.gps_works", {"accuracy_m": 4.0, "age_s": 1.0}, "GPS works: 10 ft, 1 s old."),
    (
        "store.records_damaged",
        {"file": "ledger.sqlite3", "why": Notice("file.unreadable")},
        "Records damaged, kept aside. Carry on; tell your fleet admin (ledger.sqlite3: it cannot be read).",
    ),
)


@pytest.mark.parametrize(("code", "values", "words"), AGREED, ids=[code for code, _, _ in AGREED])
def test_it_is_said_so(code: str, values: dict[str, Any], words: str) -> None:
    """By the catalogue, from which both screen and log have it."""
    assert say(Notice(code, values)) == words
