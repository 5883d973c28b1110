"""The pretended receiver: a serial port like another, in real time."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from edge.demo.nmea import nmea_sentences
from edge.demo.pty import PtyFeeder


def _epochs(start: float, count: int, step: float) -> Iterator[tuple[float, bytes]]:
    for number in range(count):
        utc = start + number * step
        yield utc, nmea_sentences(utc, 40.0, -99.0, float(number), 0.0)


def test_a_reader_of_the_link_gets_the_sentences_at_their_time(tmp_path: Path) -> None:
    """A serial library opens the link; sentences of the past are left out, the others come when they are due."""
    start = time.time()
    feeder = PtyFeeder(_epochs(start - 10.0, 350, 0.2), tmp_path / "gps")
    feeder.start()
    with serial.Serial(str(tmp_path / "gps"), 9600, timeout=60.0) as port:
        first = port.readline()
        lines = [port.readline() for _ in range(3)]
    feeder.stop()
    long_past = b"".join(data for _, data in _epochs(start - 10.0, 45, 0.2)).splitlines(keepends=True)
    assert first.startswith(b"$GPRMC,")
    assert first not in long_past
    assert all(line.endswith(b"\r\n") for line in lines)
    assert not (tmp_path / "gps").exists()


def test_stopping_unplugs_the_receiver(tmp_path: Path) -> None:
    """A reader that has the port open finds it gone, and the link no longer leads anywhere."""
    feeder = PtyFeeder(_epochs(time.time() + 60.0, 1, 1.0), tmp_path / "gps")
    feeder.start()
    with serial.Serial(str(tmp_path / "gps"), 9600, timeout=60.0) as port:
        feeder.stop()
        with pytest.raises((serial.SerialException, OSError)):
            port.read(1)


def test_what_nobody_reads_is_lost(tmp_path: Path) -> None:
    """A reader that comes late gets the last second or so, never a minute's old fixes."""
    start = time.time()
    written = threading.Event()

    def epochs() -> Iterator[tuple[float, bytes]]:
        for number in range(100):
            yield start + number * 0.001, b"$OLD*00\r\n" * 40
        written.set()

    feeder = PtyFeeder(epochs(), tmp_path / "gps")
    feeder.start()
    assert written.wait(60.0)
    descriptor = os.open(tmp_path / "gps", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    held = os.read(descriptor, 100_000)
    os.close(descriptor)
    feeder.stop()
    assert 0 < len(held) <= 4096  # of 36,000 bytes; the kernel tells late what it holds


def test_a_full_terminal_loses_an_epoch_and_the_feeder_goes_on(tmp_path: Path) -> None:
    """More in one go than a terminal holds: the receiver is there afterwards, and what comes next is read."""
    start = time.time()
    epochs = [(start, b"$OLD*00\r\n" * 20_000), (start, b"$OLD*00\r\n"), (start + 1.0, b"$NEW*00\r\n" * 100)]
    feeder = PtyFeeder(epochs, tmp_path / "gps")
    feeder.start()
    with serial.Serial(str(tmp_path / "gps"), 9600, timeout=60.0) as port:
        assert any(port.readline() == b"$NEW*00\r\n" for _ in range(20_100))
    feeder.stop()
