"""Everything headquarters' configuration names, looked at before the daemon does; one check a file.

A problem keeps the daemon from working; a note is what it works with all the same. Must not leave anything behind, and
must not start anything.
"""

from typing import Final

from edge.headquarters.checks import agency, anchors, broker, database, keys
from edge.headquarters.config import HeadquartersConfig

CONFIG: Final = HeadquartersConfig


def problems(config: HeadquartersConfig) -> list[str]:
    """What the configuration names and cannot be used, a sentence each."""
    return [one for check in (agency, database, anchors, keys, broker) for one in check.problems(config)]


def notes(config: HeadquartersConfig, utc: float) -> list[str]:
    """What headquarters works with at an instant (POSIX seconds), and vehicles would not."""
    return list(agency.notes(config, utc))
