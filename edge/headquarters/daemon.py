"""Headquarters' composition root: the only file that names the concrete parts.

Threads: main (signals, watch), web, intake, link. `edge.service.supervisor` ends the process with the name of one that
ends or hangs, and stops them in the reverse of the order in which they were started. Must not contain a rule.
"""

import gc
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Flask

from edge.contract.agency import Agency, load_agency
from edge.contract.topics import Topics
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.console.report_process import WAITING, ReportProcess
from edge.headquarters.drafts.publishing import approver
from edge.headquarters.feeds.dispatch import DispatchFeed
from edge.headquarters.feeds.gunfire import reporter
from edge.headquarters.publish.anchors import Anchors
from edge.headquarters.publish.handed_on import desk
from edge.headquarters.publish.retained import RetainedPlans
from edge.headquarters.receive.compared import ComparedVisits
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.intake import Intake
from edge.headquarters.receive.link import Link
from edge.headquarters.receive.proof import ChainWalk
from edge.headquarters.receive.signed import SignedAcks
from edge.headquarters.store import Store
from edge.headquarters.web_tls import server_context
from edge.service.supervisor import Supervisor
from edge.service.systemd import notify
from edge.service.tls_server import TlsServer
from edge.service.web_server import WebServer

HUNG_S: Final = 30.0
"""Without a sign of life for so long, a thread hangs: the database alone may keep the intake waiting for ten."""

ANSWER_S: Final = 120.0
"""For an answer over TLS of our own: a report may wait its turn."""

YOUNG: Final = 20_000
"""Objects made before Python looks for garbage: a batch of records makes some thousands, and leaves none behind."""

Troubles = Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What headquarters is made of. ``troubles``: what does not work, by part."""

    link: Link
    intake: Intake
    pages: Flask
    reports: ReportProcess
    troubles: Troubles


def compose(config: HeadquartersConfig, agency: Agency) -> Parts:
    """Every part, wired; none of them runs yet."""

    def offer(message: Received) -> None:  # the link's, which is made before the intake
        intake.offer(message)

    topics = Topics(agency.id)
    link = Link(config.broker, topics, offer, config.name)
    opened = partial(Store, config.database, make=False)
    acks = SignedAcks(config, agency, link)
    anchors = Anchors(config, agency, link, time.time)
    compared = ComparedVisits(config, agency, link, time.time)
    retained = RetainedPlans(agency, link, time.time)
    dispatch = DispatchFeed(config, agency, link, time.time)
    tended = (retained.tend, ChainWalk(time.time).tend, anchors.tend, compared.tend, dispatch.tend)

    def tend(store: Store) -> None:
        for one in tended:
            one(store)

    intake = Intake(opened, topics, acks.send, time.time, tend, config.name)
    troubles = partial(_troubles, link, intake, acks, anchors, compared, dispatch)
    reports = ReportProcess(config.agency, config.database)
    context = Context(
        agency,
        config.database,
        troubles=troubles,
        elsewhere=reports,
        dispatch=dispatch.mapping,
        approve=approver(desk(config, agency, "plan", link.retain)),
        report_gunfire=reporter(desk(config, agency, "context", link.retain)),
    )
    return Parts(link, intake, create_app(context, config.web.trusted_hosts, config.web.proxies), reports, troubles)


class Headquarters:
    """One agency's daemon, as `edge.service.process` runs it."""

    def __init__(self, config: HeadquartersConfig) -> None:
        """Read the agency and prepare the database. Raises UserError where either cannot be used."""
        self._config = config
        self._stops = ExitStack()
        self._status = ""
        agency = load_agency(config.agency)
        Store(config.database).close()
        self.threads = Supervisor(self._stops, hung_s=HUNG_S)
        self.parts = compose(config, agency)

    def start(self) -> str:
        """Start every part. Raises UserError where the pages' address cannot be had; then nothing runs."""
        self.start_web()
        self.start_intake()
        self.start_link()
        web = self._config.web
        return f"headquarters: {'https' if web.cert else 'http'}://{web.host}:{web.port}"

    def stop(self) -> None:
        """Stop what was started, the last first."""
        self._stops.close()

    def tend(self) -> None:
        """Let the service manager show what does not work."""
        status = "; ".join(self.parts.troubles().values()) or "OK"
        if status != self._status:
            self._status = status
            notify(f"STATUS={status}")

    def start_web(self) -> None:
        """Serve the pages; its mirror ends every answer and closes the port."""
        web, pages = self._config.web, self.parts.pages
        if web.cert is not None and web.key is not None:
            context = server_context(web.cert, web.key)
            self.threads.start(
                "web", TlsServer(pages, web.host, web.port, context, section="web", answer_s=ANSWER_S).run
            )
        else:
            forwarded = web.proxies > 0
            server = WebServer(pages, web.host, web.port, section="web", streams=WAITING, forwarded=forwarded)
            self.threads.start("web", server.run, server.wake)
        self._stops.callback(self.parts.reports.stop)

    def start_intake(self) -> None:
        """Store and acknowledge what comes; what is queued at its mirror was not acknowledged."""
        gc.set_threshold(YOUNG)
        self.threads.start("intake", self.parts.intake.run)

    def start_link(self) -> None:
        """Connect to the broker; its mirror disconnects; what was not acknowledged comes again."""
        self.threads.start("link", self.parts.link.run)


def _troubles(
    link: Link,
    intake: Intake,
    acks: SignedAcks,
    anchors: Anchors,
    compared: ComparedVisits,
    dispatch: DispatchFeed,
) -> Mapping[str, str]:
    parts = {
        "link": link.trouble,
        "database": intake.trouble,
        "queue": intake.jam,
        "name": intake.twin,
        "keys": acks.trouble,
        "anchors": anchors.trouble,
        "visits": compared.trouble,
        "dispatch": dispatch.trouble,
    }
    return {part: trouble for part, trouble in parts.items() if trouble is not None}
