"""A TCP connection to a host, whichever of its name's addresses is alive (RFC 8305, "happy eyeballs").

A name server that hangs holds up nobody: it is asked in a thread of its own. The addresses are tried in turn, each a
moment after the last and without waiting for it, so that a dead one costs a quarter of a second; each has 5 s. Must not
know what is spoken over the connection.
"""

import contextlib
import errno
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Final, TypeAlias

from edge.service.aside import SLICE_S, Aside

ADDRESS_S: Final = 5.0
"""For each address."""

STAGGER_S: Final = 0.25
"""From the start with one address to the start with the next; at once where that one has failed."""

NAME_S: Final = 10.0
"""For the name server."""

AT_ONCE: Final = 3
"""Look-ups of one host's name that may hang at once."""

Address: TypeAlias = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


class NoNameServerError(TimeoutError):
    """Nobody says which addresses a name has; the text is the whole sentence."""


class Host:
    """One host's name, or address, and port; for one thread.

    It remembers which of its addresses failed: a connection that is asked for once more has ended, so the others go
    before its address, unless it `worked`.
    """

    def __init__(self, name: str, port: int, address_s: float = ADDRESS_S) -> None:
        self._name = name
        self._port = port
        self._address_s = address_s
        self._look_ups = Aside[list[Address]](lambda _late: None, "name look-up", AT_ONCE)
        self._failed: list[Address] = []  # the latest last
        self._untried: set[Address] = set()  # in this round
        self._used: Address | None = None

    @property
    def others(self) -> bool:
        """Whether the name has addresses to try yet, beside the one connected to last; where none, all are due anew."""
        return bool(self._untried)

    def worked(self) -> None:
        """The address connected to last is a good one: it comes first again, and the others are due anew after it."""
        self._used, self._untried = None, set()

    def connect(self, stop: threading.Event, name_s: float = NAME_S) -> socket.socket | None:
        """A connected socket, which blocks; None where ``stop`` came first. Raises OSError where no address answers."""
        addresses = self._addresses(stop, name_s)
        if addresses is None:
            return None
        with contextlib.closing(_Race(self._due(addresses), self._address_s)) as race:
            self._untried, left = set(), self._untried
            while not stop.is_set():
                if (won := race.turn()) is not None:
                    self._used, connection = won
                    self._untried = left - {self._used}
                    connection.setblocking(True)
                    return connection
        return None

    def _due(self, addresses: list[Address]) -> list[Address]:
        """The addresses to try, in order."""
        if self._used is not None:
            self._failed = [*(one for one in self._failed if one != self._used and one in addresses), self._used]
            self._used = None
        self._untried = self._untried & {*addresses} or {*addresses}
        due = [one for one in _alternating(addresses) if one in self._untried]
        return sorted(due, key=lambda one: self._failed.index(one) if one in self._failed else -1)

    def _addresses(self, stop: threading.Event, name_s: float) -> list[Address] | None:
        try:
            return self._look_ups.call(self._looked_up, stop, name_s)
        except TimeoutError as error:
            msg = f"the DNS server does not answer for {self._name!r}"
            raise NoNameServerError(msg) from error

    def _looked_up(self) -> list[Address]:
        """Asked of the name server, which may hang for as long as it likes."""
        found = socket.getaddrinfo(self._name, self._port, type=socket.SOCK_STREAM)
        addresses: list[Address] = [*dict.fromkeys((family, address) for family, _, _, _, address in found)]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return addresses


def _alternating(addresses: list[Address]) -> list[Address]:
    """In the order given, but the two families in turn: where one has no network, the other is asked second."""
    first = [one for one in addresses if one[0] == addresses[0][0]]
    second = [one for one in addresses if one[0] != addresses[0][0]]
    return [one for one in chain.from_iterable(zip_longest(first, second)) if one is not None]


@dataclass
class _Race:
    """Connections under way; the first that is made wins."""

    waiting: list[Address]
    address_s: float
    errors: list[OSError] = field(default_factory=list)
    next_at: float = 0.0
    under_way: dict[socket.socket, tuple[Address, float]] = field(default_factory=dict)

    def turn(self) -> tuple[Address, socket.socket] | None:
        """Wait a little; the connection that was made, if one was. Raises OSError where all have failed."""
        now = time.monotonic()
        if self.waiting and (now >= self.next_at or not self.under_way):
            self.next_at = now + STAGGER_S
            self._start(self.waiting.pop(0), now + self.address_s)
        for opened in self._settled(SLICE_S if not self.waiting else min(SLICE_S, max(0.0, self.next_at - now))):
            address, _ = self.under_way.pop(opened)
            if not (code := opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)):
                return address, opened
            self._lost(opened, code)
        for opened, (_, until) in list(self.under_way.items()):
            if time.monotonic() >= until:
                del self.under_way[opened]
                self._lost(opened, errno.ETIMEDOUT)
        if not (self.waiting or self.under_way):
            raise min(self.errors, key=_telling)
        return None

    def close(self) -> None:
        """Those that have not won."""
        for opened in self.under_way:
            opened.close()

    def _start(self, address: Address, until: float) -> None:
        try:
            opened = socket.socket(address[0], socket.SOCK_STREAM)
        except OSError as error:  # a kernel without that family
            self.errors.append(error)
            return
        opened.setblocking(False)
        try:
            code = opened.connect_ex(address[1])
        except OSError as error:
            code = error.errno or errno.EINVAL
        if code in {0, errno.EINPROGRESS}:
            self.under_way[opened] = (address, until)
        else:
            self._lost(opened, code)

    def _settled(self, timeout_s: float) -> Iterator[socket.socket]:
        with selectors.DefaultSelector() as selector:
            for opened in self.under_way:
                selector.register(opened, selectors.EVENT_WRITE)
            ready = selector.select(timeout_s) if self.under_way else []
        return (key.fileobj for key, _ in ready if isinstance(key.fileobj, socket.socket))

    def _lost(self, opened: socket.socket, code: int) -> None:
        opened.close()
        self.next_at = 0.0
        self.errors.append(OSError(code, os.strerror(code)))


def _telling(error: OSError) -> int:
    """The error that says most comes first: a machine that is there, then one that is silent, then no way to any."""
    return 0 if isinstance(error, ConnectionRefusedError) else 1 if isinstance(error, TimeoutError) else 2
