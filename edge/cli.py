"""The table of commands. Each group is loaded by name when it is called, so the vehicle needs none of headquarters'.

A user's mistake is one sentence and exit status 2. Must not hold a command of its own.
"""

import errno
import sys
from typing import Final

import click

from edge.command_table import CommandTable, Row
from edge.errors import UserError

COMMANDS: Final = {
    "agency": Row("edge.agency.command_group", "agency", "Build and sign an agency's bundle; manage its keys."),
    "config": Row("edge.service.config_commands", "config", "Check or show a configuration file."),
    "demo": Row("edge.demo.commands", "demo", "Run a city, headquarters and two cars on this machine.", "demo"),
    "doctor": Row("edge.vehicle.checks.doctor_command", "doctor", "What is wrong with this car's computer."),
    "gps": Row("edge.vehicle.commands", "gps", "Check a GPS receiver or a recorded log."),
    "hq": Row("edge.headquarters.commands", "hq", "Headquarters: receive, verify, report, publish plans."),
    "models": Row("models.commands", "models", "Risk models: ingest, train, evaluate, forecast.", "train"),
    "plan": Row("edge.plans.commands", "plan", "Build, show, explain and check plans."),
    "provision": Row("provisioning.command_group", "provision", "Set up a fleet: certificates, enrolment, boot files."),
    "vehicle": Row("edge.vehicle.commands", "vehicle", "Run the daemon in the car; replay a recording."),
}
DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
"""What a disk says that takes nothing more: no defect of the program, and no traceback mends it."""


@click.command(cls=CommandTable, rows=COMMANDS)
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
        click.echo(f"roundsman: {what}: {error.strerror}; free up disk space, or choose another", err=True)
        sys.stdout = None  # its buffer is not tried again at the end
    else:
        return
    sys.exit(2)
