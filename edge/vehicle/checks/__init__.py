"""What a vehicle's configuration names, and what its computer is like; one check a file.

`config check` and the daemon's start look at the configuration: a problem keeps the daemon from working; a note is what
it works with all the same. `doctor.py` looks at the computer as well. Must not leave anything behind.
"""

from typing import Final

from edge.vehicle.checks import agency, basemap, broker, files, receiver
from edge.vehicle.config import VehicleConfig

CONFIG: Final = VehicleConfig


def problems(config: VehicleConfig) -> list[str]:
    """What the configuration names and cannot be used, a sentence each."""
    return [*agency.problems(config), *device_problems(config)]


def device_problems(config: VehicleConfig) -> list[str]:
    """What of it a daemon patrols without, as long as it must: files, the receiver's port, certificates."""
    return [one for check in (files, receiver, broker) for one in check.problems(config)]


def notes(config: VehicleConfig, utc: float) -> list[str]:
    """What the vehicle only warns of at an instant (POSIX seconds)."""
    return [*agency.notes(config, utc), *basemap.notes(config)]
