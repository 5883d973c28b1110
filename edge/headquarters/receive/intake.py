"""Between the broker's thread and the database: a bounded queue, and the thread that empties it in batches.

What is not committed is not acknowledged, so a vehicle sends it again: a full queue drops, a database error is tried
again with the database opened anew, and neither loses a record. Must not wait in the broker's thread.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import Final, TypeAlias

from edge.contract.messages import encode
from edge.contract.topics import Topics
from edge.headquarters.parties import twin_of
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.projecting import catch_up
from edge.headquarters.receive.receiver import NAME, Receiver
from edge.headquarters.store import Store, StoreError

QUEUE: Final = 20_000
QUEUE_BYTES: Final = 64 * 2**20
BATCH: Final = 500
GATHER_S: Final = 0.02
"""How long a batch is let grow after its first message: one commit for many."""

IDLE_S: Final = 0.5
RETRY_S: Final = 1.0
DROPS_TOLD_S: Final = 600.0

Send: TypeAlias = Callable[[str, bytes], None]
Tend: TypeAlias = Callable[[Store], None]
Open: TypeAlias = Callable[[], Store]

log = logging.getLogger(__name__)


class Intake:
    """Takes messages from any thread; `run` stores and answers them in one.

    ``opened`` opens the database; ``tend`` is called between the batches with the open store, for what else its
    thread is to see to.
    """

    def __init__(
        self, opened: Open, topics: Topics, send: Send, now: Callable[[], float], tend: Tend, name: str = NAME
    ) -> None:
        self._open = opened
        self._topics = topics
        self._send = send
        self._now = now
        self._tend = tend
        self._name = name
        self._queue: queue.SimpleQueue[Received] = queue.SimpleQueue()
        self._batch: list[Received] = []
        self._bytes_in = 0  # each is written by one thread alone
        self._bytes_out = 0
        self._dropped_at = 0.0
        self.dropped = 0
        self.twin: str | None = None
        self.trouble: str | None = None

    @property
    def jam(self) -> str | None:
        """That messages were dropped of late, and how many; None where none were."""
        if not self.dropped:
            return None
        return f"{self.dropped} messages dropped (too many to store); the vehicles will send them again"

    def offer(self, message: Received) -> None:
        """Take a message; dropped and counted where the queue is full."""
        size = len(message.payload)
        if self._queue.qsize() >= QUEUE or self._bytes_in - self._bytes_out + size > QUEUE_BYTES:
            self.dropped, self._dropped_at = self.dropped + 1, self._now()
            return
        self._bytes_in += size
        self._queue.put(message)

    def run(self, stop: threading.Event) -> None:
        """Store and answer until ``stop``; with the database opened anew after each error of it.

        What is queued at the end was never acknowledged.
        """
        while not stop.is_set():
            try:
                with self._open() as store:
                    self._catch_up(store, stop)
                    self._work(store, stop)
            except StoreError as error:
                self._tell(str(error))
                stop.wait(RETRY_S)

    def _catch_up(self, store: Store, stop: threading.Event) -> None:
        """Before anything is received: have reports see all that is stored."""
        for behind in catch_up(store):
            self.trouble = f"updating reports: {behind} ledgers to go"
            if stop.is_set():
                return

    def _work(self, store: Store, stop: threading.Event) -> None:
        """Store batches, answer each when it is on disk. Raises StoreError: the batch is kept."""
        receiver = Receiver(store, self._topics, self._now, self._name)
        while not stop.is_set():
            self._batch = self._batch or self._gather(stop, min(IDLE_S, receiver.idle_s()))
            acks = receiver.handle(self._batch) if self._batch or receiver.idle_s() == 0.0 else []
            self.twin = twin_of(self._name) if receiver.twin else None
            store.check()
            self._batch = []
            for ack in acks:
                self._send(self._topics.acks(ack.unit), encode(ack))
            self._tend(store)
            store.bound_log()
            self.trouble = None
            self._forget_drops()

    def _gather(self, stop: threading.Event, patience_s: float) -> list[Received]:
        batch: list[Received] = []
        with contextlib.suppress(queue.Empty):
            batch.append(self._queue.get(timeout=patience_s))
            if self._queue.qsize() < BATCH:
                stop.wait(GATHER_S)
            while len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        self._bytes_out += sum(len(message.payload) for message in batch)
        return batch

    def _tell(self, trouble: str) -> None:
        """Say what is wrong; log it once, however often it is met."""
        if trouble != self.trouble:
            log.exception("%d messages are not stored yet", len(self._batch))
        self.trouble = trouble

    def _forget_drops(self) -> None:
        """What was dropped has come again when nothing was for a while, and nothing waits."""
        if self.dropped and self._queue.empty() and abs(self._now() - self._dropped_at) > DROPS_TOLD_S:
            self.dropped = 0
