"""Holds what each vehicle publishes of its visits against its ledger: a finding, and void, where the two differ.

A visit that cannot be true at all is a finding alone, as no car believes it; one that is merely old is none: a car that
stood for weeks goes on publishing what it had not lived past. Without a key for the fleet's records
nothing is declared void. Must not change a ledger, or take a record that is still to come for one that is not.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.messages import Status, Visits, decode
from edge.contract.signed_kinds import VOID
from edge.contract.topics import Topics
from edge.domain.credible import Judged, judge
from edge.domain.visits import NOTHING_VOID, SEVEN_DAYS_S, VisitSummary, Void, VoidSpan
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish.counted import ground_of
from edge.headquarters.publish.void import declare_void, void_in_force
from edge.headquarters.receive.ledger_says import WAITS, Held, why_false
from edge.headquarters.role_key import RoleKey
from edge.headquarters.store import Document, Store, StoreError
from edge.text.words import say

EVERY_S: Final = 5.0
AGAIN_S: Final = 15.0
"""How often a vehicle is looked at whose records are still to come."""

CALM_S: Final = 60.0
"""How often any other is: a visit that was open may have ended otherwise."""

WORK_S: Final = 1.0
"""How long the vehicles are looked at in one go: a broker without an access list may have a thousand made-up ones."""

OVERDUE_S: Final = 60.0
MOST_ONE_BY_ONE: Final = 100
"""False visits of one vehicle that are declared void by their ids; with more, all that it reports of that time is."""

ROLE: Final = "headquarters"
REASON: Final = "published by the vehicle, but contradicted by its ledger"

log = logging.getLogger(__name__)


class Broker(Protocol):
    """Where a message is retained."""

    def retain(self, topic: str, payload: bytes) -> None:
        """Have a message retained."""


@dataclass(slots=True)
class _Vehicle:
    """When its last message came and was looked at; when each visit was first seen here; what was found, by kind.

    ``again``: when to look again; ``lies``: some of it is false and was not void.
    """

    received: float | None = None
    looked_at: float = 0.0
    seen: dict[str, float] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    again: float = 0.0
    lies: bool = False

    def due(self, received: float, now: float) -> bool:
        """Whether to look at it, its latest message having come at an instant."""
        return received != self.received or now >= self.again


class ComparedVisits:
    """Compares what has changed. ``now``: POSIX seconds.

    ``trouble``: why false visits are not declared void; None where they are, or there are none.
    """

    def __init__(self, config: HeadquartersConfig, agency: Agency, broker: Broker, now: Callable[[], float]) -> None:
        """Raises UserError where the key cannot be read."""
        self._key = RoleKey(config, agency, VOID.role)
        self._agency = agency
        self._broker = broker
        self._now = now
        self._vehicles: defaultdict[str, _Vehicle] = defaultdict(_Vehicle)
        self._due = deque[str]()
        self._looked_at = 0.0
        self.trouble: str | None = None

    def tend(self, store: Store) -> None:
        """Look at the vehicles that have published since, and at those whose records were to come; a second's worth.

        The rest have their turn at the next call: whoever calls has others to see to.
        """
        now = self._now()
        if not self._due and abs(now - self._looked_at) >= EVERY_S:
            self._looked_at = now
            self._due = self._to_look_at(store, now)
        false = dict[str, list[VisitSummary]]()
        while self._due and self._now() - now < WORK_S:
            if left := self._look_at(store, self._due.popleft(), now):
                false[left[0].unit] = left
        if false:
            self._declare(store, false, now)
        elif not any(vehicle.lies for vehicle in self._vehicles.values()):
            self.trouble = None

    def _to_look_at(self, store: Store, now: float) -> deque[str]:
        """Whose turn it is, the one that has waited longest first."""
        heard = store.received("visits")
        due = [unit for unit, at in heard.items() if self._vehicles[unit].due(at, now)]
        return deque(sorted(due, key=lambda unit: self._vehicles[unit].looked_at or heard[unit]))

    def _look_at(self, store: Store, unit: str, now: float) -> list[VisitSummary]:
        """What a vehicle publishes now that is false and not void yet."""
        vehicle, document = self._vehicles[unit], store.document("visits", unit)
        if document is None:
            return []
        vehicle.received, vehicle.looked_at = document.received, now
        found = self._false(store, document, vehicle, now)
        void = void_in_force(store, self._agency) if found else NOTHING_VOID
        left = [visit for visit in found if not void.covers(visit)]
        vehicle.lies = bool(left)
        return left

    def _believable(self, store: Store, document: Document, vehicle: _Vehicle, now: float) -> Judged:
        """What of a message cars may believe by now; a finding where some of it cannot be true."""
        judged = judge(ground_of(self._agency), _visits(document), now)
        vehicle.seen = {one.id: vehicle.seen.get(one.id, document.received) for one in judged.believed}
        if never := {reason: count for reason, count in judged.refused.items() if reason != "old"}:
            listed = ", ".join(f"{count} {reason}" for reason, count in sorted(never.items()))
            detail = f"it publishes impossible visits, which no car counts: {listed}"
            _record(store, vehicle, "visits", document.unit, detail, now)
        return judged

    def _false(self, store: Store, document: Document, vehicle: _Vehicle, now: float) -> list[VisitSummary]:
        """The visits that its ledger contradicts, a finding; those whose records are to come are looked at again."""
        unit, judged = document.unit, self._believable(store, document, vehicle, now)
        held, false, waits = _held(store, unit, now), [], []
        for visit in judged.believed:
            why = why_false(visit, held, vehicle.seen[visit.id], now)
            if why == WAITS:
                waits.append(visit)
            elif why:
                false.append((visit, why))
        vehicle.again = now + (AGAIN_S if waits or false or judged.untimely else CALM_S)
        if false:
            (first, why), more = false[0], f", and {len(false) - 1} more" if len(false) > 1 else ""
            detail = f"it publishes visits that its ledger contradicts: {first.id} of box {first.box}: {why}{more}"
            _record(store, vehicle, "visits_false", unit, detail, now)
        if overdue := [one for one in waits if now - vehicle.seen[one.id] >= OVERDUE_S]:
            detail = f"it publishes {len(overdue)} visits whose records have not arrived for a minute: {overdue[0].id}"
            _record(store, vehicle, "visits_unproved", unit, detail, now)
        return [visit for visit, _ in false]

    def _declare(self, store: Store, false: dict[str, list[VisitSummary]], now: float) -> None:
        """Have every car drop what is false."""
        self.trouble = self._why_not(now)
        if self._key.private is None or self.trouble:
            return
        ids = {one.id for visits in false.values() if len(visits) <= MOST_ONE_BY_ONE for one in visits}
        many = {unit: visits for unit, visits in false.items() if len(visits) > MOST_ONE_BY_ONE}
        spans = tuple(
            VoidSpan(unit, min(one.opened for one in visits), max(one.opened for one in visits))
            for unit, visits in many.items()
        )
        new = Void(frozenset(ids), spans)
        try:
            stored = declare_void(new, self._agency, self._key.private, store, ROLE, REASON, now)
        except StoreError:
            raise  # the intake opens the database anew
        except UserError as error:
            self.trouble = f"false visits are not declared void: {error}"
            return
        log.warning("declared void: %d visits of %s", sum(map(len, false.values())), ", ".join(sorted(false)))
        self._broker.retain(VOID.topic_of_slot(Topics(self._agency.id), ""), stored.body)
        store.mark_published(stored, now)

    def _why_not(self, now: float) -> str | None:
        if self._key.private is None:
            return "keys.fleet: it is needed to declare void the visits that a vehicle's ledger contradicts"
        why = self._key.why_not(now)
        return f"keys.fleet or signing_key: it is {say(why)}; cars would refuse the void list" if why else None


def _visits(document: Document) -> tuple[VisitSummary, ...]:
    """What a vehicle publishes; nothing where other software stored it in another form."""
    try:
        return tuple(visit.value(document.unit) for visit in decode(Visits, document.body).visits)
    except UserError:
        return ()


def _held(store: Store, unit: str, now: float) -> Held:
    status = store.document("status", unit)
    reported = {one.ledger: one.recorded for one in store.reported_of((unit,)).values()}
    if status is not None:
        with suppress(ValidationError):  # one of other software says nothing here
            said = Status.model_validate_json(status.body)
            reported[said.ledger] = max(said.recorded, reported.get(said.ledger, 0))
    return Held(
        visits={row.id: row for row in store.visits_of(unit, now - 2 * SEVEN_DAYS_S)},
        held={ledger.id: ledger.head.seq for ledger in store.ledgers(unit)},
        reported=reported,
        status=status.received if status is not None else 0.0,
    )


def _record(store: Store, vehicle: _Vehicle, kind: str, unit: str, detail: str, now: float) -> None:
    """Record a finding, where it is another than before."""
    if vehicle.found.get(kind) != detail:
        vehicle.found[kind] = detail
        with store.transaction():
            store.record_finding(kind, unit, "", 0, detail, b"", now)
