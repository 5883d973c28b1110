"""The computer itself: 64-bit, and whether the doctor sees what the daemon sees."""

import os
import platform
import sys
from collections.abc import Iterator
from typing import Final

from edge.vehicle.checks.finding import Finding
from edge.vehicle.config import VehicleConfig

MADE_FOR: Final = ("aarch64", "x86_64")
"""Processors that the models' runtime has wheels for."""


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of this computer and user."""
    yield of_processor(platform.machine(), wide=sys.maxsize > 2**32)
    yield of_user(os.geteuid(), config.unit)


def of_processor(machine: str, *, wide: bool) -> Finding:
    """A processor by its name; ``wide``: this Python is 64-bit."""
    if not wide:
        return Finding("fault", "the system is 32-bit: risk models cannot run; write a 64-bit image onto the card")
    if machine not in MADE_FOR:
        return Finding("fault", f"the processor {machine} is none that Roundsman is made for ({', '.join(MADE_FOR)})")
    return Finding("ok", f"64-bit, {machine}")


def of_user(euid: int, unit: str) -> Finding:
    """Who asks: root may do what the daemon may not."""
    if euid == 0:
        return Finding("warning", "run as root, so rights were not judged; use `sudo -u roundsman roundsman doctor`")
    return Finding("ok", f"vehicle {unit}")
