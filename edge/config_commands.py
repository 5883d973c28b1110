"""``roundsman config check|show``: a daemon's configuration file, before the daemon sees it."""

from pathlib import Path

import click

from edge.config import load, show
from edge.config_check import problems_of_headquarters, problems_of_vehicle
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.vehicle.config import VehicleConfig

KIND = click.argument("kind", type=click.Choice(("hq", "vehicle")))
FILE = click.argument("file", type=Path)


@click.group()
def config() -> None:
    """Check or show a configuration file."""


@config.command(name="check")
@KIND
@FILE
def check_command(kind: str, file: Path) -> None:
    """Say every mistake at once, each with its key path; status 2 where there is one.

    First what the file says, then what it names: folders, files, keys, the district.
    """
    if kind == "vehicle":
        problems = problems_of_vehicle(load(VehicleConfig, file))
    else:
        problems = problems_of_headquarters(load(HeadquartersConfig, file))
    if problems:
        raise UserError("\n".join(f"{file}: {one}" for one in problems))
    click.echo(f"{file}: good")


@config.command(name="show")
@KIND
@FILE
def show_command(kind: str, file: Path) -> None:
    """The configuration in force, with the environment's overrides; secrets masked."""
    click.echo(show(load(VehicleConfig if kind == "vehicle" else HeadquartersConfig, file)))
