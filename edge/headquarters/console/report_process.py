"""Reports are made in a process of their own, one after the other, so that no reader takes the receiver's turn.

The process gives way to every other one of the machine. It ends with this one, or when it is asked to, and is started
anew for the next report where it has ended. Must not know what a report is: it is handed an address, and answers.
"""

import gc
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from flask import Response
from werkzeug.exceptions import ServiceUnavailable

from edge.headquarters.address import Address
from edge.headquarters.console.viewer import Viewer

WAITING: Final = 8
"""Readers that may wait for their report; another one is asked to come again."""

PATIENCE_S: Final = 60.0
NICE: Final = 10
YOUNG: Final = 200_000
"""Objects made before Python looks for garbage: a report makes as many, and looking takes as long as making them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a report: its address with what is asked, under which host, by whom."""

    path: str
    host: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Answered:
    """A response, ready to be sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class ReportProcess:
    """Makes reports for any thread. ``agency``, ``database``: where they are. ``patience_s``: for one report."""

    def __init__(self, agency: Path, database: Address, patience_s: float = PATIENCE_S) -> None:
        self._given = agency, database
        self._patience_s = patience_s
        self._places = threading.BoundedSemaphore(WAITING)
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._stopped = False

    def __call__(self, asked: Asked) -> Response:
        """The response to a request, in its turn. Raises ServiceUnavailable where too many wait, or it takes long."""
        if not self._places.acquire(blocking=False):
            msg = "Too many reports at once. Try again in a few seconds."
            raise ServiceUnavailable(msg, retry_after=5)
        try:
            with self._turn:
                answer = self._ask(asked)
        finally:
            self._places.release()
        return Response(answer.body, answer.status, answer.headers)

    def stop(self) -> None:
        """End the process for good; whoever waits is told."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        """End the process; the next request starts another."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.terminate()
            process.join(PATIENCE_S)

    def _ask(self, asked: Asked) -> Answered:
        pipe = self._running()
        try:
            pipe.send(asked)
            if pipe.poll(self._patience_s):
                answer = pipe.recv()
                assert isinstance(answer, Answered)  # noqa: S101 - `_serve` sends nothing else
                return answer
        except (EOFError, OSError) as error:
            self._end()
            msg = "The report failed: its process stopped. Try again."
            raise ServiceUnavailable(msg) from error
        self._end()
        msg = f"The report took longer than {self._patience_s:.0f} s. Try again."
        raise ServiceUnavailable(msg)

    def _running(self) -> Connection:
        """The pipe to the process, which is started where there is none."""
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._end()
        if self._stopped:
            msg = "Headquarters is shutting down."
            raise ServiceUnavailable(msg)
        spawn = get_context("spawn")
        self._pipe, other = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(other, *self._given), name="reports", daemon=True)
        self._process.start()
        other.close()
        return self._pipe


def _serve(pipe: Connection, agency: Path, database: Address) -> None:
    """In the process: answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = _maker(agency, database)
    os.nice(NICE)  # now: somebody waits for the first report already
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 50)
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(asked))


def _maker(agency: Path, database: Address) -> Callable[[Asked], Answered]:
    from edge.contract.agency import load_agency  # noqa: PLC0415 - of this process alone
    from edge.headquarters.console.app import drawn  # noqa: PLC0415
    from edge.headquarters.console.context import KEY, Context  # noqa: PLC0415

    app = drawn(Context(load_agency(agency), database), ["*"])  # whoever asks has looked at who asks, and at the host
    app.config["TRUSTED_HOSTS"] = None
    common = app.extensions[KEY]

    def answer(asked: Asked) -> Answered:
        app.extensions[KEY] = replace(common, viewer=lambda: asked.viewer)
        with app.test_request_context(asked.path, base_url=asked.host):
            response = app.full_dispatch_request()
        return Answered(response.status_code, response.headers.to_wsgi_list(), response.get_data())

    return answer
