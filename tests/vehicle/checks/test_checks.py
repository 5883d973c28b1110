"""Computer, clock, certificate, broker, receiver and screen: each with what is right, doubtful and wrong."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509

from edge.domain.inputs import Fix
from edge.mqtt.broker import BrokerConfig
from edge.text.words import Notice
from edge.vehicle.checks.certificate import of_certificate
from edge.vehicle.checks.computer import of_processor, of_user
from edge.vehicle.checks.reach import of_broker
from edge.vehicle.checks.receiver import of_source
from edge.vehicle.checks.screen import of_backlight, of_page, of_panel
from edge.vehicle.checks.time_of_day import of_clock
from edge.vehicle.gps.port import SourceStatus, State
from edge.vehicle.released import RELEASED
from tests.certificates import Authority

FIX = Fix(1000.0, 1.0, 39.3, -76.6, 0.0, 4.2)


def test_a_computer_of_32_bits_or_of_another_kind_is_a_fault() -> None:
    """No wheel of the models' runtime is made for it."""
    assert of_processor("aarch64", wide=True).grade == "ok"
    assert "64-bit image" in of_processor("aarch64", wide=False).text
    assert of_processor("riscv64", wide=True).grade == "fault"
    assert (of_user(0, "car-1").grade, of_user(990, "car-1").grade) == ("warning", "ok")


def test_a_clock_is_judged_by_what_cannot_be_and_by_what_set_it() -> None:
    """A car patrols with any clock: never a fault."""
    before, after = RELEASED.timestamp() - 1, RELEASED.timestamp() + 1
    assert "before this software was made" in of_clock(before, disciplined=True).text
    assert (of_clock(after, disciplined=False).grade, of_clock(after, disciplined=True).grade) == ("warning", "ok")


@pytest.mark.parametrize(
    ("unit", "days", "grade", "said"),
    [
        ("car-1", 0, "ok", "is car-1's, and holds until"),
        ("car-1", -24, "warning", "renewal is overdue"),
        ("car-1", 1, "fault", "roundsman provision image-files car-1"),
        ("car-2", 0, "fault", "is car-1's, not car-2's"),
    ],
)
def test_a_certificate_is_judged_by_its_name_and_its_end(
    tmp_path: Path, unit: str, days: int, grade: str, said: str
) -> None:
    """``days`` after its end (before it: 90, or so many)."""
    issued = Authority(tmp_path).issue("car-1")
    cert = x509.load_pem_x509_certificate(issued.cert.read_bytes())
    at = cert.not_valid_after_utc + timedelta(days=days or -90)
    found = of_certificate(cert, unit, at.timestamp())
    assert (found.grade, said in found.text) == (grade, True)


def test_a_broker_that_cannot_be_reached_is_a_warning() -> None:
    """Records wait in the car. One that answers is not logged in to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert of_broker(BrokerConfig(port=port)).grade == "ok"
    found = of_broker(BrokerConfig(port=port))
    assert (found.grade, "records wait in the car" in found.text) == ("warning", True)


class Receiver:
    """A receiver that is in one state, and has fixes to post or not."""

    def __init__(self, state: State, fixes: list[Fix], got: threading.Event) -> None:
        self._state = state
        self._fixes = fixes
        self._got = got

    def run(self, stop: threading.Event) -> None:
        """See `Source`."""
        if self._fixes:
            self._got.set()
        stop.wait()

    def status(self) -> SourceStatus:
        """See `Source`."""
        return SourceStatus(self._state, "/dev/gps", None, None, 0, {}, Notice("gps.missing", {"device": "/dev/gps"}))


@pytest.mark.parametrize(
    ("state", "fixes", "grade"),
    [("receiving", [FIX], "ok"), ("searching", [], "warning"), ("missing", [], "fault"), ("silent", [], "fault")],
)
def test_a_receiver_without_a_fix_is_a_warning_without_a_sentence_a_fault(
    state: State, fixes: list[Fix], grade: str
) -> None:
    """In a garage there is no sky; a cable that is out is another matter."""
    got = threading.Event()
    found = of_source(Receiver(state, fixes, got), got, fixes, 0.01)
    assert found.grade == grade
    assert ("within 4 m" in found.text) == (grade == "ok")


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    """Something that says ``body`` to whatever it is asked; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "grade", "said"),
    [
        (json.dumps({"ok": True, "unit": "car-1"}).encode(), "ok", "car-1 serves it"),
        (json.dumps({"unit": "car-2"}).encode(), "warning", "something else than car-1 answers"),
        (b"[]", "warning", "something else than car-1 answers"),
        (b"<html>", "warning", "the daemon does not run"),
    ],
)
def test_the_page_is_that_of_this_vehicle(body: bytes, grade: str, said: str) -> None:
    """And not of another program on its port."""
    with answering(body) as port:
        found = of_page("127.0.0.1", port, "car-1")
    assert (found.grade, said in found.text) == (grade, True)


def test_a_page_that_nobody_serves_names_the_unit_to_look_at() -> None:
    """Its journal says why."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "systemctl status roundsman-vehicle" in of_page("127.0.0.1", port, "car-1").text


def test_a_panel_is_known_by_its_connector(tmp_path: Path) -> None:
    """None connected: the cable, or its power."""
    assert of_panel(tmp_path).grade == "warning"
    for name, status in (("card1-HDMI-A-1", "disconnected"), ("card1-DSI-1", "connected")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "status").write_text(f"{status}\n")
    found = of_panel(tmp_path)
    assert (found.grade, found.text) == ("ok", "a panel at card1-DSI-1")


def test_a_backlight_that_may_be_set_is_named(tmp_path: Path) -> None:
    """Without one the page darkens itself."""
    assert of_backlight([tmp_path]).text == "no backlight: the page darkens itself"
    (tmp_path / "brightness").touch()
    assert of_backlight([tmp_path]).text == f"the backlight {tmp_path.name} can be set"
