"""The table of commands. Each group is loaded by name when it is called, so the vehicle needs none of headquarters'.

A user's mistake is one sentence and exit status 2. Must not hold a command of its own.
"""

import errno
import importlib
import sys
from typing import Final

import click

from edge.errors import UserError

COMMANDS: Final = {
    "agency": ("edge.agency.commands", "agency", "Make an agency's directory: grid, policy, tactics, map."),
    "config": ("edge.service.config_commands", "config", "Check or show a configuration file."),
    "demo": ("edge.demo.commands", "demo", "A city, headquarters and two cars on this machine."),
    "gps": ("edge.vehicle.commands", "gps", "The GPS receiver."),
    "hq": ("edge.headquarters.commands", "hq", "Headquarters: receive, verify, report, publish plans."),
    "models": ("models.commands", "models", "Risk models: ingest, train, evaluate, forecast."),
    "plan": ("edge.plans.commands", "plan", "A plan: build it from risk, show, explain, check it."),
    "vehicle": ("edge.vehicle.commands", "vehicle", "The daemon in the car."),
}
"""Name: module, attribute, and what it is for."""


DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""What a disk says that takes nothing more: no defect of the program, and no traceback mends it."""


class Table(click.Group):
    """Commands loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith(("edge", "models")):
                raise
            extra = {"demo": "demo", "models": "train"}.get(cmd_name, "hq")
            install = f"install roundsman[{extra}] (in a clone: pip install '.[{extra}]')"
            msg = f"`roundsman {cmd_name}` needs {error.name}; {install}"
            raise UserError(msg) from error
        assert isinstance(command, click.Command)  # noqa: S101 - the table above says so
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """The table, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in sorted(COMMANDS)])


@click.command(cls=Table)
@click.version_option(package_name="roundsman")
def roundsman() -> None:
    """Directed patrols in the patrol car, and the record that proves them."""


def main() -> None:
    """Entry point: a user's mistake, or a disk that takes nothing, ends with one sentence and status 2."""
    try:
        roundsman()
    except UserError as error:
        click.echo(f"roundsman: {error}", err=True)
    except OSError as error:
        if error.errno not in DISK:
            raise
        what = error.filename or "what is written (the output, or a file)"
        click.echo(f"roundsman: {what}: {error.strerror}; free the disk, or name another", err=True)
        sys.stdout = None  # its buffer is not tried again at the end
    else:
        return
    sys.exit(2)
