"""The demo to look at: broker, headquarters and two cars as processes, receivers on pseudo-terminals, in real time.

Must not do for the visitor what the screens are for, but sign the two cars in.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from edge.demo.broker import free_port, make_broker
from edge.demo.drive import drive
from edge.demo.pty import PtyFeeder
from edge.demo.site import OFFICERS, UNITS, Site, make_site
from edge.errors import UserError

HQ_PORT: Final = 8700
SCREEN_PORTS: Final = {"car-1": 8600, "car-2": 8601}
SHIFT_S: Final = 8 * 3600
MINUTES: Final = 3.0
STEP_S: Final = 5.0
START_S: Final = 30.0
GPS: Final = 'source = "serial"\ndevice = "{link}"'

Say = Callable[[str], None]


def run_live(folder: Path, say: Say) -> None:
    """Run until interrupted."""
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    for port in (HQ_PORT, *SCREEN_PORTS.values()):
        _require_free(port)
    say("building the city and its agency …")
    site = make_site(folder)
    broker = free_port()
    with ExitStack() as stack:
        stack.enter_context(make_broker(folder, broker))
        config = site.write_hq(broker, HQ_PORT)
        _start(stack, folder, "hq", "run", "--config", str(site.hq_toml))
        _await_page(f"http://127.0.0.1:{HQ_PORT}/healthz")
        now = time.time()
        calendar = site.agency.calendar
        for shift in (calendar.shift_at(calendar.shift_at(now).ends), calendar.shift_at(now)):
            site.publish(config, shift, MINUTES)
        for seed, unit in enumerate(UNITS, 1):
            _start_car(stack, site, unit, seed, broker)
        say(f"a car's touchscreen:  http://127.0.0.1:{SCREEN_PORTS['car-1']}   (car-2: {SCREEN_PORTS['car-2']})")
        say(f"headquarters:         http://127.0.0.1:{HQ_PORT}")
        say("two officers are signed in and on their way; Ctrl-C ends the demo")
        while not stop.wait(STEP_S):
            for unit in UNITS:
                say(progress(unit, _state(SCREEN_PORTS[unit])))


def _require_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        msg = f"port {port}: another program listens there ({error.strerror}); end it (another demo?) and try again"
        raise UserError(msg) from error


def progress(unit: str, state: Mapping[str, Any]) -> str:
    """One line of what a car is doing."""
    if not state:
        return f"{unit}: does not answer"
    link = state["link"]
    return f"{unit}: {state['sentence']}   [{state['recorded']} records, {link['queue']} to deliver, {link['state']}]"


def _start_car(stack: ExitStack, site: Site, unit: str, seed: int, broker: int) -> None:
    """A receiver, its vehicle, and its officer."""
    feeder = PtyFeeder(drive(site.city, seed, float(int(time.time()) + 2), SHIFT_S), site.folder / f"{unit}-gps")
    feeder.start()
    stack.callback(feeder.stop)
    toml = site.write_vehicle(unit, GPS.format(link=feeder.link), broker, SCREEN_PORTS[unit])
    _start(stack, site.folder, "vehicle", "run", "--config", str(toml))
    page = f"http://127.0.0.1:{SCREEN_PORTS[unit]}/"
    token = re.search(r'name="roundsman-token" content="([^"]+)"', _await_page(page))
    headers = {"Content-Type": "application/json", "X-Roundsman-Token": token[1] if token else ""}
    body = json.dumps({"officer": OFFICERS[unit]}).encode()
    request = urllib.request.Request(f"{page}api/taps/sign-in", body, headers, method="POST")  # noqa: S310 - loopback
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - loopback


def _start(stack: ExitStack, folder: Path, *arguments: str) -> None:
    """A roundsman process, ended with the demo; what it says goes to a file."""
    command = [str(Path(sys.executable).with_name("roundsman")), *arguments]
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own

    def end() -> None:
        process.terminate()
        process.wait(20)

    stack.callback(end)


def _await_page(url: str) -> str:
    until = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:  # noqa: S310 - loopback
                text: str = page.read().decode()
                return text
        except OSError as error:
            if time.monotonic() > until:
                msg = f"{url} does not answer ({error}); is another program using its port?"
                raise UserError(msg) from error
            time.sleep(0.1)


def _state(port: int) -> Mapping[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/state", timeout=5) as answer:
            state: Mapping[str, Any] = json.load(answer)
            return state
    except OSError:
        return {}
