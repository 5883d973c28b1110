"""All that the vehicle keeps, behind one door for the engine: ledger, state, documents, breadcrumbs.

It turns states into bytes and back, and sets a file aside that cannot be read, so that the car starts all the same and
says so. Must not decide anything about a patrol.
"""

import errno
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind, Verified
from edge.contract.signed_kinds import KINDS, PLAN
from edge.domain.events import Event
from edge.domain.inputs import Fix
from edge.domain.lived import KEEP_PLANS_S
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.domain.visits import VisitBook, VisitSummary
from edge.text.coded import LONGEST, CodedError
from edge.text.plain import plain
from edge.text.words import Notice, Severity, os_error
from edge.vehicle.store import checkpoint
from edge.vehicle.store.begun_anew import Renaming
from edge.vehicle.store.breadcrumbs import Breadcrumbs
from edge.vehicle.store.documents import Documents
from edge.vehicle.store.files import attempt, full, is_damage, lock, prepare, remove, set_aside, sync_folder, unusable
from edge.vehicle.store.ledger import Ledger, Reader
from edge.vehicle.store.page_check import trusted_again
from edge.vehicle.store.signed_documents import SignedDocuments

VISIT: Final = TypeAdapter(VisitSummary)
TRAIL_GIVEN_UP: Final = Notice("store.trail_given_up", severity="warning")
UNREADABLE: Final = Notice("file.unreadable")
DIVERGED: Final = Notice("file.diverged")
OVER: Final = timedelta(days=2)
"""So long before what is past for sure a shift began that no plan of it is of use to anybody."""

Check: TypeAlias = Callable[[SignedKind[Any], Signed], Verified[Any]]
DatabaseT = TypeVar("DatabaseT", Ledger, Breadcrumbs)


class Vault:
    """The vehicle's memory. ``notices``: one for each file that had to be set aside, or was given up.

    ``access``: documents of whoever judges who may use the screen, who alone writes them.
    """

    def __init__(self, folder: Path, unit: str) -> None:
        """Raises CodedError where the folder cannot be written at all; a file that cannot be used is set aside."""
        prepare(folder)
        self._folder = folder
        self._lock = lock(folder)
        self.notices: list[Notice] = []
        self._readers: list[Reader] = []
        self.ledger_path = folder / "ledger.sqlite3"
        self._trail_path = folder / "breadcrumbs.sqlite3"
        self._finish_beginning()
        self.ledger = self._open(self.ledger_path, lambda path: Ledger(path, unit))
        self.documents = self._open_documents(folder / "documents.json")
        self._signed = SignedDocuments(self.documents)
        self.access = self._open_documents(folder / "access.json")
        self.settings = self._open_documents(folder / "settings.json")
        self._trail = self._open_trail()
        self._kept: VisitBook = VisitBook()
        self._plans: tuple[Plan, ...] = ()
        self._void: set[str] = set()  # stored plans that are not in force
        self._unit = unit

    def _open(self, path: Path, make: Callable[[Path], DatabaseT]) -> DatabaseT:
        """A database; one that is damaged, or not this user's, is set aside, and for want of room the trail goes."""
        why = unusable(path)
        if why is not None:
            self._set_aside(path, why)
        try:
            try:
                return make(path)
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    self._set_aside(path, _damage(str(error)))
                elif full(self._folder) and remove(self._trail_path):
                    self.notices.append(TRAIL_GIVEN_UP)
                else:
                    raise
                return make(path)
        except sqlite3.DatabaseError as error:
            raise CodedError("data.not_usable", path=str(path), detail=str(error)) from error

    def _open_documents(self, path: Path) -> Documents:
        why = unusable(path)
        if why is not None:
            self._set_aside(path, why)
        documents = Documents(path)
        if documents.damaged:
            documents.close()
            self._set_aside(path, Notice("file.both_unreadable"))
            documents = Documents(path)
        return documents

    def _open_trail(self) -> Breadcrumbs | None:
        try:
            return self._open(self._trail_path, Breadcrumbs)
        except CodedError as error:
            self._warn("store.no_trail", "warning", why=error.why)
            return None

    def _set_aside(self, path: Path, why: Notice) -> None:
        set_aside(path)
        trusted_again(path)
        self._say_aside(path, "fault", why)

    def _say_aside(self, path: Path, severity: Severity, why: Notice) -> None:
        of_records = path == self.ledger_path and why.code == "file.damaged"
        code = "store.records_damaged" if of_records else "store.set_aside"
        self._warn(code, severity, file=path.name, why=why)

    def _warn(self, code: str, severity: Severity, **values: str | Notice) -> None:
        """Add a notice, once."""
        notice = Notice(code, values, severity)
        self.notices += [] if notice in self.notices else [notice]

    def load(self, check: Check) -> tuple[State, list[Plan]]:
        """The state as it was committed, and the plans that it does not know of yet.

        ``check`` raises CodedError for a stored document that may not be obeyed (any more).
        """
        empty = State(self._unit, self.ledger.id, self.ledger.seq)
        state, known = self._load_state(empty)
        self._kept = VisitBook().merge(self._load_visits())
        plans = self._load_plans(check)
        adopted = tuple(plan for plan in plans if [plan.shift, plan.district, plan.version] in known)
        self._plans = adopted
        state = replace(state, visits=self._kept, plans=adopted)
        return state, [plan for plan in plans if plan not in adopted]

    def _load_state(self, empty: State) -> tuple[State, tuple[Any, ...]]:
        body = self.ledger.checkpoint()
        if body is None:
            return empty, ()
        found = checkpoint.load(body, empty)
        self.notices += [] if found.notice is None else [found.notice]
        return found.state, found.plans

    def _load_visits(self) -> list[VisitSummary]:
        visits = []
        for body in self.ledger.visits():
            try:
                visits.append(VISIT.validate_json(body))
            except ValidationError:
                self._warn("store.visit_unreadable", "warning")
        return visits

    def _load_plans(self, check: Check) -> list[Plan]:
        plans = []
        for name, one in self._signed.all(PLAN).items():
            try:
                document = check(PLAN, Signed.model_validate(one))
                plans.append(document.body.value(document.digest))
            except (ValidationError, CodedError) as error:
                self._void.add(name)
                self._not_in_force(PLAN, name, error)
        return plans

    def describe(self, name: str, body: dict[str, Any]) -> None:
        """Store a document for a technician to read; without room for it the car patrols all the same."""
        self._tried(name, lambda: self.documents.put(name, body))

    def _tried(self, name: str, write: Callable[[], None]) -> None:
        """Write a document that is not worth stopping for; a notice where the disk does not take it."""
        try:
            write()
        except OSError as error:
            self._warn("store.document_not_written", "warning", name=name, why=os_error(error))

    def keep_plan(self, signed: Signed, plan: Plan) -> None:
        """Store a verified plan's document, before the state that obeys it. Raises OSError as `commit` does."""
        plans, key = self._signed.all(PLAN), _slot(plan)
        if key in plans and key not in self._void and plans[key]["body"]["version"] >= plan.version:
            return
        self._with_room(lambda: self._signed.put(PLAN, key, signed))
        self._void.discard(key)

    def keep_document(self, document: Verified[Any]) -> None:
        """Store any other verified document; without room for it, it holds until the next start."""
        kind = document.kind
        self._tried(kind.name, lambda: self._signed.put(kind, document.slot, document.signed))

    def load_documents(self, check: Check) -> list[Verified[Any]]:
        """The documents that were in force, but for plans; a notice for each that may not be obeyed (any more)."""
        found = []
        for kind in KINDS.values():
            for slot, one in self._signed.all(kind).items() if kind.kept and kind is not PLAN else ():
                try:
                    found.append(check(kind, Signed.model_validate(one)))
                except (ValidationError, CodedError) as error:
                    self._not_in_force(kind, slot, error)
        return found

    def _not_in_force(self, kind: SignedKind[Any], slot: str, error: ValidationError | CodedError) -> None:
        why = error.why if isinstance(error, CodedError) else UNREADABLE
        code = "store.not_in_force_for" if slot else "store.not_in_force"
        self._warn(code, "warning", kind=kind.name, slot=slot, why=why)

    def commit(self, events: Sequence[Event], state: State) -> None:
        """Events and the state after them, at once.

        Raises OSError where the disk does not take them (now): nothing is stored, and the call may be made again.
        """
        changed, gone = state.visits.changes(self._kept)
        saved, bodies = checkpoint.dump(state), [(visit.id, VISIT.dump_json(visit)) for visit in changed]
        self._drop_plans(state)  # before the state that has dropped them: after it, they would be new again
        self._with_room(lambda: self.ledger.commit(events, saved, bodies, [visit.id for visit in gone]))
        self._kept = state.visits

    def reader(self) -> Reader:
        """A reading end of the ledger, which follows where it is begun anew."""
        reader = Reader(self.ledger_path)
        self._readers.append(reader)
        return reader

    @property
    def unchecked(self) -> tuple[Path, ...]:
        """The databases of which not every page was looked at as they were opened; the ledger first."""
        trail = self._trail
        of_trail = (self._trail_path,) if trail is not None and not trail.checked else ()
        return (*(() if self.ledger.checked else (self.ledger_path,)), *of_trail)

    def replace_damaged(self, path: Path, state: State, why: str) -> State:
        """Set a database aside in which broken pages were found, and begin another; the state as the new ledger's.

        What headquarters does not hold yet moves into the new ledger, where it can be read. Raises OSError as `commit`.
        """
        damage = _damage(why)
        if path == self._trail_path:
            if self._trail is not None:
                self._trail.close()
            self._set_aside(path, damage)
            self._trail = self._open_trail()
            return state
        try:
            return self._begin(state, self.ledger.acknowledged, "damaged", damage)
        except sqlite3.DatabaseError:
            return self._begin(state, state.seq, "damaged", damage)

    def begin_anew(self, state: State, common: int) -> State:
        """Set the ledger aside and begin another, with the records after ``common`` and the state as the new one's.

        Raises OSError as `commit` does.
        """
        return self._begin(state, common, "diverged", DIVERGED)

    def _begin(self, state: State, common: int, word: str, why: Notice) -> State:
        made: list[State] = []
        self._with_room(lambda: made.append(self._fill_next(state, common)))
        with ExitStack() as stack:
            for reader in self._readers:
                stack.enter_context(reader.released())
            self.ledger.close()
            set_aside(self.ledger_path, word)
            trusted_again(self.ledger_path)
            self._next_path.rename(self.ledger_path)
            sync_folder(self._folder)
        self.ledger = Ledger(self.ledger_path, self._unit)
        self._say_aside(self.ledger_path, "fault" if word == "damaged" else "warning", why)
        self._kept, self._plans = made[-1].visits, made[-1].plans
        return made[-1]

    def _fill_next(self, state: State, common: int) -> State:
        """The next ledger, whole and on disk under its other name; the state as its."""
        remove(self._next_path)
        with closing(Ledger(self._next_path, self._unit)) as new:
            naming = Renaming(self._unit, self.ledger.id, new.id, common)
            renamed = naming.state(state)
            visits = [(visit.id, VISIT.dump_json(visit)) for visit in renamed.visits.all()]
            new.begin(naming.records(self.ledger), checkpoint.dump(renamed), visits)
        sync_folder(self._folder)
        return renamed

    @property
    def _next_path(self) -> Path:
        """Where the next ledger is made: it gets the ledger's name once it is whole."""
        return self.ledger_path.with_name(f"{self.ledger_path.name}.next")

    def _finish_beginning(self) -> None:
        """A beginning that was cut short: finished where the old ledger is out of the way, else undone."""
        if not self._next_path.exists():
            return
        if self.ledger_path.exists():
            remove(self._next_path)
            return
        set_aside(self.ledger_path, "diverged")  # parts that are left
        self._next_path.rename(self.ledger_path)
        sync_folder(self._folder)
        self._warn("store.set_aside", "warning", file=self.ledger_path.name, why=DIVERGED)

    def _with_room(self, write: Callable[[], None]) -> None:
        """Write; on a full disk the trail is given up for it, the first thing to go."""
        try:
            attempt(write, self._folder)
        except OSError as error:
            if error.errno != errno.ENOSPC or self._trail is None:
                raise
            self._trail.close()
            self._trail = None
            remove(self._trail_path)
            self.notices.append(TRAIL_GIVEN_UP)
            attempt(write, self._folder)

    def _drop_plans(self, state: State) -> None:
        """Forget the documents of plans that the rules have dropped: they would be new again after a restart."""
        gone = (set(map(_slot, self._plans)) - set(map(_slot, state.plans))) | self._void_and_over(state)
        if gone:
            try:
                self._signed.drop(PLAN, gone)
            except OSError:
                return  # no room now: the next commit tries again
        self._plans, self._void = state.plans, self._void - gone

    def _void_and_over(self, state: State) -> set[str]:
        """Those not in force, so the rules never had them, of shifts long over: else each start would warn of them."""
        past = state.past(KEEP_PLANS_S)
        if not self._void or past < OVER.total_seconds():
            return set()
        since = datetime.fromtimestamp(past, UTC).date() - OVER
        return {slot for slot in self._void if slot < since.isoformat()}

    def acknowledge(self, seq: int) -> None:
        """Move the delivery cursor."""
        self.ledger.acknowledged = seq

    def add_fix(self, fix: Fix, past: float) -> None:
        """Add to the trail, while one is kept; what is from before ``past`` (POSIX seconds) may go."""
        if self._trail is not None:
            self._trail.add(fix, past)

    def alarms(self) -> tuple[Notice, ...]:
        """What is wrong with the store."""
        trail = self._trail  # the engine's thread may give it up meanwhile
        dropped = trail.dropped if trail is not None else 0
        lost = Notice("store.positions_dropped", {"count": dropped}, "warning")
        return (*self.notices, *([lost] if dropped else []))

    def close(self) -> None:
        """Close every file."""
        if self._trail is not None:
            self._trail.close()
        self.settings.close()
        self.documents.close()
        self.access.close()
        self.ledger.close()
        self._lock.close()


def _damage(found: str) -> Notice:
    """A database is damaged, in SQLite's own words."""
    return Notice("file.damaged", {"detail": plain(found, LONGEST)})


def _slot(plan: Plan) -> str:
    """That of its document."""
    return " ".join(str(getattr(plan, field)) for field in PLAN.key)
