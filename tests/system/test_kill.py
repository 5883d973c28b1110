"""kill -9 of vehicle, broker and headquarters, at random, while a shift is replayed."""

import random
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from edge.contract.agency import Agency
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

SPEED = 20.0
KILLS = 20
STAY_S = 400
BOXES = 6
NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC).timestamp()  # in Chicago, within the day shift
SHIFT = "2026-03-02/day"


def test_twenty_kills_lose_nothing_and_repeat_nothing(chicago_site: Site, chicago_agency: Agency) -> None:
    """Headquarters ends up with every record once, in order, the chain intact; visit counts are as without kills."""
    site, agency = chicago_site, chicago_agency
    log = site.folder / "shift.nmea"
    cells = route(agency)
    length = write_log(log, agency.grid, cells, STAY_S, NOON)
    district = agency.grid.boxes[cells[0]].district
    plan = site.folder / "plan.toml"
    plan.write_text(
        f'shift = "{SHIFT}"\ndistrict = "{district}"\nversion = 1\n'
        + "".join(f'[[patrols]]\nbox = "{x}-{y}"\ncrime_types = ["robbery"]\n' for x, y in cells),
        encoding="utf-8",
    )
    site.headquarters.start()
    began = time.time() + 6.0
    at = datetime.fromtimestamp(began, UTC).isoformat()
    gps: dict[str, str | int | float] = {"source": "replay", "log": str(log), "speed": SPEED, "began": at}
    vehicle = site.vehicle("car-1", district, gps)
    vehicle.daemon.start()
    wait_for("a screen", lambda: vehicle.state() != {})
    vehicle.tap("sign-in", {"officer": "4711"})
    wait_for("headquarters' database", site.database.exists)
    site.publish_plan(plan)
    kill_at_random(site, vehicle, until=began + length / SPEED)
    wait_for("the drive's end", lambda: time.time() > began + (length + 200.0) / SPEED, 60.0)
    wait_for("all delivered", lambda: vehicle.state().get("link", {}).get("queue") == 0, 60.0)
    vehicle.daemon.stop()
    expected = without_kills(agency, log, cells)
    assert expected == BOXES
    assert compare(site, vehicle) > expected
    assert "chain intact" in site.run("hq", "verify", str(site.database))
    assert site.report(SHIFT)["units"][0]["totals"]["counted"] == expected


def route(agency: Agency) -> list[tuple[int, int]]:
    """Six boxes of one district, two cells apart: a minute's drive from each to the next."""
    for (x, y), box in sorted(agency.grid.boxes.items()):
        cells = [(x + 2 * i, y) for i in range(BOXES)]
        found = [agency.grid.boxes.get(cell) for cell in cells]
        if all(one is not None and one.district == box.district and not one.opt_out for one in found):
            return cells
    raise AssertionError


def kill_at_random(site: Site, vehicle: Vehicle, until: float) -> None:
    """Twenty kills spread over the drive, each victim started again at once."""
    chance = random.Random(20_260_302)  # noqa: S311 - reproducible chance
    pause = (until - time.time()) / (KILLS + 1)
    for _ in range(KILLS):
        time.sleep(pause * chance.uniform(0.6, 1.2))
        victims: list[Daemon | Mosquitto] = [vehicle.daemon, site.broker, site.headquarters]
        victim = chance.choice(victims)
        victim.kill()
        victim.start()


def without_kills(agency: Agency, log: Path, cells: list[tuple[int, int]]) -> int:
    """The counted visits of the same drive without a kill."""
    patrols = [DirectedPatrol(cell, ("robbery",), Prescription()) for cell in cells]
    setting = Setting(agency.grid, agency.policy, agency.calendar, ())
    fixes = list(fixes_of(read_log(log), Pipeline()))
    return sum(visit.counted for visit in drive(setting, patrols, fixes).visits)


def compare(site: Site, vehicle: Vehicle) -> int:
    """Every record of the vehicle's is at headquarters, byte for byte, and no other; how many."""
    with closing(Reader(vehicle.data / "ledger.sqlite3")) as reader, Store(site.database) as store:
        mine = [body for _, body, _ in reader.after(0, 1_000_000)]
        theirs = [body for one in store.ledgers() for _, body, _ in store.records(one.unit, one.id)]
    assert theirs == mine
    return len(mine)
