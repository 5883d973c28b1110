"""The gpsd source with a real gpsd, fed by a receiver on a pseudo-terminal."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from edge.vehicle.gps.gpsd import GpsdSource
from tests.vehicle.gps.running import Receiver, Running, newest, receiver, running
from tests.vehicle.gps.sentences import LAT, START, STEP
from tests.waiting import PATIENCE_S, wait_for
from tests.words import shown

GPSD = shutil.which("gpsd") or (path if (path := Path("/usr/sbin/gpsd")).exists() else None)
pytestmark = pytest.mark.skipif(GPSD is None, reason="needs gpsd (Debian: apt install gpsd)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Gpsd:
    """A gpsd of our own on the loopback, reading some receivers."""

    def __init__(self, *made: Receiver) -> None:
        self.port = free_port()
        self._devices = [one.terminal for one in made]
        for device in self._devices:
            os.chmod(device, 0o666)  # noqa: S103 - gpsd gives up its rights before it opens a device again
        self.start()

    def start(self) -> None:
        """Run, at the same port as ever."""
        command = [str(GPSD), "-N", "-n", "-b", "-S", str(self.port), *self._devices]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def signal(self, number: int) -> None:
        """Freeze it, or thaw it."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.wait(PATIENCE_S)


@contextmanager
def gpsd(*made: Receiver) -> Iterator[Gpsd]:
    daemon = Gpsd(*made)
    try:
        yield daemon
    finally:
        daemon.kill()


@contextmanager
def gpsd_of(port: int, control: Path) -> Iterator[None]:
    """A gpsd that has no receiver, and would learn of one by its control socket."""
    command = [str(GPSD), "-N", "-n", "-b", "-S", str(port), "-F", str(control)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def source(daemon: Gpsd) -> AbstractContextManager[Running]:
    return running(lambda post: GpsdSource("127.0.0.1", daemon.port, post, time.monotonic))


def test_fixes_arrive(tmp_path: Path) -> None:
    """Each moment once, in order, though gpsd is asked more often than it has news."""
    with receiver(tmp_path / "gps", rate=2) as made, gpsd(made) as daemon, source(daemon) as run:
        wait_for(lambda: len(run.fixes) > 4)
        times = [fix.utc for fix in run.fixes]
        assert times == sorted(set(times))
        assert run.state == "receiving"
        assert run.fixes[-1].speed == pytest.approx(11.1, abs=0.1)
        assert 0 < run.fixes[-1].accuracy < 50
        for fix in run.fixes:
            assert fix.lat == pytest.approx(LAT + (fix.utc - START) * STEP, abs=1e-6), "time and place belong together"


@pytest.mark.parametrize("zda_first", [False, True])
def test_every_fix_of_ten_a_second_with_its_own_place(tmp_path: Path, zda_first: bool) -> None:
    """Also of a receiver that sends the time before the place, which a poll in mid-cycle pairs with the old one."""
    with (
        receiver(tmp_path / "gps", rate=10, zda_first=zda_first) as made,
        gpsd(made) as daemon,
        source(daemon) as run,
    ):
        wait_for(lambda: len(run.fixes) > 25)
        fixes = run.fixes[5:]  # gpsd learns the receiver's cycle first
        seconds = [round(fix.utc - START, 1) for fix in fixes]
        assert seconds == [one for one in dict.fromkeys(made.sent) if seconds[0] <= one <= seconds[-1]]
        for fix in fixes:
            assert fix.lat == pytest.approx(LAT + (fix.utc - START) * STEP, abs=1e-6), "time and place belong together"


def test_a_receiver_without_a_fix_is_not_silent(tmp_path: Path) -> None:
    """Indoors gpsd reports that there is none: the status says so, not that nothing comes."""
    with receiver(tmp_path / "gps", rate=2) as made, gpsd(made) as daemon, source(daemon) as run:
        run.settled()
        made.indoors.set()
        seen = set[str]()
        wait_for(lambda: [seen.add(run.state)] and "searching" in seen)  # type: ignore[func-returns-value]
        assert seen == {"receiving", "searching"}
        made.indoors.clear()
        run.more()


def test_of_two_receivers_the_one_with_a_fix(tmp_path: Path) -> None:
    """Whichever gpsd lists last; when it loses its fix and the other one has got one, that is followed."""
    with receiver(tmp_path / "one") as one, receiver(tmp_path / "two") as two:
        two.indoors.set()
        with gpsd(one, two) as daemon, source(daemon) as run:
            run.settled()
            two.indoors.clear()
            one.indoors.set()
            run.more()
            run.more()
            assert run.state == "receiving"


def test_gpsd_without_a_receiver(tmp_path: Path) -> None:
    """It is there, and says that it has none."""
    port = free_port()
    with (
        gpsd_of(port, tmp_path / "control"),
        running(lambda post: GpsdSource("127.0.0.1", port, post, time.monotonic)) as run,
    ):
        wait_for(lambda: run.state == "missing")
        assert "has no receiver" in shown(run.source.status().notice)


def test_the_receiver_that_is_named(tmp_path: Path) -> None:
    """Gpsd's other receivers are no matter; one that it does not have is named."""
    with receiver(tmp_path / "gps") as made, gpsd(made) as daemon:
        with running(lambda post: GpsdSource("127.0.0.1", daemon.port, post, time.monotonic, str(made.path))) as run:
            run.more()
        with running(lambda post: GpsdSource("127.0.0.1", daemon.port, post, time.monotonic, "/dev/other")) as run:
            wait_for(lambda: "/dev/other" in shown(run.source.status().notice))
            assert run.fixes == []


def test_killed_and_restarted(tmp_path: Path) -> None:
    """Gpsd dies and comes back: noticed, and fixes again after that."""
    with receiver(tmp_path / "gps") as made, gpsd(made) as daemon, source(daemon) as run:
        run.more()
        daemon.kill()
        wait_for(lambda: run.state == "connecting")
        last = newest(run.fixes)
        daemon.start()
        run.more()
        assert newest(run.fixes) > last


def test_frozen_and_thawed(tmp_path: Path) -> None:
    """A frozen gpsd is noticed; thawed, it gives fixes, none of them old."""
    with receiver(tmp_path / "gps") as made, gpsd(made) as daemon, source(daemon) as run:
        run.more()
        daemon.signal(signal.SIGSTOP)
        wait_for(lambda: run.state == "connecting")
        assert "is not responding" in shown(run.source.status().notice)
        count = len(run.fixes)
        daemon.signal(signal.SIGCONT)
        run.more()
        offsets = [fix.utc - fix.mono for fix in run.fixes]
        assert min(offsets[count:]) > max(offsets[:count]) - 3.1


def test_stop_while_frozen(tmp_path: Path) -> None:
    """A gpsd that never answers blocks nobody: `running` fails where the thread does not end when it is asked to."""
    with receiver(tmp_path / "gps") as made, gpsd(made) as daemon, source(daemon) as run:
        run.more()
        daemon.signal(signal.SIGSTOP)
        time.sleep(0.5)
        run.stop()


def test_a_silent_receiver_gives_no_old_fix(tmp_path: Path) -> None:
    """Gpsd goes on answering with the same position: no fix, and the status says silent."""
    with receiver(tmp_path / "gps") as made, gpsd(made) as daemon, source(daemon) as run:
        run.settled()
        made.silent.set()
        wait_for(lambda: run.state == "silent")
        count = len(run.fixes)
        time.sleep(1.0)
        assert len(run.fixes) == count
        made.silent.clear()
        run.more()


def test_an_old_fix_is_not_the_first(tmp_path: Path) -> None:
    """The receiver went silent before the source started: what gpsd still holds is never posted."""
    with receiver(tmp_path / "gps") as made, gpsd(made) as daemon:
        with source(daemon) as run:
            run.more()
        made.silent.set()
        time.sleep(0.5)
        with source(daemon) as run:
            wait_for(lambda: run.state == "silent")
            assert run.fixes == []
            made.silent.clear()
            run.more()


def test_no_gpsd_at_all() -> None:
    """Nobody listens: the status says so, and stopping is quick."""
    port = free_port()
    with running(lambda post: GpsdSource("127.0.0.1", port, post, time.monotonic)) as run:
        wait_for(lambda: "refused" in shown(run.source.status().notice))
        assert run.state == "connecting"
