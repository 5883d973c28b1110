"""Dispatch's status through real parts: a CSV, headquarters, a broker, a car; and the ledger that comes back."""

import time
from datetime import UTC, datetime

import pytest

from edge.contract.agency import load_agency
from edge.contract.records import decode_event
from edge.demo.nmea import nmea_sentences
from edge.demo.pty import PtyFeeder
from edge.domain.events import MeteringPaused, MeteringResumed
from edge.headquarters.store import Store
from tests.system.site import Site, Vehicle, wait_for

pytestmark = pytest.mark.timeout(300)  # in real time

MAPPING = 'unit = "unit"\nstatus = "status"\ntime = "time"\nbusy = ["ONS"]\navailable = ["AV"]\n'


def report(site: Site, status: str) -> None:
    """Dispatch writes a row."""
    with (site.folder / "status.csv").open("a") as file:
        file.write(f"car-1,{status},{datetime.now(UTC).isoformat()}\n")


def paused_by_dispatch(vehicle: Vehicle) -> bool:
    """As the screen has it."""
    state = vehicle.state()
    return state.get("paused") == "call" and bool(state.get("paused_by_dispatch"))


def test_busy_pauses_the_car_and_available_ends_it(chicago_site: Site) -> None:
    """Within seconds; the records at headquarters say by whom."""
    site = chicago_site
    (site.folder / "dispatch.toml").write_text(MAPPING)
    (site.folder / "status.csv").write_text("unit,status,time\n")
    with site.hq_toml.open("a") as file:
        file.write(f'[dispatch]\nmapping = "{site.folder}/dispatch.toml"\nfile = "{site.folder}/status.csv"\n')
    district = next(box.district for box in load_agency(site.agency).grid.boxes.values())
    now = int(time.time())
    epochs = [
        (at, nmea_sentences(at, 41.88, -87.63, 0.0, 0.0, hdop=0.8, satellites=9, quality=1))
        for at in range(now, now + 280)
    ]
    receiver = PtyFeeder(epochs, site.folder / "gps")
    receiver.start()
    try:
        vehicle = site.vehicle("car-1", district, {"source": "serial", "device": str(receiver.link)})
        site.headquarters.start()
        vehicle.daemon.start()
        wait_for("a screen", lambda: vehicle.state() != {})
        vehicle.tap_in_any_car("sign-in", {"officer": "4711"})
        wait_for("a status at headquarters", lambda: bool(_statuses(site)))
        report(site, "ONS")
        wait_for("a pause by dispatch", lambda: paused_by_dispatch(vehicle))
        report(site, "AV")
        wait_for("a patrol", lambda: vehicle.state().get("paused", "") is None)
        wait_for("both records", lambda: len(_by_dispatch(site)) == 2)
    finally:
        receiver.stop()


def _statuses(site: Site) -> dict[str, float]:
    if not site.is_set_up():
        return {}
    with Store(site.database, make=False) as store:
        return store.received("status")


def _by_dispatch(site: Site) -> list[MeteringPaused | MeteringResumed]:
    with Store(site.database, make=False) as store:
        rows = [row for ledger in store.ledgers("car-1") for row in store.records("car-1", ledger.id)]
    data = [decode_event(body).data for _, body, _ in rows]
    return [one for one in data if isinstance(one, MeteringPaused | MeteringResumed) and one.by == "dispatch"]
