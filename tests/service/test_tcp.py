"""Connecting to a name: dead addresses cost little, silent ones are left, a name server that hangs holds up nobody."""

import contextlib
import errno
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from edge.service.tcp import Host
from tests.mqtt.asked import Asked
from tests.waiting import PATIENCE_S, wait_for

Endpoint = tuple[str, int]


@contextmanager
def full() -> Iterator[Endpoint]:
    """An address whose queue of connections is full: the kernel answers to no more."""
    with socket.socket() as listening, ExitStack() as stack:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()


@contextmanager
def alive() -> Iterator[Endpoint]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()


def nobody() -> Endpoint:
    """An address that refuses."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        at: Endpoint = listening.getsockname()
    return at


def named(monkeypatch: pytest.MonkeyPatch, *endpoints: Endpoint) -> None:
    """Have every name stand for some addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in endpoints]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: found)


def peer(host: Host) -> Endpoint:
    """Connect, and which address it was."""
    connection = host.connect(threading.Event())
    assert connection is not None
    with connection:
        at: Endpoint = connection.getpeername()
        assert connection.gettimeout() is None, "the socket blocks, as any new one"
        return at


def test_a_name_whose_first_addresses_are_dead_is_reached_at_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many: each is only waited for a moment. With 5 s for each in turn it would take 30 s."""
    with ExitStack() as stack:
        dead = [stack.enter_context(full()) for _ in range(6)]
        good = stack.enter_context(alive())
        named(monkeypatch, *dead, good)
        assert peer(Host("broker.example", 1, address_s=PATIENCE_S)) == good


def test_an_address_that_refuses_costs_nothing_and_one_that_never_answers_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where none answers, the error is the one that says most: somebody is there, then silence."""
    with full() as dead:
        named(monkeypatch, dead, nobody())
        with pytest.raises(ConnectionRefusedError):
            Host("broker.example", 1, address_s=0.4).connect(threading.Event())
        named(monkeypatch, dead)
        with pytest.raises(TimeoutError):
            Host("broker.example", 1, address_s=0.4).connect(threading.Event())


def test_a_family_without_a_network_does_not_hide_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with an IPv6 address on a kernel that has none."""

    class Only4(socket.socket):
        def __init__(self, family: int = -1, *arguments: Any, **more: Any) -> None:
            if family == socket.AF_INET6:
                raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
            super().__init__(family, *arguments, **more)

    with alive() as good:
        monkeypatch.setattr(socket, "socket", Only4)
        six = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 1883, 0, 0))
        four = (socket.AF_INET, socket.SOCK_STREAM, 6, "", good)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: [six, four])
        assert peer(Host("broker.example", 1)) == good


def test_families_are_tried_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five dead IPv6 addresses do not stand before the first of IPv4 (RFC 8305, section 4)."""
    asked: list[str] = []

    class Silent(socket.socket):
        def connect_ex(self, address: Any, /) -> int:
            asked.append(address[0])
            return errno.ENETUNREACH

    six = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (f"2001:db8::{n}", 1, 0, 0)) for n in range(1, 6)]
    four = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 1)) for n in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: six + four)
    monkeypatch.setattr(socket, "socket", Silent)
    with pytest.raises(OSError, match="unreachable"):
        Host("broker.example", 1).connect(threading.Event())
    assert asked == [
        "2001:db8::1",
        "192.0.2.1",
        "2001:db8::2",
        "192.0.2.2",
        "2001:db8::3",
        "2001:db8::4",
        "2001:db8::5",
    ]


def test_an_address_that_was_of_no_use_comes_last_and_each_is_tried_once_a_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All connect, none speaks: first, second, third, then all anew in that order; `others` says where a round ends."""
    with alive() as first, alive() as second, alive() as third:
        named(monkeypatch, first, second, third)
        host = Host("broker.example", 1)
        seen = [(peer(host), host.others) for _ in range(6)]
        assert seen == [(first, True), (second, True), (third, False)] * 2
        host = Host("broker.example", 1)
        assert [peer(host), peer(host)] == [first, second]
        host.worked()
        assert [peer(host) for _ in range(3)] == [second, third, first], "what worked is left only when it fails"


def test_a_silent_address_is_not_taken_for_another_that_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first connects and is of no use, the second never answers: the round ends, and no other begins at once."""
    with alive() as silent, full() as dead:
        named(monkeypatch, silent, dead)
        host = Host("broker.example", 1, address_s=0.4)
        assert peer(host) == silent
        assert host.others
        with pytest.raises(TimeoutError):
            host.connect(threading.Event())
        assert not host.others


def test_addresses_that_change_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up at each attempt: a broker that moved is reached."""
    with alive() as before, alive() as after:
        host = Host("broker.example", 1)
        named(monkeypatch, before)
        assert peer(host) == before
        named(monkeypatch, after)
        assert peer(host) == after


def test_stop_is_asked_all_the_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a name server that hangs, and by an address that never answers; obeyed at once."""
    answers = threading.Event()
    with full() as dead:
        named(monkeypatch, dead)
        stop = Asked(enough=4)
        assert Host("broker.example", 1, address_s=PATIENCE_S).connect(stop) is None
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: answers.wait(PATIENCE_S))
        stop = Asked(enough=4)
        assert Host("broker.example", 1).connect(stop, name_s=PATIENCE_S) is None
        answers.set()
    assert stop.longest_silence() < PATIENCE_S


def hanging() -> int:
    """How many look-ups are under way."""
    return sum(thread.name == "name look-up" for thread in threading.enumerate())


def test_a_name_server_that_hangs_is_given_up_and_costs_few_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread an attempt would be the end of a car in a day; once it answers, connecting goes on."""
    answers, asked, real = threading.Event(), itertools.count(), socket.getaddrinfo

    def hang(*arguments: Any, **more: Any) -> Any:
        next(asked)
        answers.wait(PATIENCE_S)
        return real(*arguments, **more)

    with alive() as (address, port):
        wait_for(lambda: hanging() == 0)
        monkeypatch.setattr(socket, "getaddrinfo", hang)
        host = Host(address, port)
        with contextlib.closing(_Opener(answers)):
            for _ in range(9):
                with pytest.raises(TimeoutError):
                    host.connect(threading.Event(), name_s=0.05)
            assert hanging() == 3
            assert next(asked) == 3
        wait_for(lambda: hanging() == 0)
        assert peer(host) == (address, port)


class _Opener:
    """Lets the name server answer in the end, whatever the test does."""

    def __init__(self, answers: threading.Event) -> None:
        self.close = answers.set


def test_a_name_that_nobody_knows_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver's own error comes out, so that it can be put in words."""

    def unknown(*_arguments: Any, **_more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    began = time.monotonic()
    with pytest.raises(socket.gaierror):
        Host("broker.example", 1).connect(threading.Event())
    assert time.monotonic() - began < PATIENCE_S
