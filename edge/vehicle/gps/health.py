"""How a receiver stands, from what came of it and how often: bytes, sentences, positions, dates and fixes apart.

Each has a rhythm of its own, so that a receiver that reports every five seconds is not silent for two of them. Other
threads read what one notes, so each note is one assignment. Must not decide what a silence means for metering.
"""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from edge.text.words import Notice
from edge.vehicle.gps.port import SEVERITY, Mono, SourceStatus, State
from edge.vehicle.gps.signature import signature

SILENT: Final = 3.0
"""Seconds without anything new before a status says so, at least."""

UNKNOWN: Final = 10.5
"""The same of a receiver whose own interval is not known yet: they are made for up to 10 s."""

INTERVALS: Final = 2.5
"""A receiver's own interval so often; as the rules judge a fix."""

SLOWEST: Final = 30.0
"""No receiver's interval is longer; what comes later was a gap."""

MANY: Final = 5
"""Intervals of which the middle one is the receiver's own."""

BURST: Final = 0.5
"""What comes sooner after the last belongs to it: a second's sentences arrive in pieces."""

STEADY: Final = 1.0
"""An interval of what never pauses for so long as a burst's gap."""

RECENT: Final = 2048
"""Bytes without a sentence that are looked at for what they are."""


class Rhythm:
    """When something came, and how often it does."""

    def __init__(self) -> None:
        self.at: float | None = None
        self._begun = 0.0
        self._intervals: tuple[float, ...] = ()

    def note(self, now: float) -> None:
        """It came."""
        last, self.at = self.at, now
        if last is None:
            self._begun = now
        elif now - last > BURST or now - self._begun >= STEADY:
            if now - self._begun <= SLOWEST:
                self._intervals = (*self._intervals[1 - MANY :], now - self._begun)
            self._begun = now

    @property
    def limit(self) -> float:
        """Seconds after which it is late."""
        seen = sorted(self._intervals)
        return min(max(SILENT, INTERVALS * seen[len(seen) // 2]), SLOWEST) if seen else UNKNOWN

    def fresh(self, now: float, since: float) -> bool:
        """Whether it came a moment ago, or there has been no time for it since ``since``."""
        return now - (since if self.at is None else max(self.at, since)) <= self.limit


class Watch:
    """A source's own notes of what it received and when. ``device``: what it is called on the screen."""

    def __init__(self, device: str, mono: Mono, refused: Counter[str]) -> None:
        self.device = device
        self._mono = mono
        self._refused = refused
        self.connected = False
        self._ended = False
        self._trouble = Notice("gps_cause.not_opened")
        self._since = self._opened_at = mono()
        self._of = {kind: Rhythm() for kind in ("bytes", "sentence", "position", "date", "fix")}
        self._fixes = 0
        self._unread = b""
        self._missing: str | None = None

    def opened(self) -> None:
        """The device is open: it has a while to speak. One that is opened anew for its silence has had that."""
        self._opened_at = self._mono()
        if not self.connected:
            self._since = self._opened_at
        self.connected = True

    def lost(self, trouble: Notice) -> None:
        """The device is gone, and why."""
        self._trouble = trouble
        self.connected = False

    def missing(self, receiver: str | None) -> None:
        """The server is there and has no such receiver ("" for any); None: it has."""
        self._missing = receiver

    def ended(self) -> None:
        """A recording is over."""
        self._ended = True

    def received(self, data: bytes = b"", kinds: Iterable[str] = (), fixes: int = 0) -> None:
        """Something came: of which ``kinds``, and how many fixes it brought. ``data``: as it came over a wire."""
        now = self._mono()
        self._of["bytes"].note(now)
        for kind in {*kinds, *(("fix",) if fixes else ())}:
            self._of[kind].note(now)
        self._fixes += fixes
        self._unread = b"" if kinds else (self._unread + data)[-RECENT:]

    def patience(self) -> float:
        """Seconds of silence that are this receiver's own way."""
        return self._of["bytes"].limit

    def quiet_for(self) -> float:
        """Seconds without a byte since the device was opened."""
        return self._mono() - max(self._opened_at, self._of["bytes"].at or self._opened_at)

    def status(self) -> SourceStatus:
        """The notes as they stand now."""
        now = self._mono()
        state = self._state(now)
        sentence, fix = self._of["sentence"].at, self._of["fix"].at
        return SourceStatus(
            state,
            self.device,
            None if sentence is None else now - sentence,
            None if fix is None else now - fix,
            self._fixes,
            dict(self._refused),
            self._notice(state),
        )

    def _state(self, now: float) -> State:
        if self._ended or not self.connected:
            return "ended" if self._ended else "connecting"
        if self._missing is not None:
            return "missing"
        return self._state_of_connected(now)

    def _state_of_connected(self, now: float) -> State:
        fresh = {kind: rhythm.fresh(now, self._since) for kind, rhythm in self._of.items()}
        if not fresh["bytes"]:
            return "silent"
        if not fresh["sentence"]:
            return signature(self._unread)
        if not (fresh["position"] and fresh["date"]):
            return "incomplete"
        return "receiving" if self._of["fix"].fresh(now, -math.inf) else "searching"

    def _notice(self, state: State) -> Notice:
        values = {"device": self.device, "why": self._trouble, "receiver": self._missing or ""}
        code = "gps.missing_one" if state == "missing" and self._missing else f"gps.{state}"
        return Notice(code, values, SEVERITY[state])
