"""One turn of the rules: a state that changes, and the records it leaves. Used by `edge.domain.patrol` alone."""

from typing import Any

from edge.domain.events import (
    Event,
    EventData,
    PresenceRecorded,
    instant,
)
from edge.domain.flagged import account
from edge.domain.grid import box_id
from edge.domain.meter import Phase, Signal, Visit, accrue, milestones, step
from edge.domain.state import Setting, State
from edge.domain.track import Stay, Track, flagged_during, settle
from edge.domain.values import evolve


class Turn:
    """The state as it changes within one call of `decide`, and the events so far, numbered in the order they happen."""

    def __init__(self, setting: Setting, state: State) -> None:
        self.setting = setting
        self.state = state
        self.rules = setting.policy.metering
        self.events: list[Event] = []

    def set(self, **changes: Any) -> None:
        """Change some fields of the state."""
        self.state = evolve(self.state, **changes)

    def next_id(self, skip: int = 0) -> str:
        """The id the next record will have, or the one ``skip`` records later."""
        return f"{self.state.unit}:{self.state.ledger}:{self.state.seq + 1 + skip}"

    def record(self, data: EventData, mono: float) -> None:
        """Append a record, known since ``mono``."""
        state = self.state
        event = Event(
            id=self.next_id(),
            unit=state.unit,
            ledger=state.ledger,
            seq=state.seq + 1,
            boot=state.boot,
            mono=round(mono, 3),
            time=instant(state.utc(mono)),
            clock=state.clock.state,
            shift=state.shift.id if state.shift and (state.clock.trusted or not data.OF_INSTANT) else None,
            officer=state.officer,
            data=data,
            second=state.second,
        )
        self.events.append(event)
        self.set(seq=event.seq)

    def settle(self, mono: float) -> None:
        """Account for the time up to ``mono``, as far as it is trusted now."""
        track = self.state.track
        if track.lost or mono <= track.settled:
            return
        seconds = mono - track.settled if track.trusted(mono, self.rules) else 0.0
        track, visit = self.counted(track, seconds, mono)
        self.set(track=track, visit=visit)

    def counted(self, track: Track, seconds: float, mono: float) -> tuple[Track, Visit | None]:
        """The track and the visit with some seconds, up to ``mono``, counted to the stay, the runs and the visit."""
        visit, flagged = self.state.visit, flagged_during(track, seconds)
        if visit is not None and seconds > 0.0:
            visit = accrue(visit, seconds, flagged, outside=track.runs.outside is not None)
        return settle(track, seconds, flagged, mono), visit

    def signal(self, signal: Signal, mono: float) -> None:
        """Let the meter take a signal; keep the book of visits and the tactic in step with it."""
        before = self.state.visit
        after, said = step(before, signal)
        if after is before and not said:
            return
        for data in said:
            self.record(data, mono)
        if before is not None and (after is None or after.id != before.id):
            ended = before.away_at if before.phase is Phase.AWAY else signal.utc
            self._book(before, max(ended, before.opened))
            self.set(tactic=None)
        self.set(visit=after)
        if after is not None:
            self._book(after)
            self.milestones(mono)

    def milestones(self, mono: float) -> None:
        """Say what the visit's dosage has reached."""
        visit = self.state.visit
        if visit is None:
            return
        reached, said = milestones(visit, self.rules)
        if reached is None or not said:
            return
        self.set(visit=reached)
        for data in said:
            self.record(data, mono)
        self._book(reached)

    def end_stay(self, stay: Stay, ended_utc: float, mono: float) -> None:
        """Record the presence of a stay that ended."""
        box = box_id(stay.cell) if stay.cell in self.setting.grid.boxes else None
        ended = max(ended_utc, stay.began)
        if ended > stay.began:
            seconds = round(max(0.0, stay.seconds), 3)
            flags = account(stay.flagged)
            self.record(PresenceRecorded(box, instant(stay.began), instant(ended), seconds, stay.at_cap, flags), mono)

    def _book(self, visit: Visit, ended: float | None = None) -> None:
        summary = visit.summary(self.state.unit, ended)
        if not self.state.void.covers(summary):
            self.set(visits=self.state.visits.merge([summary]))
