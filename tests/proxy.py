"""A TCP proxy on the loopback for tests: a network between two ends that may stall, crawl or break.

Each connection has two threads that carry bytes, one a direction.
"""

import contextlib
import random
import socket
import struct
import threading
from types import TracebackType
from typing import Literal, Self, TypeAlias

Direction: TypeAlias = Literal["up", "down"]
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


class Proxy:
    """Carries ``port`` to ``target`` (a port of the loopback); to be used in a ``with``."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open = {"up": threading.Event(), "down": threading.Event()}
        self.release()
        self._chunk, self._delay_s, self._last = 65_536, 0.0, 0
        self._chance = random.Random(3)  # noqa: S311 - reproducible chance
        self._ended = threading.Event()
        self._sockets: set[socket.socket] = set()
        self.connections = 0
        self.carried = {"up": 0, "down": 0}

    def hold(self, *directions: Direction) -> None:
        """From now on carry nothing in some directions, while every connection stays, and new ones are taken."""
        for direction in directions:
            self._open[direction].clear()

    def release(self) -> None:
        """Carry on: what was held arrives."""
        for open_ in self._open.values():
            open_.set()

    def crawl(self, chunk: int, delay_s: float, last: int = 0) -> None:
        """Carry ``chunk`` bytes every ``delay_s`` a direction; break a new connection after about ``last`` of them."""
        self._chunk, self._delay_s, self._last = chunk, delay_s, last

    def cut(self) -> None:
        """Break every connection."""
        for one in list(self._sockets):
            _reset(one)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.release()
        self.cut()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                near = self._listening.accept()[0]
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _reset(near)
                continue
            self.connections += 1
            self._sockets |= {near, far}
            for direction, source, sink in (("up", near, far), ("down", far, near)):
                threading.Thread(target=self._carry, args=(direction, source, sink), daemon=True).start()

    def _carry(self, direction: Direction, source: socket.socket, sink: socket.socket) -> None:
        """Until one end closes, which is held back like everything else."""
        left = self._chance.randint(self._last // 2, self._last * 3 // 2) if self._last else -1
        with contextlib.suppress(OSError):
            while not self._ended.is_set():
                data = source.recv(self._chunk)
                if self._delay_s:
                    self._ended.wait(self._delay_s)
                self._open[direction].wait()
                left -= 1
                if not data or left == 0:
                    break
                sink.sendall(data)
                self.carried[direction] += len(data)
        for one in (source, sink):
            _reset(one)
            self._sockets.discard(one)


def _reset(one: socket.socket) -> None:
    """Close at once; a thread that waits on it wakes."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        one.shutdown(socket.SHUT_RDWR)
    one.close()
