"""The one thread that owns the state: inbox → decide → commit → publish.

No event is shown or sent that is not on disk. Whoever is not this thread only posts to the inbox or reads what was
published. Must not judge anything itself: that is `edge.domain.patrol`.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from edge.contract.dispatch import DispatchDoc
from edge.contract.messages import Signed
from edge.contract.signed_documents import Verified
from edge.contract.signed_kinds import DISPATCH, VOID
from edge.domain.clock import utc_of
from edge.domain.events import Event
from edge.domain.inputs import AdoptPlan, Fix, HearStatus, Input, Start, Stop, Tick, VoidVisits
from edge.domain.lived import KEEP_VISITS_S
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.state import Setting, State
from edge.text.words import Notice, os_error
from edge.vehicle.clock import Clock
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import Acknowledged, Damaged, Diverged, DocumentVerified, Item, PlanVerified

INBOX: Final = 10_000
TICK_S: Final = 1.0
CHECKPOINT_S: Final = 15.0
POLL_S: Final = 0.5
RETRY_S: Final = 1.0


class Keeper(Protocol):
    """What the engine needs kept; `edge.vehicle.store.vault.Vault` does it.

    What raises OSError has stored nothing, and is asked for again.
    """

    def commit(self, events: tuple[Event, ...], state: State) -> None:
        """Events and the state after them, at once."""

    def acknowledge(self, seq: int) -> None:
        """Move the delivery cursor."""

    def begin_anew(self, state: State, common: int) -> State:
        """Begin another ledger with the records after ``common``; the state as its."""

    def replace_damaged(self, path: Path, state: State, why: str) -> State:
        """Set a database in use aside and begin another; the state as the new ledger's."""

    def keep_plan(self, signed: Signed, plan: Plan) -> None:
        """Store a plan's document."""

    def keep_document(self, document: Verified[Any]) -> None:
        """Store any other signed document, where the disk takes it."""

    def add_fix(self, fix: Fix, past: float) -> None:
        """Add to the trail; what is from before ``past`` (POSIX seconds) may go."""


class InboxFullError(RuntimeError):
    """More came in than the engine could take: the daemon ends, and systemd starts it again."""


class Engine:
    """``publish`` shows a committed state; ``record``, where given, is told every input (for a replay).

    ``earliest``: POSIX seconds before which no clock can be right; None for a recording.
    ``trouble``: why nothing can be recorded now; None where all is well. ``in_force``: signed documents.
    """

    def __init__(
        self,
        setting: Setting,
        state: State,
        keeper: Keeper,
        clock: Clock,
        publish: Callable[[State], None],
        record: Callable[[State | Input], None] | None = None,
        in_force: InForce | None = None,
        earliest: float | None = None,
    ) -> None:
        self.state = state
        self._setting = setting
        self._keeper = keeper
        self._clock = clock
        self._publish = publish
        self._record = record
        self._inbox: queue.Queue[Item] = queue.Queue(INBOX)
        self._saved_at = state.mono
        self._tick_at = clock.mono() + TICK_S
        self._stop = threading.Event()
        self._earliest = earliest
        self.trouble: Notice | None = None
        self.in_force = in_force or InForce()

    def post(self, item: Item) -> None:
        """Hand something to the engine, from any thread. Raises InboxFullError where it does not keep up."""
        try:
            self._inbox.put_nowait(item)
        except queue.Full as error:
            msg = f"the engine's inbox is full ({INBOX} inputs waiting)"
            raise InboxFullError(msg) from error

    def post_patiently(self, item: Item, stop: threading.Event) -> None:
        """Hand something over, waiting for room until ``stop``: for a recording, which can wait."""
        while not stop.is_set():
            with contextlib.suppress(queue.Full):
                self._inbox.put(item, timeout=POLL_S)
                return

    def start(self, software: str) -> None:
        """Take up the saved state."""
        clock = self._clock
        self.take(Start(clock.mono(), clock.boot, clock.utc(), software, self._earliest))
        self._obey_void()

    def run(self, stop: threading.Event, software: str, plans: Iterable[Plan] = ()) -> None:
        """Take up the saved state, adopt ``plans``, take inputs until ``stop``, then what was posted; a last record.

        Raises OSError where it is asked to stop while the disk takes nothing.
        """
        self._stop = stop
        self.start(software)
        for plan in plans:
            self.take(AdoptPlan(self._clock.mono(), plan))
        while not stop.is_set():
            self._one()
        while not self._inbox.empty():
            self.take(self._inbox.get_nowait())
        self.take(Stop(self._clock.mono()))

    def _one(self) -> None:
        wait = self._clock.real(self._tick_at - self._clock.mono())
        with contextlib.suppress(queue.Empty):
            self.take(self._inbox.get(timeout=POLL_S if wait is None else min(wait, POLL_S)))
        now = self._clock.mono()
        if wait is not None and now >= self._tick_at and self._inbox.empty():  # never ahead of fixes that wait
            self._tick_at = now + TICK_S
            self.take(Tick(now, self._clock.utc(), self._clock.ntp()))

    def take(self, item: Item) -> None:
        """One input, from its decision to its showing."""
        if isinstance(item, Acknowledged):
            self._keeper.acknowledge(item.seq)
            return
        if isinstance(item, DocumentVerified):
            self._adopt(item.document)
            return
        if isinstance(item, Diverged | Damaged):
            self._begin_anew(item)
            return
        verified = item if isinstance(item, PlanVerified) else None
        if isinstance(item, PlanVerified):
            item = AdoptPlan(self.state.mono, item.plan)
        if self._record is not None:
            self._record(item)
        state, events = decide(self._setting, self.state, item)
        if verified is not None and verified.plan in state.plans and verified.plan not in self.state.plans:
            self._persist(partial(self._keeper.keep_plan, verified.signed, verified.plan))
        if events or state.mono - self._saved_at >= CHECKPOINT_S:
            self._persist(partial(self._keeper.commit, events, state))
            self._saved_at = state.mono
        if isinstance(item, Fix):
            self._keeper.add_fix(replace(item, utc=utc_of(state, item)), state.past(KEEP_VISITS_S))
        self.state = state
        self._publish(state)

    def _adopt(self, document: Verified[Any]) -> None:
        """A newer document takes force: whoever obeys it finds it there. An older one, or the same, is ignored."""
        if self.in_force.adopt(document):  # first: a slow disk must not keep who scores waiting
            self._keeper.keep_document(document)
            if document.kind is VOID:
                self._obey_void()
            elif document.kind is DISPATCH:
                self._hear_dispatch(document.body)

    def _obey_void(self) -> None:
        """Have the rules drop what is void by the list in force."""
        if (held := self.in_force.get(VOID)) is not None:
            self.take(VoidVisits(self.state.mono, held.body.value()))

    def _hear_dispatch(self, doc: DispatchDoc) -> None:
        """Have the rules hear what dispatch says of this unit; a status of newer software says nothing here."""
        if doc.unit == self.state.unit and (status := doc.value()) is not None:
            self.take(HearStatus(self.state.mono, status))

    def _begin_anew(self, item: Diverged | Damaged) -> None:
        """Go on in another ledger. A recording of inputs goes on from the state as it is there."""
        try:
            if isinstance(item, Damaged):
                if item.path.stat().st_ino != item.file:
                    return  # it was replaced meanwhile
                self.state = self._keeper.replace_damaged(item.path, self.state, item.why)
            elif item.ledger == self.state.ledger:
                self.state = self._keeper.begin_anew(self.state, item.common)
            else:
                return
        except OSError:
            return  # no room for a copy: metering goes on as it was; the link, or the next start, asks again
        self._saved_at = self.state.mono
        if self._record is not None:
            self._record(self.state)
        self._publish(self.state)

    def _persist(self, write: Callable[[], None]) -> None:
        """Write, however often it takes: what follows waits in the inbox, and the screen says so."""
        while True:
            try:
                write()
            except OSError as error:
                self.trouble = Notice("store.not_recording", {"why": os_error(error)}, "fault")
                if self._stop.wait(RETRY_S):
                    raise
            else:
                self.trouble = None
                return
