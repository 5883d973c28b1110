"""A unit for tests, with 0.1.0 installed: a car that behaves as its release does, and time that a test moves."""

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from provisioning.software.verified import read_manifest
from provisioning.update.car import Reading
from provisioning.update.config import UpdateConfig
from provisioning.update.memory import Memory, recall
from provisioning.update.places import Places
from provisioning.update.updater import Clock, Updater
from tests.powercut.crashes import MEMORY
from tests.provisioning.release.town import EPOCH, HERE, PUBLIC

Behavior: TypeAlias = Literal["works", "dead", "loops", "faulty", "deaf", "blind", "forgets", "slow"]
OLD: Final = "0.1.0-" + "0" * 12
NOW: Final = EPOCH + 86_400.0


@dataclass
class Time:
    """Seconds, which pass while somebody sleeps."""

    mono: float = 0.0

    def sleep(self, seconds: float) -> None:
        """So long."""
        self.mono += seconds

    def clock(self, utc: float = NOW) -> Clock:
        """As the updater has it."""
        return Clock(lambda: utc + self.mono, lambda: self.mono, self.sleep)


@dataclass
class FakeCar:
    """A daemon that behaves as the release that it was started from. ``ways``: by version, else it works.

    ``sky_until``: when the car drives into a garage.
    """

    places: Places
    time: Time
    ways: Mapping[str, Behavior] = field(default_factory=dict)
    driving: bool = False
    sky_until: float = math.inf
    started: float = 0.0
    process: int = 1
    recorded: int = 100
    running: str = OLD

    @property
    def way(self) -> Behavior:
        """How what runs behaves."""
        return self.ways.get(self.running.partition("-")[0], "works")

    def restart(self) -> None:
        """From what `bin` leads to, within a second."""
        self.time.mono += 1.0
        self.running, self.started = self.places.runs, self.time.mono
        assert self.places.is_complete(self.running)
        self.process += 1
        self.recorded += self.way not in ("dead", "forgets")

    def restarts(self) -> int:
        """One that is dead tries again every three seconds, one that loops every thirty."""
        every_s = {"dead": 3.0, "loops": 30.0}.get(self.way)
        return 0 if every_s is None else int((self.time.mono - self.started) // every_s)

    def reading(self) -> Reading | None:
        """By what runs."""
        alive_s = self.time.mono - self.started
        if self.way == "dead" or (self.way == "slow" and alive_s < 900.0):
            return None
        process = self.process + (int(alive_s // 30.0) if self.way == "loops" else 0)
        faults = ("store.not_recording",) if self.way == "faulty" else ()
        fixed = self.time.mono < self.sky_until and self.way not in ("deaf", "blind")
        return Reading(process, self.recorded, faults, self.way != "deaf", fixed, self.driving)


def copies(wheels: Path, digests: Mapping[str, str], names: Sequence[str], version: str, to: Path) -> None:
    """Installs a release as three files."""
    (to / "bin").mkdir()
    (to / "bin/roundsman").write_text(version)
    for name in names:
        assert name in digests
        (to / name).write_bytes((wheels / name).read_bytes())


class Unit:
    """Its disk below a folder."""

    def __init__(self, folder: Path, ways: Mapping[str, Behavior] | None = None) -> None:
        self.folder = folder
        self.config = UpdateConfig(release_key=PUBLIC, root=folder / "opt", state=folder / "state")
        self.places = Places(self.config.root)
        self.time = Time()
        self.car = FakeCar(self.places, self.time, ways or {})

    def first_installed(self) -> "Unit":
        """With 0.1.0, as an image has it."""
        self.places.releases.mkdir(parents=True)
        self.config.state.mkdir()
        place = self.places.begin(OLD)
        (place / "bin").mkdir()
        (place / "bin/roundsman").write_text("0.1.0")
        self.places.finish(OLD)
        self.places.run(OLD)
        self.places.settle_on(OLD)
        return self

    def updater(self, utc: float = NOW) -> Updater:
        """Of this unit."""
        return Updater(self.config, PUBLIC, self.car, copies, self.time.clock(utc), HERE)

    def update(self, release: Path, utc: float = NOW) -> str:
        """As the command does it."""
        updater = self.updater(utc)
        updater.settle()
        return updater.offer(release)

    @property
    def memory(self) -> Memory:
        """What it remembers."""
        return recall(self.config.state)

    @property
    def links(self) -> tuple[str, str]:
        """What runs, and the last that worked."""
        return self.places.runs, self.places.good


def in_memory() -> Path:
    """A new folder, of which a sync costs nothing where the machine has such a place."""
    return Path(tempfile.mkdtemp(prefix="unit-", dir=MEMORY if MEMORY.is_dir() else None))


def named(release: Path) -> str:
    """What a release is called where it is installed."""
    return read_manifest(release, PUBLIC).name
