"""Clock and GPS source as ``[gps]`` of the configuration has them: live, or a recording at some pace.

Must not start anything: the daemon runs the source.
"""

import threading
import time
from collections.abc import Callable

from edge.domain.inputs import Fix
from edge.vehicle.clock import Clock, PacedClock, StepClock, SystemClock
from edge.vehicle.config import SERIAL_DEVICE, GpsConfig
from edge.vehicle.gps.gpsd import GpsdSource
from edge.vehicle.gps.port import Source
from edge.vehicle.gps.replay import ReplaySource
from edge.vehicle.gps.serial_nmea import SerialSource
from edge.vehicle.view.snapshot import GpsView


def make_clock(gps: GpsConfig) -> Clock:
    """The computer's clock, or the recording's."""
    if gps.source != "replay":
        return SystemClock()
    if gps.speed == 0:
        return StepClock()
    return PacedClock(gps.began.timestamp() if gps.began else time.time(), gps.speed)


def make_source(
    gps: GpsConfig,
    clock: Clock,
    post: Callable[[Fix], None],
    post_patiently: Callable[[Fix, threading.Event], None],
) -> Source:
    """The source. ``post`` hands a live fix to the engine; ``post_patiently`` a recorded one, which can wait."""
    if gps.source == "serial":
        return SerialSource(gps.device or SERIAL_DEVICE, gps.baud, post, clock.mono)
    if gps.source == "gpsd":
        return GpsdSource(gps.host, gps.port, post, clock.mono, gps.device)
    assert gps.log is not None and isinstance(clock, PacedClock | StepClock)  # noqa: PT018, S101 - the config has seen to it
    return ReplaySource(gps.log, post_patiently, clock.mono, clock.wait_until)


def gps_view(source: Source) -> GpsView:
    """How a source stands, for the screen."""
    status = source.status()
    return GpsView(status.notice, status.fixes, status.refused)
