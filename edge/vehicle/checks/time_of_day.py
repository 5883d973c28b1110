"""The computer's clock. Visits do not need it to be right; certificates, expiries and shifts do."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from edge.vehicle.checks.finding import Finding
from edge.vehicle.clock import SystemClock
from edge.vehicle.config import VehicleConfig
from edge.vehicle.released import RELEASED


def findings(_: VehicleConfig) -> Iterator[Finding]:
    """Of this computer's clock."""
    yield of_clock(time.time(), disciplined=SystemClock().ntp())


def of_clock(utc: float, *, disciplined: bool) -> Finding:
    """A clock that reads ``utc`` (POSIX seconds); ``disciplined``: by GPS or network, as the kernel has it."""
    reads = f"the clock reads {datetime.fromtimestamp(utc, UTC):%Y-%m-%d %H:%M} UTC"
    if utc < RELEASED.timestamp():
        return Finding("warning", f"{reads}, before this software was made; it is set by the first fix or the network")
    if not disciplined:
        return Finding("warning", f"{reads}, and nothing has set it since the start; wait for a fix or the network")
    return Finding("ok", reads)
