"""A fleet is updated car by car: commit 8f83bf7, version 1 of the wire, meets this software, and nothing is lost.

Each end is a process of its own, over a real broker; what the old end reads and writes is as that commit has it.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from edge.contract.agency import load_agency
from edge.vehicle.store.ledger import Reader
from tests.agency.square import write_square
from tests.brokers import Mosquitto
from tests.system.old_software import Software, software_of
from tests.system.route import row_of_boxes, write_log
from tests.system.site import Site, Vehicle, wait_for
from tests.system.test_kill import write_plan

pytestmark = pytest.mark.timeout(400)  # in real time

OLD: Final = "8f83bf7"
NEW: Final = Software()
WITHIN_S: Final = 60.0
STAY_S: Final = 3000
SPEED: Final = 20.0
"""150 s of the wall clock in the one box: all that is to happen there has time, on a busy machine too."""

AGO: Final = timedelta(minutes=55)
"""When the drive began: all of it is in the past, and so in a report."""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Software:
    """The software of commit 8f83bf7: what it imports is its own."""
    tree = tmp_path_factory.mktemp("old")
    software = software_of(OLD, tree)
    assert software.where().is_relative_to(tree)
    return software


class Meeting:
    """Squaretown, with headquarters of one software, a car of another, and a car that stays in a box."""

    def __init__(self, folder: Path, broker: Mosquitto, headquarters: Software, car: Software) -> None:
        self._config = ("--config", str(folder / "hq.toml"))
        agency, key = folder / "agency", folder / "key.pem"
        car.run("agency", "build", str(square_now(folder)), "--out", str(agency), "--key", str(key))
        self.site = Site(folder, agency, key, broker)
        start = (datetime.now(UTC) - AGO).timestamp()
        made = load_agency(agency)
        cells = row_of_boxes(made, 1)
        self.shift = made.calendar.shift_at(start).id
        write_log(folder / "shift.nmea", made.grid, cells, STAY_S, start)
        self._run_headquarters(headquarters)
        self._plan(write_plan(folder / "plan.toml", made.grid.boxes[cells[0]].district, self.shift, cells))
        self.vehicle = self._vehicle(car, made.grid.boxes[cells[0]].district)

    def _vehicle(self, car: Software, district: str) -> Vehicle:
        gps: dict[str, str | float] = {"source": "replay", "log": str(self.site.folder / "shift.nmea"), "speed": SPEED}
        vehicle = self.site.vehicle("car-1", district, gps)
        if car is not NEW:  # whose configuration has no such key
            written = vehicle.toml.read_text(encoding="utf-8")
            vehicle.toml.write_text(written.replace('backlight = "none"\n', ""), encoding="utf-8")
        log = self.site.folder / "car-1.log"
        vehicle.daemon = car.daemon("vehicle", "run", "--config", str(vehicle.toml), log=log)
        return vehicle

    def _plan(self, plan: Path) -> None:
        wait_for("headquarters' database", self.site.database.exists, WITHIN_S)
        self.hq("publish-plan", str(plan), "--role", "analyst", "--reason", "test")

    def replace_headquarters(self, software: Software) -> None:
        """Another software takes over database and configuration; the car, which goes on, is heard."""
        self.site.headquarters.stop()
        self.tap("sign-in", "signed_in", officer="4712")
        self._run_headquarters(software)
        self._until_delivered()

    def _run_headquarters(self, software: Software) -> None:
        self.headquarters = software
        log = self.site.folder / "hq.log"
        self.site.headquarters = software.daemon("hq", "run", *self._config, log=log)
        self.site.headquarters.start()

    def hq(self, command: str, *arguments: str) -> str:
        """One of headquarters' commands, by its own software."""
        return self.headquarters.run("hq", command, *arguments, *self._config)

    def report(self) -> dict[str, Any]:
        """The Shift Report's values, as its software makes them."""
        document: dict[str, Any] = json.loads(self.hq("report", self.shift))
        return document

    def patrol(self, pause: str) -> None:
        """A counted visit with a pause in it, until headquarters holds every record of it."""
        self.vehicle.daemon.start()
        wait_for("a screen", lambda: self.vehicle.state() != {}, WITHIN_S)
        self.tap("sign-in", "visit_counted", officer="4711")
        self.tap("pause", "paused", reason=pause)
        self.tap("resume", "resumed")
        self.tap("sign-out", "signed_out")
        self._until_delivered()

    def tap(self, name: str, recorded: str, **body: str) -> None:
        """A tap, until one more record of a kind is in the ledger."""
        before = kinds(self.recorded())[recorded]
        self.vehicle.tap(name, body)
        wait_for(f"{recorded} in the ledger", lambda: kinds(self.recorded())[recorded] > before, WITHIN_S)

    def _until_delivered(self) -> None:
        wait_for("every record delivered", lambda: self.held() == self.recorded(), WITHIN_S)

    def recorded(self) -> list[bytes]:
        """The car's ledger."""
        with closing(Reader(self.vehicle.data / "ledger.sqlite3")) as reader:
            return [body for _, body, _ in reader.after(0, 1_000_000)]

    def held(self) -> list[bytes]:
        """What headquarters holds, whatever its software: the table is the same since the first."""
        with closing(sqlite3.connect(f"file:{self.site.database}?mode=ro", uri=True)) as database:
            return [bytes(body) for (body,) in database.execute("SELECT body FROM events ORDER BY unit, ledger, seq")]


def square_now(folder: Path) -> Path:
    """Squaretown with two shifts of twelve hours, one of which began an hour or two ago."""
    toml = write_square(folder)
    began = (datetime.now(UTC).hour - 1) % 12
    shifts = f'[{{ name = "am", starts = {began:02d}:00:00 }}, {{ name = "pm", starts = {began + 12:02d}:00:00 }}]'
    text = toml.read_text(encoding="utf-8").replace("America/Chicago", "UTC")
    toml.write_text(re.sub(r"(?m)^shifts = .*$", f"shifts = {shifts}", text), encoding="utf-8")
    return toml


def kinds(bodies: list[bytes]) -> Counter[str]:
    """How many there are of each kind of record."""
    return Counter(json.loads(body)["data"]["type"] for body in bodies)


@contextmanager
def meeting(folder: Path, broker: Mosquitto, headquarters: Software, car: Software) -> Iterator[Meeting]:
    """A meeting that is over at the end."""
    made = Meeting(folder, broker, headquarters, car)
    try:
        yield made
    finally:
        made.site.stop()


def test_a_car_of_the_old_software_drains_into_the_new_headquarters(
    old: Software, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """It obeys the new headquarters' plan, every record arrives, the chain holds, and the report has all of it."""
    with meeting(tmp_path, mosquitto, headquarters=NEW, car=old) as night:
        night.patrol(pause="break")
        assert {"plan_adopted", "shift_began", "signed_in", "visit_closed"} <= kinds(night.held()).keys()
        link = night.vehicle.state()["link"]
        assert (link["state"], link["sentence"]) == ("connected", "")
        assert "1 of 1 ledgers intact" in night.hq("verify")
        (unit,) = night.report()["report"]["units"]
        assert unit["totals"]["counted"] >= 1
        assert "break" in [span["detail"] for span in unit["spans"]]


def test_a_car_of_the_new_software_drains_into_the_old_headquarters(
    old: Software, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """It stores and proves a pause for fuel, unknown to it; the new one, in its place, goes on and shows it."""
    with meeting(tmp_path, mosquitto, headquarters=old, car=NEW) as night:
        night.patrol(pause="fuel")
        assert b'"reason":"fuel"' in b"".join(night.held())
        assert "1 of 1 ledgers intact" in night.hq("verify")
        assert night.report()["cover"]["unreadable"] == 1
        night.replace_headquarters(NEW)
        assert "1 of 1 ledgers intact" in night.hq("verify")
        document = night.report()
        (unit,) = document["report"]["units"]
        assert "fuel" in [span["detail"] for span in unit["spans"]]
        assert document["cover"]["unreadable"] == 0
