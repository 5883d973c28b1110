"""The table of what an officer may tap: each an input with its own rule, in one of this folder's files.

To add one: its class, its row here, and its words (`sheet_button`, `not_now`) in the catalogue. The screen's API and
the sheet behind "More" have it by its row and words.
"""

from edge.domain.taps.changing import AddHere, SuppressBox
from edge.domain.taps.driving import Override
from edge.domain.taps.feedback import GiveFeedback
from edge.domain.taps.pausing import Pause, Resume, ResumeSince, StillPaused
from edge.domain.taps.signing import SignIn, SignInSecond, SignOut, SignOutSecond
from edge.domain.taps.skipping import SkipBox
from edge.domain.taps.tactics import UndoTactic, UseTactic
from edge.domain.taps.tap import Tap
from edge.domain.taps.tasking import SelfTask

__all__ = [
    "TAPS",
    "AddHere",
    "GiveFeedback",
    "Override",
    "Pause",
    "Resume",
    "ResumeSince",
    "SelfTask",
    "SignIn",
    "SignInSecond",
    "SignOut",
    "SignOutSecond",
    "SkipBox",
    "StillPaused",
    "SuppressBox",
    "Tap",
    "UndoTactic",
    "UseTactic",
]

TAPS: dict[str, type[Tap]] = {
    tap.NAME: tap
    for tap in (
        *(SignIn, SignOut, SignInSecond, SignOutSecond, Pause, Resume, ResumeSince, StillPaused),
        *(UseTactic, UndoTactic, SkipBox, SelfTask, GiveFeedback, Override, AddHere, SuppressBox),
    )
}
"""Every tap, by its name in the screen's API."""
