"""A car that no longer has all its records, and headquarters: a real broker, receiver and link between them."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.inputs import SignIn
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.store import Store
from edge.text.words import say
from edge.vehicle.store import ledger as ledger_file
from tests.agency.square import square_agency
from tests.brokers import Mosquitto, mosquitto
from tests.field.test_parted_ledgers import Car, Site, content, on_the_road, threads
from tests.vehicle.town_shift import inputs
from tests.waiting import wait_for

__all__ = ["mosquitto", "square_agency"]

HALF = 170


@pytest.fixture(autouse=True)
def cursor_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On disk with each commit: a shift has too few records for more to go otherwise."""
    monkeypatch.setattr(ledger_file, "CURSOR_STEP", 1)


@contextmanager
def headquarters(mosquitto: Mosquitto, database: Path) -> Iterator[Site]:
    """Its receiver, over a database."""
    site = Site(mosquitto, database)
    with threads(*site.threads()):
        yield site


def patrol_first_half(agency: Agency, folder: Path, broker: Mosquitto) -> list[bytes]:
    """Delivered, as far as it goes."""
    with on_the_road(agency, folder, broker) as car:
        car.live(list(inputs(agency))[:HALF])
        wait_for(car.delivered)
        return car.bodies()


def patrol_on_without_the_old(car: Car, agency: Agency) -> int:
    """The other half, delivered; then all but the last records go, as after weeks. The last that went."""
    car.live(list(inputs(agency))[HALF:])
    wait_for(car.delivered)
    car.live([SignIn(5_000.0, "333")])  # its commit stores the cursor
    assert car.vault.ledger.purge(car.vault.ledger.stored_cursor - 3)
    return car.vault.ledger.purged


def test_a_car_without_its_old_records_goes_on_and_headquarters_proves_the_whole(
    square_agency: Agency, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """Over a restart: every record once, in order, one ledger, its chain intact; no word of trouble."""
    with headquarters(mosquitto, tmp_path / "hq.sqlite") as site:
        first = patrol_first_half(square_agency, tmp_path / "car", mosquitto)
        with on_the_road(square_agency, tmp_path / "car", mosquitto) as car:
            patrol_on_without_the_old(car, square_agency)
            wait_for(car.delivered)
        with on_the_road(square_agency, tmp_path / "car", mosquitto) as car:
            car.live([SignIn(9_000.0, "444")])
            wait_for(car.delivered)
            assert car.vault.ledger.purged > 0
            ledger, last, left = car.shown.ledger, car.shown.seq, car.bodies()
            assert [one.code for one in car.vault.notices] == []
    held = site.held()
    assert list(held) == [ledger]
    assert len(held[ledger]) == last
    assert held[ledger][: len(first)] == first
    assert held[ledger][-len(left) :] == left
    with Store(tmp_path / "hq.sqlite") as store:
        assert all(check.intact for check in verify_all(store))


def test_a_headquarters_that_asks_for_what_is_gone_is_told_which_and_gets_the_rest(
    square_agency: Agency, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """Restored from an old backup: the car names them, and what it has comes as a ledger of its own, once each."""
    with headquarters(mosquitto, tmp_path / "hq.sqlite"):
        first = patrol_first_half(square_agency, tmp_path / "car", mosquitto)
    shutil.copy(tmp_path / "hq.sqlite", tmp_path / "backup.sqlite")
    ways = (square_agency, tmp_path / "car", mosquitto)
    with headquarters(mosquitto, tmp_path / "hq.sqlite"), on_the_road(*ways) as car:
        purged = patrol_on_without_the_old(car, square_agency)
        wait_for(car.delivered)
        ledger, left = car.shown.ledger, car.bodies()
    with headquarters(mosquitto, tmp_path / "backup.sqlite") as site, on_the_road(*ways) as car:
        named = f"Headquarters lacks records {len(first) + 1} to {purged}, no longer in this vehicle"
        wait_for(lambda: car.view.notice is not None and named in say(car.view.notice))
        wait_for(car.delivered)
        second, bodies = car.shown.ledger, car.bodies()
    held = site.held()
    assert held[ledger] == first
    assert held[second] == bodies
    assert content(bodies) == content(left)
    with closing(Store(tmp_path / "backup.sqlite")) as store:
        assert all(check.intact for check in verify_all(store))
