"""Anchors the heads of the ledgers outside of the database: once a day a signed line a vehicle, and on the broker.

Without a key for the fleet's records none are written: whoever forges a record could forge them. Must not change what
is written already.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.anchors import MOST_LEDGERS, AnchoredHead, AnchorsDoc
from edge.contract.messages import Signed, encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import ANCHORS
from edge.contract.topics import Topics
from edge.domain.events import instant
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish.anchors_file import Anchoring, append, read
from edge.headquarters.role_key import RoleKey
from edge.headquarters.store import AUDIT_LEDGER, Ledger, Store
from edge.text.words import say

EVERY_S: Final = 60.0

Newest: TypeAlias = dict[str, Anchoring]
"""By vehicle, the last that was anchored."""

log = logging.getLogger(__name__)


class Broker(Protocol):
    """The connection; ``sessions``: how many there have been."""

    sessions: int

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""

    def retain(self, topic: str, payload: bytes) -> None:
        """Have a message retained."""


class Anchors:
    """Writes the anchors of each day, and has the broker retain each vehicle's newest. ``now``: POSIX seconds.

    ``trouble``: why none are written though the configuration or the bundle names a key; None where all is well.
    """

    def __init__(self, config: HeadquartersConfig, agency: Agency, broker: Broker, now: Callable[[], float]) -> None:
        """Raises UserError where the key cannot be read."""
        self._path = config.anchors_file
        self._agency = agency
        self._broker = broker
        self._now = now
        self._key = RoleKey(config, agency, ANCHORS.role)
        self._demanded = config.keys.fleet is not None or self._key.in_bundle
        self._newest: Newest | None = None  # once the file was read
        self._size = 0
        self._said: dict[str, Signed] = {}
        self._looked_at = 0.0
        self._session = 0
        self._failed: str | None = None

    @property
    def trouble(self) -> str | None:
        """See the class."""
        return self._failed or (self._why_not() if self._demanded else None)

    def tend(self, store: Store) -> None:
        """Write what is due, and say it to a broker that has not heard it: once a minute, and on a new connection."""
        now, session = self._now(), self._broker.sessions if self._broker.connected else self._session
        if abs(now - self._looked_at) < EVERY_S and session == self._session:
            return
        self._looked_at = now
        try:
            newest = self._read()
            if self._key.private is not None and self._why_not() is None:
                self._write(due(newest, store, self._agency.id, now), self._key.private, newest)
        except OSError as error:
            self._fail(
                f"anchors: {self._path} cannot be written ({error.strerror}); free up disk space, or name another file"
            )
            return
        self._failed = None
        self._retain(newest, again=session != self._session)
        self._session = session

    def _read(self) -> Newest:
        """The last line of each vehicle; read again where another process has written to the file."""
        size = self._path.stat().st_size if self._path.exists() else 0
        if self._newest is None or size != self._size:
            self._newest, self._size = newest_in(self._path), size
        return self._newest

    def _why_not(self) -> str | None:
        """Why nothing may be signed."""
        if self._key.private is None:
            return "keys.fleet: needed to anchor the ledgers' heads outside the database; set it to the private key"
        why = self._key.why_not(self._now())
        return f"keys.fleet or signing_key: it is {say(why)}; the ledgers' heads are not anchored" if why else None

    def _write(self, docs: Iterable[AnchorsDoc], key: Ed25519PrivateKey, newest: Newest) -> None:
        made = {doc.unit: (doc, sign(ANCHORS, doc, key).signed) for doc in docs}
        if made:
            append(self._path, [signed for _, signed in made.values()])
            newest.update(made)
            self._size = self._path.stat().st_size

    def _retain(self, newest: Newest, *, again: bool) -> None:
        """Have the broker retain what it has not heard; all of it ``again`` on a new connection."""
        if not self._broker.connected:
            return
        topics = Topics(self._agency.id)
        for unit, (_, signed) in newest.items():
            if again or self._said.get(unit) is not signed:
                self._broker.retain(ANCHORS.topic_of_slot(topics, unit), encode(signed))
                self._said[unit] = signed

    def _fail(self, why: str) -> None:
        if why != self._failed:
            log.warning("%s", why)
        self._failed = why


def newest_in(path: Path) -> Newest:
    """The last line of each vehicle in a file. Raises OSError."""
    return {line[0].unit: line for line in read(path) if line is not None}


def due(newest: Newest, store: Store, agency: str, now: float) -> Iterator[AnchorsDoc]:
    """What is to be anchored: of each vehicle whose ledgers are not as in its last line, and that has none of today.

    The audit log is one more ledger, of a unit that is none.
    """
    today = instant(now).toordinal()
    held: dict[str, list[Ledger]] = defaultdict(list)
    log_ = Ledger(*AUDIT_LEDGER, store.audit_head(), 0)
    for ledger in (*store.ledgers(), *([log_] if log_.head.seq else [])):
        held[ledger.unit].append(ledger)
    for unit, ledgers in held.items():
        last = newest[unit][0] if unit in newest else None
        heads = tuple(
            AnchoredHead(ledger=one.id, seq=one.head.seq, head=one.head.hash.hex()) for one in ledgers[-MOST_LEDGERS:]
        )
        if last is None or (last.day != today and last.heads != heads):
            yield AnchorsDoc(
                agency=agency,
                unit=unit,
                day=today,
                previous=last.day if last is not None else None,
                at=instant(int(now)),
                heads=heads,
            )
