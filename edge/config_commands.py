"""``roundsman config check|show``: a daemon's configuration file, before the daemon sees it."""

import time
from pathlib import Path

import click

from edge.config_check import notes_of_headquarters, notes_of_vehicle, problems_of_headquarters, problems_of_vehicle
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.text.config import load, show
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

    First what the file says, then what it names: folders, files, keys, the bundle, the district. A note is no mistake.
    """
    if kind == "vehicle":
        problems, notes = _of_vehicle(load(VehicleConfig, file))
    else:
        problems, notes = _of_headquarters(load(HeadquartersConfig, file))
    if problems:
        raise UserError("\n".join(f"{file}: {one}" for one in problems))
    click.echo("\n".join([*(f"{file}: note: {one}" for one in notes), f"{file}: good"]))


def _of_vehicle(config: VehicleConfig) -> tuple[list[str], list[str]]:
    problems = problems_of_vehicle(config)
    return problems, [] if problems else notes_of_vehicle(config, time.time())


def _of_headquarters(config: HeadquartersConfig) -> tuple[list[str], list[str]]:
    problems = problems_of_headquarters(config)
    return problems, [] if problems else notes_of_headquarters(config, time.time())


@config.command(name="show")
@KIND
@FILE
def show_command(kind: str, file: Path) -> None:
    """The configuration in force, with the environment's overrides; secrets masked."""
    click.echo(show(load(VehicleConfig if kind == "vehicle" else HeadquartersConfig, file)))
