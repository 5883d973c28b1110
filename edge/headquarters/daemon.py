"""Headquarters' composition root: the only file that names the concrete parts. They stop in the mirrored order.

Each part runs in a thread of its own; one that ends by itself ends the process with a message, and the service manager
starts it again. Must not contain a rule.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import Final

from edge.contract.agency import load_agency
from edge.contract.topics import Topics
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.publish.retained import RetainedPlans
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.intake import Intake
from edge.headquarters.receive.link import Link
from edge.headquarters.store import Store
from edge.service.web_server import WebServer

STOP_S: Final = 10.0
WEB_THREADS: Final = 8

log = logging.getLogger(__name__)


class Headquarters:
    """Store, intake, link and pages of one agency."""

    def __init__(self, config: HeadquartersConfig) -> None:
        """Read the agency and prepare the database. Raises UserError where either cannot be used."""
        self._config = config
        self._agency = load_agency(config.agency)
        Store(config.database).close()
        topics = Topics(self._agency.id)
        self._link = Link(config.broker, topics, self._offer)
        plans = RetainedPlans(self._agency, self._link, time.time)
        opened = partial(Store, config.database, make=False)
        self._intake = Intake(opened, topics, self._link.send, time.time, plans.tend)
        self._threads: dict[str, threading.Thread] = {}
        self._ended = threading.Event()
        self._web_stop = threading.Event()
        self._link_stop = threading.Event()
        self._stopping = False
        self.failure: str | None = None

    def start(self) -> None:
        """Start every part. Raises UserError where the pages' address cannot be had; then nothing runs."""
        self.start_web()
        self.start_intake()
        self.start_link()

    def stop(self) -> None:
        """Stop every part, the last one started first."""
        self._stopping = True
        self.stop_link()
        self.stop_intake()
        self.stop_web()

    def start_web(self) -> None:
        """Serve the pages."""
        web = self._config.web
        context = Context(self._agency, self._config.database, troubles=self.troubles)
        app = create_app(context, web.trusted_hosts)
        self._server = WebServer(app, web.host, web.port, keys="web.host, web.port", threads=WEB_THREADS)
        self._run("web", partial(self._server.run, self._web_stop))

    def stop_web(self) -> None:
        """Stop serving."""
        self._web_stop.set()
        self._server.wake()
        self._join("web")

    def start_intake(self) -> None:
        """Store and acknowledge what comes."""
        self._run("intake", self._intake.run)

    def stop_intake(self) -> None:
        """Stop storing; what is queued was not acknowledged."""
        self._intake.stop()
        self._join("intake")

    def start_link(self) -> None:
        """Connect to the broker."""
        self._run("link", partial(self._link.run, self._link_stop))

    def stop_link(self) -> None:
        """Disconnect; the broker keeps the session."""
        self._link_stop.set()
        self._join("link")

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until a part has ended by itself, or `end` was called; False where the time ran out before."""
        return self._ended.wait(timeout_s)

    def end(self) -> None:
        """Have `wait` return."""
        self._ended.set()

    def troubles(self) -> Mapping[str, str]:
        """What does not work, by part."""
        parts = {"link": self._link.trouble, "database": self._intake.trouble, "queue": self._intake.jam}
        return {part: trouble for part, trouble in parts.items() if trouble is not None}

    def _offer(self, message: Received) -> None:
        self._intake.offer(message)

    def _run(self, name: str, target: Callable[[], None]) -> None:
        """Run a vital part: whatever ends it before its time ends the process."""

        def vital() -> None:
            try:
                target()
            finally:
                if not self._stopping:
                    self.failure = f"headquarters' {name} has ended; see the log above"
                    self._ended.set()

        self._threads[name] = threading.Thread(target=vital, name=name, daemon=True)
        self._threads[name].start()

    def _join(self, name: str) -> None:
        self._threads.pop(name).join(STOP_S)


def run(config: HeadquartersConfig) -> str | None:
    """Run headquarters until SIGTERM or SIGINT; the message of a part that ended by itself, else None."""
    headquarters = Headquarters(config)

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        headquarters.end()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    headquarters.start()
    log.info("pages at http://%s:%d", config.web.host, config.web.port)
    headquarters.wait()
    headquarters.stop()
    return headquarters.failure
