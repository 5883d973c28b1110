"""What headquarters makes of the vehicles' messages: stored, waiting, held already, or refused; and what it answers.

What a batch brought is committed in one transaction; the acknowledgements it returns may be sent only after that. A
record whose kind is unknown here (a newer vehicle) is stored like any other: its bytes are proved, whoever reads them;
so is one that is malformed within, which is a finding besides.

Receivers side by side: whoever has a ledger's head locked accepts its records. Another does not wait for it: it has
what came to it wait in the table of early records, and looks after it at once when its batch is stored; while much
comes, each leaves the others' share of the ledgers to them (`sharing`). Must not touch
the network, and must not remember anything of a batch that is not committed.
"""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from edge.contract.messages import Ack
from edge.contract.topics import Topics, unit_of
from edge.headquarters.receive.batch import Refused, sort_batch
from edge.headquarters.receive.decoding import Received, is_name
from edge.headquarters.receive.quotas import BURST, PER_S, Quotas
from edge.headquarters.receive.sharing import Share
from edge.headquarters.receive.turn import Turn
from edge.headquarters.store import Key, Store

NAME: Final = "receiver-1"
SEEN_S: Final = 5.0
"""How often a receiver gives a sign of life."""

ALONE_S: Final = 20.0
"""After how long without one another receiver counts as gone."""

GRACE_S: Final = 2.0
"""How long a gap is left to other receivers, before the vehicle is asked to send again; none where there are none."""


class Receiver:
    """Takes batches of messages into a store. ``now``: POSIX seconds; ``name``: its own, of several."""

    def __init__(self, store: Store, topics: Topics, now: Callable[[], float], name: str = NAME) -> None:
        """``twin``: another process is at work under the same name."""
        self._store = store
        self._prefix = f"{topics.base}/vehicles/"
        self._now = now
        self._name = name
        self._process = secrets.token_hex(8)
        self._seen: float | None = None
        self._quotas = Quotas()
        self._share = Share(name)
        self.twin = False
        self._unsettled: dict[Key, float] = {}
        self._duplicates: dict[Key, int] = {}

    def idle_s(self) -> float:
        """How long there is nothing to do if nothing comes."""
        now = self._now()
        due = [*self._unsettled.values(), (self._seen or now) + (SEEN_S if self._seen else 0.0)]
        return max(0.0, min(due) - now)

    def handle(self, messages: Sequence[Received]) -> list[Ack]:
        """Store what a batch brings, and what waited for it; the acknowledgements it earns.

        Raises StoreError with nothing stored and nothing to be acknowledged: hand the same batch in again.
        """
        now = self._now()
        admitted = self._quotas.admit(messages, now)
        batch = sort_batch(self._prefix, admitted.messages)
        batch.refused += [_over(topic, count) for topic, count in admitted.over.items()]
        again = {key for key, due in self._unsettled.items() if due <= now}
        with self._store.transaction():
            sign = self._seen is None or abs(now - self._seen) >= SEEN_S
            alone = self._store.record_receiver(self._name, self._process, now) if sign else True
            if sign and self._store.locks_rows:
                self._share.among(self._store.receivers(now - ALONE_S))
            left = self._share.left({*batch.records, *again}, len(messages), now)
            turn = Turn(self._store, now, partial(self._grace, now))
            turn.take(batch, again, self._duplicates, left)
        self._quotas.stored(admitted, now)
        if sign:
            self.twin, self._seen = self._seen is not None and not alone, now
        for key in turn.seen:
            self._unsettled.pop(key, None)
            self._duplicates.pop(key, None)
        self._unsettled |= turn.unsettled
        self._duplicates |= turn.duplicates
        return turn.acks

    def _grace(self, now: float) -> float:
        """How long a gap is left to others."""
        return GRACE_S if set(self._store.receivers(now - ALONE_S)) - {self._name} else 0.0


def _over(topic: str, count: int) -> Refused:
    """The finding of a vehicle that sends more than it may."""
    unit = unit_of(topic)
    detail = (
        f"it sends more than {BURST // 2**20} MB at once and {PER_S / 1000:.0f} kB a second, or records far longer than"
        f" any vehicle's ({count} deferred); not acknowledged, so the vehicle sends them again"
    )
    return Refused("rate", unit if is_name(unit) else "", "", 0, detail, b"")
