"""A socket that a server listens on: bound, or one sentence that names the keys to correct. Must not serve."""

import socket
import threading

from edge.errors import UserError
from edge.service.aside import Aside
from edge.service.tcp import NAME_S


def listen(host: str, port: int, keys: str, *, name_s: float = NAME_S, backlog: int | None = None) -> socket.socket:
    """Bind; a host's name is looked up within ``name_s``. ``port`` 0 takes a free one.

    ``keys``: of the configuration, for the sentence of a UserError; ``backlog``: connections that may wait.
    """
    try:
        return socket.create_server((_address_of(host, name_s), port), backlog=backlog)
    except (OSError, TypeError, UnicodeError) as error:  # the latter: a host that no name server can be asked for
        why = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        msg = f"{keys}: cannot listen on {host}:{port} ({why}); choose another address or port"
        raise UserError(msg) from error


def _address_of(host: str, name_s: float) -> str:
    """The first address of a host's name. Raises OSError where it has none, or the name server hangs."""

    def looked_up() -> str:
        return str(socket.getaddrinfo(host or None, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])

    try:
        found = Aside[str](lambda _late: None, "name look-up").call(looked_up, threading.Event(), name_s)
    except TimeoutError as error:
        msg = f"the DNS server does not answer for {host!r}"
        raise TimeoutError(msg) from error
    return found or host
