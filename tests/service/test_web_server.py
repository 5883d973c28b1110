"""What both ends' servers have in common; the touchscreen's tests have the rest."""

import socket
import threading
from typing import Any

import pytest
from flask import Flask

from edge.errors import UserError
from edge.service.web_server import WebServer
from tests.service.serving import serving
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize("host", ["300.1.1.1", "no such host", "a..b", "192.0.2.1"])
def test_an_address_that_cannot_be_had_is_a_users_mistake(host: str) -> None:
    """One sentence with the key; whatever way the system has of saying no."""
    with pytest.raises(UserError, match=r"web\.host, web\.port: cannot listen on .*; choose another address or port"):
        WebServer(Flask("none"), host, 8799, section="web")


def test_it_may_be_woken_after_its_end() -> None:
    """Nothing happens: its descriptors may be other files' by then."""
    server = WebServer(Flask("none"), "127.0.0.1", 0, section="web")
    with serving(server):
        pass
    server.wake()


def test_a_name_server_that_hangs_is_a_users_mistake_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start waits so long and no longer, and says which key names the host."""
    answers, real = threading.Event(), socket.getaddrinfo

    def hang(host: str, *more: Any, **beside: Any) -> Any:
        if host == "screen.example":
            answers.wait(PATIENCE_S)
        return real(host, *more, **beside)

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", hang)
        with pytest.raises(
            UserError, match=r"touchscreen\.host, .* \(the DNS server does not answer for 'screen.example'\)"
        ):
            WebServer(Flask("none"), "screen.example", 0, section="touchscreen", name_s=0.5)
        answers.set()
