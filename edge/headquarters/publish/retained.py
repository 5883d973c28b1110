"""What the broker must hold for the vehicles: the plans in force, said anew on each connection, and cleared when over.

Must not sign or choose a plan: `edge.headquarters.publish.document` does.
"""

from collections.abc import Callable
from typing import Final, Protocol

from edge.contract.agency import Agency
from edge.headquarters.publish.document import retained
from edge.headquarters.store import Store

EVERY_S: Final = 60.0


class Broker(Protocol):
    """The connection; ``sessions``: how many there have been; ``retains``: whether what is said is remembered there."""

    sessions: int

    @property
    def retains(self) -> bool:
        """Whether the broker retains messages."""

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""

    def retain(self, topic: str, payload: bytes) -> None:
        """Have a message retained; with no bytes, forgotten."""


class RetainedPlans:
    """Keeps the broker's retained plans as they must be. ``now``: POSIX seconds."""

    def __init__(self, agency: Agency, broker: Broker, now: Callable[[], float]) -> None:
        self._agency = agency
        self._broker = broker
        self._now = now
        self._said: dict[str, bytes] = {}
        self._session = 0
        self._looked_at = 0.0

    def tend(self, store: Store) -> None:
        """Say what is not said yet: all of it on a new connection, else once a minute what has changed.

        A broker that retains nothing is sent all of it once a minute, for the vehicles that have come since.
        """
        now, session = self._now(), self._broker.sessions
        if not self._broker.connected or (session == self._session and abs(now - self._looked_at) < EVERY_S):
            return
        wanted = dict(retained(store, self._agency, now))
        said = self._said if session == self._session and self._broker.retains else {}
        gone = dict.fromkeys(self._said.keys() - wanted.keys(), b"")  # said by a clock that was far behind
        for topic, payload in {**gone, **wanted}.items():
            if said.get(topic) != payload:
                self._broker.retain(topic, payload)
        self._said, self._session, self._looked_at = wanted, session, now
