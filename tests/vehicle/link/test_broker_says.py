"""What a broker says, and what it may not do: refusals are told in words, and no bytes of its end the link."""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.mqtt import timings as mqtt
from edge.vehicle.link.timings import Timings
from tests.brokers import running
from tests.vehicle.link.headquarters import TOPICS, UNIT, car, headquarters
from tests.waiting import wait_for
from tests.words import shown

WELCOME = bytes([0x20, 3, 0, 0, 0])
FLEET_LIST = "topic readwrite #\n"
"""For who has no name here: this file's headquarters."""


@contextmanager
def broker_that_says(answer: Callable[[], bytes]) -> Iterator[int]:
    """Something that listens, takes CONNECT, says some bytes and hangs up a moment later; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    near = listening.accept()[0]
                except OSError:
                    return
                with near, contextlib.suppress(OSError):
                    near.recv(65_536)
                    near.sendall(answer())
                    time.sleep(0.02)

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (bytes([0x20, 3, 0, 0x87, 0]), "The broker refused the connection (Not authorized); contact your fleet admin"),
        (bytes([0x20, 3, 0, 0x89, 0]), "The broker refused the connection (Server busy)"),
        (WELCOME + bytes([0xE0, 2, 0x8E, 0]), "Another device is connected under this vehicle's name; contact your"),
        (WELCOME + bytes([0xE0, 2, 0x8B, 0]), "The broker is shutting down"),
        (
            WELCOME + bytes([0xE0, 2, 0x98, 0]),
            "The broker refused the connection (Administrative action); contact your",
        ),
        (WELCOME + bytes([0xF0, 0]), "The broker sent something that is not MQTT 5."),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "The broker "),
    ],
    ids=[
        "not authorised",
        "busy",
        "taken over",
        "shutting down",
        "thrown out",
        "reserved packet",
        "web server",
    ],
)
def test_what_a_broker_says_is_told(answer: bytes, sentence: str, agency: Agency, tmp_path: Path) -> None:
    """What passes by itself is told from what a fleet admin must mend."""
    with broker_that_says(lambda: answer) as port, car(agency, port, tmp_path) as one:
        wait_for(lambda: any(shown(view.notice).startswith(sentence) for view in one.views))


def packet(chance: random.Random) -> bytes:
    """One packet that looks like MQTT 5, and is not quite."""
    kind = chance.choice([2, 3, 3, 3, 4, 4, 9, 9, 11, 13, 14, chance.randrange(16)])
    topics = [b"", b"a", b"\xff\xfe", TOPICS.acks(UNIT).encode(), TOPICS.visits("car-2").encode(), b"/////"]
    topic = chance.choice(topics)
    head = len(topic).to_bytes(2, "big") + topic if kind == 3 else chance.choice([b"\0\1", b"\0\2", b"\0\3"])
    properties = chance.randbytes(chance.randrange(6))
    body = (
        head + bytes([len(properties)]) * chance.choice([0, 1, 1]) + properties + chance.randbytes(chance.randrange(9))
    )
    return bytes([kind << 4 | chance.choice([0, 2, chance.randrange(16)]), len(body)]) + body


def test_no_bytes_of_a_brokers_end_the_link(agency: Agency, tmp_path: Path) -> None:
    """Two hundred connections to one that says what comes to its mind: the link tries again each time."""
    chance, said = random.Random(5), [0]  # noqa: S311 - reproducible chance

    def answer() -> bytes:
        said[0] += 1
        return WELCOME * (chance.random() < 0.9) + b"".join(packet(chance) for _ in range(chance.randrange(1, 6)))

    at_once = Timings(mqtt.Timings(back_off_s=(0.0,)))
    with broker_that_says(answer) as port, car(agency, port, tmp_path, timings=at_once) as one:
        one.record(3)
        wait_for(lambda: said[0] >= 200 or one.died is not None)


def test_a_broker_that_refuses_what_a_car_says_or_hears_is_told_until_its_list_is_mended(
    agency: Agency, tmp_path: Path
) -> None:
    """Refused visits, status and records each have their sentence; mended, all goes on in the same session."""
    timings = Timings(status_s=1.0, listen_s=1.0, patience_s=1.0)
    access = tmp_path / "access"
    broker_folder = tmp_path / "broker"
    broker_folder.mkdir()

    def may(*lines: str) -> str:
        return FLEET_LIST + f"user {UNIT}\n" + "".join(f"topic {line}\n" for line in lines)

    hears, events, status, visits = (
        f"read {TOPICS.base}/#",
        f"write {TOPICS.events(UNIT)}",
        f"write {TOPICS.status(UNIT)}",
        f"write {TOPICS.visits(UNIT)}",
    )
    access.write_text(may(), encoding="utf-8")
    with (
        running(broker_folder, f"acl_file {access}\n") as broker,
        headquarters(broker.port) as hq,
        car(agency, broker.port, tmp_path, timings=timings, username=UNIT) as one,
    ):
        one.record(2)
        for lines, refused in (
            ((), "The broker rejected this vehicle's visits (Not authorized); contact your fleet admin."),
            ((visits,), "The broker rejected this vehicle's status (Not authorized); contact your fleet admin."),
            (
                (visits, status, hears),
                "The broker rejected this vehicle's records (Not authorized); contact your fleet admin.",
            ),
        ):
            access.write_text(may(*lines), encoding="utf-8")
            broker.reload()
            wait_for(lambda refused=refused: shown(one.view.notice) == refused)  # type: ignore[misc]
        access.write_text(may(visits, status, hears, events), encoding="utf-8")
        broker.reload()
        wait_for(lambda: one.acknowledged == 2 and shown(one.view.notice) == "")
        assert hq.held == one.bodies()
        assert "offline" not in [view.state for view in one.views[1:]], "it was the same session"
