"""Vital threads: one that looks whether it must stop is alive; one that ends or hangs is named."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from edge.errors import UserError
from edge.service.vital import HELD_UP_S, HUNG_S, DeadThreadError, HungThreadError, Pulse, Vital


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Monotonic seconds."""
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def stops() -> Iterator[ExitStack]:
    """Ends every part at the test's end."""
    with ExitStack() as stack:
        yield stack


def until(holds: Callable[[], bool]) -> None:
    """Wait for another thread."""
    end = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_who_asks_whether_to_stop_is_alive(clock: Hand) -> None:
    """Asking and waiting are signs of life; being asked to stop is none of the thread's own."""
    pulse = Pulse(clock)
    clock.now += 7.0
    assert pulse.quiet_s() == 7.0
    pulse.set()
    assert pulse.quiet_s() == 7.0
    assert pulse.is_set()
    assert pulse.quiet_s() == 0.0
    clock.now += 3.0
    assert pulse.wait(0.0)
    assert pulse.quiet_s() == 0.0


def test_waiting_ends_in_time_and_when_asked() -> None:
    """As with any event: False after the time, True as soon as it is set."""
    pulse = Pulse()
    began = time.monotonic()
    assert not pulse.wait(0.05)
    assert 0.05 <= time.monotonic() - began < 1.0
    threading.Timer(0.05, pulse.set).start()
    assert pulse.wait(60.0)
    assert pulse.wait()
    assert time.monotonic() - began < 5.0


def wait_for_long(stop: threading.Event) -> None:
    """An hour, or until asked."""
    stop.wait(3600.0)


def test_a_thread_that_waits_for_long_is_alive(stops: ExitStack) -> None:
    """A recording with an hour's gap: the watch sees a sign of life at least every second or so."""
    pulse = Pulse()
    vital = Vital(stops)
    vital.run("gps", wait_for_long, pulse=pulse)
    quiet = 0.0
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        quiet = max(quiet, pulse.quiet_s())
        time.sleep(0.01)
    assert quiet < 2.0


def test_a_thread_that_ended_is_named_with_its_cause(clock: Hand, stops: ExitStack) -> None:
    """Whether it failed or only returned; a user's mistake is passed on as one."""

    def fail(_: threading.Event) -> None:
        raise ZeroDivisionError

    def leave(_: threading.Event) -> None:
        pass

    cases = ((fail, r"thread 'engine' has ended: ZeroDivisionError"), (leave, r"thread 'engine' has ended$"))
    for body, expected in cases:
        vital = Vital(stops, clock)
        vital.run("engine", body)
        until(lambda: not any(thread.name == "engine" for thread in threading.enumerate()))
        with pytest.raises(DeadThreadError, match=expected):
            vital.check()

    def mistaken(_: threading.Event) -> None:
        raise UserError("gps.log: no such file")

    vital = Vital(stops, clock)
    vital.run("gps", mistaken)
    until(lambda: not any(thread.name == "gps" for thread in threading.enumerate()))
    with pytest.raises(UserError, match=r"gps\.log"):
        vital.check()


def stuck_in_a_driver(stop: threading.Event, release: threading.Event) -> None:
    """Never looks whether it must stop."""
    assert stop is not release
    release.wait()


def test_a_thread_that_hangs_is_named_with_the_place_it_hangs_in(clock: Hand, stops: ExitStack) -> None:
    """Only after 20 s without a sign of life; of several, the one that was quiet first: the others wait for it."""
    release = threading.Event()
    stops.callback(release.set)
    vital = Vital(stops, clock)
    vital.run("engine", lambda stop: stuck_in_a_driver(stop, release))
    clock.now += 2.0
    vital.run("gps", lambda stop: stuck_in_a_driver(stop, release))
    vital.check()
    for _ in range(6):
        clock.now += 3.0
        vital.check()
    clock.now += 3.0
    with pytest.raises(HungThreadError, match=rf"^thread 'engine' hangs: no sign of life for {HUNG_S:.0f} s$") as hung:
        vital.check()
    assert "in stuck_in_a_driver" in hung.value.stack
    release.set()


def test_a_computer_that_slept_has_no_hanging_threads(clock: Hand, stops: ExitStack) -> None:
    """The watch was held up as long as they were: each gets its time anew."""
    release = threading.Event()
    stops.callback(release.set)
    vital = Vital(stops, clock)
    vital.run("engine", lambda stop: stuck_in_a_driver(stop, release))
    vital.check()
    clock.now += 3600.0
    vital.check()
    clock.now += HELD_UP_S
    vital.check()
    release.set()


def test_a_failure_on_the_way_out_is_not_lost(clock: Hand) -> None:
    """The last record could not be written: the process must not end as if all were well."""

    def engine(stop: threading.Event) -> None:
        stop.wait()
        raise OSError("the disk is full")

    with ExitStack() as stops:
        vital = Vital(stops, clock)
        vital.run("engine", engine)
        vital.check()
    with pytest.raises(DeadThreadError, match="'engine' has ended: OSError"):
        vital.raise_failures()
