"""A call that may hang holds up nobody, and what it brings too late is discarded."""

import threading

import pytest

from edge.service.aside import Aside
from edge.service.supervisor import Heartbeat
from tests.waiting import PATIENCE_S, wait_for


def test_what_the_call_returns_or_raises_is_its_own() -> None:
    """As if it had been called here."""
    aside = Aside[int](lambda _: None)
    assert aside.call(lambda: 7, threading.Event(), PATIENCE_S) == 7
    with pytest.raises(OSError, match="no such device"):
        aside.call(fail, threading.Event(), PATIENCE_S)
    assert aside.call(lambda: 8, threading.Event(), PATIENCE_S) == 8


def fail() -> int:
    msg = "no such device"
    raise OSError(msg)


def test_a_call_that_hangs_is_given_up() -> None:
    """With signs of life meanwhile; no second one hangs beside it; its result, when it comes, is discarded."""
    answers, discarded = threading.Event(), list[str]()
    aside, heartbeat = Aside[str](discarded.append), Heartbeat()
    before = heartbeat.quiet_s

    def hang() -> str:
        answers.wait(PATIENCE_S)
        return "port"

    with pytest.raises(TimeoutError, match="does not answer"):
        aside.call(hang, heartbeat, 0.5)
    assert before() < 1.0
    with pytest.raises(TimeoutError, match="still hangs"):
        aside.call(lambda: "another", heartbeat, 0.5)
    answers.set()
    wait_for(lambda: discarded == ["port"])
    wait_for(lambda: _answered(aside, heartbeat))


def _answered(aside: Aside[str], stop: threading.Event) -> bool:
    try:
        return aside.call(lambda: "again", stop, PATIENCE_S) == "again"
    except TimeoutError:
        return False  # the thread of the call before has yet to end


def test_who_is_asked_to_stop_waits_no_longer() -> None:
    """None, and whatever comes later is discarded."""
    answers, stop, discarded = threading.Event(), threading.Event(), list[bool]()
    stop.set()
    assert Aside[bool](discarded.append).call(lambda: answers.wait(PATIENCE_S), stop, PATIENCE_S) is None
    answers.set()
    wait_for(lambda: discarded == [True])
