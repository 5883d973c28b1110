"""Recorded NMEA: a log's lines to fixes, with the log's own time as the monotonic clock.

Pure but for reading the file; whoever replays decides on the pace. A recording has no record of when a line came,
so its own time stands for that, with care: an epoch that is right but for its date was a moment after the one before;
one whose time leaps ahead while one of the next is back before it was wrong, and one that goes back cannot be: for
those the clock goes on by one usual interval. The gate sees that they are out of step. A gap in the recording is a
gap in time.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from edge.domain.inputs import Fix
from edge.errors import UserError
from edge.vehicle.gps.epoch import MEMORY
from edge.vehicle.gps.nmea import Reader
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.sentences import Gga, Gll, Rmc, Sentence

BLOCK = 65536  # bytes read at a time
DAY = 86400.0  # s
DAY_ONE = 1e6  # s: before it a time is one of the day alone
USUAL = 10.0  # s: an interval up to this is one between epochs, longer is a gap
AHEAD = 60  # epochs that are looked at for one that is back before a leap


def read_log(path: Path) -> Iterator[bytes]:
    """The file in blocks. UserError where it cannot be read."""
    try:
        with path.open("rb") as log:
            while block := log.read(BLOCK):
                yield block
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); give the path of an NMEA log") from error


def fixes_of(blocks: Iterable[bytes], pipeline: Pipeline, start: float = 0.0) -> Iterator[Fix]:
    """The accepted fixes of a recording; its first position is at monotonic second ``start``."""
    for mono, sentence in timed(sentences_of(blocks, pipeline.reader), start):
        yield from pipeline.add(sentence, mono)
    yield from pipeline.end()


def sentences_of(blocks: Iterable[bytes], reader: Reader) -> Iterator[Sentence]:
    """All sentences, the last one also where its line end was not recorded."""
    for block in chain(blocks, [b"\n"]):
        yield from reader.feed(block)


_Epoch: TypeAlias = tuple[float | None, list[Sentence]]
"""What the first of some sentences brings, in seconds; None for those before any that brings the time."""


def timed(sentences: Iterable[Sentence], start: float = 0.0) -> Iterator[tuple[float, Sentence]]:
    """Each sentence with the monotonic second of its receipt."""
    clock, ahead = _Clock(start), deque[_Epoch]()
    for epoch in _epochs(sentences):
        ahead.append(epoch)
        if len(ahead) > AHEAD:
            yield from clock.timed(ahead.popleft(), ahead)
    while ahead:
        yield from clock.timed(ahead.popleft(), ahead)


def _epochs(sentences: Iterable[Sentence]) -> Iterator[_Epoch]:
    """A sentence that brings the time, and what followed it until the next one that does."""
    leader, together = _Leader(), list[Sentence]()
    utc: float | None = None
    for sentence in sentences:
        following = leader.time_of(sentence)
        if following is not None:
            yield utc, together
            together, utc = [], following
        together.append(sentence)
    yield utc, together


class _Leader:
    """Which sentences bring the time: an active RMC; where none of the last epochs had one, GGA or GLL."""

    def __init__(self) -> None:
        self._utc: float | None = None
        self._since_rmc = MEMORY

    def time_of(self, sentence: Sentence) -> float | None:
        """Seconds, of which differences alone mean something until an RMC has come; None: it brings none."""
        if isinstance(sentence, Rmc):
            self._since_rmc = 0
            self._utc = sentence.utc if sentence.active and not sentence.fault else self._utc
            return sentence.utc if sentence.active and not sentence.fault else None
        if not isinstance(sentence, Gga | Gll) or sentence.clock is None:
            return None
        self._since_rmc += 1
        if self._since_rmc <= MEMORY:
            return None
        of_day = sentence.clock / 1000
        last = of_day if self._utc is None else self._utc
        utc = last + (of_day - last + DAY / 2) % DAY - DAY / 2
        if utc == self._utc:
            return None
        self._utc = utc
        return utc


class _Clock:
    """The monotonic clock of a recording."""

    def __init__(self, start: float) -> None:
        self._mono = start
        self._utc: float | None = None
        self._interval = 1.0

    def timed(self, epoch: _Epoch, ahead: Sequence[_Epoch]) -> Iterator[tuple[float, Sentence]]:
        """An epoch's sentences, with those that follow it to tell a leap from a gap."""
        utc, sentences = epoch
        if utc is not None:
            self._mono += self._passed(utc, ahead)
            self._utc = utc
        for sentence in sentences:
            yield self._mono, sentence

    def _passed(self, utc: float, ahead: Sequence[_Epoch]) -> float:
        """Seconds since the epoch before."""
        if self._utc is None or self._utc < DAY_ONE <= utc:
            return 0.0
        passed, of_day = utc - self._utc, (utc - self._utc) % DAY
        if 0 <= passed <= USUAL:
            self._interval = passed or self._interval
            return passed
        if 0 < of_day <= USUAL:
            return of_day
        back = any(later is not None and later < utc for later, _ in ahead)
        return self._interval if passed < 0 or back else passed
