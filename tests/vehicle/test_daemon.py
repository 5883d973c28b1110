"""The composition root: it starts the real parts, names what has ended, and leaves nothing behind."""

import json
import threading
import urllib.request

import pytest

from edge.errors import UserError
from edge.service.process import watch
from edge.service.supervisor import DeadThreadError
from edge.vehicle.config import TouchscreenConfig, VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.gps.serial_nmea import SerialSource
from tests.waiting import wait_for
from tests.words import shown


def test_without_receiver_and_broker_the_screen_says_so_and_all_threads_end(config: VehicleConfig) -> None:
    """GPS and link each say in words what is missing; `stop` joins every thread that `start` began."""
    before = set(threading.enumerate())
    vehicle = Vehicle(config)
    vehicle.start()
    try:
        wait_for(lambda: vehicle.parts.published.link.state == "offline")
        with urllib.request.urlopen(f"http://127.0.0.1:{vehicle.server.port}/api/state", timeout=60) as answer:
            state = json.load(answer)
        assert "Cannot reach the broker" in shown(state["link"]["notice"])
        assert "no-receiver" in shown(state["gps"]["notice"])
        assert state["gps"]["refused"] == {}
        assert state["mode"] == "signed_out"
        vehicle.threads.check()
    finally:
        vehicle.stop()
    assert set(threading.enumerate()) <= before


def test_a_vital_thread_that_ends_is_named(config: VehicleConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch ends with the thread's name and what it died of."""

    def die(_source: SerialSource, _stop: threading.Event) -> None:
        raise RuntimeError("the receiver's driver is gone")

    monkeypatch.setattr(SerialSource, "run", die)
    vehicle = Vehicle(config)
    vehicle.start()
    try:
        with pytest.raises(DeadThreadError, match=r"'gps'.*driver is gone"):
            watch(vehicle, threading.Event())
    finally:
        vehicle.stop()


def test_a_start_that_fails_half_way_can_be_stopped(config: VehicleConfig) -> None:
    """The touchscreen's port is taken: one sentence, and nothing goes on running."""
    before = set(threading.enumerate())
    first = Vehicle(config)
    first.start()
    taken = config.model_copy(
        update={"touchscreen": TouchscreenConfig(port=first.server.port), "data": config.data / "other"}
    )
    second = Vehicle(taken)
    try:
        with pytest.raises(UserError, match="cannot listen"):
            second.start()
    finally:
        second.stop()
        first.stop()
    assert set(threading.enumerate()) <= before


def test_a_district_that_the_agency_does_not_have_is_a_users_mistake(config: VehicleConfig) -> None:
    """The sentence names the key, and what there is."""
    with pytest.raises(UserError, match="district: Riverton has no district '9'; it has 1, 2"):
        Vehicle(config.model_copy(update={"district": "9"}))


def test_a_restarted_vehicle_goes_on_where_it_was(config: VehicleConfig) -> None:
    """Its ledger continues, and the officer is still signed in."""
    for expected in (None, "4711"):
        vehicle = Vehicle(config)
        vehicle.start()
        try:
            assert vehicle.parts.published.state.officer == expected
            if expected is None:
                token = _token(vehicle.server.port)
                _sign_in(vehicle.server.port, token)
                wait_for(lambda: vehicle.parts.published.state.officer == "4711")  # noqa: B023 - waited for at once
        finally:
            vehicle.stop()
    assert vehicle.parts.published.state.seq == vehicle.disk.vault.ledger.seq > 4


def _token(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
        text: str = page.read().decode()
    return text.split('name="roundsman-token" content="')[1].split('"', maxsplit=1)[0]


def _sign_in(port: int, token: str) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/taps/sign-in",
        b'{"officer": "4711"}',
        {"Content-Type": "application/json", "X-Roundsman-Token": token},
    )
    urllib.request.urlopen(request, timeout=60).close()


def test_a_car_alone_has_no_link_and_no_fault_of_it(config: VehicleConfig) -> None:
    """No thread of the link, no notice, nothing to send; the status says that it works alone."""
    vehicle = Vehicle(config.model_copy(update={"link": "off"}))
    vehicle.start()
    try:
        snapshot = vehicle.parts.published.snapshot()
        assert (snapshot.link.state, snapshot.link.notice) == ("off", None)
        assert "link" not in {thread.name for thread in threading.enumerate()}
        with urllib.request.urlopen(f"http://127.0.0.1:{vehicle.server.port}/status", timeout=60) as answer:
            assert "This car works alone. Records stay on it." in answer.read().decode()
    finally:
        vehicle.stop()
