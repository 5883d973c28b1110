"""Passes dispatch's statuses on to the cars: signed, at once when one has changed, and again while a unit is busy.

A status holds for ten minutes at a car, so one that is busy is signed anew every four. Must not judge a report.
"""

import logging
from collections.abc import Callable
from typing import Final, Protocol

from edge.contract.agency import Agency
from edge.contract.dispatch import HOLDS_S, DispatchDoc
from edge.contract.messages import encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import DISPATCH
from edge.contract.topics import Topics
from edge.domain.events import instant
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.feeds.dispatch_mapping import Reported, Unusable, read_mapping
from edge.headquarters.feeds.unit_statuses import take
from edge.headquarters.feeds.watched_csv import WatchedCsv
from edge.headquarters.role_key import RoleKey
from edge.headquarters.store import Store, UnitStatusRow
from edge.text.words import say

log: Final = logging.getLogger(__name__)

EVERY_S: Final = 1.0
AGAIN_S: Final = 240.0
LONGEST_S: Final = 43_200.0
"""How long dispatch may be silent of a unit that is busy before its status is passed on no more: 12 h."""


class Broker(Protocol):
    """The connection; ``sessions``: how many there have been."""

    sessions: int

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""

    def retain(self, topic: str, payload: bytes) -> None:
        """Have a message retained."""


class DispatchFeed:
    """Reads the watched file, if there is one, and tells the cars. ``now``: POSIX seconds.

    ``trouble``: why it cannot; None where it can, or no dispatch system is configured. ``mapping``: of that system.
    """

    def __init__(self, config: HeadquartersConfig, agency: Agency, broker: Broker, now: Callable[[], float]) -> None:
        """Raises UserError where the mapping or the key cannot be read."""
        self._key = RoleKey(config, agency, DISPATCH.role)
        self._agency = agency
        self._broker = broker
        self._now = now
        dispatch = config.dispatch
        self.mapping = None if dispatch is None else read_mapping(dispatch.mapping)
        self._file = None if dispatch is None or dispatch.file is None else WatchedCsv(dispatch.file)
        self._told: dict[str, tuple[bool, float, float]] = {}
        self._looked_at = 0.0
        self._session = 0
        self._unread: str | None = None

    @property
    def trouble(self) -> str | None:
        """See the class."""
        return None if self.mapping is None else self._unread or self._why_not()

    def tend(self, store: Store) -> None:
        """Once a second: take what has come, and tell the cars what they do not know."""
        now = self._now()
        if self.mapping is None or abs(now - self._looked_at) < EVERY_S:
            return
        self._looked_at = now
        if rows := self._rows():
            take(store, rows, now)
        if self._broker.connected and self._key.private is not None and self._why_not() is None:
            self._tell(store, now)

    def _rows(self) -> list[Reported | Unusable]:
        if self._file is None or self.mapping is None:
            return []
        zone = self._agency.calendar.zone
        try:
            read = [self.mapping.read(row, zone) for row in self._file.rows()]
        except OSError as error:
            self._fail(f"dispatch.file: {self._file.path} cannot be read ({error.strerror}); check the path")
            return []
        self._fail(None)
        return [one for one in read if one is not None]

    def _tell(self, store: Store, now: float) -> None:
        if self._broker.sessions != self._session:
            self._session, self._told = self._broker.sessions, {}
        for row in store.unit_statuses(now - LONGEST_S):
            busy, since, at = self._told.get(row.unit, (False, 0.0, 0.0))
            known = (busy, since) == (row.busy, row.since)
            if not known or (row.busy and abs(now - at) >= AGAIN_S):
                self._pass_on(row, now)
                self._told[row.unit] = (row.busy, row.since, now)

    def _pass_on(self, row: UnitStatusRow, now: float) -> None:
        assert self._key.private is not None  # noqa: S101 - the caller has looked
        doc = DispatchDoc(
            agency=self._agency.id,
            unit=row.unit,
            number=int(now * 1000),
            at=instant(now),
            status="busy" if row.busy else "available",
            since=instant(row.since),
            until=instant((now if row.busy else row.heard) + HOLDS_S),
        )
        topic = DISPATCH.topic_of_slot(Topics(self._agency.id), row.unit)
        self._broker.retain(topic, encode(sign(DISPATCH, doc, self._key.private).signed))

    def _why_not(self) -> str | None:
        if self._key.private is None:
            return "keys.fleet: needed to pass dispatch's statuses on; set it to the private key"
        why = self._key.why_not(self._now())
        return f"keys.fleet or signing_key: it is {say(why)}; cars would reject dispatch's statuses" if why else None

    def _fail(self, why: str | None) -> None:
        if why is not None and why != self._unread:
            log.warning("%s", why)
        self._unread = why
