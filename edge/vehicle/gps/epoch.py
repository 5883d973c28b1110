"""Sentences of one moment are put together: at most one unjudged fix for each epoch.

An epoch is what carries the same time of day. Receivers differ in order and choice of sentences, so the cycle is
learned: of the last ``MEMORY`` epochs it is known which had a GGA and a GST. An epoch is *complete*, and its fix
given at once, when all that those had is in; else it ends with the first sentence of another time.

An active RMC is the fix. A GGA of the same epoch must confirm it, wherever the receiver usually sends one; a
receiver that sends none, or that sends it at other times than its RMC, is believed without, unless the GGA it sent
last says that there is no fix. Must not judge whether a position is plausible: that is the gate's.
"""

from collections import Counter, deque

from edge.domain.inputs import Fix
from edge.vehicle.gps.nmea import Gga, Gst, Rmc, Sentence
from edge.vehicle.gps.quality import by_hdop, flags_of

MEMORY = 8  # epochs
_QUALITY_OF_MODE = {"D": 2, "R": 4, "F": 5, "E": 6, "M": 7, "S": 8}


class Epochs:
    """Puts sentences together; counts epochs without a fix in ``refused``, by reason."""

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused
        self._had_gga: deque[bool] = deque(maxlen=MEMORY)
        self._had_gst: deque[bool] = deque(maxlen=MEMORY)
        self._last_gga: Gga | None = None
        self._since_gga = 0  # epochs
        self._begin(None)

    def add(self, sentence: Sentence, mono: float) -> list[Fix]:
        """Take a sentence received at ``mono``; the fix of the epoch that it ends, and of the one it completes."""
        fixes = []
        if sentence.clock != self._clock or sentence.clock is None:
            fixes += self.end()
            self._begin(sentence.clock)
        self._keep(sentence, mono)
        if self._complete():
            fixes += self._settle()
        return fixes

    def end(self) -> list[Fix]:
        """No more will come of this epoch: its fix, unless it was given or refused already."""
        fixes = [] if self._settled else self._settle()
        if self._rmc is not None and self._clock is not None:
            self._had_gga.append(self._gga is not None)
            self._had_gst.append(self._gst is not None)
            self._since_gga += 1
        return fixes

    def _begin(self, clock: int | None) -> None:
        self._clock = clock
        self._rmc: Rmc | None = None
        self._gga: Gga | None = None
        self._gst: Gst | None = None
        self._mono = 0.0
        self._settled = False

    def _keep(self, sentence: Sentence, mono: float) -> None:
        """The first of each kind counts; of several talkers' the first that has a fix."""
        match sentence:
            case Rmc() if self._rmc is None or (sentence.active and not self._rmc.active):
                self._rmc, self._mono = sentence, mono
            case Gga():
                self._last_gga, self._since_gga = sentence, 0
                if self._gga is None or (sentence.quality and not self._gga.quality):
                    self._gga = sentence
            case Gst() if self._gst is None:
                self._gst = sentence

    def _complete(self) -> bool:
        """All that the receiver's cycle has is in, and speaks for a fix: what does not may be amended yet."""
        if self._settled or not self._had_gga or self._rmc is None or not self._rmc.active:
            return False
        gga_in = self._gga.quality > 0 if self._gga else not any(self._had_gga)
        return gga_in and (self._gst is not None or not any(self._had_gst))

    def _settle(self) -> list[Fix]:
        self._settled = True
        reason = self._objection()
        if reason is None:
            return [self._fix()]
        if reason:
            self._refused[reason] += 1
        return []

    def _objection(self) -> str | None:
        """Why this epoch is no fix; "" where there was nothing to refuse."""
        if self._rmc is None:
            return "no_rmc" if self._gga is not None and self._gga.quality else ""
        if not self._rmc.active or self._rmc.mode == "N":
            return "not_active"
        if self._rmc.fault:
            return self._rmc.fault
        if self._gga is None and self._usually_gga():
            return "no_gga"
        gga = self._gga or (self._last_gga if self._since_gga < MEMORY else None)
        return "quality_0" if gga is not None and not gga.quality else None

    def _usually_gga(self) -> bool:
        return bool(self._had_gga) and 2 * sum(self._had_gga) >= len(self._had_gga)

    def _fix(self) -> Fix:
        rmc, gga, gst = self._rmc, self._gga, self._gst
        assert rmc is not None  # noqa: S101 - _objection has seen to it
        quality = gga.quality if gga else _QUALITY_OF_MODE.get(rmc.mode, 1)
        accuracy, flags = by_hdop(gga.hdop, gga.satellites) if gga else by_hdop(None, None)
        if gst is not None and gst.error is not None:
            accuracy, flags = gst.error, ()
        flags = (*flags_of(quality), *flags)
        return Fix(rmc.utc, self._mono, rmc.lat, rmc.lon, rmc.speed, accuracy, quality, flags, rmc.course)
