"""``roundsman config check|show``: a daemon's configuration file, before the daemon sees it."""

import importlib
from pathlib import Path
from typing import Final

import click

from edge.config import Config, load, show

MODELS: Final = {
    "vehicle": ("edge.vehicle.config", "VehicleConfig"),
    "hq": ("edge.headquarters.config", "HeadquartersConfig"),
}

KIND = click.argument("kind", type=click.Choice(sorted(MODELS)))
FILE = click.argument("file", type=Path)


@click.group()
def config() -> None:
    """Check or show a configuration file."""


@config.command(name="check")
@KIND
@FILE
def check_command(kind: str, file: Path) -> None:
    """Say every mistake at once, each with its key path; status 2 where there is one."""
    load(_model(kind), file)
    click.echo(f"{file}: good")


@config.command(name="show")
@KIND
@FILE
def show_command(kind: str, file: Path) -> None:
    """The configuration in force, with the environment's overrides; secrets masked."""
    click.echo(show(load(_model(kind), file)))


def _model(kind: str) -> type[Config]:
    module, name = MODELS[kind]
    model = getattr(importlib.import_module(module), name)
    assert issubclass(model, Config)  # noqa: S101 - the table above says so
    return model  # type: ignore[no-any-return]  # mypy does not narrow a getattr
