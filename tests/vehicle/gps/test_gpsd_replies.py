"""What is read from gpsd's replies, and what is not taken for one. Needs no gpsd."""

import socket
import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from gpsd import GpsResponse

from edge.domain.inputs import Fix
from edge.vehicle.gps.gpsd import GpsdSource, reading
from tests.vehicle.gps.running import running
from tests.waiting import wait_for
from tests.words import shown

TPV: dict[str, Any] = {
    "class": "TPV",
    "mode": 3,
    "time": "2026-03-02T12:00:00.250Z",
    "lat": 41.88,
    "lon": -87.63,
    "speed": 11.1,
    "epx": 9.8,
    "epy": 19.6,
}


def read(tpv: dict[str, Any], sky: dict[str, Any]) -> Fix:
    response = GpsResponse.from_json({"active": 1, "tpv": [tpv], "sky": [sky]})
    return reading(response, tpv, sky, 7.0)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in TPV.items() if name not in names}


def test_a_report_is_read() -> None:
    """Time, place, speed, and the 95 % errors of two axes as 68 % in the plane."""
    fix = read(TPV, {})
    assert (fix.mono, fix.lat, fix.lon, fix.speed, fix.quality, fix.flags) == (7.0, 41.88, -87.63, 11.1, 1, ())
    assert fix.utc == 1772452800.25
    assert fix.accuracy == pytest.approx((5.0**2 + 10.0**2) ** 0.5)


def test_without_errors_by_hdop() -> None:
    """Five metres for each unit; without that either, an assumption that says so."""
    assert read(without("epx", "epy"), {"hdop": 1.4}).accuracy == pytest.approx(7.0)
    assumed = read(without("epx"), {})
    assert (assumed.accuracy, assumed.flags) == (15.0, ("accuracy_assumed",))


def test_course_is_the_track_that_gpsd_reports() -> None:
    """Degrees from true north; None where it has none."""
    assert read({**TPV, "track": 271.5}, {}).course == 271.5
    assert read(TPV, {}).course is None


def test_no_speed_is_none() -> None:
    """gpsd-py3 makes it 0.0, which would be parked."""
    assert read(without("speed"), {}).speed is None


@pytest.mark.parametrize("hdop", [0, -1.0, float("nan"), float("inf"), "1.2", None])
def test_a_dilution_that_is_none_is_assumed(hdop: object) -> None:
    """NaN metres would pass for a good accuracy, and minus five for a better one."""
    assert read(without("epx"), {"hdop": hdop}).accuracy == 15.0


def test_an_accuracy_has_a_number() -> None:
    """However wide the errors are: an infinite one would have no place in the snapshot's JSON."""
    assert read({**TPV, "epx": 1e308, "epy": 1e308}, {}).accuracy == 100_000.0
    assert read(without("epx"), {"hdop": 1e308}).accuracy == 100_000.0


@pytest.mark.parametrize(("status", "quality"), [(1, 1), (2, 2), (3, 4), (4, 5), (5, 6), (99, 1)])
def test_status_is_quality(status: int, quality: int) -> None:
    """The status of gpsd in GGA's terms."""
    assert read({**TPV, "status": status}, {}).quality == quality


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 400 Bad Request\r\n",
        b"[]\n",
        b'{"class":"POLL","tpv":[{"mode":"x"}]}\n',
        b"",
        pytest.param(b"[" * 100_000 + b"\n", id="nested"),
        pytest.param(b"9" * 100_000 + b"\n", id="long"),
    ],
)
def test_whatever_answers(answer: bytes) -> None:
    """Another service on the port, or odd replies: no fix, no crash, and it ends when asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):  # the test is over
                for _ in range(2):
                    connection, _ = server.accept()
                    with connection:
                        connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        port = server.getsockname()[1]
        with running(lambda post: GpsdSource("127.0.0.1", port, post, time.monotonic)) as run:
            wait_for(lambda: "not opened yet" not in shown(run.source.status().notice))
            assert run.fixes == []
