"""The receiver's port."""

import os
from collections.abc import Iterator
from pathlib import Path

from edge.service.paths import unusable
from edge.vehicle.config import SERIAL_DEVICE, VehicleConfig


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
