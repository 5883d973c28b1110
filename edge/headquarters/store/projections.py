"""The tables of the projections: what the ledgers' records come to, made anew from the ledgers at will.

`edge.headquarters.receive.projecting` writes them in the transaction that stores the records. Must not decide what a
record comes to: `edge.headquarters.projections` does.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import BigInteger, Index, Table, bindparam, cast, func, select, tuple_

from edge.headquarters.projections.ledger import State
from edge.headquarters.projections.rows import Row, Rows
from edge.headquarters.store.columns import instant, seconds, table, text, whole
from edge.headquarters.store.ledgers import Key, Ledgers
from edge.text.plain import plain

LONGEST: Final = 500
"""Characters of a text: more than any that is meant."""


def _key(*more: Any) -> tuple[Any, ...]:
    """The columns that name a row: its ledger's, and some more."""
    return text("unit", key=True), text("ledger", key=True), *more


def _seq() -> Any:
    return whole("seq", key=True)


ledger_starts: Final = table("ledger_starts", *_key(), instant("began"))
shift_runs: Final = table(
    "shift_runs",
    *_key(_seq()),
    *(whole("last_seq"), text("shift", nullable=True)),
    *(instant("first", nullable=True), instant("last", nullable=True), text("officers")),
)
unplaced_records: Final = table("unplaced_records", *_key(_seq()), instant("time"), text("officer", nullable=True))
visits: Final = table(
    "visits",
    *_key(text("id", key=True)),
    *(text("shift", nullable=True), instant("time"), text("box"), instant("opened"), instant("ended", nullable=True)),
    *(instant("dosage_s", nullable=True), whole("counted"), whole("early"), whole("overstayed")),
    *(text("reason", nullable=True), text("crime_types"), instant("prescribed_s", nullable=True)),
    *(text("officers"), text("parts"), instant("running", nullable=True), seconds("weak_gps_s")),
    text("tasked", nullable=True),
)
tactics: Final = table(
    "tactics",
    *_key(_seq()),
    *(text("visit"), text("shift", nullable=True), text("tactic"), instant("began")),
    *(instant("seconds", nullable=True), whole("undone")),
)
stays: Final = table(
    "stays",
    *_key(_seq()),
    *(text("shift", nullable=True), instant("time"), text("day"), text("box", nullable=True)),
    *(instant("began"), instant("ended"), instant("seconds"), whole("at_cap"), seconds("weak_gps_s")),
)
spans: Final = table(
    "spans",
    *_key(_seq(), text("kind", key=True)),
    *(instant("began"), instant("ended", nullable=True), text("detail"), instant("tapped", nullable=True)),
)
box_remarks: Final = table(
    "box_remarks",
    *_key(_seq()),
    *(text("shift", nullable=True), instant("time"), text("day"), text("box"), text("kind"), text("remark")),
)
plans_adopted: Final = table(
    "plans_adopted",
    *_key(_seq()),
    *(text("plan_shift"), instant("time"), text("district"), whole("version"), text("source"), text("digest")),
)
clock_steps: Final = table(
    "clock_steps",
    *_key(_seq()),
    *(text("shift", nullable=True), instant("time"), instant("step_s"), whole("repaired")),
)
other_records: Final = table(
    "other_records",
    *_key(_seq()),
    *(text("shift", nullable=True), instant("time"), text("kind"), text("problem")),
)
box_days: Final = table(  # the stays of a ledger added up by box and day
    "box_days",
    *_key(text("day", key=True), text("box", key=True)),
    *(whole("stays"), whole("presence_ms")),
)
projections: Final = table(  # how far a ledger's rows are written, by which version, and the state to go on from
    "projections",
    *_key(),
    *(whole("version"), whole("written"), whole("settled"), text("state")),
)

Index("shift_runs_of_shift", shift_runs.c.shift, shift_runs.c.unit)
Index("unplaced_records_of_time", unplaced_records.c.time)
Index("visits_of_shift", visits.c.shift, visits.c.time)
Index("visits_of_opened", visits.c.opened)
Index("tactics_of_shift", tactics.c.shift, tactics.c.began)
Index("stays_of_shift", stays.c.shift, stays.c.time)
Index("stays_of_box", stays.c.unit, stays.c.ledger, stays.c.day, stays.c.box)
Index("spans_of_kind", spans.c.unit, spans.c.ledger, spans.c.kind, spans.c.began, spans.c.seq)
Index("spans_of_time", spans.c.began)
Index("box_remarks_of_shift", box_remarks.c.shift, box_remarks.c.time)
Index("box_remarks_of_day", box_remarks.c.day)
Index("plans_adopted_of_shift", plans_adopted.c.plan_shift)
Index("clock_steps_of_time", clock_steps.c.time)
Index("clock_steps_of_shift", clock_steps.c.shift)
Index("other_records_of_shift", other_records.c.shift, other_records.c.time)
Index("box_days_of_day", box_days.c.day, box_days.c.box)

TABLES: Final[Mapping[str, Table]] = {
    "ledgers": ledger_starts,
    "runs": shift_runs,
    "unplaced": unplaced_records,
    "visits": visits,
    "tactics": tactics,
    "stays": stays,
    "spans": spans,
    "remarks": box_remarks,
    "plans": plans_adopted,
    "steps": clock_steps,
    "others": other_records,
}
"""By the names of `Rows`."""

ALL: Final = (*TABLES.values(), box_days, projections)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a ledger's rows are written, by which version of the projections, and the state to go on from."""

    version: int
    written: int
    state: State


class Projections(Ledgers):
    """Writes the projections' rows and states."""

    def standing(self, unit: str, ledger: str) -> Standing | None:
        """Where the projections of a ledger stand; None where there are none."""
        row = self.row(_STANDING, {"unit": unit, "ledger": ledger})
        return None if row is None else Standing(row[0], row[1], State(row[2], row[3]))

    def standings(self, keys: Collection[Key] | None = None) -> dict[Key, Standing]:
        """Where those of each ledger stand, or those of some."""
        query = select(projections)
        if keys is not None:
            query = query.where(tuple_(projections.c.unit, projections.c.ledger).in_(sorted(keys)))
        found = self.rows(query)
        return {
            (unit, ledger): Standing(version, written, State(seq, body))
            for unit, ledger, version, written, seq, body in found
        }

    def write_rows(self, rows: Rows) -> None:
        """Write what changed; a row replaces the one of its key."""
        for name, into in TABLES.items():
            if changed := getattr(rows, name):
                self.insert_rows(into, [_values(row) for row in changed], "replace")
        touched = defaultdict[Key, set[tuple[str, str]]](set)
        for row in rows.stays:
            if row.box is not None:
                touched[row.unit, row.ledger].add((row.day, row.box))
        for (unit, ledger), cells in sorted(touched.items()):
            days, boxes = (sorted(set(some)) for some in zip(*cells, strict=True))
            self.execute(self._adding_up, {"of_unit": unit, "of_ledger": ledger, "days": days, "boxes": boxes})

    def set_standings(self, standings: Mapping[Key, Standing]) -> None:
        """Where the projections of some ledgers stand now."""
        values = [
            {
                "unit": unit,
                "ledger": ledger,
                "version": one.version,
                "written": one.written,
                "settled": one.state.seq,
                "state": one.state.body,
            }
            for (unit, ledger), one in standings.items()
        ]
        self.insert_rows(projections, values, "replace")

    @cached_property
    def _adding_up(self) -> Any:
        return _add_up(self.insert(box_days))

    def forget_rows(self, unit: str, ledger: str) -> None:
        """Delete a ledger's rows, to be made anew."""
        for one in ALL:
            self.execute(one.delete().where(one.c.unit == unit, one.c.ledger == ledger))

    def stored_rows(self, unit: str, ledger: str) -> list[tuple[Any, ...]]:
        """A ledger's rows, whatever made them, in order: to be compared."""
        return [
            (one.name, *row)
            for one in ALL[:-1]
            for row in self.rows(
                select(one).where(one.c.unit == unit, one.c.ledger == ledger).order_by(*one.primary_key.columns)
            )
        ]


_STANDING: Final = select(
    projections.c.version, projections.c.written, projections.c.settled, projections.c.state
).where(projections.c.unit == bindparam("unit"), projections.c.ledger == bindparam("ledger"))


def _values(row: Row) -> dict[str, Any]:
    """A row as its table has it."""
    return {name: _plain(value) for name, value in zip(row._fields, row, strict=True)}


def _plain(value: Any) -> Any:
    """JSON for what has parts, 0 and 1 for truth; a vehicle's words as a page, report or terminal can show them."""
    if isinstance(value, str):
        return plain(value, LONGEST)
    if isinstance(value, tuple):
        return json.dumps(_shown(value), separators=(",", ":"))
    return int(value) if isinstance(value, bool) else value


def _shown(value: Any) -> Any:
    """What has parts, with its words as `_plain` has them."""
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    return plain(value, LONGEST) if isinstance(value, str) else value


def _add_up(new: Any) -> Any:
    """One ledger's stays in some boxes on some days, added up in whole milliseconds: the same in any order."""
    own = (stays.c.unit, stays.c.ledger, stays.c.day, stays.c.box)
    wanted = (
        stays.c.unit == bindparam("of_unit"),
        stays.c.ledger == bindparam("of_ledger"),
        stays.c.day.in_(bindparam("days", expanding=True)),
        stays.c.box.in_(bindparam("boxes", expanding=True)),
    )
    presence = func.sum(cast(func.round(stays.c.seconds * 1000), BigInteger))
    sums = select(*own, func.count(), presence).where(*wanted).group_by(*own)
    new = new.from_select([column.name for column in box_days.columns], sums)
    set_ = {"stays": new.excluded.stays, "presence_ms": new.excluded.presence_ms}
    return new.on_conflict_do_update(index_elements=["unit", "ledger", "day", "box"], set_=set_)
