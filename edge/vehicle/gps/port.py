"""The port that every GPS source implements, and what a source says of itself.

A source runs in the daemon's gps thread and hands fixes on by ``post``; whatever happens to its device is its own
matter: it notices, says so in its status, and tries again. Must not keep a fix, nor decide what a silence means
for metering.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from edge.domain.inputs import Fix
from edge.text.words import Notice, Severity

SILENT = 3.0  # s without anything new before a status says so

Post: TypeAlias = Callable[[Fix], None]
Mono: TypeAlias = Callable[[], float]
State: TypeAlias = Literal["connecting", "silent", "unreadable", "searching", "receiving", "ended"]

SEVERITY: Final[Mapping[State, Severity]] = {
    "connecting": "fault",
    "silent": "fault",
    "unreadable": "fault",
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


class Watch:
    """A source's own notes of what it heard and when; read by other threads, so each note is one assignment."""

    def __init__(self, device: str, mono: Mono, refused: Counter[str]) -> None:
        self.device = device
        self._mono = mono
        self._refused = refused
        self.connected = False
        self._ended = False
        self._trouble = "not opened yet"
        self._since = self._opened_at = mono()
        self._bytes_at: float | None = None
        self._sentence_at: float | None = None
        self._fix_at: float | None = None
        self._fixes = 0

    def opened(self) -> None:
        """The device is open: it has a while to speak. One that is opened anew for its silence has had that."""
        self._opened_at = self._mono()
        if not self.connected:
            self._since = self._opened_at
        self.connected = True

    def lost(self, trouble: str) -> None:
        """The device is gone; ``trouble`` in a few words."""
        self._trouble = trouble
        self.connected = False

    def ended(self) -> None:
        """A recording is over."""
        self._ended = True

    def heard(self, *, sentence: bool, fixes: int) -> None:
        """Bytes came: whether they held a whole sentence, and how many fixes they brought."""
        now = self._mono()
        self._bytes_at = now
        if sentence:
            self._sentence_at = now
        if fixes:
            self._fix_at = now
            self._fixes += fixes

    def quiet_for(self) -> float:
        """Seconds without a byte since the device was opened."""
        return self._mono() - max(self._opened_at, self._bytes_at or self._opened_at)

    def status(self) -> SourceStatus:
        """The notes as they stand now."""
        now = self._mono()
        state = self._state(now)
        return SourceStatus(
            state,
            self.device,
            None if self._sentence_at is None else now - self._sentence_at,
            None if self._fix_at is None else now - self._fix_at,
            self._fixes,
            dict(self._refused),
            self._notice(state),
        )

    def _state(self, now: float) -> State:
        if self._ended:
            return "ended"
        if not self.connected:
            return "connecting"
        if not self._fresh(self._bytes_at, now):
            return "silent"
        if not self._fresh(self._sentence_at, now):
            return "unreadable"
        return "searching" if self._fix_at is None or now - self._fix_at > SILENT else "receiving"

    def _fresh(self, at: float | None, now: float) -> bool:
        """Whether it was so a moment ago, or the device has only just been opened."""
        return now - (self._since if at is None else max(at, self._since)) <= SILENT

    def _notice(self, state: State) -> Notice:
        return Notice(f"gps.{state}", {"device": self.device, "why": self._trouble}, SEVERITY[state])
