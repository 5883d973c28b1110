"""A real car on the road: vehicle and headquarters as processes, a broker, a receiver on a pseudo-terminal.

An officer is signed in and a plan in force. Measures nothing.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copy, copytree
from typing import Final

from edge.demo.broker import free_port
from edge.demo.pty import PtyFeeder
from edge.demo.site import Site
from tests.benchmarks.processes import ROUNDSMAN, await_answer, running, sign_in
from tests.benchmarks.town import Town
from tests.brokers import running as a_broker

UNIT: Final = "car-road"
MINUTES: Final = 3.0
AHEAD_S: Final = 600.0
SERIAL: Final = 'source = "serial"\ndevice = "{device}"\nbaud = 115200'

Epochs = Iterable[tuple[float, bytes]]


@dataclass(frozen=True)
class Car:
    """The vehicle's process and its screen's port."""

    pid: int
    port: int


@contextmanager
def on_the_road(town: Town, folder: Path, epochs: Epochs, basemap: Path | None = None) -> Iterator[Car]:
    """A car that hears these epochs at their times, for as long as the block lasts; ``basemap``: with this one."""
    site, web, screen, device = _own_site(town, folder), free_port(), free_port(), folder / "receiver"
    (folder / "broker").mkdir()
    with ExitStack() as stack:
        broker = stack.enter_context(a_broker(folder / "broker"))
        config = site.write_hq(broker.port, web)
        stack.enter_context(running(folder, ROUNDSMAN, "hq", "run", "--config", str(site.hq_toml)))
        await_answer(web)
        for shift in {site.agency.calendar.shift_at(time.time() + ahead) for ahead in (0.0, AHEAD_S)}:
            site.publish(config, shift, MINUTES)
        stack.enter_context(fed(device, epochs))
        toml = site.write_vehicle(UNIT, SERIAL.format(device=device), broker.port, screen)
        if basemap is not None:
            with toml.open("a", encoding="utf-8") as file:  # its last table is the touchscreen's
                file.write(f'basemap = "{basemap}"\n')
        pid = stack.enter_context(running(folder, ROUNDSMAN, "vehicle", "run", "--config", str(toml)))
        await_answer(screen)
        sign_in(screen)
        yield Car(pid, screen)


def _own_site(town: Town, folder: Path) -> Site:
    """The town's agency, with a headquarters that knows of nothing yet."""
    copytree(town.site.folder / "agency", folder / "agency")
    copy(town.site.folder / "signing.key", folder)
    return replace(town.site, folder=folder)


@contextmanager
def fed(device: Path, epochs: Epochs) -> Iterator[None]:
    """A pseudo-terminal that says these epochs at their times."""
    feeder = PtyFeeder(epochs, device)
    feeder.start()
    try:
        yield
    finally:
        feeder.stop()
