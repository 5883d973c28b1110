"""Everything a vehicle's configuration names, looked at before the daemon does; one check a file.

A problem keeps the daemon from working; a note is what it works with all the same. Must not leave anything behind, and
must not start anything.
"""

from typing import Final

from edge.vehicle.checks import agency, broker, files, receiver
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
    return list(agency.notes(config, utc))
