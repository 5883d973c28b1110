"""Tells systemd how the service stands: the protocol of sd_notify(3), a datagram to the socket it names.

Must not be needed: without systemd nobody is told.
"""

import contextlib
import os
import socket
from typing import Final

from edge.text.plain import plain

LONGEST: Final = 2_000
"""Characters of a state."""


def notify(state: str) -> None:
    """Send ``READY=1``, ``WATCHDOG=1``, ``STOPPING=1`` or ``STATUS=…``; a service manager that is gone is no fault."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # Linux' abstract namespace
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
        datagrams.setblocking(False)  # one that does not listen must not hold the daemon up
        datagrams.sendto(plain(state, LONGEST).encode(), address)  # a newline would begin another variable
