"""A real daemon under a service manager's watchdog: a fake NOTIFY_SOCKET hears what systemd would hear."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.service.supervisor import HUNG_S
from edge.service.systemd import notify
from tests.system.manager import Manager, manager, plant
from tests.system.route import NOON, row_of_boxes, write_log
from tests.system.site import Site, Vehicle, wait_for

__all__ = ["manager"]

ENDS_WITHIN_S = 30.0


@pytest.fixture
def vehicle(chicago_site: Site, chicago_agency: Agency, manager: Manager) -> Vehicle:
    """A car that replays a drive fast, and tells the manager how it stands."""
    log = chicago_site.folder / "drive.nmea"
    cells = row_of_boxes(chicago_agency, 6)
    write_log(log, chicago_agency.grid, cells, 400, NOON)
    gps: dict[str, str | int | float] = {"source": "replay", "log": str(log), "speed": 50.0}
    made = chicago_site.vehicle("car-1", chicago_agency.grid.boxes[cells[0]].district, gps)
    made.daemon.environment["NOTIFY_SOCKET"] = manager.address
    return made


def test_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a service manager, or with one that is gone, telling is no fault."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify("READY=1")


def test_one_that_does_not_listen_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its queue is full after a few: what does not fit is dropped at once."""
    address = str(tmp_path / "deaf")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        for _ in range(2000):
            notify("WATCHDOG=1")


def test_an_abstract_socket_is_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Systemd may name one with an @."""
    name = f"roundsman-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        notify("WATCHDOG=1")
        assert listening.recv(100) == b"WATCHDOG=1"


def test_a_healthy_daemon_says_so_and_a_frozen_one_falls_silent(vehicle: Vehicle, manager: Manager) -> None:
    """READY once the screen answers, then a sign of life a second; frozen as a whole, none: WatchdogSec ends it."""
    vehicle.daemon.start()
    wait_for("ready and alive", lambda: {"READY=1", "WATCHDOG=1"} <= set(manager.heard))
    assert manager.heard[0] == "READY=1"
    assert vehicle.state() != {}
    vehicle.daemon.send(signal.SIGSTOP)
    time.sleep(0.2)
    before = len(manager.heard)
    time.sleep(2.5)
    assert len(manager.heard) == before
    vehicle.daemon.send(signal.SIGCONT)
    wait_for("a new sign of life", lambda: len(manager.heard) > before)
    assert vehicle.daemon.stop() == 0
    assert manager.heard[-1] == "STOPPING=1"


def test_a_hanging_engine_ends_the_process_within_30_s_by_name(
    vehicle: Vehicle, manager: Manager, tmp_path: Path
) -> None:
    """A recording into a pipe that nobody empties: the engine hangs in the write, and the daemon says where."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = vehicle.toml.read_text(encoding="utf-8").replace(str(vehicle.recording), str(pipe))
    vehicle.toml.write_text(text, encoding="utf-8")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        vehicle.daemon.start()
        wait_for("alive", lambda: "WATCHDOG=1" in manager.heard)
        hung_at = seen_hanging(vehicle)
        assert vehicle.daemon.ended(ENDS_WITHIN_S + 10.0) == 1
        assert time.monotonic() - hung_at < ENDS_WITHIN_S
    finally:
        os.close(reader)
    said = vehicle.daemon.said()
    assert f"roundsman vehicle: thread 'engine' hangs: no sign of life for {HUNG_S:.0f} s" in said
    assert "edge/vehicle/recorder.py" in said
    assert manager.heard[-1].startswith("STATUS=thread 'engine' hangs")


def seen_hanging(vehicle: Vehicle) -> float:
    """When the state that is shown last changed (monotonic seconds)."""
    recorded, since = -1.0, time.monotonic()
    while time.monotonic() - since < 3.0:
        now = _utc_of_position(vehicle)
        if now != recorded:
            recorded, since = now, time.monotonic()
        time.sleep(0.1)
    return since


def _utc_of_position(vehicle: Vehicle) -> float:
    state = vehicle.state()
    return float(state["utc"]) - float(state["position"]["age_s"] or 0.0)


@pytest.mark.parametrize(
    ("name", "module", "part", "method"),
    [
        ("engine", "edge.vehicle.engine", "Engine", "take"),
        ("gps", "edge.vehicle.gps.port", "Watch", "heard"),
        ("link", "edge.vehicle.link.link", "Link", "_publish"),
        ("screen", "edge.service.web_server", "WebServer", "_turn"),
        ("scoring", "edge.vehicle.scoring", "Scoring", "look"),
    ],
)
def test_a_dead_thread_ends_the_process_by_name(
    vehicle: Vehicle, manager: Manager, tmp_path: Path, name: str, module: str, part: str, method: str
) -> None:
    """A bug comes up in mid-drive: the message has the thread's name, the traceback its place."""
    plant(vehicle.daemon, tmp_path, f"{module}:{part}.{method}", 'raise RuntimeError("a bug")')
    vehicle.daemon.start()
    wait_for("ready", lambda: "READY=1" in manager.heard)
    assert vehicle.daemon.ended(ENDS_WITHIN_S) == 1
    said = vehicle.daemon.said()
    assert f"roundsman vehicle: thread '{name}' has ended: RuntimeError('a bug')" in said
    assert "sitecustomize.py" in said
