"""Sentences of one moment are put together: at most one unjudged fix for each epoch.

An epoch is what carries the same time of day. Receivers differ in order and choice of sentences, so the cycle is
learned: of the last ``MEMORY`` epochs it is known which kinds of sentence each had. An epoch is *complete*, and its fix
given at once, when all that those had is in; else it ends with the first sentence of another time.

An active RMC is the fix. A GGA of the same epoch says how good it is, and may object; one that was lost leaves its
accuracy assumed. Where none of the last epochs had an RMC, GGA is the fix, or GLL; ZDA gives its date, VTG its speed.
Must not judge whether a position is plausible: that is the gate's.
"""

import math
from collections import Counter, deque
from typing import TypeVar

from edge.domain.inputs import Fix
from edge.vehicle.gps.fields import Position
from edge.vehicle.gps.quality import accuracy_of, flags_of, quality_of_mode, worst_quality
from edge.vehicle.gps.sentences import Gga, Gll, Gsa, Gst, Rmc, Sentence, Vtg, Zda

MEMORY = 8  # epochs
SAME_CYCLE = 1.2  # s between a position and the VTG or GSA that belongs to it, whichever comes first
APART = 25.0  # m between RMC and GGA of one moment: one of them was damaged in a way that its checksum does not show
DEGREE = 111_195.0  # m
DAY = 86400.0  # s


TimelessT = TypeVar("TimelessT", Vtg, Gsa)


class Epochs:
    """Puts sentences together; counts epochs without a fix in ``refused``, by reason."""

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused
        self._had: deque[set[type[Sentence]]] = deque(maxlen=MEMORY)
        self._last_gga: tuple[Gga, int] | None = None  # and how many epochs ago
        self._vtg: tuple[Vtg, float] | None = None
        self._gsa: tuple[Gsa, float] | None = None
        self._zda: Zda | None = None
        self._begin(None)

    def add(self, sentence: Sentence, mono: float) -> list[Fix]:
        """Accept a sentence received at ``mono``; the fix of the epoch that it ends, and of the one it completes."""
        if isinstance(sentence, Vtg):
            self._vtg = sentence, mono
        elif isinstance(sentence, Gsa):
            self._gsa = sentence, mono
        elif not isinstance(sentence, Gll) or not (self._usual(Rmc) or self._usual(Gga)):
            return self._add(sentence, mono)
        return []

    def _add(self, sentence: Rmc | Gga | Gll | Gst | Zda, mono: float) -> list[Fix]:
        fixes = []
        if isinstance(sentence, Zda):
            self._zda = sentence if sentence.utc is not None else self._zda
        elif sentence.clock != self._clock or sentence.clock is None:
            fixes += self.end()
            self._begin(sentence.clock)
        self._store(sentence, mono)
        if self._complete():
            fixes += self._settle()
        return fixes

    def end(self) -> list[Fix]:
        """No more will come of this epoch: its fix, unless it was given or refused already."""
        fixes = [] if self._settled else self._settle()
        if self._kinds & {Rmc, Gga, Gll} and self._clock is not None:
            self._had.append(self._kinds)
            self._last_gga = self._last_gga and (self._last_gga[0], self._last_gga[1] + 1)
        return fixes

    def _begin(self, clock: int | None) -> None:
        self._clock = clock
        self._kinds: set[type[Sentence]] = (
            {Zda} if self._zda and clock is not None and self._zda.clock == clock else set()
        )
        self._rmc: Rmc | None = None
        self._gga: Gga | None = None
        self._gll: Gll | None = None
        self._gst: Gst | None = None
        self._mono = 0.0
        self._settled = False

    def _store(self, sentence: Rmc | Gga | Gll | Gst | Zda, mono: float) -> None:
        """The first of each kind counts; of several talkers' the first that has a fix."""
        if sentence.clock == self._clock:
            self._kinds.add(type(sentence))
        match sentence:
            case Rmc() if self._rmc is None or (sentence.active and not self._rmc.active):
                self._rmc, self._mono = sentence, mono
            case Gga():
                self._last_gga = sentence, 0
                before = self._gga
                if before is None or (sentence.quality != 0 and before.quality == 0) or (before.gns > sentence.gns):
                    self._gga = sentence
                    self._mono = self._mono if self._rmc else mono
            case Gll() if self._gll is None or (sentence.active and not self._gll.active):
                self._gll = sentence
                self._mono = self._mono if self._rmc or self._gga else mono
            case Gst() if self._gst is None:
                self._gst = sentence

    def _usual(self, *kinds: type[Sentence]) -> bool:
        return any(had.issuperset(kinds) for had in self._had)

    def _complete(self) -> bool:
        """All that the receiver's cycle has is in, and speaks for a fix: what does not may be amended yet."""
        if self._settled or not self._had or self._objection() is not None:
            return False
        if self._usual(Rmc):
            return Rmc in self._kinds and all(kind in self._kinds for kind in (Gga, Gst) if self._usual(Rmc, kind))
        return all(kind in self._kinds for kind in (Gga, Gll, Gst, Zda) if self._usual(kind))

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
        if self._rmc is not None:
            return self._rmc_objection(self._rmc)
        position = self._gga or self._gll
        if position is None or self._clock is None:
            return ""
        reason = _no_fix(position)
        if self._usual(Rmc):
            return "" if reason else "no_rmc"
        if reason is None and self._zda is None:
            reason = "no_date" if self._had else ""  # the first sentence of all may be an epoch's last
        return reason

    def _rmc_objection(self, rmc: Rmc) -> str | None:
        if not rmc.active or rmc.mode == "N":
            return "not_active"
        if rmc.fault:
            return rmc.fault
        gga = self._gga or self._recent_gga()
        if gga is not None and gga.quality == 0:
            return "quality_0"
        if self._gga is None or self._gga.place == rmc.place:
            return None
        return "positions_differ" if _metres(rmc.position, self._gga.position) > APART else None

    def _recent_gga(self) -> Gga | None:
        return self._last_gga[0] if self._last_gga is not None and self._last_gga[1] < MEMORY else None

    def _fix(self) -> Fix:
        rmc, position = self._rmc, self._rmc or self._gga or self._gll
        assert position is not None and not isinstance(position.position, str)  # noqa: PT018, S101 - see _objection
        quality, accuracy, flags = self._figures()
        speed, course = (rmc.speed, rmc.course) if rmc is not None else self._motion()
        utc = rmc.utc if rmc is not None else self._dated()
        return Fix(utc, self._mono, *position.position, speed, accuracy, quality, flags, course)

    def _figures(self) -> tuple[int, float, tuple[str, ...]]:
        """Quality, accuracy and flags: the worst of what the epoch's sentences say."""
        gga, last = self._gga, self._recent_gga()
        mode = self._rmc.mode if self._rmc else self._gll.mode if self._gll else ""
        said = gga.quality if gga is not None else last.quality if last is not None and not mode else None
        quality = worst_quality([*([said] if said else []), quality_of_mode(mode)])
        error = None if self._gst is None else self._gst.error
        gsa = self._of_this_cycle(self._gsa)
        hdop = gga.hdop if gga is not None and gga.hdop is not None else gsa.hdop if gsa is not None else None
        satellites = gga.satellites if gga is not None else None
        accuracy, flags = accuracy_of(hdop, satellites, error, flat=gsa is not None and gsa.flat)
        if gga is None and last is not None and error is None:
            accuracy = max(accuracy, accuracy_of(last.hdop, last.satellites)[0])
        return quality, accuracy, (*flags_of(quality), *flags)

    def _motion(self) -> tuple[float | None, float | None]:
        vtg = self._of_this_cycle(self._vtg)
        return (None, None) if vtg is None else (vtg.speed, vtg.course)

    def _of_this_cycle(self, received: tuple[TimelessT, float] | None) -> TimelessT | None:
        return received[0] if received is not None and abs(self._mono - received[1]) <= SAME_CYCLE else None

    def _dated(self) -> float:
        """UTC by the time of day and the date received last, which goes on from fix to fix over midnight."""
        zda, clock = self._zda, self._clock
        assert zda is not None and zda.utc is not None and clock is not None  # noqa: PT018, S101 - see _objection
        passed = (clock / 1000 - zda.utc + DAY / 2) % DAY - DAY / 2
        utc = round(zda.utc + passed, 3)
        if passed > 0:
            self._zda = Zda(clock, utc)
        return utc


def _metres(one: Position, other: Position) -> float:
    """Between two positions that are near one another; 0 where one of them is none."""
    if isinstance(one, str) or isinstance(other, str):
        return 0.0
    east = (one[1] - other[1] + 180) % 360 - 180
    return DEGREE * math.hypot(one[0] - other[0], east * math.cos(math.radians(one[0])))


def _no_fix(position: Gga | Gll) -> str | None:
    """Why a position without RMC is none."""
    if isinstance(position, Gga) and position.quality == 0:
        return "quality_0"
    if isinstance(position, Gll) and (not position.active or position.mode == "N"):
        return "not_active"
    return position.position if isinstance(position.position, str) else None
