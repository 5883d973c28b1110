"""``roundsman agency …`` as a table: trying the example, or printing a sheet, needs none of headquarters' libraries."""

from typing import Final

import click

from edge.command_table import CommandTable, Row

COMMANDS: Final = {
    "basemap": Row("edge.agency.basemap_command", "basemap", "Make the offline basemap of an agency's area."),
    "build": Row("edge.agency.commands", "build", "Build an agency's bundle; sign it if --key is given."),
    "example": Row("edge.agency.more_commands", "example", "Write an example agency, to try one car alone."),
    "keys": Row("edge.agency.keys_commands", "keys", "Make, list and rotate an agency's keys."),
    "show": Row("edge.agency.commands", "show", "Show what is in a bundle."),
    "sign": Row("edge.agency.commands", "sign", "Sign a bundle that was built without the private key."),
    "tactics-sheet": Row("edge.agency.more_commands", "tactics_sheet", "Write the public sheet of approved tactics."),
    "verify": Row("edge.agency.commands", "verify", "Check a bundle: files, signature, scope, expiry, models."),
}


@click.command(cls=CommandTable, rows=COMMANDS)
def agency() -> None:
    """Build, sign and verify an agency's bundle: grid, policy, tactics, map, models."""
