"""Which records of a ledger are of which shift, when, and who was on duty: consecutive ones of one shift are one row.

Must not know the calendar: a record that names no shift has a row of its own, for the calendar to place.
"""

from dataclasses import dataclass, field
from typing import Final

from edge.domain.events import Event, ShiftBegan, UnreadableRecord
from edge.domain.state import TRUSTED
from edge.headquarters.projections.rows import LedgerRow, RunRow, UnplacedRow

MOST: Final = 50
"""Officers of a run: more begin another, so that no state grows with what a vehicle says."""


@dataclass(slots=True)
class Run:
    """A run that grows; ``sure``: ``first`` and ``last`` are of a trusted or repaired clock."""

    seq: int
    last_seq: int
    shift: str | None
    first: float | None = None
    last: float | None = None
    sure: bool = False
    officers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Runs:
    """The run under way in a ledger, and the rows that changed. ``began``: when the ledger did, once that is known.

    ``bounds``: the shift that began last, its start and its end, as the vehicle recorded them.
    """

    unit: str
    ledger: str
    began: float | None = None
    bounds: tuple[str, float, float] | None = None
    run: Run | None = None
    changed: dict[int, Run] = field(default_factory=dict)
    unplaced: list[UnplacedRow] = field(default_factory=list)
    ledgers: list[LedgerRow] = field(default_factory=list)

    def take(self, event: Event, *, moved: bool) -> None:
        """The ledger's next record; ``moved``: its time is repaired."""
        run, at = self.run, event.time.timestamp()
        if isinstance(event.data, ShiftBegan) and event.shift is not None:
            self.bounds = event.shift, event.data.starts.timestamp(), event.data.ends.timestamp()
        if run is None or run.shift != event.shift or len(run.officers) >= MOST:
            self.run = run = Run(event.seq, event.seq, event.shift)
        self.changed[run.seq] = run
        run.last_seq = event.seq
        on_duty = (event.officer, event.second) if event.data.ON_DUTY else (None, None)
        if self._within(event.shift, at) and not isinstance(event.data, UnreadableRecord):
            self._widen(run, at, sure=moved or event.clock in TRUSTED)
            run.officers += [one for one in on_duty if one and one not in run.officers]
        if event.shift is None:
            self.unplaced.append(UnplacedRow(self.unit, self.ledger, event.seq, at, on_duty[0]))

    def _within(self, shift: str | None, at: float) -> bool:
        """Whether an instant lies in the shift that a record names, as far as its bounds are known.

        The first record after a weekend may still name Friday's.
        """
        return self.bounds is None or self.bounds[0] != shift or self.bounds[1] <= at <= self.bounds[2]

    def _widen(self, run: Run, at: float, *, sure: bool) -> None:
        """Widen a run to an instant; what an untrusted clock says stands only until a trusted one speaks."""
        if sure and self.began is None:
            self.began = at
            self.ledgers.append(LedgerRow(self.unit, self.ledger, at))
        if run.first is None or run.last is None or (sure and not run.sure):
            run.first, run.last, run.sure = at, at, sure
        elif sure == run.sure:
            run.first, run.last = min(run.first, at), max(run.last, at)

    def rows(self) -> list[RunRow]:
        """The runs that changed."""
        return [
            RunRow(self.unit, self.ledger, run.seq, run.last_seq, run.shift, run.first, run.last, tuple(run.officers))
            for run in self.changed.values()
        ]
