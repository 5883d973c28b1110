"""The demo as a visitor runs it: once, and to look at."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.demo.live import word_of
from tests.words import shown

pytestmark = pytest.mark.timeout(400)  # whole demos, and those of other workers that have the ports first

ROUNDSMAN = str(Path(sys.executable).with_name("roundsman"))


def test_once_runs_a_shift_and_both_ends_agree() -> None:
    """`roundsman demo --once --json`: exit 0, and the last line has equal figures, nothing lost, nothing twice."""
    done = subprocess.run([ROUNDSMAN, "demo", "--once", "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["visits"] > 5
    assert figures["events_recorded"] == figures["events_at_headquarters"] > 50
    assert (figures["lost"], figures["duplicates_stored"]) == (0, 0)
    assert figures["minutes_vehicle"] == figures["minutes_headquarters"] > 10.0


@pytest.fixture
def fixed_ports() -> Iterator[None]:
    """The demo's three ports are one machine's: only one test, whichever process runs it, has them at a time."""
    with (Path(tempfile.gettempdir()) / "roundsman-demo-ports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.usefixtures("fixed_ports")
def test_live_shows_two_moving_cars_and_ends_in_order(tmp_path: Path) -> None:
    """Both screens and headquarters answer, both cars move with somebody signed in; Ctrl-C leaves nothing behind.

    One has the plan that was approved; the other one, in the other district, has its own, and says why.
    """
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    demo = subprocess.Popen([ROUNDSMAN, "demo"], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert demo.stdout is not None
        said = ""
        while "Ctrl-C" not in (line := demo.stdout.readline()):
            assert line, "the demo ended before it began"
            said += line
        assert all(f"http://127.0.0.1:{port}\n" in said for port in (8600, 8601, 8700))
        for port in (8600, 8601):
            assert moves(port)
        assert (state_of(8600)["plan"], state_of(8601)["plan"]) == ("approved", "vehicle")
        assert all(box["explained"] and "the average box" in shown(box["why"]) for box in state_of(8601)["boxes"])
        with urllib.request.urlopen("http://127.0.0.1:8700/", timeout=60) as page:
            assert page.status == 200
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=110)
    assert demo.returncode == 0
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False).stdout
    assert left == ""


def state_of(port: int) -> Any:
    """What a screen says."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/state", timeout=60) as answer:
        return json.load(answer)


def moves(port: int, patience_s: float = 90.0) -> bool:
    """Whether a car's position changes, with an officer signed in."""
    until, first = time.monotonic() + patience_s, None
    while time.monotonic() < until:
        state = state_of(port)
        place = (state["position"]["east"], state["position"]["north"])
        if first is None and place[0] is not None:
            first = place
        if first is not None and state["officer"] and abs(place[0] - first[0]) + abs(place[1] - first[1]) > 20.0:
            return True
        time.sleep(1.0)
    return False


@pytest.mark.usefixtures("fixed_ports")
def test_a_taken_port_is_a_users_mistake() -> None:
    """The demo does not show another program's pages for its own: one sentence, status 2."""
    with socket.create_server(("127.0.0.1", 8601)):
        done = subprocess.run([ROUNDSMAN, "demo"], capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 2
    assert "port 8601" in done.stderr


@pytest.mark.usefixtures("fixed_ports")
def test_ctrl_c_while_it_starts_ends_it_as_well(tmp_path: Path) -> None:
    """No traceback, status 0, nothing left behind."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    demo = subprocess.Popen([ROUNDSMAN, "demo"], **pipes, text=True, env=environment)  # type: ignore[call-overload]
    assert "building" in demo.stdout.readline()
    demo.send_signal(signal.SIGINT)
    said, complained = demo.communicate(timeout=110)
    assert (demo.returncode, complained) == (0, "")
    assert said == "the demo has ended\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ({}, "wait"),
        ({"mode": "visit", "next": {"id": "3-4"}}, "wait"),
        ({"mode": "paused", "next": {"id": "3-4"}}, "wait"),
        ({"mode": "signed_out", "next": None}, "wait"),
        ({"mode": "lost", "next": {"id": "3-4"}}, "wait"),
        ({"mode": "move_on", "next": {"id": "3-4"}}, (3, 4)),
        ({"mode": "patrol", "next": {"id": "3-4"}}, (3, 4)),
        ({"mode": "patrol", "next": None}, "roam"),
    ],
)
def test_a_driver_does_what_the_screen_says(state: dict[str, Any], word: object) -> None:
    """On to the next box when told so; not while a visit, a pause or a doubt holds the car; about when none is due."""
    assert word_of(state) == word
