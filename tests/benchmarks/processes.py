"""Processes to measure: a daemon as it is installed, and what the kernel says of a process. Measures nothing itself."""

import http.client
import json
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TypeVar

ResultT = TypeVar("ResultT")

HOST: Final = "127.0.0.1"
ROUNDSMAN: Final = str(Path(sys.executable).with_name("roundsman"))
TICKS: Final = os.sysconf("SC_CLK_TCK")
PATIENCE_S: Final = 60.0


@contextmanager
def running(folder: Path, *command: str) -> Iterator[int]:
    """A process for as long as the block lasts, and its id; what it says goes to a file of the folder.

    Its own code is compiled once and kept, as an installation does.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with (folder / "processes.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def alone(measured: Callable[..., ResultT], *given: object) -> ResultT:
    """Call a function in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, given)


def await_answer(port: int, pause_s: float = 0.05) -> None:
    """Return when a server answers that it is well."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            get(port, "/healthz")
        except OSError:
            time.sleep(pause_s)
        else:
            return
    msg = f"nothing answers on port {port}"
    raise TimeoutError(msg)


def get(port: int, path: str) -> bytes:
    """The body of a page."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=5.0)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


def sign_in(port: int, officer: str = "4711") -> None:
    """An officer's tap, with the token of the page."""
    token = re.search(rb'name="roundsman-token" content="([^"]+)"', get(port, "/"))
    assert token is not None, "the page has no token"
    headers = {"Content-Type": "application/json", "X-Roundsman-Token": token[1].decode()}
    with closing(http.client.HTTPConnection(HOST, port, timeout=5.0)) as connection:
        connection.request("POST", "/api/taps/sign-in", json.dumps({"officer": officer}), headers)
        assert connection.getresponse().status == 202, "the tap was refused"


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text(encoding="ascii").split():
            yield from family(int(child))


def resident_mb(pid: int) -> float:
    """What a process has in memory, in 10⁶ bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
