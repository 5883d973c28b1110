"""kill -9 of vehicle, broker and headquarters, at random, while shifts are replayed: nothing lost, nothing twice.

The broker keeps nothing on disk: with it die its sessions, its queues and all that was retained, the plan too, which
headquarters must give it again (so the drive is tomorrow's: a plan of the past is nobody's any more). Victims fall
alone, two at the same instant, and again while they start; one that has ended by itself fails the test. What the
vehicle is not there to see it cannot meter: it is let come back between two kills (but for those while it starts), and
the pace leaves a stay several times the seconds that it takes for that, on a busy machine too.
"""

import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep
from time import time as now
from typing import Any, Final

import pytest

from edge.agency.build import BuildReport
from edge.contract.agency import Agency
from edge.contract.records import decode_event
from edge.domain.events import VisitClosed
from edge.domain.grid import Cell, box_id
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Prescription
from edge.domain.state import Setting
from edge.headquarters.store import Store
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of, read_log
from edge.vehicle.store.ledger import Reader
from tests.brokers import Mosquitto
from tests.metering import drive
from tests.system.route import write_log
from tests.system.site import Daemon, Site, Vehicle, wait_for

pytestmark = pytest.mark.timeout(600)  # in real time

STAY_S: Final = 400
MORNING: Final = time(14, 0, tzinfo=UTC)  # in Chicago 8:00 or 9:00, early in the day shift
AT_ONCE: Final = 0.15  # of all kills: the second of two at the same instant
STARTING: Final = 0.15  # of all kills: again, while it starts
STARTS_S: Final = (0.05, 1.5)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hunt:
    """How many kills, by which chance, over a drive through how many boxes, how many times faster than it was."""

    kills: int
    boxes: int
    speed: float
    seed: int


@dataclass(slots=True)
class Kills:
    """What was killed, and how."""

    victims: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, way: str) -> None:
        """One more."""
        self.victims[name] += 1
        self.ways[way] += 1


@pytest.fixture
def forgetful_site(tmp_path: Path, chicago_report: BuildReport, mosquitto: Mosquitto) -> Iterator[Site]:
    """Chicago, with a broker that keeps nothing on disk."""
    mosquitto.stop()
    folder = tmp_path / "broker"
    folder.mkdir()
    folder.chmod(0o777)  # as in tests.brokers
    broker = Mosquitto(folder, "persistence false\n")
    broker.start()
    key = chicago_report.directory.parent / "key.pem"
    site = Site(tmp_path, chicago_report.directory, key, broker)
    yield site
    site.stop()
    broker.stop()
    assert not list(folder.glob("*.db"))


def test_twenty_kills_lose_nothing_and_repeat_nothing(forgetful_site: Site, chicago_agency: Agency) -> None:
    """Headquarters ends up with every record once, in order, the chain intact; visit counts are as without kills."""
    survive(forgetful_site, chicago_agency, Hunt(kills=20, boxes=3, speed=12.0, seed=20_260_302))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_five_hundred_kills_lose_nothing_and_repeat_nothing(
    forgetful_site: Site, chicago_agency: Agency, seed: int
) -> None:
    """Ninety kills in each of six slower drives, a site for each."""
    survive(forgetful_site, chicago_agency, Hunt(kills=90, boxes=5, speed=5.0, seed=seed))


def survive(site: Site, agency: Agency, hunt: Hunt) -> None:
    """Replay a drive under fire, and hold both ends against each other and against the same drive in peace."""
    nmea, (lead_in, *cells) = site.folder / "shift.nmea", route(agency, hunt.boxes + 1)
    start = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), MORNING).timestamp()
    shift, district = agency.calendar.shift_at(start).id, agency.grid.boxes[lead_in].district
    length = write_log(nmea, agency.grid, [lead_in, *cells], STAY_S, start)
    site.headquarters.start()
    wait_for("headquarters' database", site.database.exists)
    began = now()
    at = datetime.fromtimestamp(began, UTC).isoformat()
    gps: dict[str, str | int | float] = {"source": "replay", "log": str(nmea), "speed": hunt.speed, "began": at}
    vehicle = site.vehicle("car-1", district, gps)
    vehicle.daemon.start()
    wait_for("a screen", lambda: vehicle.state() != {})
    vehicle.tap_in_any_car("sign-in", {"officer": "4711"})
    site.publish_plan(write_plan(site.folder / "plan.toml", district, shift, cells))
    kills = kill_at_random(site, vehicle, hunt, until=began + length / hunt.speed)
    wait_for("the drive's end", lambda: now() > began + (length + 200.0) / hunt.speed, 90.0)
    wait_for("all delivered", lambda: vehicle.state().get("link", {}).get("queue") == 0, 90.0)
    vehicle.daemon.stop()
    expected = without_kills(agency, nmea, cells)
    records = compare(site, vehicle)
    log.info("%s %s %s: %d records, %d visits", hunt, dict(kills.victims), dict(kills.ways), records, len(expected))
    assert kills.victims.total() == hunt.kills
    compare_visits(site, vehicle, shift, expected)


def write_plan(path: Path, district: str, shift: str, cells: list[Cell]) -> Path:
    """An analyst's plan of these boxes."""
    patrols = "".join(f'[[patrols]]\nbox = "{box_id(cell)}"\ncrime_types = ["robbery"]\n' for cell in cells)
    path.write_text(f'shift = "{shift}"\ndistrict = "{district}"\nversion = 1\n{patrols}', encoding="utf-8")
    return path


def route(agency: Agency, boxes: int) -> list[Cell]:
    """Boxes of one district in one or two rows, two cells apart: a minute's drive from each to the next."""
    per_row = -(-boxes // 2) if boxes > 7 else boxes
    for (x, y), box in sorted(agency.grid.boxes.items()):
        row = [(x + 2 * i, y) for i in range(per_row)]
        cells = [*row, *((x_back, y + 2) for x_back, _ in reversed(row))][:boxes]
        found = [agency.grid.boxes.get(cell) for cell in cells]
        if all(one is not None and one.district == box.district and not one.opt_out for one in found):
            return cells
    raise AssertionError


def kill_at_random(site: Site, vehicle: Vehicle, hunt: Hunt, until: float) -> Kills:
    """So many kills spread over the drive, each victim started again at once."""
    chance = random.Random(hunt.seed)  # noqa: S311 - reproducible chance
    victims: dict[str, Daemon | Mosquitto] = {
        "vehicle": vehicle.daemon, "broker": site.broker, "headquarters": site.headquarters
    }  # fmt: skip
    done = Kills()
    while (left := hunt.kills - done.victims.total()) > 0:
        sleep(max(0.0, until - now()) / (left + 1) * chance.uniform(0.6, 1.2))
        alive = sorted(victims if vehicle.state() else victims.keys() - {"vehicle"})
        fallen = chance.sample(alive, 2 if left > 1 and chance.random() < AT_ONCE else 1)
        for name in fallen:
            kill(victims[name])
            done.add(name, "alone" if len(fallen) == 1 else "two at once")
        for name in fallen:
            victims[name].start()
        if left > len(fallen) and chance.random() < STARTING:
            sleep(chance.uniform(*STARTS_S))
            kill(victims[fallen[0]])
            done.add(fallen[0], "starting")
            victims[fallen[0]].start()
    return done


def kill(victim: Daemon | Mosquitto) -> None:
    """SIGKILL for one that is alive."""
    assert not isinstance(victim, Daemon) or victim.running(), "it has ended by itself"
    victim.kill()


def without_kills(agency: Agency, nmea: Path, cells: list[Cell]) -> list[VisitClosed]:
    """The visits of the same drive without a kill."""
    patrols = [DirectedPatrol(cell, ("robbery",), Prescription()) for cell in cells]
    setting = Setting(agency.grid, agency.policy, agency.calendar, ())
    fixes = list(fixes_of(read_log(nmea), Pipeline()))
    visits = drive(setting, patrols, fixes).visits
    assert [visit.box for visit in visits if visit.counted] == [box_id(cell) for cell in cells]
    return visits


def compare(site: Site, vehicle: Vehicle) -> int:
    """Every record of the vehicle's is at headquarters, byte for byte, and no other; how many."""
    with closing(Reader(vehicle.data / "ledger.sqlite3")) as reader, Store(site.database) as store:
        mine = [body for _, body, _ in reader.after(0, 1_000_000)]
        theirs = [body for one in store.ledgers() for _, body, _ in store.records(one.unit, one.id)]
    assert theirs == mine
    assert "chain intact" in site.run("hq", "verify", str(site.database))
    return len(mine)


def compare_visits(site: Site, vehicle: Vehicle, shift: str, expected: list[VisitClosed]) -> None:
    """As many counted visits, in the same boxes and order, by both ends; none longer than it truly was."""
    with closing(Reader(vehicle.data / "ledger.sqlite3")) as reader:
        events = [decode_event(body) for _, body, _ in reader.after(0, 1_000_000)]
    visits = [event.data for event in events if isinstance(event.data, VisitClosed) and event.data.counted]
    truth = [visit for visit in expected if visit.counted]
    assert [visit.box for visit in visits] == [visit.box for visit in truth]
    for visit, true in zip(visits, truth, strict=True):
        assert visit.dosage_s <= true.dosage_s + 1.0
    totals: dict[str, Any] = site.report(shift)["units"][0]["totals"]
    assert totals["counted"] == len(truth)
