"""What an officer may tap: each an input with its own rule, a class in one of this folder's files, which finds it.

To add one: its class, and its words (`sheet_button`, `not_now`) in the catalogue. The screen's API, its permits and the
sheet behind "More" have it by its class and words.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from edge.domain.taps.changing import AddBox, AddHere, SuppressBox
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
    "AddBox",
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


def _found() -> Iterator[type[Tap]]:
    for file in iter_modules(__path__):
        module = import_module(f"{__name__}.{file.name}")
        yield from (
            one
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Tap) and one is not Tap and one.__module__ == module.__name__
        )


TAPS: Final[Mapping[str, type[Tap]]] = {tap.NAME: tap for tap in _found()}
"""Every tap, by its name in the screen's API."""
