"""A receiver behind gpsd: its own stream of reports, watched.

gpsd-py3 reads the reports. Its connection is not used: that is one global socket for the process, without a timeout,
which a frozen gpsd, a dead address or a name server that hangs blocks for ever; and it asks by ``?POLL``, whose reply
may pair a new time with the place before it. Here the connection is made by `edge.service.tcp`, read in short slices,
and asked for a sign of life when it is quiet: gpsd is silent when its receiver is. The gate judges what comes.
"""

import socket
import threading
from collections import Counter
from typing import Any

from edge.domain.inputs import Fix
from edge.service.tcp import Host
from edge.vehicle.gps.gate import Gate
from edge.vehicle.gps.gpsd_lines import Lines
from edge.vehicle.gps.gpsd_receivers import Receivers
from edge.vehicle.gps.health import Watch
from edge.vehicle.gps.port import CauseError, Mono, Post, SourceStatus
from edge.vehicle.gps.reconnect import keep_connected

SLICE = 0.2  # s that a read blocks
QUIET = 1.0  # s after which gpsd is asked whether it is there
PATIENCE = 3.0  # s for an answer; gpsd gives one in milliseconds, but may be opening a device
WATCH = b'?WATCH={"enable":true,"json":true};\n'


class GpsdSource:
    """``host``, ``port`` of a gpsd (mostly 127.0.0.1, 2947); ``device``: its receiver to follow, None for the best."""

    def __init__(self, host: str, port: int, post: Post, mono: Mono, device: str | None = None) -> None:
        self._host = Host(host, port)
        self._post = post
        self._mono = mono
        self._refused: Counter[str] = Counter()
        self._receivers = Receivers(device, self._refused)
        self._gate = Gate(self._refused)
        self._watch = Watch(f"gpsd at {host}:{port}", mono, self._refused)

    def run(self, stop: threading.Event) -> None:
        """Post fixes until ``stop``; the port of `edge.vehicle.gps.port.Source`."""
        keep_connected(self._session, stop, self._watch)

    def status(self) -> SourceStatus:
        """How it stands; from any thread."""
        return self._watch.status()

    def _session(self, stop: threading.Event) -> None:
        """One connection, until it fails or ``stop``."""
        connection = self._host.connect(stop)
        if connection is None:
            return
        with connection:
            connection.settimeout(SLICE)
            self._receivers.forget()
            lines = Lines(self._refused)
            connection.sendall(WATCH)
            self._read(connection, lines, stop)

    def _read(self, connection: socket.socket, lines: Lines, stop: threading.Event) -> None:
        heard = asked = self._mono()
        while not stop.is_set():
            for report in self._received(connection, lines):
                heard = asked = self._mono()
                self._report(report)
            now = self._mono()
            if now - heard > PATIENCE:
                raise CauseError("gpsd_silent")
            if now - asked > QUIET and lines.greeted:
                asked = now
                connection.sendall(b"?DEVICES;\n")

    def _received(self, connection: socket.socket, lines: Lines) -> list[dict[str, Any]]:
        try:
            data = connection.recv(65536)
        except TimeoutError:
            return []
        if not data:
            raise CauseError("gpsd_closed")
        return lines.feed(data)

    def _report(self, report: dict[str, Any]) -> None:
        """One of gpsd's reports: a receiver's position or sky, or the list of receivers."""
        if not self._watch.connected:
            self._host.worked()
            self._watch.opened()
        kind = report.get("class")
        if kind == "DEVICES":
            self._watch.missing(self._receivers.missing(report))
        elif kind == "SKY":
            if self._receivers.sky(report):
                self._watch.received(kinds=("sentence",))
        elif kind == "TPV" and self._receivers.concerns(report):
            self._watch.missing(None)
            fix = self._judged(report)
            dated = ("date",) if report.get("time") or fix is not None or not report.get("lat") else ()
            self._watch.received(kinds=("sentence", "position", *dated), fixes=0 if fix is None else 1)
            if fix is not None:
                self._post(fix)

    def _judged(self, report: dict[str, Any]) -> Fix | None:
        fix = self._receivers.position(report, self._mono())
        return None if fix is None else self._gate.judge(fix)
