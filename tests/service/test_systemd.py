"""What the service manager is told: it may be there, gone, deaf, or in Linux' abstract namespace."""

import os
import socket
from pathlib import Path

import pytest

from edge.service.systemd import notify


def test_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a service manager, or with one that is gone, telling is no fault."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify("READY=1")


def test_one_that_does_not_listen_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its queue is full after a few: what does not fit is dropped at once."""
    address = str(tmp_path / "deaf")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        for _ in range(2000):
            notify("WATCHDOG=1")


def test_an_abstract_socket_is_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Systemd may name one with an @."""
    name = f"roundsman-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        notify("WATCHDOG=1")
        assert listening.recv(100) == b"WATCHDOG=1"


def test_a_state_begins_no_other_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not work may be said in words of a peer: a newline would name systemd another main process."""
    address = str(tmp_path / "systemd")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        notify("STATUS=a\nMAINPID=1" + "x" * 100_000)
        told = listening.recv(100_000)
        assert told.startswith(b"STATUS=a\\nMAINPID=1xxx")
        assert len(told) < 2_100
