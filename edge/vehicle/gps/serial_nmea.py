"""A receiver on a serial port (or a pseudo-terminal) that speaks NMEA.

pyserial reads, with a timeout, so that nothing blocks for long; an unplugged receiver is opened again when it is
back, and one that stays silent is opened anew in case its path has come to mean another device.
"""

import threading
from typing import Final

import serial

from edge.service.aside import Aside
from edge.vehicle.gps.health import Watch
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.port import Mono, Post, SourceStatus
from edge.vehicle.gps.reconnect import keep_connected
from edge.vehicle.gps.sentences import Gga, Gll, Gsa, Gst, Rmc, Sentence, Vtg, Zda

OPEN = 10.0  # s that opening may take: a driver whose hardware is stuck answers when it likes
READ = 0.25  # s that a read waits for the first byte
GATHER = 0.02  # s to let more bytes come: fifty short reads a second at most
PLENTY = 1024  # bytes: where so many waited, more are there already
REOPEN = 5.0  # s of silence, or as long as this receiver is used to be silent
BRINGS: Final[dict[type[Sentence], tuple[str, ...]]] = {
    Rmc: ("position", "date"),
    Gga: ("position",),
    Gll: ("position",),
    Zda: ("date",),
    Gsa: (),
    Gst: (),
    Vtg: (),
}
"""What each kind of sentence would bring, if the sky allowed it."""


class SerialSource:
    """``device`` is a path, best one that udev keeps stable; ``baud`` its speed (9600 with most receivers).

    ``opening_s``: how long opening it may take.
    """

    def __init__(self, device: str, baud: int, post: Post, mono: Mono, opening_s: float = OPEN) -> None:
        self._device = device
        self._baud = baud
        self._post = post
        self._mono = mono
        self._opening_s = opening_s
        self._opening = Aside[serial.Serial](lambda port: port.close())
        self._pipeline = Pipeline()
        self._watch = Watch(device, mono, self._pipeline.refused)

    def run(self, stop: threading.Event) -> None:
        """Post fixes until ``stop``; the port of `edge.vehicle.gps.port.Source`."""
        keep_connected(self._session, stop, self._watch)

    def status(self) -> SourceStatus:
        """How it stands; from any thread."""
        return self._watch.status()

    def _session(self, stop: threading.Event) -> None:
        """One opening of the device, until it fails, is silent for too long, or ``stop``."""
        opened = self._opening.call(
            lambda: serial.Serial(self._device, self._baud, timeout=READ), stop, self._opening_s
        )
        if opened is None:
            return
        with opened as port:
            port.reset_input_buffer()  # what waited there since before is old
            self._pipeline.reader.forget()
            self._watch.opened()
            while not stop.is_set() and self._watch.quiet_for() < max(REOPEN, self._watch.patience()):
                if data := port.read(port.in_waiting or 1):
                    self._take(data)
                    if len(data) < PLENTY:
                        stop.wait(GATHER)

    def _take(self, data: bytes) -> None:
        mono, before = self._mono(), self._pipeline.reader.sentences
        sentences = self._pipeline.reader.feed(data)
        fixes = [fix for sentence in sentences for fix in self._pipeline.add(sentence, mono)]
        kinds = ["sentence"] if self._pipeline.reader.sentences > before else []
        self._watch.received(data, [*kinds, *(kind for one in sentences for kind in BRINGS[type(one)])], len(fixes))
        for fix in fixes:
            self._post(fix)
