"""A real PostgreSQL for tests: one server a test process, on a Unix socket; a database a test."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
import pytest

from edge.headquarters.address import DatabaseUrl
from edge.headquarters.store import Store
from tests.waiting import wait_for

USER: Final = "postgres"
TEMPLATE: Final = "headquarters"
PORT: Final = 5432
START_S: Final = 60
OTHER: Final = (f"--reuid={USER}", f"--regid={USER}", "--clear-groups") if os.geteuid() == 0 else ()
RUN: Final = ("setpriv", *OTHER, "--pdeathsig", "QUIT")
"""Not as root, which PostgreSQL refuses; and not for longer than the process that starts it lives."""

_numbers = count(1)


def binary(name: str) -> str | None:
    """Where one of the server's programs is; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


class Server:
    """One cluster's life. As root it runs as the system's ``postgres`` user: PostgreSQL refuses root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        command = (_program("initdb"), "-D", str(self.folder / "data"), "-U", USER, "-A", "trust", "-N", "-E", "UTF8")
        subprocess.run([*RUN, *command], check=True, capture_output=True, cwd="/", timeout=START_S)
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers. It ends with the process that started it, however that ends."""
        options = ("-k", str(self.folder), "-p", str(PORT), "-c", "listen_addresses=", "-c", "fsync=off")
        self._process = subprocess.Popen(
            [*RUN, _program("postgres"), "-D", str(self.folder / "data"), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
        wait_for(self._answers, START_S)

    def _answers(self) -> bool:
        try:
            self.say("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def remove(self) -> None:
        """End it and leave nothing behind."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(START_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> DatabaseUrl:
        """The address of a database."""
        return DatabaseUrl(f"postgresql+psycopg://{USER}@/{database}?host={self.folder}&port={PORT}")

    def say(self, command: str, database: str = USER) -> list[tuple[object, ...]]:
        """One command as the administrator; its rows."""
        where = f"host={self.folder} port={PORT} user={USER} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            done = connection.execute(command.encode())
            return done.fetchall() if done.description else []


def _program(name: str) -> str:
    found = binary(name)
    assert found is not None, f"{name} is not installed"
    return found


def server() -> Server:
    """The server of this process; the test is skipped where PostgreSQL is not installed."""
    if binary("initdb") is None:
        pytest.skip("needs PostgreSQL (apt-get install postgresql)")
    return _running()


@cache
def _running() -> Server:
    """Started at the first call, removed at the process's end, with the template of all databases."""
    started = Server()
    atexit.register(started.remove)
    started.say(f"CREATE DATABASE {TEMPLATE}")
    Store(started.url(TEMPLATE)).close()
    return started


@contextmanager
def empty_database(*, migrated: bool = True) -> Iterator[DatabaseUrl]:
    """A database of its own; ``migrated``: with headquarters' tables, else with nothing."""
    running = server()
    name = f"test{next(_numbers)}"
    running.say(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template0'}")
    try:
        yield running.url(name)
    finally:
        running.say(f"DROP DATABASE {name} WITH (FORCE)")
