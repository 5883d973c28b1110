"""The port that every GPS source implements, and what a source says of itself.

A source runs in the daemon's gps thread and hands fixes on by ``post``; whatever happens to its device is its own
matter: it notices, says so in its status, and tries again. Must not keep a fix, nor decide what a silence means
for metering.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from edge.domain.inputs import Fix
from edge.text.words import Notice, Severity

Post: TypeAlias = Callable[[Fix], None]
Mono: TypeAlias = Callable[[], float]
State: TypeAlias = Literal[
    "connecting",
    "missing",
    "silent",
    "unreadable",
    "binary",
    "not_nmea",
    "incomplete",
    "searching",
    "receiving",
    "ended",
]

SEVERITY: Final[Mapping[State, Severity]] = {
    "connecting": "fault",
    "missing": "fault",
    "silent": "fault",
    "unreadable": "fault",
    "binary": "fault",
    "not_nmea": "fault",
    "incomplete": "fault",
    "searching": "warning",
    "receiving": "info",
    "ended": "info",
}


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """``age``, ``fix_age``: seconds since the last sentence and the last accepted fix, None before the first.

    ``refused`` counts by reason; ``notice`` is what a screen says of it.
    """

    state: State
    device: str
    age: float | None
    fix_age: float | None
    fixes: int
    refused: Mapping[str, int]
    notice: Notice


class Source(Protocol):
    """Where fixes come from."""

    def run(self, stop: threading.Event) -> None:
        """Post fixes until ``stop`` is set; returns within a second of that, whatever the device does."""

    def status(self) -> SourceStatus:
        """How it stands; from any thread, at any time."""


class CauseError(ConnectionError):
    """A connection that ended, and why: ``key`` of the catalogue's group ``gps_cause``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
