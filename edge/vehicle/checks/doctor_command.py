"""``roundsman doctor``: what is wrong with this car's computer. Words in, calls out, nothing else."""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from edge.text.config import load
from edge.vehicle.checks.doctor import examine
from edge.vehicle.config import VehicleConfig

USUAL: Final = Path("/etc/roundsman/vehicle.toml")
STATUS: Final = {"ok": 0, "warning": 1, "fault": 2}


@click.command()
@click.option("--config", "path", type=Path, default=USUAL, show_default=True, help="The vehicle's TOML file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(path: Path, as_json: bool) -> None:
    """Look at GPS, clock, storage, certificate, broker, bundle, models and screen of this car.

    Exit status: 0 all is well, 1 there are warnings (the car patrols all the same), 2 there is a fault.
    """
    config = load(VehicleConfig, path)
    found = []
    for name, finding in examine(config):
        found.append({"check": name, "grade": finding.grade, "text": finding.text})
        if not as_json:
            click.echo(f"{finding.grade.upper():8} {name}: {finding.text}")
    worst = worst_of(one["grade"] for one in found)
    if as_json:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        click.echo(json.dumps({"unit": config.unit, "at": at, "worst": worst, "findings": found}, indent=1))
    raise SystemExit(STATUS[worst])


def worst_of(grades: Iterable[str]) -> str:
    """The worst of some grades."""
    return max(grades, key=lambda grade: STATUS[grade], default="ok")
