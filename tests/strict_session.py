"""One client's connection to the tests' own broker: packets in and out. Must not know any rule."""

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

from tests.mqtt_wire import Message


@dataclass
class Session:
    """One connection of the tests' own broker, which reads in one thread, and writes in several."""

    near: socket.socket
    client: str = ""
    keepalive_s: float = 0.0
    largest: int = 1 << 28
    subscriptions: dict[str, int] = field(default_factory=dict)
    will: Message | None = None
    sent: int = 0
    unconfirmed: int = 0
    tokens: float = 0.0
    tokens_at: float = field(default_factory=time.monotonic)
    writing: threading.Lock = field(default_factory=threading.Lock)
    confirmations: SimpleQueue[tuple[float, bytes] | None] = field(default_factory=SimpleQueue)
    mids: Iterator[int] = field(default_factory=lambda: itertools.cycle(range(1, 65_536)))

    def write(self, data: bytes) -> None:
        """To a client that may be gone."""
        with contextlib.suppress(OSError), self.writing:
            self.near.sendall(data)

    def confirm(self) -> None:
        """Each in its time; in a thread."""
        while (one := self.confirmations.get()) is not None:
            time.sleep(max(0.0, one[0] - time.monotonic()))
            with self.writing:
                self.unconfirmed -= 1
            self.write(one[1])

    def exactly(self, size: int) -> bytes:
        """So many bytes."""
        data = b""
        while len(data) < size:
            piece = self.near.recv(size - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    def packet(self) -> tuple[int, int, bytes]:
        """Its kind, its flags, its body."""
        head, length, shift = self.exactly(1)[0], 0, 0
        while True:
            byte = self.exactly(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return head >> 4, head & 15, self.exactly(length)


def hand(session: Session, message: Message, qos: int) -> None:
    data = message.packet(min(qos, message.qos), next(session.mids))
    if len(data) <= session.largest:
        session.write(data)


def read_out(near: socket.socket) -> None:
    """Until the client has closed: with bytes unread a reset would overtake what it was told."""
    with contextlib.suppress(OSError):
        near.settimeout(1.0)
        near.shutdown(socket.SHUT_WR)
        while near.recv(65_536):
            pass


def end(near: socket.socket) -> None:
    """A thread that waits on it wakes; bytes under way still arrive."""
    with contextlib.suppress(OSError):
        near.shutdown(socket.SHUT_RDWR)
    near.close()
