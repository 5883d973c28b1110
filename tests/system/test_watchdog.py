"""A real daemon under a service manager's watchdog: a fake NOTIFY_SOCKET hears what systemd would hear."""

import os
import signal
import time
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.service.supervisor import HUNG_S
from tests.system.manager import Manager, manager, plant
from tests.system.route import NOON, row_of_boxes, write_log
from tests.system.site import Site, Vehicle, wait_for
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.timeout(300)  # in real time

__all__ = ["manager"]

ENDS_WITHIN_S = PATIENCE_S


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


def test_a_healthy_daemon_says_so_and_a_frozen_one_falls_silent(vehicle: Vehicle, manager: Manager) -> None:
    """READY once the screen answers, then a sign of life a second; frozen as a whole, none: WatchdogSec ends it."""
    vehicle.daemon.start()
    wait_for("ready and alive", lambda: {"READY=1", "WATCHDOG=1"} <= set(manager.heard))
    assert manager.heard[0] == "READY=1"
    assert vehicle.state() != {}
    vehicle.daemon.send(signal.SIGSTOP)
    wait_for("frozen", vehicle.daemon.frozen)
    before = manager.heard_by_now()
    time.sleep(2.5)
    assert len(manager.heard) == before
    vehicle.daemon.send(signal.SIGCONT)
    wait_for("a new sign of life", lambda: len(manager.heard) > before)
    assert vehicle.daemon.stop() == 0
    assert manager.heard[-1] == "STOPPING=1"


def test_a_hanging_engine_ends_the_process_by_name(vehicle: Vehicle, manager: Manager, tmp_path: Path) -> None:
    """A recording into a pipe that nobody empties: the engine hangs in the write, and the daemon says where."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = vehicle.toml.read_text(encoding="utf-8").replace(str(vehicle.recording), str(pipe))
    vehicle.toml.write_text(text, encoding="utf-8")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        vehicle.daemon.start()
        wait_for("alive", lambda: "WATCHDOG=1" in manager.heard)
        assert vehicle.daemon.ended(HUNG_S + ENDS_WITHIN_S) == 1
    finally:
        os.close(reader)
    said = vehicle.daemon.said()
    assert f"roundsman vehicle: thread 'engine' is hung: no sign of life for {HUNG_S:.0f} s" in said
    assert "edge/vehicle/recorder.py" in said
    assert manager.heard[-1].startswith("STATUS=thread 'engine' is hung")


@pytest.mark.parametrize(
    ("name", "module", "part", "method"),
    [
        ("engine", "edge.vehicle.engine", "Engine", "take"),
        ("gps", "edge.vehicle.gps.health", "Watch", "received"),
        ("link", "edge.vehicle.link.link", "Link", "_publish"),
        ("screen", "edge.service.web_server", "WebServer", "_turn"),
        ("scoring", "edge.vehicle.scoring", "Scoring", "look"),
    ],
)
def test_a_dead_thread_ends_the_process_by_name(
    vehicle: Vehicle, manager: Manager, tmp_path: Path, name: str, module: str, part: str, method: str
) -> None:
    """A bug comes up in mid-drive: the message has the thread's name, the traceback its place."""
    strike = plant(vehicle.daemon, tmp_path, f"{module}:{part}.{method}", 'raise RuntimeError("a bug")')
    vehicle.daemon.start()
    wait_for("ready", lambda: "READY=1" in manager.heard)
    strike()
    assert vehicle.daemon.ended(ENDS_WITHIN_S) == 1
    said = vehicle.daemon.said()
    assert f"roundsman vehicle: thread '{name}' stopped: RuntimeError('a bug')" in said
    assert "sitecustomize.py" in said
