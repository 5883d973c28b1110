"""``roundsman provision …`` as a table: a car's commands need none of headquarters' libraries."""

from typing import Final

import click

from edge.command_table import CommandTable, Row

COMMANDS: Final = {
    "announce": Row(
        "provisioning.announce_command", "announce", "Announce the newest bundle and release to every car."
    ),
    "audit": Row("provisioning.status_commands", "audit", "Show who was enrolled, renewed, refused and revoked."),
    "broker": Row("provisioning.broker_commands", "broker", "Write the broker's settings, lists and certificates."),
    "ca": Row("provisioning.ca_commands", "ca", "Set up the certificate authority; rotate its issuing key."),
    "enrol": Row("provisioning.device.commands", "enrol", "On a unit: have its first certificate for its token."),
    "fetch": Row(
        "provisioning.update.fetch_command", "fetch_command", "On a unit: download the bundle and release it may have."
    ),
    "fleet": Row("provisioning.fleet_commands", "fleet", "Import the units of a fleet from a CSV."),
    "image-files": Row("provisioning.fleet_commands", "image_files", "Write the boot files of units, with a token."),
    "renew": Row("provisioning.device.commands", "renew", "On a unit: have its next certificate when it is due."),
    "render": Row("provisioning.fleet_commands", "render_command", "Show or write the files of a unit."),
    "revoke": Row("provisioning.broker_commands", "revoke", "Revoke a unit: certificates, tokens and its session."),
    "serve": Row("provisioning.enrol.commands", "serve", "Run the enrolment service."),
    "update": Row("provisioning.update.commands", "update", "On a unit: install a release; taken back where it fails."),
    "status": Row("provisioning.status_commands", "status", "Show how each unit stands, and what to see to."),
}


@click.command(cls=CommandTable, rows=COMMANDS)
def provision() -> None:
    """A fleet: certificates, enrolment, the files of each unit, revocation."""
