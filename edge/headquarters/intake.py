"""Between the broker's thread and the database: a bounded queue, and the thread that empties it in batches.

What is not committed is not acknowledged, so a vehicle sends it again: a full queue drops, a database error is tried
again, and neither loses a record. Must not wait in the broker's thread.
"""

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from edge.contract.messages import encode
from edge.contract.topics import Topics
from edge.headquarters.receiver import Received, Receiver
from edge.headquarters.store import Store

QUEUE: Final = 20_000
BATCH: Final = 500
IDLE_S: Final = 0.5
RETRY_S: Final = 1.0

Send: TypeAlias = Callable[[str, bytes], None]

log = logging.getLogger(__name__)


class Intake:
    """Takes messages from any thread; `run` stores and answers them in one."""

    def __init__(self, database: Path, topics: Topics, send: Send, now: Callable[[], float]) -> None:
        self._database = database
        self._topics = topics
        self._send = send
        self._now = now
        self._queue: queue.Queue[Received] = queue.Queue(QUEUE)
        self._ending = threading.Event()
        self.dropped = 0
        self.trouble: str | None = None

    def offer(self, message: Received) -> None:
        """Take a message; dropped and counted where the queue is full."""
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            self.dropped += 1

    def stop(self) -> None:
        """Let `run` end; what is still queued was never acknowledged."""
        self._ending.set()

    def run(self) -> None:
        """Store and answer until stopped."""
        with Store(self._database) as store:
            receiver = Receiver(store, self._topics, self._now)
            while not self._ending.is_set():
                if batch := self._batch():
                    self._settle(receiver, batch)

    def _settle(self, receiver: Receiver, batch: list[Received]) -> None:
        """Store a batch, however often it takes, and answer it."""
        while not self._ending.is_set():
            try:
                acks = receiver.handle(batch)
            except sqlite3.Error as error:
                self.trouble = f"the database refuses: {error}"
                log.exception("%d messages are not stored yet", len(batch))
                self._ending.wait(RETRY_S)
                continue
            self.trouble = None
            for ack in acks:
                self._send(self._topics.acks(ack.unit), encode(ack))
            return

    def _batch(self) -> list[Received]:
        batch: list[Received] = []
        with contextlib.suppress(queue.Empty):
            batch.append(self._queue.get(timeout=IDLE_S))
            while len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        return batch
