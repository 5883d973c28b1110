"""Bytes of a receiver through reader, epochs and gate to fixes: what serial and recorded NMEA have in common."""

from collections import Counter

from edge.domain.inputs import Fix
from edge.vehicle.gps.epoch import Epochs
from edge.vehicle.gps.gate import ERA, MENDED_TO, Gate
from edge.vehicle.gps.nmea import Reader
from edge.vehicle.gps.sentences import Sentence


class Pipeline:
    """``refused`` counts by reason: lines (checksum …), epochs (not_active …) and fixes (zero_zero …)."""

    def __init__(self, *, floor: float = ERA, ceiling: float = MENDED_TO) -> None:
        self.refused: Counter[str] = Counter()
        self.reader = Reader(self.refused)
        self._epochs = Epochs(self.refused)
        self._gate = Gate(self.refused, floor=floor, ceiling=ceiling)

    def add(self, sentence: Sentence, mono: float) -> list[Fix]:
        """The accepted fixes that a sentence received at monotonic second ``mono`` brings about."""
        return self._judged(self._epochs.add(sentence, mono))

    def end(self) -> list[Fix]:
        """The fix of an epoch that nothing else will end: a recording is over."""
        return self._judged(self._epochs.end())

    def _judged(self, fixes: list[Fix]) -> list[Fix]:
        return [judged for fix in fixes if (judged := self._gate.judge(fix)) is not None]
