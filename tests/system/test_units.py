"""The units on a real systemd, booted in a container: it starts the daemons, ends what hangs, and starts them again."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.machine import REPOSITORY, UNITS, Machine, make_debian
from tests.system.site import wait_for
from tests.vehicle.touchscreen.town import build_town

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A booted machine on which both daemons run."""
    town = tmp_path_factory.mktemp("town")
    build_town(town)
    made = Machine(make_debian())
    made.set_up(town / "agency")
    made.boot()
    try:
        wait_for("both daemons serving", lambda: made.answers("vehicle") and made.answers("hq"), 60.0)
        yield made
    finally:
        made.halt()


@pytest.mark.parametrize("name", ["vehicle", "hq"])
def test_a_killed_daemon_is_started_again(machine: Machine, name: str) -> None:
    """Within its sandbox, by its own user, and its pages answer again."""
    before = machine.pid(name)
    assert before
    os.kill(before, signal.SIGKILL)
    wait_for("a new process", lambda: machine.pid(name) not in (0, before))
    wait_for("its pages", lambda: machine.answers(name))
    assert Path(f"/proc/{machine.pid(name)}").stat().st_uid != 0


@pytest.mark.parametrize(("name", "file"), [("vehicle", UNITS[0]), ("hq", UNITS[1])])
def test_a_frozen_daemon_is_ended_by_the_watchdog(machine: Machine, name: str, file: str) -> None:
    """No sign of life for WatchdogSec: systemd aborts it and starts it again."""
    unit = (REPOSITORY / "systemd" / file).read_text(encoding="utf-8")
    seconds = re.search(r"^WatchdogSec=(\d+)$", unit, re.MULTILINE)
    assert seconds is not None
    before = machine.pid(name)
    os.kill(before, signal.SIGSTOP)
    wait_for("a new process", lambda: machine.pid(name) not in (0, before), int(seconds[1]) + 30.0)
    wait_for("its pages", lambda: machine.answers(name))
    assert "Watchdog timeout" in machine.journal(file)


def test_the_sandboxes_allow_all_that_the_daemons_do(machine: Machine) -> None:
    """Records are on disk, for their user's eyes alone; the clock is asked every second; no call was denied."""
    ledger = machine.root / "var/lib/roundsman/records/ledger.sqlite3"
    wait_for("records", ledger.exists)
    assert ledger.stat().st_mode & 0o777 == 0o600
    for unit in UNITS:
        written = machine.journal(unit)
        assert "Started roundsman" in written or "Started Roundsman" in written
        assert "Traceback" not in written
        assert "denied" not in written
