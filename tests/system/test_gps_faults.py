"""Faults of the receiver as an officer sees them: the whole daemon, and the GPS sentence of its screen.

Each is noticed and said in words; the position is not trusted while it lasts; when it is over positions
come again without a restart.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.contract.agency import load_agency
from tests.system.site import Site, Vehicle, wait_for
from tests.vehicle.gps.running import Receiver, receiver
from tests.vehicle.gps.test_gpsd import GPSD, Gpsd, gpsd
from tests.words import shown

pytestmark = pytest.mark.timeout(300)  # in real time

WELL = "works."


class Screen:
    """The GPS strip of a vehicle's touchscreen."""

    def __init__(self, vehicle: Vehicle) -> None:
        self._vehicle = vehicle

    def says(self, words: str) -> None:
        """The sentence has these words."""
        wait_for(f"{words!r} on the screen", lambda: words in shown(self._vehicle.state()["gps"]["notice"]))

    def is_well(self) -> None:
        """Positions come, and are trusted."""
        self.says(WELL)
        wait_for("a good position", lambda: self.quality() == "good")

    def is_lost(self) -> None:
        """The position is not trusted any more."""
        wait_for("a position that is not trusted", lambda: self.quality() in ("uncertain", "lost"))

    def quality(self) -> str:
        """Of the position."""
        found: str = self._vehicle.state()["position"]["quality"]
        return found


@contextmanager
def patrolling(site: Site, gps: dict[str, str | int | float]) -> Iterator[Screen]:
    """A vehicle whose positions come; at the end it is still the same process, and stops as asked."""
    district = next(box.district for box in load_agency(site.agency).grid.boxes.values())
    vehicle = site.vehicle("car-1", district, gps)
    vehicle.daemon.start()
    wait_for("a screen", lambda: vehicle.state() != {})
    screen = Screen(vehicle)
    screen.is_well()
    yield screen
    assert vehicle.daemon.running()
    assert vehicle.daemon.stop() == 0


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Receiver]:
    """A GPS receiver on a pseudo-terminal, driving north through Chicago."""
    with receiver(tmp_path / "gps") as one:
        yield one


def gpsd_at(daemon: Gpsd) -> dict[str, str | int | float]:
    """The vehicle's configuration for it."""
    return {"source": "gpsd", "host": "127.0.0.1", "port": daemon.port}


@pytest.mark.skipif(GPSD is None, reason="needs gpsd (Debian: apt install gpsd)")
def test_gpsd_frozen_killed_and_its_receiver_silent(chicago_site: Site, made: Receiver) -> None:
    """A gpsd that is stopped, one that is killed and started again, and a receiver behind it that says nothing."""
    with gpsd(made) as daemon, patrolling(chicago_site, gpsd_at(daemon)) as screen:
        daemon.signal(signal.SIGSTOP)
        screen.says("is not responding")
        screen.is_lost()
        daemon.signal(signal.SIGCONT)
        screen.is_well()

        daemon.kill()
        screen.says("Cannot reach")
        screen.is_lost()
        daemon.start()
        screen.is_well()

        made.silent.set()
        screen.says("is not sending anything")
        screen.is_lost()
        made.silent.clear()
        screen.is_well()


def test_a_receiver_unplugged_silent_and_at_another_speed(chicago_site: Site, made: Receiver) -> None:
    """A serial receiver that goes and comes back as another device, says nothing, or is not understood."""
    with patrolling(chicago_site, {"source": "serial", "device": str(made.path), "baud": 9600}) as screen:
        made.unplug()
        screen.says("Cannot reach")
        screen.is_lost()
        made.plug()
        screen.is_well()

        made.silent.set()
        screen.says("is not sending anything")
        screen.is_lost()
        made.silent.clear()
        screen.is_well()

        made.babbling.set()
        screen.says("Check its baud rate")
        screen.is_lost()
        made.babbling.clear()
        screen.is_well()
