"""``roundsman config check|show``: a daemon's configuration file, before the daemon sees it.

Each daemon's `checks` package is loaded by name: it has ``CONFIG``, the class of its settings, ``problems(config)`` and
``notes(config, utc)``, each a list of sentences that begin with their key.
"""

import importlib
import time
from pathlib import Path
from types import ModuleType
from typing import Final

import click

from edge.errors import UserError
from edge.text.config import load, show

CHECKS: Final = {"hq": "edge.headquarters.checks", "vehicle": "edge.vehicle.checks"}

KIND = click.argument("kind", type=click.Choice(sorted(CHECKS)))
FILE = click.argument("file", type=Path)


@click.group()
def config() -> None:
    """Check or show a configuration file."""


@config.command(name="check")
@KIND
@FILE
def check_command(kind: str, file: Path) -> None:
    """Report every mistake at once, each with its key path; exit status 2 if there is any.

    Checks the file first, then what it names: folders, files, keys, the bundle, the district. Notes are not mistakes.
    """
    checks = _checks(kind)
    config = load(checks.CONFIG, file)
    problems = checks.problems(config)
    if problems:
        raise UserError("\n".join(f"{file}: {one}" for one in problems))
    notes = checks.notes(config, time.time())
    click.echo("\n".join([*(f"{file}: note: {one}" for one in notes), f"{file}: OK"]))


@config.command(name="show")
@KIND
@FILE
def show_command(kind: str, file: Path) -> None:
    """The configuration in force, with the environment's overrides; secrets masked."""
    click.echo(show(load(_checks(kind).CONFIG, file)))


def _checks(kind: str) -> ModuleType:
    return importlib.import_module(CHECKS[kind])
