"""The serial source on a real pseudo-terminal."""

import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import serial

from edge.vehicle.gps.serial_nmea import OPEN, SerialSource
from tests.vehicle.gps.running import Running, newest, receiver, running
from tests.waiting import PATIENCE_S, wait_for
from tests.words import shown


def source(path: Path, opening_s: float = OPEN) -> AbstractContextManager[Running]:
    return running(lambda post: SerialSource(str(path), 9600, post, time.monotonic, opening_s))


def test_fixes_arrive_at_once(tmp_path: Path) -> None:
    """Within a moment of the receiver's sentence, and in its order."""
    with receiver(tmp_path / "gps") as made, source(made.path) as run:
        wait_for(lambda: len(run.fixes) > 5)
        assert run.state == "receiving"
        assert [fix.utc for fix in run.fixes] == sorted(fix.utc for fix in run.fixes)
        offsets = [fix.utc - fix.mono for fix in run.fixes]
        assert max(offsets) - min(offsets) < 0.5


def test_unplugged_and_back(tmp_path: Path) -> None:
    """Gone: the status says so. Back, as another device under the same path: fixes within 10 s, none old."""
    with receiver(tmp_path / "gps") as made, source(made.path) as run:
        run.more()
        made.unplug()
        wait_for(lambda: run.state == "connecting")
        assert "Cannot reach" in shown(run.source.status().notice)
        last = newest(run.fixes)
        made.plug()
        run.more()
        assert newest(run.fixes) > last


def test_there_only_later(tmp_path: Path) -> None:
    """The daemon may start before the receiver is plugged in."""
    with source(tmp_path / "gps") as run:
        wait_for(lambda: "No such file" in shown(run.source.status().notice))
        with receiver(tmp_path / "gps"):
            run.more()


def test_silence_is_noticed(tmp_path: Path) -> None:
    """A receiver that is there and says nothing; when it speaks again, fixes come again."""
    with receiver(tmp_path / "gps") as made, source(made.path) as run:
        run.settled()
        made.silent.set()
        wait_for(lambda: run.state == "silent")
        assert (run.source.status().fix_age or 0) > 3
        made.silent.clear()
        run.more()
        assert newest(run.fixes) > 3


def test_another_device_under_the_path(tmp_path: Path) -> None:
    """The old one is silent but never hung up; the new one is found all the same."""
    with receiver(tmp_path / "gps") as made, source(made.path) as run:
        run.settled()
        old = made.plug()
        run.more()
        assert newest(run.fixes) > 3
        old.close()


def test_another_baud_rate_gives_no_fix(tmp_path: Path) -> None:
    """Garbage is garbage, and the status names what to check."""
    with receiver(tmp_path / "gps") as made, source(made.path) as run:
        run.settled()
        made.babbling.set()
        wait_for(lambda: run.state == "unreadable")
        assert "baud" in shown(run.source.status().notice)
        assert newest(run.fixes) < 3
        made.babbling.clear()
        run.more()


def test_a_port_that_hangs_while_it_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A driver that does not answer holds up nobody: the status says so, and the thread ends when it is asked to.

    The port that it brings too late is closed.
    """
    answers, closed = threading.Event(), threading.Event()

    class Stuck:
        def __init__(self, *_arguments: object, **_more: object) -> None:
            answers.wait(PATIENCE_S)

        def close(self) -> None:
            closed.set()

    monkeypatch.setattr(serial, "Serial", Stuck)
    with source(tmp_path / "gps", opening_s=0.5) as run:
        wait_for(lambda: "does not answer" in shown(run.source.status().notice))
    answers.set()
    wait_for(closed.is_set)
