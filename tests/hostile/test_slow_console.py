"""Clients of the pages that are slow on purpose: a byte now and then, nothing at all. The rest is answered."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.store import Store
from edge.service.connections import MOST
from edge.service.web_server import WebServer
from tests.hostile.raw_http import ask, many, request, trickle
from tests.hostile.test_slow_http import prompt
from tests.service.serving import serving
from tests.waiting import PATIENCE_S


@pytest.fixture
def port(square_agency: Agency, tmp_path: Path) -> Iterator[int]:
    """Where the pages of an empty database are served."""
    with Store(tmp_path / "hq.sqlite"):
        pass
    app = create_app(Context(square_agency, tmp_path / "hq.sqlite", now=time.time), ["127.0.0.1"])
    with serving(WebServer(app, "127.0.0.1", 0, section="web")) as number:
        yield number


def health(port: int) -> float:
    """Seconds for an answer."""
    began = time.perf_counter()
    assert ask(port, request(b"GET /healthz")).status == 200
    return time.perf_counter() - began


def test_slow_clients_keep_nobody_waiting(port: int) -> None:
    """Heads that trickle: answered promptly all the while, and no trickle renews their patience."""
    with many(port, 2 * MOST, b"GET / HTTP/1.1\r\nX: ") as slow:
        began, took = time.monotonic(), []
        while trickle(slow, b"x") and time.monotonic() - began < PATIENCE_S:
            took.append(health(port))
            time.sleep(0.1)
        assert trickle(slow, b"x") == 0
        assert prompt(took)


def test_idle_connections_make_room(port: int) -> None:
    """As many as one likes, never a byte: the next client is answered at once."""
    with many(port, 5 * MOST):
        assert prompt([health(port) for _ in range(10)])
