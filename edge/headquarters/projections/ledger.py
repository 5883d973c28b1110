"""One ledger's projections: from a state and the records after it to the rows that changed, and the next state.

The state is that after the last record which no later one can change. While a vehicle does not know the time, its
records are handed in again, until the step that repairs them has come or their boot is over; so the rows are the same
however the records are dealt out. Must not read a database: `edge.headquarters.store` keeps states and rows.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from edge.domain.events import (
    BoxFeedback,
    BoxSkipped,
    ClockStepped,
    Event,
    OtherRecord,
    PatrolAdded,
    PatrolSuppressed,
    PlanAdopted,
    PresenceRecorded,
    Unknown,
    UnreadableRecord,
)
from edge.domain.flagged import weak_seconds
from edge.headquarters.projections.repair import Boot, Repaired, repair
from edge.headquarters.projections.rows import (
    OtherRow,
    PlanRow,
    Remark,
    RemarkKind,
    RemarkRow,
    Rows,
    SpanRow,
    StayRow,
    StepRow,
)
from edge.headquarters.projections.runs import Run, Runs
from edge.headquarters.projections.spans import Spans, Under
from edge.headquarters.projections.visits import Tap, Visit, Visits

VERSION: Final = 5
"""What the rows mean: raised with every change of what a record comes to; older rows are made anew."""

LONGEST_SHIFT: Final = 100
"""Characters of a shift's id: a longer one is none, and no index takes it."""


@dataclass(frozen=True, slots=True)
class State:
    """Where the projections of a ledger stand: settled up to record ``seq``, and what is under way by then (JSON)."""

    seq: int = 0
    body: str = "{}"


def project(unit: str, ledger: str, state: State, records: Sequence[Event]) -> tuple[State, Rows]:
    """The rows that a ledger's records come to. ``records``: all those after the state's, in order."""
    live = _Live.load(unit, ledger, state.body)
    repaired, moved, settled = repair(records, live.boot)
    for one in repaired[:settled]:
        live.take(one, moved[one.event.seq])
    state = live.state(records[settled - 1].seq) if settled else state
    for one in repaired[settled:]:
        live.take(one, moved[one.event.seq])
    return state, live.rows


class _Live:
    """The machines over one ledger's records."""

    def __init__(self, unit: str, ledger: str) -> None:
        self.unit, self.ledger, self.boot = unit, ledger, Boot()
        self.spans, self.visits, self.runs = Spans(unit, ledger), Visits(unit, ledger), Runs(unit, ledger)
        self._rows = Rows()

    def take(self, one: Repaired, moved: int) -> None:
        """The next record; ``moved``: how many records it repairs."""
        event, self.boot = one.event, one.boot
        self.runs.take(event, moved=one.moved)
        self.spans.take(event)
        self.visits.take(event)
        own, at, data = (self.unit, self.ledger, event.seq), event.time.timestamp(), event.data
        match data:
            case PresenceRecorded():
                began, ended = data.began.timestamp(), data.ended.timestamp()
                day = _day(event.shift, data.began)
                seconds, weak = data.seconds, weak_seconds(data.flags, data.seconds)
                stay = StayRow(*own, event.shift, at, day, data.box, began, ended, seconds, data.at_cap, weak)
                self._rows.stays.append(stay)
            case PlanAdopted() if len(data.plan_shift) <= LONGEST_SHIFT:
                plan = PlanRow(*own, data.plan_shift, at, data.district, data.version, data.source, data.digest)
                self._rows.plans.append(plan)
            case BoxFeedback():
                self._remark(event, data.box, "feedback", data.feedback)
            case BoxSkipped(box=box, reason=reason) if reason != "next":
                self._remark(event, box, "skip", reason)
            case PatrolAdded() | PatrolSuppressed():
                what = "added" if isinstance(data, PatrolAdded) else "suppressed"
                self._remark(event, data.box, "change", Unknown(f"{what}.{data.role}.{data.reason}"))
            case ClockStepped():
                self._rows.steps.append(StepRow(*own, event.shift, at, data.step_s, moved))
            case OtherRecord(type=kind):
                self._rows.others.append(OtherRow(*own, event.shift, at, kind, ""))
            case UnreadableRecord(type=kind, problem=problem):
                self._rows.others.append(OtherRow(*own, event.shift, at, kind, problem))
            case _:
                pass

    def _remark(self, event: Event, box: str, kind: RemarkKind, remark: Remark) -> None:
        """What an officer said of a box."""
        day = _day(event.shift, event.time)
        row = RemarkRow(self.unit, self.ledger, event.seq, event.shift, event.time.timestamp(), day, box, kind, remark)
        self._rows.remarks.append(row)

    @property
    def rows(self) -> Rows:
        """All rows that changed."""
        visits, tactics = self.visits.rows()
        self._rows.ledgers, self._rows.runs, self._rows.unplaced = (
            self.runs.ledgers,
            self.runs.rows(),
            self.runs.unplaced,
        )
        self._rows.visits, self._rows.tactics = visits, tactics
        self._rows.spans = list(self.spans.changed.values())
        return self._rows

    def state(self, seq: int) -> State:
        """What is under way after record ``seq``."""
        body = {
            "boot": [self.boot.id, self.boot.began.isoformat() if self.boot.began else None],
            "began": self.runs.began,
            "bounds": self.runs.bounds,
            "run": self.runs.run,
            "spans": self.spans.under,
            "resumed": self.spans.resumed,
            "visits": [*self.visits.latest.values()],
        }
        return State(seq, json.dumps(body, separators=(",", ":"), default=_parts))

    @classmethod
    def load(cls, unit: str, ledger: str, body: str) -> "_Live":
        """The machines as a state left them."""
        live, said = cls(unit, ledger), json.loads(body)
        if not said:
            return live
        id_, began = said["boot"]
        live.boot = Boot(id_, began and datetime.fromisoformat(began))
        live.runs.began = said["began"]
        live.runs.bounds = said["bounds"] and tuple(said["bounds"])
        live.runs.run = said["run"] and Run(**said["run"])
        live.spans.under = {kind: Under(**under) for kind, under in said["spans"].items()}
        live.spans.resumed = said["resumed"] and SpanRow(*said["resumed"])
        live.visits.latest = {visit["id"]: _visit(visit) for visit in said["visits"]}
        return live


def _day(shift: str | None, at: datetime) -> str:
    """The date that a shift is named by; of a record of none its own in UTC."""
    return shift.partition("/")[0] if shift else at.date().isoformat()


def _parts(value: Any) -> dict[str, Any]:
    """A run, span or visit under way; `dataclasses.asdict` copies all that is in them, too."""
    return {name: getattr(value, name) for name in value.__slots__}


def _visit(said: dict[str, Any]) -> Visit:
    visit = Visit(**said)
    visit.crime_types = tuple(said["crime_types"])
    visit.officers = tuple((officer, seconds) for officer, seconds in said["officers"])
    visit.parts = [(began, ended) for began, ended in said["parts"]]
    visit.taps = [Tap(**tap) for tap in said["taps"]]
    return visit
