"""Silence: the car speaks to its broker and its gpsd, writes in its own folder, and does neither anywhere else."""

import http.client
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.contract.agency import load_agency
from tests.hostile.tracing import STRACE, families, peers, traced, written
from tests.system.site import ROUNDSMAN, Site, Vehicle, wait_for
from tests.vehicle.gps.running import Receiver, receiver
from tests.vehicle.gps.test_gpsd import GPSD, gpsd
from tests.words import shown

pytestmark = pytest.mark.skipif(
    STRACE is None or GPSD is None, reason="needs strace and gpsd (apt install strace gpsd)"
)
ROOT = Path(__file__).parents[2]
WATCHED_S = 15.0
NEITHER = ("/dev/", "/proc/", "/sys/")
"""What is opened for writing there is not a file."""
RECORDING = ("car-1.jsonl",)
"""Beside the data folder, since the site's configuration asks for it."""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Receiver]:
    """A GPS receiver on a pseudo-terminal."""
    with receiver(tmp_path / "gps", rate=2) as one:
        yield one


def look(vehicle: Vehicle) -> None:
    """What a browser does: the page, its files, the map, the stream; and an officer who signs in."""
    vehicle.tap_in_any_car("sign-in", {"officer": "4711"})
    with closing(http.client.HTTPConnection("127.0.0.1", vehicle.port, timeout=60)) as browser:
        for path in ("/", "/static/screen/main.js", "/api/map", "/healthz", "/api/nothing"):
            browser.request("GET", path)
            browser.getresponse().read()
        browser.request("GET", "/api/stream")
        stream = browser.getresponse()
        assert stream.read(2000)


def test_the_daemon_speaks_to_its_broker_and_gpsd_alone(chicago_site: Site, made: Receiver) -> None:
    """A quarter of a minute of its life, with nothing in the environment that would quiet a library.

    Not even a name is looked up. (Under systemd it also writes to the socket that ``NOTIFY_SOCKET`` names.)
    """
    site, home, trace = chicago_site, chicago_site.folder / "home", chicago_site.folder / "trace"
    home.mkdir()
    district = next(box.district for box in load_agency(site.agency).grid.boxes.values())
    with gpsd(made) as daemon:
        vehicle = site.vehicle("car-1", district, {"source": "gpsd", "host": "127.0.0.1", "port": daemon.port})
        process = traced(
            [str(ROUNDSMAN), "vehicle", "run", "--config", str(vehicle.toml)], trace, home, cwd=site.folder
        )
        try:
            wait_for("a screen", lambda: vehicle.state() != {}, 60)
            began = time.monotonic()
            look(vehicle)
            wait_for("a position", lambda: "works." in shown(vehicle.state()["gps"]["notice"]))
            wait_for("a link", lambda: vehicle.state()["link"]["state"] == "connected")
            time.sleep(max(0.0, WATCHED_S - (time.monotonic() - began)))
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    assert peers(trace) == {f"AF_INET 127.0.0.1:{site.broker.port}", f"AF_INET 127.0.0.1:{daemon.port}"}
    assert families(trace) <= {"AF_INET", "AF_UNIX"}
    strangers = {
        path
        for path in written(trace, site.folder)
        if not path.is_relative_to(vehicle.data) and not str(path).startswith(NEITHER) and path.name not in RECORDING
    }
    assert strangers == set()
    assert vehicle.data / "ledger.sqlite3" in written(trace, site.folder)
    assert list(home.rglob("*")) == []


def run_model(tmp_path: Path, *words: str) -> tuple[set[str], list[Path]]:
    """One session of onnxruntime in a child; whom it spoke to, and what lies in its home after."""
    home, trace = tmp_path / "home", tmp_path / "trace"
    home.mkdir()
    assert traced([sys.executable, "-m", "tests.hostile.tiny_model", *words], trace, home, ROOT).wait(60) == 0
    wait_for("a whole trace", lambda: "+++ exited with 0 +++" in trace.read_text().splitlines()[-1])
    return peers(trace), [path for path in home.rglob("*") if path.is_file()]


def test_a_model_runs_in_silence(tmp_path: Path) -> None:
    """`edge` tells onnxruntime to keep quiet before anything can import it: no socket, no file."""
    assert run_model(tmp_path, "edge", "3") == (set(), [])


def test_without_edge_the_same_model_is_heard(tmp_path: Path) -> None:
    """The test of the test: onnxruntime alone leaves a device id in the home, and would be seen at it."""
    spoken, left = run_model(tmp_path, "3")
    assert spoken or left
