"""The vehicle's composition root: what is made of what, and which part is started after which.

Threads: main (signals, watch), gps, engine, display, basemap, screen, link, incoming, bundles, scoring, page check.
`edge.service.supervisor` stops them in the reverse of the order in which they were started, and ends the process with
the name of one that ends or hangs. Must not hold a rule of patrol.
"""

import logging
import random
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from flask import Flask

from edge.contract.agency import Agency
from edge.service.supervisor import Supervisor
from edge.text.words import Notice
from edge.vehicle.access.access import Access
from edge.vehicle.announced import FILE, SPREAD_S, Announced
from edge.vehicle.basemap.basemap import Basemap, WatchedBasemap
from edge.vehicle.by_hand import make_bundle_drop, make_incoming
from edge.vehicle.car_access import make_access
from edge.vehicle.clock import Clock
from edge.vehicle.config import TouchscreenConfig, VehicleConfig
from edge.vehicle.disk import Disk, open_disk
from edge.vehicle.display.backlight import CLASS, Backlight
from edge.vehicle.display.display import Display
from edge.vehicle.display.seen import Seen, seen_in
from edge.vehicle.documents.bundle import choose
from edge.vehicle.documents.bundle_drop import BundleDrop
from edge.vehicle.engine import Engine
from edge.vehicle.engine_screen import EngineScreen
from edge.vehicle.gps.port import Source
from edge.vehicle.gps_source import gps_view, make_clock, make_source
from edge.vehicle.inbox import Post
from edge.vehicle.incoming import Incoming
from edge.vehicle.journal import Journal
from edge.vehicle.link.link import Link
from edge.vehicle.own_record import OwnRecords
from edge.vehicle.refused_visits import RefusedVisits
from edge.vehicle.released import RELEASED
from edge.vehicle.scoring import Scoring
from edge.vehicle.setting import setting_of
from edge.vehicle.store.page_check import SoundPages
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.release import MAP_SOFTWARE
from edge.vehicle.touchscreen.server import serve
from edge.vehicle.view.doubts import doubts
from edge.vehicle.view.published import Published
from edge.vehicle.view.reading import Reading
from edge.vehicle.view.snapshot import LinkView

log = logging.getLogger("roundsman")

ZONES_S: Final = 86_400.0
"""By so much the clock of the computer that made bundle or software may have been ahead: local time taken for UTC."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a vehicle is made of."""

    published: Published
    engine: Engine
    link: Link | None
    source: Source
    incoming: Incoming
    bundles: BundleDrop
    scoring: Scoring
    display: Display
    basemap: WatchedBasemap
    pages: Flask


def compose(config: VehicleConfig, clock: Clock, disk: Disk) -> Parts:
    """Every part, wired; none of them runs yet."""
    agency = disk.bundle.agency
    published = Published(agency, disk.state, clock.mono)
    engine = Engine(
        setting_of(agency),
        disk.state,
        disk.vault,
        clock,
        published.publish,
        disk.recorder,
        in_force=disk.in_force,
        earliest=None if config.gps.source == "replay" else earliest(disk.bundle.manifest.created),
    )
    access = make_access(agency, disk, lambda: published.state)
    display = _display(config, clock, disk, published)
    screen = EngineScreen(
        published,
        engine.post,
        clock.mono,
        Reading(agency, disk.bundle.manifest, config.district, disk.in_force, published, clock.mono),
        display,
        access,
        OwnRecords(agency, lambda: published.state, disk.reader.after),
    )
    touchscreen = config.touchscreen
    basemap = WatchedBasemap(_basemap(touchscreen, agency), published.touch)
    parts = Parts(
        published=published,
        engine=engine,
        link=_link(config, disk, published, engine.post),
        source=make_source(config.gps, clock, engine.post, engine.post_patiently),
        incoming=make_incoming(config, disk, published, engine.post),
        bundles=make_bundle_drop(config, disk),
        scoring=_scoring(config, clock, disk, published, engine.post),
        display=display,
        basemap=basemap,
        pages=create_app(
            screen,
            trusted_hosts=touchscreen.trusted_hosts,
            diagonal=touchscreen.diagonal,
            opened=basemap.opened,
        ),
    )
    published.taken = lambda: parts.incoming.taken
    published.display = lambda: display.view
    published.basemap = lambda: basemap.view
    published.gps = partial(gps_view, parts.source)
    published.notices = partial(_notices, clock, disk, parts, access)
    published.sign_in = access.view
    return parts


class Vehicle:
    """One vehicle's daemon, as `edge.service.process` runs it."""

    def __init__(self, config: VehicleConfig) -> None:
        """Raises UserError where the configuration names an agency or district that is not there."""
        self.config = config
        self.bundle = choose(config)
        self.clock = make_clock(config.gps)
        self._stops = ExitStack()
        self.threads = Supervisor(self._stops)
        self._journal = Journal(log.warning)
        self._refused = RefusedVisits(log.warning)

    def start(self) -> str:
        """Start every part, in the order in which they need one another; where the screen is served."""
        self.open()
        self.start_link()
        self.start_engine()
        self.start_display()
        self.start_basemap()
        self.start_touchscreen()
        self.start_gps()
        self.start_incoming()
        self.start_scoring()
        self.start_page_check()
        return f"{self.config.unit}: http://{self.config.touchscreen.host}:{self.server.port}"

    def stop(self) -> None:
        """Stop what was started, the last first, whatever one of them says to it."""
        self._stops.close()

    def tend(self) -> None:
        """Write in the log what the screen says otherwise than before, and what other vehicles say that cannot be.

        Note what headquarters has announced.
        """
        published = self.parts.published
        self._journal.write(published.link, published.gps(), published.notices())
        self._refused.write(published.state.refused)
        self._announced.tend()

    def open(self) -> None:
        """Open what is on disk and make every part of it; its mirror closes the files."""
        self.disk = open_disk(self.config, self.bundle, self._stops)
        self.parts = compose(self.config, self.clock, self.disk)
        after_s = random.uniform(0.0, SPREAD_S)  # noqa: S311 - no secret
        self._announced = Announced(self.config.data / FILE, self.disk.in_force, after_s, time.monotonic)

    def start_link(self) -> None:
        """Exchange with headquarters and the fleet, unless the car works alone.

        Its mirror gives the last records a moment, and says goodbye.
        """
        if self.parts.link is not None:
            self.threads.start("link", self.parts.link.run)

    def start_engine(self) -> None:
        """Decide; its mirror, before the link's, records what still waits and the end."""
        body = partial(self.parts.engine.run, software=version("roundsman"), plans=self.disk.new_plans)
        self.threads.start("engine", body)

    def start_display(self) -> None:
        """Day, night, bright, dim; its mirror leaves the backlight on."""
        self.threads.start("display", self.parts.display.run)

    def start_basemap(self) -> None:
        """Look the basemap's file over, and again where another one is there."""
        self.threads.start("basemap", self.parts.basemap.run)

    def start_touchscreen(self) -> None:
        """Serve the screen; its mirror ends the streams and closes the port."""
        screen = self.config.touchscreen
        self.server = serve(self.parts.pages, screen.host, screen.port)
        self.threads.start("screen", self.server.run, self.server.wake)

    def start_gps(self) -> None:
        """Read fixes."""

        def read(stop: threading.Event) -> None:
            self.parts.source.run(stop)
            if self.config.gps.source == "replay":
                stop.wait()  # a recording may end; the screen stays

        self.threads.start("gps", read)

    def start_incoming(self) -> None:
        """Look for documents and bundles that come by hand."""
        self.threads.start("incoming", self.parts.incoming.run)
        self.threads.start("bundles", self.parts.bundles.run)

    def start_scoring(self) -> None:
        """Have risk computed, each time in a process of its own, which its mirror ends."""
        self.threads.start("scoring", self.parts.scoring.run)

    def start_page_check(self) -> None:
        """Look at every page of the large databases, once the screen is there."""
        pages = SoundPages(self.disk.vault.unchecked, self.parts.engine.post)
        self.threads.start("page check", pages.run)


def _link(config: VehicleConfig, disk: Disk, published: Published, post: Post) -> Link | None:
    """The link; None for a car that works alone, whose screen says so."""
    if config.link == "off":
        published.show_link(LinkView("off"))
        return None
    return Link(
        disk.bundle.agency,
        config.district,
        config.broker,
        disk.reader,
        lambda: published.state,
        post,
        published.show_link,
        acknowledged=disk.vault.ledger.acknowledged,
        software=version("roundsman"),
        in_force=disk.in_force,
    )


def _display(config: VehicleConfig, clock: Clock, disk: Disk, published: Published) -> Display:
    """Day and night, with the panel's backlight."""
    return Display(
        partial(_seen, published, clock),
        clock.mono,
        Backlight(_backlight(config.touchscreen)),
        disk.vault.settings,
        published.touch,
        config.touchscreen.language,
    )


def _scoring(config: VehicleConfig, clock: Clock, disk: Disk, published: Published, post: Post) -> Scoring:
    """Risk, from the bundle's models, where it has any."""
    bundle = disk.bundle
    return Scoring(
        bundle.agency,
        bundle.directory,
        bundle.key,
        config.district,
        models=bool(bundle.manifest.crime_types),
        state=lambda: published.state,
        in_force=disk.in_force,
        mono=clock.mono,
        post=post,
    )


def earliest(bundle: datetime) -> float:
    """The instant (POSIX seconds) before which no clock can be right: bundle and software were made before."""
    return max(bundle, RELEASED).timestamp() - ZONES_S


def _backlight(touchscreen: TouchscreenConfig) -> Path | None:
    given = touchscreen.backlight
    return given if isinstance(given, Path) else CLASS if given == "auto" else None


def _basemap(touchscreen: TouchscreenConfig, agency: Agency) -> Basemap | None:
    given = touchscreen.basemap
    return None if given is None else Basemap(given, agency.grid, drawn=MAP_SOFTWARE.is_file())


def _seen(published: Published, clock: Clock) -> Seen:
    return seen_in(published.agency, published.state, clock.mono(), published.notices())


def _notices(clock: Clock, disk: Disk, parts: Parts, access: Access) -> tuple[Notice, ...]:
    """What the screen must warn of; the worst first."""
    state = parts.published.state
    # while the clock is not set it is long ago, so that nothing seems to have expired
    utc = 0.0 if state.clock.state == "none" else state.utc(clock.mono())
    troubles = (parts.engine.trouble, disk.recorder.trouble if disk.recorder is not None else None)
    of_store = (*(one for one in troubles if one is not None), *disk.vault.alarms())
    of_receiver = doubts(state, clock.mono())
    by_hand = (*parts.incoming.notices(), *parts.bundles.notices())
    of_others = (*access.notices(), *parts.scoring.notices(), *disk.bundle.notices(utc), *parts.display.notices())
    return (*of_store, *of_receiver, *by_hand, *of_others)
