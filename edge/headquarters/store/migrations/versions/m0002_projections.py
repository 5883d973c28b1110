"""The tables of the projections: what reports read in place of the ledgers' records; and what came of chain checks.

They are made empty: whoever opens the database to receive fills them from the ledgers. The indexes by which reports
found records go.
"""

from typing import Any, Final

from alembic import op
from sqlalchemy import Index, MetaData

from edge.headquarters.store.columns import instant, table, text, whole

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    """Make the tables."""
    made = MetaData()
    for make in (_runs, _visits, _tactics, _stays, _spans, _plans, _steps, _others, _days, _progress, _checks):
        make(made)
    made.create_all(op.get_bind())
    op.drop_index("events_of_shift", "events")
    op.drop_index("events_of_time", "events")


def _runs(made: MetaData) -> None:
    table("ledger_starts", *_key(), instant("began"), into=made)
    shift_runs = table(
        "shift_runs",
        *_key(_seq()),
        *(whole("last_seq"), text("shift", nullable=True)),
        *(instant("first", nullable=True), instant("last", nullable=True), text("officers")),
        into=made,
    )
    Index("shift_runs_of_shift", shift_runs.c.shift, shift_runs.c.unit)
    unplaced = table("unplaced_records", *_key(_seq()), instant("time"), text("officer", nullable=True), into=made)
    Index("unplaced_records_of_time", unplaced.c.time)


def _visits(made: MetaData) -> None:
    visits = table(
        "visits",
        *_key(text("id", key=True)),
        *(text("shift", nullable=True), instant("time"), text("box")),
        *(instant("opened"), instant("ended", nullable=True)),
        *(instant("dosage_s", nullable=True), whole("counted"), whole("early"), whole("overstayed")),
        *(text("reason", nullable=True), text("crime_types"), instant("prescribed_s", nullable=True)),
        *(text("officers"), text("parts"), instant("running", nullable=True)),
        into=made,
    )
    Index("visits_of_shift", visits.c.shift, visits.c.time)
    Index("visits_of_opened", visits.c.opened)


def _tactics(made: MetaData) -> None:
    tactics = table(
        "tactics",
        *_key(_seq()),
        *(text("visit"), text("shift", nullable=True), text("tactic"), instant("began")),
        *(instant("seconds", nullable=True), whole("undone")),
        into=made,
    )
    Index("tactics_of_shift", tactics.c.shift, tactics.c.began)


def _stays(made: MetaData) -> None:
    stays = table(
        "stays",
        *_key(_seq()),
        *(text("shift", nullable=True), instant("time"), text("day"), text("box", nullable=True)),
        *(instant("began"), instant("ended"), instant("seconds"), whole("at_cap")),
        into=made,
    )
    Index("stays_of_shift", stays.c.shift, stays.c.time)
    Index("stays_of_box", stays.c.unit, stays.c.ledger, stays.c.day, stays.c.box)


def _spans(made: MetaData) -> None:
    spans = table(
        "spans",
        *_key(_seq(), text("kind", key=True)),
        *(instant("began"), instant("ended", nullable=True), text("detail")),
        into=made,
    )
    Index("spans_of_kind", spans.c.unit, spans.c.ledger, spans.c.kind, spans.c.began, spans.c.seq)
    Index("spans_of_time", spans.c.began)


def _plans(made: MetaData) -> None:
    plans_adopted = table(
        "plans_adopted",
        *_key(_seq()),
        *(text("plan_shift"), instant("time"), text("district"), whole("version"), text("source"), text("digest")),
        into=made,
    )
    Index("plans_adopted_of_shift", plans_adopted.c.plan_shift)


def _steps(made: MetaData) -> None:
    clock_steps = table(
        "clock_steps",
        *_key(_seq()),
        *(text("shift", nullable=True), instant("time"), instant("step_s"), whole("repaired")),
        into=made,
    )
    Index("clock_steps_of_time", clock_steps.c.time)
    Index("clock_steps_of_shift", clock_steps.c.shift)


def _others(made: MetaData) -> None:
    other_records = table(
        "other_records",
        *_key(_seq()),
        *(text("shift", nullable=True), instant("time"), text("kind"), text("problem")),
        into=made,
    )
    Index("other_records_of_shift", other_records.c.shift, other_records.c.time)


def _days(made: MetaData) -> None:
    box_days = table(
        "box_days",
        *_key(text("day", key=True), text("box", key=True)),
        *(whole("stays"), whole("presence_ms")),
        into=made,
    )
    Index("box_days_of_day", box_days.c.day, box_days.c.box)


def _progress(made: MetaData) -> None:
    """How far each ledger is projected."""
    numbers = (whole("version"), whole("written"), whole("settled"))
    table("projections", *_key(), *numbers, text("state"), into=made)


def _checks(made: MetaData) -> None:
    """What came of proving each ledger's chain."""
    table("chain_checks", *_key(), *(whole("seq"), instant("checked"), text("problem", nullable=True)), into=made)


def _key(*more: Any) -> tuple[Any, ...]:
    return text("unit", key=True), text("ledger", key=True), *more


def _seq() -> Any:
    return whole("seq", key=True)
