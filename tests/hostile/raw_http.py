"""HTTP as an attacker writes it: bytes on a socket, as many or as few as he likes."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.waiting import PATIENCE_S

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` 0: closed without a word."""

    status: int
    head: str
    body: str


def ask(port: int, request: bytes, patience_s: float = PATIENCE_S) -> Answer:
    """Send bytes; the first answer. The connection is closed then, whether the server would or not."""
    with closing(socket.create_connection((HOST, port), timeout=patience_s)) as connection:
        came = b""
        try:
            connection.sendall(request)
            while (data := connection.recv(65536)) and not _whole(came := came + data, request):
                pass
        except ConnectionError:
            pass
    head, _, body = came.decode("latin-1").partition("\r\n\r\n")
    return Answer(int(head.split()[1]) if head else 0, head, body)


def _whole(answer: bytes, request: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if request.startswith(b"HEAD "):
        return bool(end)
    length = next((line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), None)
    return bool(end) and (length is None or len(body) >= int(length))


def request(line: bytes, *headers: bytes, body: bytes = b"", host: bytes = b"127.0.0.1") -> bytes:
    """``GET /`` with a good host and some headers."""
    length = b"Content-Length: %d" % len(body) if body else b""
    lines = [line + b" HTTP/1.1", b"Host: " + host, *headers, length]
    return b"".join(one + b"\r\n" for one in lines if one) + b"\r\n" + body


def state(port: int) -> tuple[dict[str, Any], float]:
    """``/api/state`` over a connection of its own, and the seconds that it took."""
    began = time.perf_counter()
    with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as connection:
        connection.request("GET", "/api/state")
        found: dict[str, Any] = json.loads(connection.getresponse().read())
    return found, time.perf_counter() - began


@contextmanager
def many(port: int, count: int, first: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections at once, each of which has said ``first``."""
    with ExitStack() as stack:
        opened = []
        for _ in range(count):
            connection = stack.enter_context(closing(socket.create_connection((HOST, port), timeout=PATIENCE_S)))
            connection.sendall(first)
            opened.append(connection)
        yield opened


def trickle(connections: list[socket.socket], byte: bytes) -> int:
    """One byte more from each; how many the server has not closed yet."""
    alive = 0
    for connection in connections:
        try:
            connection.sendall(byte)
            alive += 1
        except OSError:
            pass
    return alive
