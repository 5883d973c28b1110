"""The demo to look at: broker, headquarters and two cars as processes, receivers on pseudo-terminals, in real time.

The cars go where their screens send them: car-1 by the plan that the analyst approved for its district; for car-2's
district none is approved, so it computes its own, and says so. Must not do for the visitor what the screens are for,
but sign the two cars in.
"""

import contextlib
import json
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

from edge.demo.accounts import make_accounts
from edge.demo.broker import free_port, make_broker
from edge.demo.city import DISTRICT
from edge.demo.drive import epochs
from edge.demo.guided import Word, guided
from edge.demo.layout import place
from edge.demo.pty import PtyFeeder
from edge.demo.site import OFFICERS, SHIPPED_RISK, UNITS, Site, make_site
from edge.demo.stage import Stage, StoppedError
from edge.domain.grid import parse_box_id
from edge.errors import UserError
from edge.headquarters.accounts.roles import ROLES
from edge.text.words import Notice, say

HQ_PORT: Final = 8700
SCREEN_PORTS: Final = {"car-1": 8600, "car-2": 8601}
SHIFT_S: Final = 8 * 3600
MINUTES: Final = 3.0
LOOK_S: Final = 1.0
TELL_EVERY: Final = 5  # looks
DISTRICTS: Final = {"car-1": DISTRICT, "car-2": "2"}
SECOND_START: Final = (-1900.0, -1700.0)  # on the unbent grid: south of the river
GPS: Final = 'source = "serial"\ndevice = "{link}"'

Say = Callable[[str], None]


class _Screens:
    """What each car's screen said last, and so what its driver does."""

    def __init__(self) -> None:
        self._states: dict[str, Mapping[str, Any]] = {}

    def look(self, unit: str) -> Mapping[str, Any]:
        """Ask a screen anew."""
        self._states[unit] = state = _state(SCREEN_PORTS[unit])
        return state

    def guide(self, unit: str) -> Word:
        """The word of a unit's screen to its driver."""
        return word_of(self._states.get(unit, {}))


def word_of(state: Mapping[str, Any]) -> Word:
    """What a driver does who sees this screen: goes on only when no visit, pause or doubt holds the car."""
    if state.get("mode") not in ("patrol", "move_on", "over_stay", "at_cap"):
        return "wait"
    offered = state["next"]
    return parse_box_id(offered["id"]) if offered else "roam"


def run_live(folder: Path, say: Say) -> None:
    """Run until interrupted."""
    for port in (HQ_PORT, *SCREEN_PORTS.values()):
        _require_free(port)
    with contextlib.suppress(StoppedError), ExitStack() as stack:
        stage = Stage(stack, folder)
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda *_: stage.end())
        _run(stage, say)
    say("the demo has ended")


def _run(stage: Stage, say: Say) -> None:
    say("building the city and its agency …")
    now = time.time()
    with stage.computing():
        site = make_site(stage.folder, now)
    broker = free_port()
    stage.stack.enter_context(make_broker(stage.folder, broker))
    config = site.write_hq(broker, HQ_PORT)
    password = make_accounts(config.database)
    stage.start("hq", "run", "--config", str(site.hq_toml))
    stage.await_page(f"http://127.0.0.1:{HQ_PORT}/healthz")
    calendar = site.agency.calendar
    for shift in (calendar.shift_at(calendar.shift_at(now).ends), calendar.shift_at(now)):
        site.publish(config, shift, MINUTES)
    if SHIPPED_RISK.is_dir():
        with stage.computing():
            site.draft(config, now)
    screens = _Screens()
    for seed, (unit, start) in enumerate(zip(UNITS, (site.city.station, place(*SECOND_START)), strict=True), 1):
        truth = guided(site.city, seed, partial(screens.guide, unit), start, DISTRICTS[unit])
        _start_car(stage, site, unit, epochs(site.city, seed, truth, float(int(time.time()) + 2), SHIFT_S), broker)
    for unit, port in SCREEN_PORTS.items():
        say(f"{unit}'s touchscreen:  http://127.0.0.1:{port}")
    say(f"headquarters:         http://127.0.0.1:{HQ_PORT}")
    say(f"log in there as {', '.join(ROLES)}; the password of each: {password}")
    say("the drafts of tomorrow's plans wait for an analyst: Drafts")
    say("car-1 has the analyst's plan; car-2's district has no approved plan, so it computes its own")
    say("two officers are signed in and follow their screens; press Ctrl-C to end the demo")
    for number in count():
        states = {unit: screens.look(unit) for unit in UNITS}
        if number % TELL_EVERY == 0:
            for unit, state in states.items():
                say(progress(unit, state))
        stage.rest(LOOK_S)


def _require_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        msg = f"port {port}: in use by another program (another demo?); stop it and try again"
        raise UserError(msg) from error


def progress(unit: str, state: Mapping[str, Any]) -> str:
    """One line of what a car is doing."""
    if not state:
        return f"{unit}: not responding"
    link = state["link"]
    headline = say(Notice(**state["headline"]))
    return f"{unit}: {headline}   [{state['recorded']} records, {link['queue']} to deliver, {link['state']}]"


def _start_car(stage: Stage, site: Site, unit: str, drive: Iterable[tuple[float, bytes]], broker: int) -> None:
    """A receiver, its vehicle, and its officer."""
    feeder = PtyFeeder(drive, site.folder / f"{unit}-gps")
    feeder.start()
    stage.stack.callback(feeder.stop)
    toml = site.write_vehicle(unit, GPS.format(link=feeder.link), broker, SCREEN_PORTS[unit], DISTRICTS[unit])
    stage.start("vehicle", "run", "--config", str(toml))
    page = f"http://127.0.0.1:{SCREEN_PORTS[unit]}/"
    token = re.search(r'name="roundsman-token" content="([^"]+)"', stage.await_page(page))
    headers = {"Content-Type": "application/json", "X-Roundsman-Token": token[1] if token else ""}
    body = json.dumps({"officer": OFFICERS[unit]}).encode()
    request = urllib.request.Request(f"{page}api/taps/sign-in", body, headers, method="POST")  # noqa: S310 - loopback
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - loopback


def _state(port: int) -> Mapping[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/state", timeout=5) as answer:
            state: Mapping[str, Any] = json.load(answer)
            return state
    except OSError:
        return {}
