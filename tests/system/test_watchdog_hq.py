"""Headquarters under a service manager's watchdog: a thread that ends or hangs ends the process by name."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.agency.build import build_agency
from edge.headquarters.daemon import HUNG_S
from tests.agency.square import write_square
from tests.brokers import Mosquitto
from tests.system.manager import Manager, manager, plant
from tests.system.site import Daemon, Site, wait_for
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.timeout(300)  # in real time

__all__ = ["manager"]

ENDS_WITHIN_S = PATIENCE_S
PARTS = {
    "web": "edge.service.web_server:WebServer._turn",
    "intake": "edge.headquarters.receive.intake:Intake._gather",
    "link": "edge.mqtt.connection:Connection.turn",
}


@pytest.fixture
def daemon(tmp_path: Path, mosquitto: Mosquitto, manager: Manager) -> Iterator[Daemon]:
    """Squaretown's headquarters, not started yet; the manager hears it."""
    build_agency(write_square(tmp_path), tmp_path / "agency", key=tmp_path / "key.pem")
    site = Site(tmp_path, tmp_path / "agency", tmp_path / "key.pem", mosquitto)
    site.headquarters.environment["NOTIFY_SOCKET"] = manager.address
    yield site.headquarters
    site.stop()


def test_a_healthy_headquarters_says_so_and_a_frozen_one_falls_silent(daemon: Daemon, manager: Manager) -> None:
    """READY once its pages are served, a sign of life a second, how it stands; frozen, nothing: WatchdogSec ends it."""
    daemon.start()
    wait_for("ready and well", lambda: {"READY=1", "WATCHDOG=1", "STATUS=OK"} <= set(manager.heard))
    assert manager.heard[0] == "READY=1"
    daemon.send(signal.SIGSTOP)
    wait_for("frozen", daemon.frozen)
    before = manager.heard_by_now()
    time.sleep(2.5)
    assert len(manager.heard) == before
    daemon.send(signal.SIGCONT)
    wait_for("a new sign of life", lambda: len(manager.heard) > before)
    assert daemon.stop() == 0
    assert manager.heard[-1] == "STOPPING=1"


def test_what_does_not_work_is_in_the_units_status(daemon: Daemon, manager: Manager, mosquitto: Mosquitto) -> None:
    """`systemctl status` says what /healthz says, and when it is over."""
    daemon.start()
    wait_for("well", lambda: "STATUS=OK" in manager.heard)
    mosquitto.kill()
    wait_for("told", lambda: any(one.startswith("STATUS=cannot reach the broker: ") for one in manager.heard))
    mosquitto.start()
    wait_for("well again", lambda: [one for one in manager.heard if "STATUS" in one][-1] == "STATUS=OK")
    assert daemon.stop() == 0


@pytest.mark.parametrize("name", PARTS)
def test_a_dead_thread_ends_the_process_by_name(daemon: Daemon, manager: Manager, tmp_path: Path, name: str) -> None:
    """A bug comes up while it runs: the message has the thread's name, the traceback its place."""
    strike = plant(daemon, tmp_path, PARTS[name], 'raise RuntimeError("a bug")')
    daemon.start()
    wait_for("ready", lambda: "READY=1" in manager.heard)
    strike()
    assert daemon.ended(ENDS_WITHIN_S) == 1
    assert f"roundsman hq: thread '{name}' stopped: RuntimeError('a bug')" in daemon.said()
    assert "sitecustomize.py" in daemon.said()


def test_a_mistake_of_the_users_that_shows_late_is_one_sentence(
    daemon: Daemon, manager: Manager, tmp_path: Path
) -> None:
    """It ends a thread all the same: status 2, no traceback."""
    bug = 'raise importlib.import_module("edge.errors").UserError("a file: is gone")'
    strike = plant(daemon, tmp_path, PARTS["web"], bug)
    daemon.start()
    wait_for("ready", lambda: "READY=1" in manager.heard)
    strike()
    assert daemon.ended(ENDS_WITHIN_S) == 2
    assert daemon.said().endswith("roundsman: a file: is gone\n")
    assert "Traceback" not in daemon.said()


@pytest.mark.parametrize("name", PARTS)
def test_a_hanging_thread_ends_the_process_by_name(daemon: Daemon, manager: Manager, tmp_path: Path, name: str) -> None:
    """It waits for ever: the daemon says where, tells the manager, and ends, for the manager to start it again."""
    strike = plant(daemon, tmp_path, PARTS[name], "time.sleep(3600.0)")
    daemon.start()
    wait_for("alive", lambda: "WATCHDOG=1" in manager.heard)
    strike()
    assert daemon.ended(HUNG_S + ENDS_WITHIN_S) == 1
    assert f"roundsman hq: thread '{name}' is hung: no sign of life for {HUNG_S:.0f} s" in daemon.said()
    assert "sitecustomize.py" in daemon.said()
    assert manager.heard[-1].startswith(f"STATUS=thread '{name}' is hung")
