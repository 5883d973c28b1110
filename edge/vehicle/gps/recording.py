"""Recorded NMEA: a log's lines to fixes, with the log's own time as the monotonic clock.

Pure but for reading the file; whoever replays decides on the pace. A recording has no record of when a line came,
so its own time stands for that, with care: an epoch whose time leaps ahead while the next one is back before it
was wrong, and one that goes back cannot be; for those the clock goes on by one usual interval, and the gate sees
that they are out of step. A gap in the recording is a gap in time.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from edge.domain.inputs import Fix
from edge.errors import UserError
from edge.vehicle.gps.nmea import Reader, Rmc, Sentence
from edge.vehicle.gps.pipeline import Pipeline

BLOCK = 65536  # bytes read at a time
USUAL = 10.0  # s: an interval up to this is one between epochs, longer is a gap


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


def timed(sentences: Iterable[Sentence], start: float = 0.0) -> Iterator[tuple[float, Sentence]]:
    """Each sentence with the monotonic second of its receipt."""
    clock = _Clock(start)
    waiting: list[Sentence] = []  # an active RMC and what followed it, until the next one tells its time
    for sentence in sentences:
        if isinstance(sentence, Rmc) and sentence.active and not sentence.fault:
            yield from clock.timed(waiting, sentence.utc)
            waiting = []
        waiting.append(sentence)
    yield from clock.timed(waiting, None)


class _Clock:
    """The monotonic clock of a recording."""

    def __init__(self, start: float) -> None:
        self._mono = start
        self._utc: float | None = None
        self._interval = 1.0

    def timed(self, sentences: list[Sentence], following: float | None) -> Iterator[tuple[float, Sentence]]:
        if sentences and isinstance(first := sentences[0], Rmc) and first.active and not first.fault:
            self._advance(first.utc, following)
        for sentence in sentences:
            yield self._mono, sentence

    def _advance(self, utc: float, following: float | None) -> None:
        """Go on to ``utc``, where time does not fall back behind it at the ``following`` epoch."""
        passed = 0.0 if self._utc is None else utc - self._utc
        self._utc = utc
        if passed < 0 or (following is not None and following < utc):
            self._mono += self._interval
            return
        self._mono += passed
        if 0 < passed <= USUAL:
            self._interval = passed
