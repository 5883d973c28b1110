"""All that the vehicle keeps, behind one door for the engine: ledger, state, documents, breadcrumbs.

It turns states into bytes and back. Must not decide anything about a patrol.
"""

import errno
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edge.contract.messages import Signed
from edge.contract.signed_documents import Verified
from edge.domain.events import Event
from edge.domain.inputs import Fix
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.domain.visits import VisitBook, VisitSummary
from edge.text.words import Notice, os_error
from edge.vehicle.store import checkpoint
from edge.vehicle.store.checkpoint import VISIT
from edge.vehicle.store.data_folder import RECORDS_GIVEN_UP, TRAIL_GIVEN_UP, DataFolder, damage
from edge.vehicle.store.files import attempt, remove
from edge.vehicle.store.ledger import Ledger, Reader
from edge.vehicle.store.next_ledger import DIVERGED, fill_next, finish_next, put_next
from edge.vehicle.store.retention import Retention, give_up
from edge.vehicle.store.verified_documents import Check, VerifiedDocuments


class Vault:
    """The vehicle's memory. ``access``: documents of whoever judges who may use the screen, who alone writes them."""

    def __init__(self, folder: Path, unit: str) -> None:
        """Raises CodedError where the folder cannot be written at all; a file that cannot be used is set aside."""
        self._unit = unit
        self._folder = DataFolder(folder)
        self._readers: list[Reader] = []
        self.ledger_path = self._folder.ledger_path
        finish_next(self._folder)
        self.ledger = self._folder.open(self.ledger_path, lambda path: Ledger(path, unit))
        self.documents = self._folder.open_documents("documents.json")
        self._verified = VerifiedDocuments(self.documents, self._folder)
        self.access = self._folder.open_documents("access.json")
        self.settings = self._folder.open_documents("settings.json")
        self._trail = self._folder.open_trail()
        self._kept: VisitBook = VisitBook()
        self._plans: tuple[Plan, ...] = ()
        self._retention = Retention()

    @property
    def notices(self) -> list[Notice]:
        """One for each file that had to be set aside, or was given up, and for what of them is not used."""
        return self._folder.notices

    def load(self, check: Check) -> tuple[State, list[Plan]]:
        """The state as it was committed, and the plans that it does not know of yet."""
        empty = State(self._unit, self.ledger.id, self.ledger.seq)
        state, known = self._load_state(empty)
        self._kept = VisitBook().merge(self._load_visits())
        plans = self._verified.plans(check)
        adopted = tuple(plan for plan in plans if [plan.shift, plan.district, plan.version] in known)
        self._plans = adopted
        state = replace(state, visits=self._kept, plans=adopted)
        return state, [plan for plan in plans if plan not in adopted]

    def _load_state(self, empty: State) -> tuple[State, tuple[Any, ...]]:
        body = self.ledger.checkpoint()
        if body is None:
            return empty, ()
        found = checkpoint.load(body, empty)
        self._folder.notices += [] if found.notice is None else [found.notice]
        return found.state, found.plans

    def _load_visits(self) -> list[VisitSummary]:
        visits = []
        for body in self.ledger.visits():
            try:
                visits.append(VISIT.validate_json(body))
            except ValidationError:
                self._folder.warn("store.visit_unreadable", "warning")
        return visits

    def load_documents(self, check: Check) -> list[Verified[Any]]:
        """The documents that were in force, but for plans; a notice for each that may not be obeyed (any more)."""
        return self._verified.others(check)

    def describe(self, name: str, body: dict[str, Any]) -> None:
        """Store a document for a technician to read; without room for it the car patrols all the same."""
        self._tried(name, lambda: self.documents.put(name, body))

    def _tried(self, name: str, write: Callable[[], None]) -> None:
        """Write a document that is not worth stopping for; a notice where the disk does not take it."""
        try:
            write()
        except OSError as error:
            self._folder.warn("store.document_not_written", "warning", name=name, why=os_error(error))

    def keep_plan(self, signed: Signed, plan: Plan) -> None:
        """Store a verified plan's document, before the state that obeys it. Raises OSError as `commit` does."""
        if not self._verified.has(plan):
            self._with_room(lambda: self._verified.put_plan(signed, plan))

    def keep_document(self, document: Verified[Any]) -> None:
        """Store any other document of a kind that is kept; without room for it, it holds until the next start."""
        if document.kind.kept:
            self._tried(document.kind.name, lambda: self._verified.put(document))

    def commit(self, events: Sequence[Event], state: State) -> None:
        """Events and the state after them, at once.

        Raises OSError where the disk does not take them (now): nothing is stored, and the call may be made again.
        """
        changed, gone = state.visits.changes(self._kept)
        saved, bodies = checkpoint.dump(state), [(visit.id, VISIT.dump_json(visit)) for visit in changed]
        self._drop_plans(state)  # before the state that has dropped them: after it, they would be new again
        self._with_room(lambda: self.ledger.commit(events, saved, bodies, [visit.id for visit in gone]))
        self._kept = state.visits
        with suppress(sqlite3.DatabaseError):  # no room now, or a broken page, which the page check finds and reports
            self._retention.tend(self.ledger, state)

    def _drop_plans(self, state: State) -> None:
        """Forget the documents of plans that the rules have dropped: they would be new again after a restart."""
        with suppress(OSError):  # no room now: the next commit tries again
            self._verified.drop_plans(self._plans, state)
            self._plans = state.plans

    def reader(self) -> Reader:
        """A reading end of the ledger, which follows where it is begun anew."""
        reader = Reader(self.ledger_path)
        self._readers.append(reader)
        return reader

    @property
    def unchecked(self) -> tuple[Path, ...]:
        """The databases of which not every page was looked at as they were opened; the ledger first."""
        trail = self._trail
        of_trail = (self._folder.trail_path,) if trail is not None and not trail.checked else ()
        return (*(() if self.ledger.checked else (self.ledger_path,)), *of_trail)

    def replace_damaged(self, path: Path, state: State, why: str) -> State:
        """Set a database aside in which broken pages were found, and begin another; the state as the new ledger's.

        What headquarters does not hold yet moves into the new ledger, where it can be read. Raises OSError as `commit`.
        """
        if path == self._folder.trail_path:
            if self._trail is not None:
                self._trail.close()
            self._folder.set_aside(path, damage(why))
            self._trail = self._folder.open_trail()
            return state
        try:
            return self._begin(state, self.ledger.acknowledged, "damaged", damage(why))
        except sqlite3.DatabaseError:
            return self._begin(state, state.seq, "damaged", damage(why))

    def begin_anew(self, state: State, common: int) -> State:
        """Set the ledger aside and begin another, with the records after ``common`` and the state as the new one's.

        Raises OSError as `commit` does.
        """
        return self._begin(state, common, "diverged", DIVERGED)

    def _begin(self, state: State, common: int, word: str, why: Notice) -> State:
        made: list[State] = []
        since = max(common, self.ledger.purged)
        self._with_room(lambda: made.append(fill_next(self._folder, self._unit, self.ledger, state, since)))
        self.ledger = put_next(self._folder, self._unit, self.ledger, self._readers, word)
        self._folder.say_aside(self.ledger_path, "fault" if word == "damaged" else "warning", why)
        self._kept, self._plans = made[-1].visits, made[-1].plans
        return made[-1]

    def _with_room(self, write: Callable[[], None]) -> None:
        """Write; on a full disk what can be done without is given up for it, piece by piece."""
        while True:
            try:
                attempt(write, self._folder.path)
            except OSError as error:
                if error.errno != errno.ENOSPC or not self._make_room():
                    raise
            else:
                return

    def _make_room(self) -> bool:
        """Give up the trail, then the oldest records that headquarters holds; whether there was anything to give up."""
        if self._trail is not None:
            self._trail.close()
            self._trail = None
            remove(self._folder.trail_path)
            self._folder.notices.append(TRAIL_GIVEN_UP)
            return True
        try:
            given_up = give_up(self.ledger)
        except sqlite3.DatabaseError:  # so full that not even this can be written
            return False
        if given_up and RECORDS_GIVEN_UP not in self.notices:
            self._folder.notices.append(RECORDS_GIVEN_UP)
        return given_up

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
        self._folder.close()
