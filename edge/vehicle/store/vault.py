"""All that the vehicle keeps, behind one door for the engine: ledger, state, documents, breadcrumbs.

It turns states into bytes and back, and sets a file aside that cannot be read, so that the car starts all the same and
says so. Must not decide anything about a patrol.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydantic import TypeAdapter, ValidationError

from edge.contract.messages import Signed
from edge.domain.events import Event
from edge.domain.inputs import Fix
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.domain.visits import VisitBook, VisitSummary
from edge.errors import UserError
from edge.vehicle.store.breadcrumbs import Breadcrumbs
from edge.vehicle.store.documents import Documents
from edge.vehicle.store.ledger import Ledger

STATE: Final = TypeAdapter(State)
VISIT: Final = TypeAdapter(VisitSummary)
CHECKPOINT: Final = TypeAdapter(dict[str, Any])
NOT_IN_CHECKPOINT: Final = {"visits": True, "plans": True}


class Vault:
    """The vehicle's memory. ``notices``: one sentence for each file that had to be set aside."""

    def __init__(self, folder: Path, unit: str) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            msg = f"data: {folder} cannot be made ({error.strerror}); name a folder that the daemon's user may write to"
            raise UserError(msg) from error
        self._lock = lock(folder)
        self.notices: list[str] = []
        self.ledger_path = folder / "ledger.sqlite3"
        self.ledger = self._open_ledger(unit)
        self.documents = self._open_documents(folder / "documents.json")
        self._breadcrumbs = self._open_breadcrumbs(folder / "breadcrumbs.sqlite3")
        self._kept: VisitBook = VisitBook()
        self._plans: tuple[Plan, ...] = ()
        self._unit = unit

    def _open_ledger(self, unit: str) -> Ledger:
        try:
            return Ledger(self.ledger_path, unit)
        except sqlite3.DatabaseError as error:
            self._set_aside_damaged(self.ledger_path, error)
            return Ledger(self.ledger_path, unit)

    def _open_documents(self, path: Path) -> Documents:
        documents = Documents(path)
        if documents.damaged:
            documents.close()
            self._set_aside(path, "neither it nor the version before is a document")
            documents = Documents(path)
        return documents

    def _open_breadcrumbs(self, path: Path) -> Breadcrumbs:
        try:
            return Breadcrumbs(path)
        except sqlite3.DatabaseError as error:
            self._set_aside_damaged(path, error)
            return Breadcrumbs(path)

    def _set_aside_damaged(self, path: Path, error: sqlite3.DatabaseError) -> None:
        """A damaged file makes room; one that only cannot be used now, for want of room or rights, stays as it is."""
        if not is_damage(error):
            msg = f"{path}: cannot be used ({error}); free the disk, or give the daemon's user the right to write here"
            raise UserError(msg) from error
        self._set_aside(path, str(error))

    def _set_aside(self, path: Path, why: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        for part in ("", "-wal", "-shm"):
            damaged = path.with_name(path.name + part)
            if damaged.exists():
                damaged.rename(path.with_name(f"{path.name}.damaged-{stamp}{part}"))
        self.notices.append(f"{path.name} could not be used ({why}); it was set aside and a new one begun")

    def load(self, check: Callable[[Signed], Plan]) -> tuple[State, list[Plan]]:
        """The state as it was committed, and the plans that it does not know of yet.

        ``check``: the plan of a stored document; it raises UserError for one that may not be obeyed (any more).
        """
        empty = State(self._unit, self.ledger.id, self.ledger.seq)
        state, known = self._load_state(empty)
        self._kept = VisitBook().merge(self._load_visits())
        plans = self._load_plans(check)
        adopted = tuple(plan for plan in plans if [plan.shift, plan.district, plan.version] in known)
        self._plans = adopted
        state = replace(state, visits=self._kept, plans=adopted)
        return state, [plan for plan in plans if plan not in adopted]

    def _load_state(self, empty: State) -> tuple[State, list[Any]]:
        body = self.ledger.checkpoint()
        if body is None:
            return empty, []
        try:
            kept = CHECKPOINT.validate_json(body)
            return STATE.validate_python(kept["state"]), kept["plans"]
        except (ValidationError, KeyError) as error:
            self.notices.append(f"the saved state was unreadable ({type(error).__name__}); metering starts afresh")
            return empty, []

    def _load_visits(self) -> list[VisitSummary]:
        visits = []
        for body in self.ledger.visits():
            try:
                visits.append(VISIT.validate_json(body))
            except ValidationError:
                self.notices.append("a saved visit was unreadable; it does not count to the caps")
        return visits

    def _load_plans(self, check: Callable[[Signed], Plan]) -> list[Plan]:
        plans = []
        for name, one in (self.documents.get("plans") or {}).items():
            try:
                plans.append(check(Signed.model_validate(one)))
            except (ValidationError, UserError) as error:
                why = error if isinstance(error, UserError) else "it is unreadable"
                self.notices.append(f"the saved plan of {name} is not in force: {why}")
        return plans

    def keep_plan(self, signed: Signed, plan: Plan) -> None:
        """Store a verified plan's document, before the state that obeys it."""
        plans, key = self.documents.get("plans") or {}, _key(plan)
        if key in plans and plans[key]["body"]["version"] >= plan.version:
            return
        self.documents.put("plans", {**plans, key: signed.model_dump(mode="json")})

    def commit(self, events: Sequence[Event], state: State) -> None:
        """Events and the state after them, at once."""
        kept, book = self._kept, state.visits
        changed = [] if book is kept else [visit for visit in book.all() if kept.get(visit) != visit]
        self.ledger.commit(events, _dump(state), [(visit.id, VISIT.dump_json(visit)) for visit in changed])
        if book is not kept:
            self.ledger.forget_visits([visit.id for visit in kept.all() if book.get(visit) is None])
        self._kept = book
        gone = {_key(plan) for plan in self._plans} - {_key(plan) for plan in state.plans}
        self._plans = state.plans
        if gone:
            self._drop_plans(gone)

    def _drop_plans(self, gone: set[str]) -> None:
        """Forget the documents of plans that the rules have dropped: they would be new again after a restart."""
        plans = self.documents.get("plans") or {}
        self.documents.put("plans", {key: one for key, one in plans.items() if key not in gone})

    def acknowledge(self, seq: int) -> None:
        """Move the delivery cursor."""
        self.ledger.acknowledged = seq

    def add_fix(self, fix: Fix) -> None:
        """Add to the trail."""
        self._breadcrumbs.add(fix)

    def close(self) -> None:
        """Close every file."""
        self._breadcrumbs.close()
        self.documents.close()
        self.ledger.close()
        self._lock.close()


def lock(folder: Path) -> BinaryIO:
    """The folder for this process alone, until the file is closed. Raises UserError where another one has it."""
    file = (folder / "lock").open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        msg = f"data: {folder} is in use by another vehicle daemon; end that one, or name another folder"
        raise UserError(msg) from error
    return file


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether an error says that a file is broken, rather than that it cannot be used now."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # none: quick_check's own finding
    return (code & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _key(plan: Plan) -> str:
    return f"{plan.shift} {plan.district}"


def _dump(state: State) -> bytes:
    kept = STATE.dump_python(state, mode="json", exclude=NOT_IN_CHECKPOINT)
    plans = [[plan.shift, plan.district, plan.version] for plan in state.plans]
    return CHECKPOINT.dump_json({"state": kept, "plans": plans})
