"""Headquarters as a whole, over a real broker: acknowledged means on disk, and no kill loses a record."""

import json
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.domain.events import SignedIn
from edge.errors import UserError
from edge.headquarters.commands import hq
from edge.headquarters.config import HeadquartersConfig, WebConfig
from edge.headquarters.daemon import Headquarters
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig, make_client
from tests.agency.square import write_square
from tests.brokers import Mosquitto, free_port
from tests.headquarters.databases import sql
from tests.headquarters.drives import plan_of_night, plan_toml
from tests.headquarters.ledgers import SHIFT, TOPICS, Ledger
from tests.headquarters.processes import Process, write_config
from tests.headquarters.wire import SmallCar
from tests.waiting import wait_for


def a_ledger(count: int, unit: str = "car-1") -> Ledger:
    ledger = Ledger(unit=unit)
    for number in range(count):
        ledger.add(number / 10, SignedIn())
    return ledger


@pytest.fixture
def site(tmp_path: Path, mosquitto: Mosquitto) -> HeadquartersConfig:
    """An agency, a broker, free ports; the same as a file, ``hq.toml``."""
    build_agency(write_square(tmp_path), tmp_path / "agency", key=tmp_path / "key.pem")
    port = free_port()
    (tmp_path / "hq.toml").write_text(
        f'agency = "{tmp_path}/agency"\ndatabase = "{tmp_path}/hq.sqlite"\nsigning_key = "{tmp_path}/key.pem"\n'
        f"[broker]\nport = {mosquitto.port}\n[web]\nport = {port}\n",
        encoding="utf-8",
    )
    return HeadquartersConfig(
        agency=tmp_path / "agency",
        database=tmp_path / "hq.sqlite",
        broker=BrokerConfig(port=mosquitto.port),
        web=WebConfig(port=port),
        signing_key=tmp_path / "key.pem",
    )


@pytest.fixture
def running(site: HeadquartersConfig) -> Iterator[Headquarters]:
    """Headquarters in this process."""
    headquarters = Headquarters(site)
    headquarters.start()
    yield headquarters
    headquarters.stop()
    headquarters.threads.raise_failures()


def get(config: HeadquartersConfig, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{config.web.port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_what_is_acknowledged_is_on_disk(running: Headquarters, site: HeadquartersConfig) -> None:
    """At each acknowledgement another connection sees the records already; the head is the vehicle's."""
    with closing(SmallCar(site.broker.port, a_ledger(100), window=30)) as car, Store(site.database) as store:
        for goal in (1, 50, 100):
            car.drive(goal)
            assert store.head("car-1", "ledger-a").seq >= goal
        assert [body for _, body, _ in store.records("car-1", "ledger-a")] == car.ledger.bodies
    assert all(ack.head == car.ledger.hashes[ack.seq].hex() for ack in car.acks)
    assert get(site, "/healthz") == (200, '{"ok":true,"troubles":{}}\n')


def test_a_status_is_answered_at_once_with_what_is_held(running: Headquarters, site: HeadquartersConfig) -> None:
    """A vehicle that connects learns where to go on before it sends a record."""
    with closing(SmallCar(site.broker.port, a_ledger(3))) as car:
        wait_for(lambda: car.acks)
        assert [(ack.seq, ack.problem) for ack in car.acks[:1]] == [(0, None)]


def test_kill_9_of_headquarters_loses_nothing(site: HeadquartersConfig, tmp_path: Path) -> None:
    """Killed three times at random while two vehicles send: each record is there once, in order, the chain intact.

    Hundreds of times: `tests/system/test_kill.py`.
    """
    random = Random(5)  # noqa: S311 - a test's moments
    with ExitStack() as stack:
        process = stack.enter_context(closing(Process(tmp_path / "hq.toml")))
        ledgers = [a_ledger(600, unit) for unit in ("car-1", "car-2")]
        cars = [stack.enter_context(closing(SmallCar(site.broker.port, ledger))) for ledger in ledgers]
        drivers = [threading.Thread(target=car.drive, args=(600, 90.0)) for car in cars]
        for driver in drivers:
            driver.start()
        for goal in (60, 240, 420):
            wait_for(lambda goal=goal: cars[0].held >= goal)  # type: ignore[misc]
            time.sleep(random.uniform(0, 0.05))
            process.end(signal.SIGKILL)
            process.start()
        for driver in drivers:
            driver.join(90)
        assert process.end(signal.SIGTERM) == 0
    with Store(site.database) as store:
        assert store.count() == 1200
        for car in cars:
            assert [body for _, body, _ in store.records(car.ledger.unit, "ledger-a")] == car.ledger.bodies
        assert all(check.intact for check in verify_all(store))


def test_kill_9_of_the_broker_loses_nothing(
    running: Headquarters, site: HeadquartersConfig, mosquitto: Mosquitto
) -> None:
    """Both ends come back by themselves and go on where headquarters stands; /healthz says 503 meanwhile."""
    with closing(SmallCar(site.broker.port, a_ledger(300))) as car:
        for goal in (100, 200):
            car.drive(goal)
            mosquitto.kill()
            wait_for(lambda: get(site, "/healthz")[0] == 503)
            mosquitto.start()
        car.drive(300, 60)
    with Store(site.database) as store:
        assert [body for _, body, _ in store.records("car-1", "ledger-a")] == car.ledger.bodies


def test_a_published_plan_is_retained_also_after_the_broker_forgot(
    site: HeadquartersConfig, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """`publish-plan` has it retained; headquarters brings it back when the broker lost what it kept."""
    write_plan(site, tmp_path / "plan.toml")
    Store(site.database).close()
    command = ["publish-plan", str(tmp_path / "plan.toml"), "--config", str(tmp_path / "hq.toml")]
    result = CliRunner().invoke(hq, [*command, "--role", "analyst", "--reason", "robberies"], catch_exceptions=False)
    assert "published version 1 for district 1" in result.output
    payload = retained(site.broker.port)
    mosquitto.stop()
    for file in tmp_path.parent.glob("mosquitto*/mosquitto.db"):
        file.unlink()
    mosquitto.start()
    headquarters = Headquarters(site)
    headquarters.start()
    try:
        assert retained(site.broker.port) == payload
    finally:
        headquarters.stop()


def write_plan(site: HeadquartersConfig, path: Path) -> None:
    """A plan file of two boxes, for a night long to come."""
    agency = load_agency(site.agency)
    cells = [box.cell for box in agency.grid.boxes.values() if box.district == "1" and not box.opt_out]
    text = plan_toml(plan_of_night(agency, cells[:2]), agency).replace(SHIFT, "2999-01-01/night")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("command", ["publish-plan {} --role analyst --reason why", f"report {SHIFT}", "verify"])
def test_a_wrong_database_path_is_said_and_makes_no_database(
    command: str, site: HeadquartersConfig, tmp_path: Path
) -> None:
    """One sentence with the path; nothing is made there."""
    write_plan(site, tmp_path / "plan.toml")
    given = command.format(tmp_path / "plan.toml").split()
    result = CliRunner().invoke(hq, [*given, "--config", str(tmp_path / "hq.toml")])
    assert isinstance(result.exception, UserError)
    assert f"database: {site.database} not found" in str(result.exception)
    assert not (tmp_path / "hq.sqlite").exists()


def retained(port: int) -> bytes:
    """What the broker keeps as the plan of district 1."""
    got: list[bytes] = []
    client = make_client("reader", BrokerConfig(port=port))
    client.on_connect = lambda client, *_: client.subscribe(TOPICS.hq("plan/1/+/+"), qos=1)
    client.on_message = lambda _client, _data, message: got.append(bytes(message.payload))
    client.connect("127.0.0.1", port)
    client.loop_start()
    wait_for(lambda: got)
    client.disconnect()
    client.loop_stop()
    return got[0]


def test_an_address_that_is_taken_is_said_plainly(running: Headquarters, site: HeadquartersConfig) -> None:
    """A second headquarters at the same port: one sentence with the keys."""
    with pytest.raises(UserError, match=r"web\.host, web\.port"):
        Headquarters(site).start()


def test_verify_and_report_commands(site: HeadquartersConfig, tmp_path: Path, running: Headquarters) -> None:
    """`verify` proves and says so, with status 1 when it cannot; `report` prints JSON or CSV."""
    with closing(SmallCar(site.broker.port, a_ledger(20))) as car:
        car.drive(20)
    config = ["--config", str(tmp_path / "hq.toml")]
    good = CliRunner().invoke(hq, ["verify", *config])
    assert (good.exit_code, good.output) == (0, "car-1 ledger-a: 20 records, chain intact\n1 of 1 ledgers intact\n")
    document = json.loads(CliRunner().invoke(hq, ["report", SHIFT, *config]).output)
    assert document["report"]["units"][0]["unit"] == "car-1"
    assert CliRunner().invoke(hq, ["report", SHIFT, "--csv", *config]).output.startswith("kind,unit,")
    sql(site.database, "DELETE FROM events WHERE seq=7")
    bad = CliRunner().invoke(hq, ["verify", str(tmp_path / "hq.sqlite")])
    assert (bad.exit_code, "record 7 is missing" in bad.output) == (1, True)


def test_two_processes_with_one_name_are_told(running: Headquarters, site: HeadquartersConfig, tmp_path: Path) -> None:
    """`/healthz` says what is wrong; brokers do not always tell whom they let go for whom."""
    with closing(Process(write_config(tmp_path, site.database, site.broker.port))) as twin:
        wait_for(lambda: "another headquarters process runs as receiver-1" in get(site, "/healthz")[1])
        twin.end(signal.SIGTERM)
