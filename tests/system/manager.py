"""What systemd would hear of a daemon, and a bug planted in one that runs: for the tests of both daemons' watchdogs."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.system.site import Daemon, wait_for
from tests.waiting import PATIENCE_S

MARK = "the test's own"


class Manager:
    """Hears a service's notifications, as systemd does. ``heard``: each one, in order."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while what := self._socket.recv(4096).decode():
            self.heard.append(what)

    def heard_by_now(self) -> int:
        """How many notifications have been sent by now, all of which are then heard: they come in order."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
            own.sendto(MARK.encode(), self.address)
        wait_for("the test's own mark", lambda: MARK in self.heard)
        before = self.heard.index(MARK)
        del self.heard[before]
        return before

    def close(self) -> None:
        """Stop listening."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.address)
        self._thread.join(PATIENCE_S)
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    with closing(Manager(tmp_path / "notify")) as made:
        yield made


BUG = """
import importlib, os, time

part = getattr(importlib.import_module("{module}"), "{part}")
method = part.{method}

def buggy(*given, **named):
    if os.path.exists("{sign}"):
        {bug}
    return method(*given, **named)

part.{method} = buggy
"""


def plant(daemon: Daemon, folder: Path, where: str, bug: str) -> Callable[[], None]:
    """Have a method, as ``module:Class.method``, go wrong once what is returned is called; ``bug``: a statement."""
    sign = folder / "sign"
    module, _, name = where.partition(":")
    part, _, method = name.partition(".")
    text = BUG.format(module=module, part=part, method=method, bug=bug, sign=sign)
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    daemon.environment["PYTHONPATH"] = str(folder)
    return sign.touch
