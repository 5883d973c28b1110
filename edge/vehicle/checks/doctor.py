"""What `roundsman doctor` looks at, in the order in which it says it. Must not change anything."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from edge.errors import UserError
from edge.vehicle.checks import (
    agency,
    basemap,
    certificate,
    computer,
    models,
    reach,
    receiver,
    screen,
    storage,
    time_of_day,
)
from edge.vehicle.checks.finding import Finding
from edge.vehicle.config import VehicleConfig

Check: TypeAlias = Callable[[VehicleConfig], Iterator[Finding]]

CHECKS: Final[Mapping[str, Check]] = {
    "computer": computer.findings,
    "clock": time_of_day.findings,
    "storage": storage.findings,
    "gps": receiver.findings,
    "certificate": certificate.findings,
    "broker": reach.findings,
    "bundle": agency.findings,
    "models": models.findings,
    "basemap": basemap.findings,
    "screen": screen.findings,
}


def examine(config: VehicleConfig, checks: Mapping[str, Check] = CHECKS) -> Iterator[tuple[str, Finding]]:
    """Every finding, with its check's name. What a check may not look at is a warning of its own."""
    for name, check in checks.items():
        try:
            yield from ((name, finding) for finding in check(config))
        except UserError as error:
            yield name, Finding("fault", str(error))
        except OSError as error:
            what = f"{error.filename}: " if error.filename else ""
            yield name, Finding("warning", f"could not be looked at ({what}{error.strerror or error})")
