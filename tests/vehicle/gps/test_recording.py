"""Recordings: the log's own time is the clock, whatever the log holds."""

import os
import threading
from collections import Counter
from pathlib import Path

import pytest

from edge.domain.inputs import Fix
from edge.errors import UserError
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from edge.vehicle.gps.replay import ReplaySource
from tests.vehicle.gps.sentences import LAT, START, STEP, drive, rmc


def fixes(data: bytes) -> tuple[list[float], list[float], Counter[str]]:
    """UTC since ``START``, monotonic time, and refusals."""
    pipeline = Pipeline()
    found = list(fixes_of([data], pipeline))
    return [fix.utc - START for fix in found], [fix.mono for fix in found], pipeline.refused


def test_monotonic_time_is_the_logs() -> None:
    """From the first position on, gaps included."""
    utc, mono, refused = fixes(drive(0, 3) + drive(600, 3))
    assert utc == mono == [0, 1, 2, 600, 601, 602]
    assert not refused


def test_the_last_line_may_lack_its_end() -> None:
    """A log that was cut between checksum and line end loses nothing."""
    assert fixes(drive(0, 3).rstrip())[0] == [0, 1, 2]


def test_one_leap_ahead_is_refused() -> None:
    """A time that is an hour ahead for one epoch: that one is refused, the next is not."""
    utc, mono, refused = fixes(drive(0, 3) + rmc(3603, LAT + 3 * STEP) + drive(4, 3))
    assert utc == mono == [0, 1, 2, 4, 5, 6]
    assert sum(refused.values()) == 1


def test_the_same_again_is_refused() -> None:
    """Old epochs in the middle of a log are not taken for new."""
    utc, _, refused = fixes(drive(0, 20) + drive(10, 3) + drive(20, 5))
    assert utc == [float(s) for s in range(25)]
    assert refused == {"time_not_advancing": 3}


def test_monotonic_time_never_goes_back() -> None:
    """A log joined from an earlier day's goes on; the step is flagged once."""
    pipeline = Pipeline()
    found = list(fixes_of([drive(86_400, 10), drive(0, 10)], pipeline))
    assert [fix.mono for fix in found] == sorted(fix.mono for fix in found)
    assert [fix.flags for fix in found if fix.flags] == [("clock_stepped",)]
    assert pipeline.refused == {"time_not_advancing": 3}


def test_replay_posts_what_the_log_holds(tmp_path: Path) -> None:
    """Each fix after the clock has been waited for; the status says when the recording is over."""
    log = tmp_path / "drive.nmea"
    log.write_bytes(drive(0, 5))
    posted: list[Fix] = []
    waits: list[tuple[float, int]] = []
    source = ReplaySource(
        log,
        lambda fix, _: posted.append(fix),
        lambda: 0.0,
        lambda mono, _: waits.append((mono, len(posted))),
        start=50.0,
    )
    source.run(threading.Event())
    assert [fix.mono for fix in posted] == [50, 51, 52, 53, 54]
    assert waits == [(50, 0), (51, 1), (52, 2), (53, 3), (54, 4)]
    assert (source.status().state, source.status().fixes) == ("ended", 5)


def test_replay_stops_when_asked(tmp_path: Path) -> None:
    """The stop is seen before the next fix."""
    log = tmp_path / "drive.nmea"
    log.write_bytes(drive(0, 100))
    posted: list[Fix] = []
    stop = threading.Event()
    source = ReplaySource(
        log, lambda fix, _: posted.append(fix), lambda: 0.0, lambda mono, _: stop.set() if mono >= 3 else None
    )
    source.run(stop)
    assert len(posted) == 3


def test_who_starts_in_the_middle_of_a_recording_gets_no_fix_of_before(tmp_path: Path) -> None:
    """A daemon that was started again while its recording runs on."""
    log = tmp_path / "drive.nmea"
    log.write_bytes(drive(0, 5))
    posted: list[float] = []
    ReplaySource(log, lambda fix, _: posted.append(fix.mono), lambda: 3.0, lambda _mono, _stop: None).run(
        threading.Event()
    )
    assert posted == [3, 4]


def test_a_missing_recording_is_the_users_error(tmp_path: Path) -> None:
    """With the file's name in the sentence."""
    source = ReplaySource(tmp_path / "no.nmea", print, lambda: 0.0, print)
    with pytest.raises(UserError, match=r"no\.nmea"):
        source.run(threading.Event())


def test_a_recording_that_is_a_pipe_is_the_users_error(tmp_path: Path) -> None:
    """Opening it would block the thread until somebody writes."""
    os.mkfifo(tmp_path / "pipe.nmea")
    source = ReplaySource(tmp_path / "pipe.nmea", print, lambda: 0.0, print)
    with pytest.raises(UserError, match=r"pipe\.nmea: is not a file"):
        source.run(threading.Event())


class Asked(threading.Event):
    """Counts how often the source asks whether it must stop."""

    times = 0

    def is_set(self) -> bool:
        """As ever."""
        self.times += 1
        return super().is_set()


def test_a_long_log_without_a_position_can_be_stopped(tmp_path: Path) -> None:
    """The source asks at every block, not only at every fix: the daemon's watch would take it for hung."""
    log, stop = tmp_path / "noise.nmea", Asked()
    log.write_bytes(b"$GPGSV,1,1,00*79\r\n" * 100_000)
    ReplaySource(log, print, lambda: 0.0, print).run(stop)
    assert stop.times > 20
