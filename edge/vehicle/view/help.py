"""The help sheet: what the screen says and what to do, in the screen's own words. Made for this agency's rules.

Must not say what the screen does not: each state's words are its headline, each button's its label.
"""

from dataclasses import dataclass
from typing import Any, Final

from edge.domain.policy import Metering
from edge.domain.taps.tactics import UNDO_S
from edge.text.words import Notice

EXAMPLE: Final[dict[str, Any]] = {
    "number": 42,
    "here": 42,
    "next": 57,
    "crime_types": ("robbery",),
    "reason": "call",
    "left_s": 526.0,
    "over_s": 75.0,
    "away_s": 95.0,
    "lost_s": 25.0,
    "held_s": 95.0,
    "paused_s": 1260.0,
    "distance_m": 640.0,
    "bearing": 45.0,
    "time": "22:33",
}
"""Values of a screen as an officer might see it."""

STATES: Final = (
    "patrol", "visit", "move_on", "over_stay", "away", "uncertain_in_visit", "lost_in_visit", "at_cap", "paused",
    "paused_asked", "no_plan",
)  # fmt: skip
BUTTONS: Final = (
    "screen.call",
    "screen.resume",
    "screen.another",
    "screen.override",
    "screen.undo",
    "sheet.feedback_label",
    "screen.more_label",
)


@dataclass(frozen=True, slots=True)
class HelpRow:
    """What is seen, and what it means."""

    seen: Notice
    means: Notice


@dataclass(frozen=True, slots=True)
class Help:
    """The whole sheet."""

    states: tuple[HelpRow, ...]
    buttons: tuple[HelpRow, ...]
    rules: tuple[Notice, ...]


def help_of(rules: Metering) -> Help:
    """The sheet under an agency's metering rules."""
    values = {
        "inside_m": rules.arrive_inside_m,
        "counts_s": rules.counts_from_s,
        "return_s": rules.return_s,
        "over_s": rules.overstay_s,
        "accuracy_m": rules.max_accuracy_m,
        "undo_s": UNDO_S,
    }
    states = tuple(HelpRow(Notice(f"headline.{one}", EXAMPLE), Notice(f"help_state.{one}", values)) for one in STATES)
    gone = HelpRow(Notice("help.not_connected", EXAMPLE), Notice("help_state.not_connected", values))
    buttons = tuple(
        HelpRow(Notice(one, EXAMPLE), Notice(f"help_button.{one.partition('.')[2]}", values)) for one in BUTTONS
    )
    return Help((*states, gone), buttons, tuple(Notice(f"help_rule.{one}", values) for one in RULES))


RULES: Final = ("arrive", "counts", "leave", "tactics", "caps", "others", "alone", "places")
"""The rules in short, by their keys."""
