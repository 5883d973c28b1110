"""Everything a vehicle's configuration names, looked at before the daemon does; one check a file.

A problem keeps the daemon from working; a note is what it works with all the same. Must not leave anything behind, and
must not start anything.
"""

from typing import Final

from edge.vehicle.checks import agency, broker, files
from edge.vehicle.config import VehicleConfig

CONFIG: Final = VehicleConfig


def problems(config: VehicleConfig) -> list[str]:
    """What the configuration names and cannot be used, a sentence each."""
    return [one for check in (agency, files, broker) for one in check.problems(config)]


def notes(config: VehicleConfig, utc: float) -> list[str]:
    """What the vehicle only warns of at an instant (POSIX seconds)."""
    return list(agency.notes(config, utc))
