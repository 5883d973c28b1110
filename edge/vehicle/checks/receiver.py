"""The receiver: its port, and whether fixes come."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.domain.inputs import Fix
from edge.service.paths import unusable
from edge.text.words import say
from edge.vehicle.checks.finding import Finding, faults
from edge.vehicle.config import SERIAL_DEVICE, VehicleConfig
from edge.vehicle.gps.port import SEVERITY, Source
from edge.vehicle.gps_source import make_clock, make_source

PATIENCE_S: Final = 20.0
"""A receiver that is on says something each second; gpsd needs a moment to open it."""


def problems(config: VehicleConfig) -> Iterator[str]:
    """Why no receiver can be read at a serial port."""
    if config.gps.source == "serial":
        yield from unusable("gps.device", Path(config.gps.device or SERIAL_DEVICE), _port)


def _port(path: Path) -> Iterator[str]:
    """A device that this user may read and write."""
    if not path.exists():
        yield "not found; plug in the receiver, or give its port (`ls /dev/serial/by-id`)"
    elif not path.is_char_device():
        yield "is not a serial port; give the receiver's port (`ls /dev/serial/by-id`)"
    elif not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
        yield "no permission to read and write; add the roundsman user to the device's group (dialout)"


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Whether fixes come, from where the configuration has them."""
    if config.gps.source == "replay":
        yield Finding("warning", f"gps.source: a recording is played ({config.gps.log}), not a receiver read")
        return
    wrong = list(faults(problems(config)))
    yield from wrong
    if not wrong:
        got = threading.Event()
        fixes: list[Fix] = []

        def post(fix: Fix) -> None:
            fixes.append(fix)
            got.set()

        source = make_source(config.gps, make_clock(config.gps), post, lambda fix, _: post(fix))
        yield of_source(source, got, fixes, PATIENCE_S)


def of_source(source: Source, got: threading.Event, fixes: list[Fix], patience_s: float) -> Finding:
    """Run a source until its first fix, for so many seconds at most."""
    stop = threading.Event()
    thread = threading.Thread(target=source.run, args=(stop,), name="doctor's gps")
    thread.start()
    got.wait(patience_s)
    status = source.status()
    stop.set()
    thread.join()
    if fixes:
        return Finding("ok", f"a fix, within {fixes[0].accuracy:.0f} m")
    none = f"no fix in {patience_s:.0f} s: {say(status.notice)}"
    return Finding("fault" if SEVERITY[status.state] == "fault" else "warning", none)
