"""A receiver behind gpsd, asked by ``?POLL`` a few times a second.

gpsd-py3 reads gpsd's replies. Its connection is not used: that is one global socket for the process, without a
timeout, which a frozen gpsd blocks for ever. Here a reply is waited for in short slices, up to ``PATIENCE``, and
then the connection is made anew. gpsd answers a poll with the same old position when its receiver has gone silent:
what it has said before is not news, and passes for silence. The gate judges what is.
"""

import json
import math
import socket
import threading
from collections import Counter
from datetime import datetime
from typing import Any

from gpsd import GpsResponse

from edge.domain.inputs import Fix
from edge.vehicle.gps.gate import Gate
from edge.vehicle.gps.port import Mono, Post, SourceStatus, Watch
from edge.vehicle.gps.quality import accuracy_of, by_axis_errors, course_of, flags_of
from edge.vehicle.gps.reconnect import keep_connected

POLL = 0.2  # s between two polls
SLICE = 0.2  # s that a read blocks
PATIENCE = 3.0  # s for a reply; gpsd answers in milliseconds, but may be opening a device
CONNECT = 0.8  # s
LONGEST = 1 << 20  # bytes of a reply line
_QUALITY_OF_STATUS = {2: 2, 3: 4, 4: 5, 5: 6, 6: 6, 8: 8}  # gpsd's TPV status to GGA's quality
_MODE_2D = 2


class GpsdSource:
    """``host`` and ``port`` of a gpsd (127.0.0.1 and 2947 on most)."""

    def __init__(self, host: str, port: int, post: Post, mono: Mono) -> None:
        self._address = (host, port)
        self._post = post
        self._mono = mono
        self._refused: Counter[str] = Counter()
        self._gate = Gate(self._refused)
        self._watch = Watch(f"gpsd at {host}:{port}", mono, self._refused)
        self._told: object = None  # what gpsd said last
        self._time: str | None = None  # of the last position

    def run(self, stop: threading.Event) -> None:
        """Post fixes until ``stop``; the port of `edge.vehicle.gps.port.Source`."""
        keep_connected(self._session, stop, self._watch)

    def status(self) -> SourceStatus:
        """How it stands; from any thread."""
        return self._watch.status()

    def _session(self, stop: threading.Event) -> None:
        """One connection, until it fails or ``stop``."""
        with socket.create_connection(self._address, timeout=CONNECT) as connection:
            connection.settimeout(SLICE)
            replies = _Replies(connection, self._mono, stop)
            self._time = None
            connection.sendall(b'?WATCH={"enable":true,"json":false};\n')
            while not stop.is_set():
                connection.sendall(b"?POLL;\n")
                poll = replies.wait_for("POLL")
                if poll is None:
                    return
                if not self._watch.connected:
                    self._watch.opened()
                self._take(poll)
                stop.wait(POLL)

    def _take(self, poll: dict[str, Any]) -> None:
        told = (poll.get("tpv"), poll.get("sky"))
        if told == self._told or not poll.get("tpv"):
            return
        self._told = told
        fix = None
        try:
            fix = self._news(poll)
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, UserWarning):
            self._refused["gpsd_reply"] += 1  # gpsd-py3 raises these on a reply that lacks what it reads
        self._watch.heard(sentence=True, fixes=0 if fix is None else 1)
        if fix is not None:
            self._post(fix)

    def _news(self, poll: dict[str, Any]) -> Fix | None:
        """An accepted fix, where the reply holds a position that it did not hold before."""
        sky = (poll.get("sky") or [{}])[-1]
        response = GpsResponse.from_json({**poll, "sky": [sky]})
        if response.mode < _MODE_2D:
            return None
        if not response.time:
            self._refused["no_time"] += 1
            return None
        before, self._time = self._time, response.time
        if before is None or before == response.time:
            return None  # what gpsd holds when the connection is made may be of any age
        return self._gate.judge(reading(response, poll["tpv"][-1], sky, self._mono()))


def reading(response: GpsResponse, tpv: dict[str, Any], sky: dict[str, Any], mono: float) -> Fix:
    """The report as an unjudged fix. gpsd-py3 makes 0 of what is missing: speed and HDOP are read from the report.

    gpsd's epx and epy are 95 % errors in metres; a receiver's own, where it gives them. ValueError on a bad time.
    """
    quality = _QUALITY_OF_STATUS.get(tpv.get("status", 1), 1)
    epx, epy = response.error["x"], response.error["y"]
    errors = by_axis_errors(epx, epy) if epx > 0 and epy > 0 else None
    accuracy, flags = accuracy_of(_positive(sky.get("hdop")), response.sats_valid or None, errors)
    return Fix(
        utc=datetime.fromisoformat(response.time).timestamp(),
        mono=mono,
        lat=float(response.lat),
        lon=float(response.lon),
        speed=float(tpv["speed"]) if "speed" in tpv else None,
        accuracy=accuracy,
        quality=quality,
        flags=(*flags_of(quality), *flags),
        course=course_of(tpv.get("track")),
    )


def _positive(value: object) -> float | None:
    """A finite number above zero, or None."""
    return value if isinstance(value, int | float) and 0 < value < math.inf else None


class _Replies:
    """gpsd's lines off a socket with a short timeout; gives up after ``PATIENCE``, or when ``stop`` is set."""

    def __init__(self, connection: socket.socket, mono: Mono, stop: threading.Event) -> None:
        self._connection = connection
        self._mono = mono
        self._stop = stop
        self._rest = b""

    def wait_for(self, kind: str) -> dict[str, Any] | None:
        """The next reply of this class; None when stopped. OSError when there will be none."""
        deadline = self._mono() + PATIENCE
        while (line := self._line(deadline)) is not None:
            try:
                reply = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ConnectionError("this server is not gpsd") from error
            if isinstance(reply, dict) and reply.get("class") == kind:
                return reply
        return None

    def _line(self, deadline: float) -> bytes | None:
        while b"\n" not in self._rest:
            if self._stop.is_set():
                return None
            if self._mono() > deadline:
                raise TimeoutError("gpsd is not responding")
            if len(self._rest) > LONGEST:
                raise ConnectionError("this server is not gpsd")
            try:
                data = self._connection.recv(65536)
            except TimeoutError:
                continue
            if not data:
                raise ConnectionError("gpsd closed the connection")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line
