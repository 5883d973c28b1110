"""Two headquarters processes over one database and a real broker: they share the work, and a kill loses nothing."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.headquarters.address import Address, DatabaseUrl
from edge.headquarters.receive.projecting import rebuild
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from tests.agency.square import write_square
from tests.brokers import Mosquitto
from tests.headquarters.databases import sql
from tests.headquarters.processes import Counter, Process, write_config
from tests.vehicle.link.headquarters import Car
from tests.waiting import wait_for

pytestmark = pytest.mark.timeout(400)  # processes that start, are killed and started again

CARS = 4
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND pid<>pg_backend_pid()"
)
PATIENCE_S = 110.0


@dataclass
class Room:
    """Two receivers, some cars with real links, and who counts what they publish."""

    database: Address
    receivers: list[Process]
    cars: list[Car]
    counter: Counter

    def record(self, count: int) -> None:
        """Every car records so much."""
        for car in self.cars:
            car.record(count)

    def delivered(self) -> None:
        """Wait until everything is acknowledged."""
        wait_for(lambda: all(car.acknowledged == car.ledger.seq for car in self.cars), PATIENCE_S)

    def under_way(self, share: float) -> None:
        """Wait until about so much of the last records is acknowledged."""
        wait_for(lambda: self.cars[0].acknowledged > share * self.cars[0].ledger.seq, PATIENCE_S)

    def check(self) -> None:
        """Each record once, in order, the chains whole, nothing left waiting, reports' rows as if made anew."""
        with Store(self.database, make=False) as store:
            for car in self.cars:
                assert [body for _, body, _ in store.records(car.unit, car.ledger.id)] == car.bodies()
            assert all(check.intact for check in verify_all(store))
            assert store.findings() == []
            assert {one.differing for one in rebuild(store)} == {0}
        assert sql(self.database, "SELECT count(*) FROM early_records") == [(0,)]


@pytest.fixture
def room(database: Address, tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Room]:
    """Both receivers at work, every car with one record acknowledged."""
    build_agency(write_square(tmp_path), tmp_path / "agency", key=tmp_path / "key.pem")
    agency = load_agency(tmp_path / "agency")
    with ExitStack() as ends:
        configs = [write_config(tmp_path, database, mosquitto.port, f"receiver-{number}") for number in (1, 2)]
        receivers = [Process(config) for config in configs]
        for one in receivers:
            ends.callback(one.end, signal.SIGTERM)
        _wait_for_both(database)
        counter = ends.enter_context(closing(Counter(mosquitto.port)))
        broker = BrokerConfig(port=mosquitto.port)
        cars = [Car(agency, broker, tmp_path, f"car-{number}") for number in range(CARS)]
        for car in cars:
            ends.callback(car.close)
        made = Room(database, receivers, cars, counter)
        made.record(1)
        made.delivered()
        yield made


def _wait_for_both(database: Address) -> None:
    """Until each receiver has given a sign of life."""
    wait_for(lambda: not isinstance(database, Path) or database.exists(), PATIENCE_S)
    with Store(database) as store:
        wait_for(lambda: len(store.receivers(0.0)) == 2, PATIENCE_S)


def test_two_receivers_share_the_records_and_hardly_any_is_sent_twice(room: Room) -> None:
    """Dealt in turn by the broker: all are held once, and hardly any came again.

    A car sends again what is not acknowledged in time, as on a busy machine; receivers at odds would make that most.
    """
    room.record(500)
    room.delivered()
    room.check()
    sent = room.counter.records
    assert sent <= 1.25 * CARS * 501, f"{sent} of {CARS * 501}"


def test_kill_9_of_a_receiver_loses_nothing(room: Room) -> None:
    """The one killed twice amid its work, the other once; what they had is sent again, and held once."""
    room.record(600)
    for number, share in enumerate((0.2, 0.4, 0.6)):
        room.under_way(share)
        room.receivers[number % 2].end(signal.SIGKILL)
        room.receivers[number % 2].start()
    room.delivered()
    room.check()


def test_one_receiver_goes_on_alone(room: Room) -> None:
    """The other is killed and stays away: nothing goes on being dealt to it."""
    room.record(300)
    room.under_way(0.2)
    room.receivers[1].end(signal.SIGKILL)
    room.delivered()
    room.record(300)
    room.delivered()
    room.check()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_connections_that_the_server_drops_lose_nothing(room: Room, database: DatabaseUrl) -> None:
    """Each receiver's backend is ended amid its work, three times: both connect again, and each record is held once."""
    room.record(600)
    for share in (0.2, 0.4, 0.6):
        room.under_way(share)
        wait_for(lambda: sql(database, END_OTHERS), PATIENCE_S)  # one that was ended is back within a second or two
    room.delivered()
    room.check()
