"""A receiver heard at a wrong speed: real NMEA, resampled bit by bit as a UART would."""

import os
import time
import tty
from pathlib import Path

import pytest

from edge.vehicle.gps.serial_nmea import SerialSource
from tests.hostile.baud import as_heard
from tests.vehicle.gps.running import running
from tests.vehicle.gps.sentences import drive
from tests.waiting import wait_for
from tests.words import shown

SPEEDS = [4800, 19200, 115200]


def test_the_right_speed_hears_what_was_said() -> None:
    """Every byte; so what the others hear is the speed's doing."""
    said = bytes(range(256)) + drive(0, 10)
    assert as_heard(said, 9600, 9600) == said


@pytest.mark.parametrize("heard", SPEEDS)
def test_a_wrong_speed_is_said_in_words(heard: int, shared_data: Path) -> None:
    """A recorded log at 9600 baud, read at another: no fix, and soon the screen names what to check."""
    log = (shared_data / "gps" / "receiver_logs" / "neo-m8n.log").read_bytes()
    garbage = as_heard(log[log.index(b"$") :][:20_000], 9600, heard)
    master, slave = os.openpty()
    tty.setraw(slave)
    with running(lambda post: SerialSource(os.ttyname(slave), heard, post, time.monotonic)) as run:
        wait_for(lambda: run.state != "connecting")
        at = 0

        def unreadable() -> bool:
            nonlocal at
            os.write(master, garbage[at : at + 200])
            at = (at + 200) % (len(garbage) - 200)
            time.sleep(0.1)
            return run.state == "unreadable"

        wait_for(unreadable)
        assert shown(run.source.status().notice).endswith("is sending unreadable data. Check its baud rate.")
        assert run.fixes == []
    os.close(slave)
    os.close(master)
