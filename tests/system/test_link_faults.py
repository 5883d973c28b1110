"""Faults of the link, headquarters being a real process: each noticed within a minute, told in words, and got over.

The minute is the project's own promise; nothing else of time is asserted.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.brokers import Mosquitto, free_port, running
from tests.certificates import Authority
from tests.proxy import Direction, Proxy
from tests.shipped_broker import shipped_broker
from tests.system.fleet import Fleet, fleet, report, seconds_until, stands
from tests.system.shuffler import shuffler
from tests.system.site import ROUNDSMAN, Vehicle, wait_for
from tests.vehicle.link.headquarters import Car
from tests.words import shown

pytestmark = pytest.mark.timeout(400)  # in real time

NOTICED_S = 60.0
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), Path("/none"))  # by the processor's name
HALVES: dict[str, tuple[Direction, ...]] = {"both ways": ("up", "down"), "up": ("up",), "down": ("down",)}


@pytest.fixture
def town(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Fleet]:
    """Squaretown's fleet with a plain broker; no car yet."""
    with fleet(tmp_path, mosquitto) as made:
        yield made


def says(car: Car, sentence: str = "") -> bool:
    """Whether an officer can read that something is the matter; or a certain sentence."""
    assert car.died is None, f"the link's thread has ended: {car.died!r}"
    return shown(car.view.notice) == sentence if sentence else shown(car.view.notice) != ""


def under_way(car: Car) -> bool:
    """Whether some of its last records have arrived, and some not."""
    return car.acknowledged > 1


def off(car: Car, since: int) -> bool:
    """Whether the screen has said that there is no connection, since it showed so many views."""
    return any(view.state == "offline" for view in car.views[since:])


def test_a_connection_that_carries_nothing_any_more_is_noticed_within_a_minute(town: Fleet, tmp_path: Path) -> None:
    """Half-open both ways or one way, with records under way or idle; a TLS peer that is silent; a broker that freezes.

    All at once, since each takes its time. Then the network carries on, and every record is at headquarters.
    """
    authority = Authority(tmp_path)
    own = authority.issue("broker")
    (tmp_path / "tls").mkdir()
    with ExitStack() as stack:
        tls = stack.enter_context(running(tmp_path / "tls", f"certfile {own.cert}\nkeyfile {own.key}\n"))
        held = [(halves, busy, stack.enter_context(Proxy(town.broker.port))) for halves in HALVES for busy in (0, 1)]
        silent = stack.enter_context(Proxy(tls.port))
        cars = {
            f"{halves}{', busy' * busy}": town.car(f"car-{n}", proxy.port)
            for n, (halves, busy, proxy) in enumerate(held)
        }
        town.delivered()
        frozen = town.car("frozen", tls.port, ca=authority.ca)
        wait_for("a session with the broker that will freeze", lambda: frozen.view.state == "connected")
        for halves, busy, proxy in held:
            if busy:
                cars[f"{halves}, busy"].record(2000)
                wait_for("records under way", partial(under_way, cars[f"{halves}, busy"]))
            proxy.hold(*HALVES[halves])
        tls.freeze()
        silent.hold("up", "down")
        cars |= {"frozen broker": frozen, "silent in the handshake": town.car("hello", silent.port, ca=authority.ca)}
        since = {name: len(one.views) for name, one in cars.items()}
        said = [(name, partial(says, one)) for name, one in cars.items()]
        left = [(f"{name}: offline", partial(off, one, since[name])) for name, one in cars.items()]
        report("noticed", seconds_until(said + left, NOTICED_S))
        report("sentences", {name: shown(one.view.notice) for name, one in cars.items()})
        for *_, proxy in held:
            proxy.release()
        silent.release()
        tls.thaw()
        up = [(name, partial(stands, one, "connected")) for name, one in cars.items()]
        report("connected again", seconds_until(up, NOTICED_S))
        town.forget(frozen)
        town.forget(cars["silent in the handshake"])
        town.delivered()
        town.records_are_the_same()


def test_a_slow_network_that_breaks_again_and_again_delivers_everything(town: Fleet) -> None:
    """About 12 kB/s, each 600 bytes late, and a reset every few seconds: all arrives, once, and then it is well."""
    with Proxy(town.broker.port) as network:
        car = town.car("car-1", network.port)
        town.delivered()
        network.crawl(600, 0.05, last=40)
        network.cut()
        began = time.monotonic()
        car.record(100)
        wait_for("three broken connections", lambda: network.connections > 4, NOTICED_S)
        assert any(view.state == "offline" and shown(view.notice) for view in car.views), "it was not told"
        network.crawl(600, 0.05)
        town.delivered()
        report("slow and lossy", {"connections": network.connections, "s": round(time.monotonic() - began, 1)})
        report("bytes carried", network.carried)
        town.records_are_the_same()


def test_a_broker_that_confirms_and_drops_loses_nothing(tmp_path: Path) -> None:
    """It holds ten messages for a headquarters that is killed while three cars send: told, then delivered, once."""
    (tmp_path / "broker").mkdir()
    with (
        running(tmp_path / "broker", "max_queued_messages 10\n") as broker,
        fleet(tmp_path, broker) as town,
    ):
        for n in range(3):
            town.car(f"car-{n}")
        town.delivered()
        for one in town.cars:
            one.record(1000)
        wait_for("records under way", lambda: all(one.acknowledged > 1 for one in town.cars))
        town.site.headquarters.kill()
        silent = [(one.unit, partial(says, one, "No answer from headquarters.")) for one in town.cars]
        report("headquarters is gone: told after", seconds_until(silent, NOTICED_S))
        for one in town.cars:
            one.record(300)
        began = time.monotonic()
        town.site.headquarters.start()
        town.delivered()
        report("headquarters is back", {"3,900 records delivered after, s": round(time.monotonic() - began, 1)})
        town.records_are_the_same()


def test_a_car_cannot_write_what_is_another_cars(tmp_path: Path) -> None:
    """The broker goes by the name in the certificate: an impostor's records go nowhere, and it reads why."""
    authority = Authority(tmp_path)
    first, second, hq = (authority.issue(name) for name in ("car-1", "car-2", "receiver-1"))
    with (
        shipped_broker(tmp_path / "broker", authority) as broker,
        fleet(tmp_path, broker, ca=authority.ca, cert=hq.cert, key=hq.key) as town,
    ):
        honest = town.car("car-1", ca=authority.ca, cert=first.cert, key=first.key)
        town.delivered()
        honest.stop()
        town.records_are_the_same()
        (tmp_path / "copy").mkdir()
        impostor = town.car("car-1", folder=tmp_path / "copy", ca=authority.ca, cert=second.cert, key=second.key)
        town.forget(impostor)
        refusal = "The broker rejected this vehicle's visits (Not authorized); contact your fleet admin."
        wait_for("told", lambda: shown(impostor.view.notice) == refusal, NOTICED_S)
        town.records_are_the_same()
        assert impostor.acknowledged == 0


def test_messages_that_come_twice_and_out_of_order_are_each_kept_once(tmp_path: Path, town: Fleet) -> None:
    """Between two brokers somebody repeats and shuffles records and acknowledgements: all arrive, then it is quiet."""
    (tmp_path / "near").mkdir()
    with running(tmp_path / "near") as near, shuffler(near.port, town.broker.port) as shuffled:
        for n in range(3):
            town.car(f"car-{n}", near.port)
        town.delivered()
        for _ in range(5):
            for one in town.cars:
                one.record(60)
            time.sleep(0.5)
        town.delivered()
        report("shuffled", shuffled)
        assert shuffled["repeated"] > 50
        assert shuffled["moved"] > 50
        town.records_are_the_same()
        before = shuffled["events"]
        time.sleep(11.0)  # longer than headquarters may be silent
        assert shuffled["events"] == before, "what has arrived is sent again for ever"


@pytest.mark.parametrize(
    ("days", "told"),
    [(-730, "is not valid yet: this vehicle's clock says "), (29_220, "has expired, if this vehicle's clock (")],
)
def test_a_clock_that_is_wrong_at_the_start_is_told_and_mended_without_a_restart(
    town: Fleet, tmp_path: Path, days: int, told: str
) -> None:
    """Two years behind, or eighty ahead, no certificate is valid: the screen gives the clock's time; then it is set."""
    if not FAKETIME.exists():
        pytest.skip("needs libfaketime (apt-get install faketime)")
    authority = Authority(tmp_path)
    own = authority.issue("broker")
    (tmp_path / "tls").mkdir()
    with running(tmp_path / "tls", f"certfile {own.cert}\nkeyfile {own.key}\n") as broker:
        vehicle = town.site.vehicle("car-1", "2", {"source": "gpsd", "port": free_port()})
        text = vehicle.toml.read_text(encoding="utf-8").replace(f"port = {town.broker.port}", f"port = {broker.port}")
        vehicle.toml.write_text(text.replace("[broker]\n", f'[broker]\nca = "{authority.ca}"\n'), encoding="utf-8")
        clock = tmp_path / "clock"
        clock.write_text(f"{days:+d}d", encoding="utf-8")
        year = (datetime.now(UTC) + timedelta(days=days)).year
        with clocked(vehicle, clock):
            sentence = f"The broker's certificate {told}{year}-"
            wait_for("told", lambda: shown(link_of(vehicle)["notice"]).startswith(sentence), NOTICED_S)
            clock.write_text("+0d", encoding="utf-8")
            wait_for("connected", lambda: link_of(vehicle)["state"] == "connected", NOTICED_S)
            assert "certificate" not in shown(link_of(vehicle)["notice"])


def link_of(vehicle: Vehicle) -> dict[str, Any]:
    """How the vehicle's link stands, by its screen."""
    return dict(vehicle.state().get("link") or {"state": "", "notice": None})


@contextmanager
def clocked(vehicle: Vehicle, clock: Path) -> Iterator[None]:
    """The vehicle runs by a clock that is set with a file; only the wall clock is changed."""
    own = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock)}
    how = {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    command = [str(ROUNDSMAN), "vehicle", "run", "--config", str(vehicle.toml)]
    process = subprocess.Popen(command, env={**os.environ, **own, **how})
    try:
        yield
        assert process.poll() is None, "it has ended"
    finally:
        process.terminate()  # a killed one would leave libfaketime's /dev/shm/faketime_* behind
        process.wait(30)
