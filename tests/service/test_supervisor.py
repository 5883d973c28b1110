"""The supervisor: a thread that looks whether it must stop is alive; one that ends or hangs is named."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from edge.errors import UserError
from edge.service.supervisor import HELD_UP_S, HUNG_S, DeadThreadError, Heartbeat, HungThreadError, Supervisor
from tests.waiting import PATIENCE_S, wait_for


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


def test_who_asks_whether_to_stop_is_alive(clock: Hand) -> None:
    """Asking and waiting are signs of life; being asked to stop is none of the thread's own."""
    heartbeat = Heartbeat(clock)
    clock.now += 7.0
    assert heartbeat.quiet_s() == 7.0
    heartbeat.set()
    assert heartbeat.quiet_s() == 7.0
    assert heartbeat.is_set()
    assert heartbeat.quiet_s() == 0.0
    clock.now += 3.0
    assert heartbeat.wait(0.0)
    assert heartbeat.quiet_s() == 0.0


def test_waiting_ends_in_time_and_when_asked() -> None:
    """As with any event: False after the time, True as soon as it is set."""
    heartbeat = Heartbeat()
    began = time.monotonic()
    assert not heartbeat.wait(0.05)
    assert time.monotonic() - began >= 0.05
    threading.Timer(0.05, heartbeat.set).start()
    assert heartbeat.wait(PATIENCE_S)
    assert heartbeat.wait(PATIENCE_S)


def wait_for_long(stop: threading.Event) -> None:
    """An hour, or until asked."""
    stop.wait(3600.0)


def test_a_thread_that_waits_for_long_is_alive(stops: ExitStack) -> None:
    """A recording with an hour's gap: the watch sees a sign of life at least every second or so."""
    heartbeat = Heartbeat()
    supervisor = Supervisor(stops)
    supervisor.start("gps", wait_for_long, heartbeat=heartbeat)
    for _ in range(2):
        wait_for(lambda: heartbeat.quiet_s() > 0.3)
        wait_for(lambda: heartbeat.quiet_s() < 0.2)


def test_a_thread_that_ended_is_named_with_its_cause(clock: Hand, stops: ExitStack) -> None:
    """Whether it failed or only returned; a user's mistake is passed on as one."""

    def fail(_: threading.Event) -> None:
        raise ZeroDivisionError

    def leave(_: threading.Event) -> None:
        pass

    cases = ((fail, r"thread 'engine' stopped: ZeroDivisionError"), (leave, r"thread 'engine' stopped$"))
    for body, expected in cases:
        supervisor = Supervisor(stops, now=clock)
        supervisor.start("engine", body)
        wait_for(lambda: not any(thread.name == "engine" for thread in threading.enumerate()))
        with pytest.raises(DeadThreadError, match=expected):
            supervisor.check()

    def mistaken(_: threading.Event) -> None:
        raise UserError("gps.log: no such file")

    supervisor = Supervisor(stops, now=clock)
    supervisor.start("gps", mistaken)
    wait_for(lambda: not any(thread.name == "gps" for thread in threading.enumerate()))
    with pytest.raises(UserError, match=r"gps\.log"):
        supervisor.check()


def stuck_in_a_driver(stop: threading.Event, release: threading.Event) -> None:
    """Never looks whether it must stop."""
    assert stop is not release
    release.wait(2 * PATIENCE_S)


def test_a_thread_that_hangs_is_named_with_the_place_it_hangs_in(clock: Hand, stops: ExitStack) -> None:
    """Only after 20 s without a sign of life; of several, the one that was quiet first: the others wait for it."""
    release = threading.Event()
    stops.callback(release.set)
    supervisor = Supervisor(stops, now=clock)
    supervisor.start("engine", lambda stop: stuck_in_a_driver(stop, release))
    clock.now += 2.0
    supervisor.start("gps", lambda stop: stuck_in_a_driver(stop, release))
    supervisor.check()
    for _ in range(6):
        clock.now += 3.0
        supervisor.check()
    clock.now += 3.0
    with pytest.raises(
        HungThreadError, match=rf"^thread 'engine' is hung: no sign of life for {HUNG_S:.0f} s$"
    ) as hung:
        supervisor.check()
    assert "in stuck_in_a_driver" in hung.value.stack
    release.set()


def test_how_long_a_thread_may_be_quiet_is_the_daemons_to_say(clock: Hand, stops: ExitStack) -> None:
    """Headquarters' database may be across a network."""
    release = threading.Event()
    stops.callback(release.set)
    supervisor = Supervisor(stops, hung_s=60.0, now=clock)
    supervisor.start("intake", lambda stop: stuck_in_a_driver(stop, release))
    for _ in range(15):
        clock.now += 4.0
        supervisor.check()
    clock.now += 4.0
    with pytest.raises(HungThreadError, match=r"^thread 'intake' is hung: no sign of life for 60 s$"):
        supervisor.check()
    release.set()


def test_a_computer_that_slept_has_no_hanging_threads(clock: Hand, stops: ExitStack) -> None:
    """The watch was held up as long as they were: each gets its time anew."""
    release = threading.Event()
    stops.callback(release.set)
    supervisor = Supervisor(stops, now=clock)
    supervisor.start("engine", lambda stop: stuck_in_a_driver(stop, release))
    supervisor.check()
    clock.now += 3600.0
    supervisor.check()
    clock.now += HELD_UP_S
    supervisor.check()
    release.set()


def test_a_failure_on_the_way_out_is_not_lost(clock: Hand) -> None:
    """The last record could not be written: the process must not end as if all were well."""

    def engine(stop: threading.Event) -> None:
        stop.wait()
        raise OSError("the disk is full")

    with ExitStack() as stops:
        supervisor = Supervisor(stops, now=clock)
        supervisor.start("engine", engine)
        supervisor.check()
    with pytest.raises(DeadThreadError, match="'engine' stopped: OSError"):
        supervisor.raise_failures()
