"""What is read from gpsd's reports, which receiver is followed, and what is not taken for gpsd. Needs no gpsd."""

import json
import math
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from gpsd import GpsResponse

from edge.domain.inputs import Fix
from edge.service.supervisor import HUNG_S, Heartbeat
from edge.vehicle.gps.gpsd import GpsdSource
from edge.vehicle.gps.gpsd_lines import Lines
from edge.vehicle.gps.gpsd_receivers import Receivers, reading
from tests.vehicle.gps.running import running
from tests.waiting import PATIENCE_S, wait_for
from tests.words import shown

TPV: dict[str, Any] = {
    "class": "TPV",
    "device": "/dev/ttyACM0",
    "mode": 3,
    "time": "2026-03-02T12:00:00.250Z",
    "lat": 41.88,
    "lon": -87.63,
    "speed": 11.1,
    "epx": 9.8,
    "epy": 19.6,
}


def read(tpv: dict[str, Any], sky: dict[str, Any], *, names_used: bool = False) -> Fix:
    response = GpsResponse.from_json({"active": 1, "tpv": [tpv], "sky": [sky]})
    return reading(response, tpv, sky, 7.0, names_used=names_used)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in TPV.items() if name not in names}


def satellites(used: int, seen: int = 8) -> dict[str, Any]:
    return {"satellites": [{"PRN": number, "used": number < used} for number in range(seen)]}


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


def test_the_worst_error_decides() -> None:
    """In a tunnel epx, epy and the dilution stay as they were, and the receiver itself says that it is 320 m off."""
    tunnel = {**TPV, "mode": 2, "epx": 9.5, "epy": 11.3, "eph": 320.0}
    fix = read(tunnel, {"hdop": 1.1, **satellites(0)}, names_used=True)
    assert fix.accuracy == 320.0
    assert fix.flags == ("no_satellites",)
    assert not fix.by_satellites
    assert read(tunnel, {}).accuracy == pytest.approx(185, abs=1)  # no dilution: read as 95 %
    assert read({**TPV, "epx": 9.5, "epy": 11.3, "eph": 45.0}, {"hdop": 1.1}).accuracy == 45.0
    assert read({**TPV, "epx": 9.5, "epy": 11.3}, {"hdop": 9.0}).accuracy == 45.0


@pytest.mark.parametrize(("eph", "hdop"), [(20.9, 1.1), (22.0, 1.1), (5.2, 1.1), (38.0, 2.0)])
def test_an_error_that_is_gpsds_product_of_the_dilution_says_no_more_than_that(eph: float, hdop: float) -> None:
    """19 m for each unit of HDOP, or 4.75 with corrections: five metres for each unit, as a serial receiver's."""
    assert read({**without("epx"), "eph": eph}, {"hdop": hdop}).accuracy == pytest.approx(5 * hdop)


def test_mode_2_is_a_position_with_an_assumed_height() -> None:
    """Flagged, and twice as far off as its dilution says; where no dilution is given it stays an assumption."""
    flat = {**without("epx"), "mode": 2}
    assert (read(flat, {"hdop": 1.4}).accuracy, read(flat, {"hdop": 1.4}).flags) == (14.0, ("few_satellites",))
    assert (read(flat, {}).accuracy, read(flat, {}).flags) == (15.0, ("few_satellites", "accuracy_assumed"))


def test_no_satellite_in_use() -> None:
    """Where the receiver has named some before, or claims an error of the sky; one that never names any is believed."""
    plain = without("epx", "epy")
    assert read(plain, {"hdop": 1.1, **satellites(0)}, names_used=True).flags == ("no_satellites",)
    assert read(TPV, {"hdop": 1.1, **satellites(0)}).flags == ("no_satellites",)
    assert read(plain, {"hdop": 1.1, **satellites(0)}).flags == ()
    assert read(plain, {"hdop": 1.1, **satellites(3)}).flags == ("few_satellites",)


def test_course_is_the_track_that_gpsd_reports() -> None:
    """Degrees from true north; None where it has none."""
    assert read({**TPV, "track": 271.5}, {}).course == 271.5
    assert read(TPV, {}).course is None


def test_no_speed_is_none() -> None:
    """gpsd-py3 makes it 0.0, which would be parked."""
    assert read(without("speed"), {}).speed is None


@pytest.mark.parametrize("hdop", [0, -1.0, math.nan, math.inf, "1.2", None])
def test_a_dilution_that_is_none_is_assumed(hdop: object) -> None:
    """NaN metres would pass for a good accuracy, and minus five for a better one."""
    assert read(without("epx"), {"hdop": hdop}).accuracy == 15.0
    assert read({**without("epx"), "eph": hdop}, {}).accuracy == 15.0


def test_an_accuracy_has_a_number() -> None:
    """However wide the errors are: an infinite one would have no place in the snapshot's JSON."""
    assert read({**TPV, "epx": 1e308, "epy": 1e308}, {}).accuracy == 100_000.0
    assert read(without("epx"), {"hdop": 1e308}).accuracy == 100_000.0


@pytest.mark.parametrize(
    ("status", "quality"), [(1, 1), (2, 2), (3, 4), (4, 5), (5, 6), (6, 1), (7, 7), (8, 8), (99, 1)]
)
def test_status_is_quality(status: int, quality: int) -> None:
    """The status of gpsd in GGA's terms: 5 is dead reckoning alone, 6 with satellites; 7 a position entered by hand."""
    assert read({**TPV, "status": status}, {}).quality == quality


def lines(*parts: bytes) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The reports of a connection that began well, and what was refused."""
    refused: Counter[str] = Counter()
    reader = Lines(refused)
    return [report for part in (b'{"class":"VERSION"}\n', *parts) for report in reader.feed(part)][1:], refused


def test_a_figure_that_is_no_number_is_missing() -> None:
    """Some versions write nan, which is no JSON: the rest of the report is read."""
    (report,), refused = lines(b'{"class":"TPV","mode":3,"speed":nan,"epx": -inf,"lat":41.5}\n')
    assert report == {"class": "TPV", "mode": 3, "speed": None, "epx": None, "lat": 41.5}
    assert not refused


@pytest.mark.parametrize(
    "line", [b'{"class":"TPV","lat":41,88,"lon":-87.6}', b'{"class":"TPV","la', b"[1]", b"[" * 100_000, b"\xff"]
)
def test_a_line_that_is_no_report_is_passed_over(line: bytes) -> None:
    """A decimal comma, a line cut off, odd JSON: counted, and the next line is read; gpsd is there all the while."""
    reports, refused = lines(line + b"\n", b'{"class":"TPV"}\n')
    assert reports == [{"class": "TPV"}]
    assert refused == {"gpsd_reply": 1}


def test_reports_come_in_any_portions() -> None:
    """Byte by byte as all at once."""
    data = json.dumps(TPV).encode() + b"\n"
    assert lines(*(data[at : at + 1] for at in range(len(data))))[0] == [TPV]


class Stream:
    """Reports of several receivers, a second each."""

    def __init__(self, device: str | None = None) -> None:
        self.refused: Counter[str] = Counter()
        self.receivers = Receivers(device, self.refused)

    def tpv(self, second: int, device: str, **other: Any) -> str | None:
        """The receiver whose report at this second is followed with a position, by its longitude."""
        report = {**TPV, "device": device, "time": f"2026-03-02T12:00:{second:02d}.000Z", **other}
        if not self.receivers.concerns(report):
            return None
        return device if self.receivers.position(report, 1000.0 + second) is not None else None


A, B = "/dev/ttyACM0", "/dev/ttyUSB2"


@pytest.mark.parametrize("order", [(A, B), (B, A)])
def test_two_receivers_the_one_with_a_fix_is_followed(order: tuple[str, str]) -> None:
    """Whichever is listed last: the other has no fix."""
    stream = Stream()
    seen = [stream.tpv(s, one, mode=3 if one == A else 1) for s in range(5) for one in order]
    assert [one for one in seen if one] == [A] * 4


def test_two_receivers_the_better_mode_then_the_smaller_error() -> None:
    """3D before 2D; of two alike the one that is clearly better; a little better is no reason to change."""
    stream = Stream()
    plan: list[tuple[int, dict[str, Any], dict[str, Any]]] = [  # from second, A's report, B's report
        (0, {"mode": 2}, {"mode": 3, "epx": 30.0, "epy": 30.0}),
        (10, {"mode": 3, "epx": 9.0, "epy": 9.0}, {"mode": 3, "epx": 30.0, "epy": 30.0}),
        (20, {"mode": 3, "epx": 9.0, "epy": 9.0}, {"mode": 3, "epx": 8.0, "epy": 8.0}),
        (30, {"mode": 1}, {"mode": 3, "epx": 30.0, "epy": 30.0}),
        (40, {"mode": 3, "epx": 9.0, "epy": 9.0, "status": 5}, {"mode": 2, "epx": 30.0, "epy": 30.0}),
    ]
    followed = []
    for begin, of_a, of_b in plan:
        seen = [one for s in range(begin, begin + 10) for one in (stream.tpv(s, A, **of_a), stream.tpv(s, B, **of_b))]
        followed.append({one for one in seen[4:] if one})
    assert followed == [{B}, {A}, {A}, {B}, {B}]


def test_a_receiver_that_falls_silent_is_left() -> None:
    """For the worse one that reports, once three seconds have passed."""
    stream = Stream()
    for s in range(8):
        stream.tpv(s, A), stream.tpv(s, B, mode=2)
    assert [stream.tpv(s, B, mode=2) for s in range(8, 13)] == [None, None, None, B, B]


def test_one_receiver_by_its_name(tmp_path: Path) -> None:
    """By gpsd's name for it or a link to that; the other one's reports are no matter, however good."""
    link = tmp_path / "gps"
    link.symlink_to(A)
    for name in (A, str(link)):
        stream = Stream(name)
        seen = [one for s in range(4) for one in (stream.tpv(s, A, mode=2), stream.tpv(s, B))]
        assert [one for one in seen if one] == [A] * 3


def test_a_receiver_that_gpsd_does_not_have() -> None:
    """The one that is named, or any at all."""
    listed = {"class": "DEVICES", "devices": [{"path": B}]}
    assert Stream(A).receivers.missing(listed) == A
    assert Stream(B).receivers.missing(listed) is None
    assert Stream().receivers.missing(listed) is None
    assert Stream().receivers.missing({"class": "DEVICES", "devices": []}) == ""


def test_each_receiver_has_its_own_sky() -> None:
    """The other's dilution of 99.99 says nothing of this one."""
    stream = Stream()
    stream.receivers.sky({"class": "SKY", "device": A, "hdop": 1.2})
    stream.receivers.sky({"class": "SKY", "device": B, "hdop": 99.99})
    plain = {**without("epx"), "device": A}
    stream.receivers.position(plain, 1.0)
    fix = stream.receivers.position({**plain, "time": "2026-03-02T12:00:01.250Z"}, 2.0)
    assert fix is not None
    assert fix.accuracy == 6.0


def test_the_case_of_two_receivers(shared_data: Path) -> None:
    """A reply from the field: the last one listed has no fix."""
    (case,) = (shared_data / "field_cases" / "gps").glob("f3-*.json")
    poll = json.loads(case.read_text())
    receivers, found = Receivers(None, Counter()), []
    for second in range(3):
        for sky in poll["sky"]:
            receivers.sky(sky)
        for tpv in poll["tpv"]:
            later = {**tpv, "time": f"2026-11-22T15:00:{15 + second}.000Z"}
            found.append(receivers.position(later, float(second)))
    places = [(fix.lat, fix.lon, round(fix.accuracy, 1)) for fix in found if fix is not None]
    assert places == [(41.876539667, -87.624, 7.5)] * 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 400 Bad Request\r\n",
        b"[]\n",
        b'{"class":"POLL","tpv":[{"mode":"x"}]}\n',
        b'{"class":"VERSION"}\n{"class":"TPV","mode":"x"}\n',
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


def test_a_name_server_that_hangs_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host's name that nobody answers for: the thread goes on looking whether it must stop; a sentence says why."""
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: answers.wait(PATIENCE_S))
    heartbeat = Heartbeat()
    source = GpsdSource("gps.example", 2947, print, time.monotonic)
    thread = threading.Thread(target=source.run, args=[heartbeat], daemon=True)
    thread.start()
    longest = 0.0
    end = time.monotonic() + PATIENCE_S
    while "DNS server" not in shown(source.status().notice) and time.monotonic() < end:
        longest = max(longest, heartbeat.quiet_s())
        time.sleep(0.05)
    heartbeat.set()
    thread.join(PATIENCE_S)
    answers.set()
    assert not thread.is_alive()
    assert "the DNS server does not answer" in shown(source.status().notice)
    assert longest < HUNG_S / 2, "the daemon's watch would take it for hung"
