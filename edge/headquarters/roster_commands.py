"""``roundsman hq set-pin``, ``publish-roster``: who may sign in to a car. Must not do anything but read, call, print.

What they call is imported when they are: `--help` stays quick.
"""

import time
from datetime import datetime, timedelta
from pathlib import Path

import click

from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.delivery import OUT, REASON, ROLE, deliver
from edge.headquarters.options import CONFIG, signing_key
from edge.text.config import load

FILE = click.argument("roster", type=click.Path(path_type=Path))


@click.command("set-pin")
@click.argument("officer", metavar="ID")
@FILE
def set_pin_command(officer: str, roster: Path) -> None:
    """Ask for the PIN of ID twice (hidden) and write its hash to the ROSTER file; the PIN itself is never stored."""
    from edge.headquarters.pins import hash_pin  # noqa: PLC0415 - see the module's docstring
    from edge.headquarters.set_pin import known_id, write_hash  # noqa: PLC0415

    listed = known_id(roster, officer)
    pin = click.prompt(f"PIN of {listed} (6 digits or more)", hide_input=True, confirmation_prompt="Repeat it")
    write_hash(roster, listed, hash_pin(pin, listed))
    click.echo(f"{roster}: PIN of {listed} set; publish the roster with `roundsman hq publish-roster`")


@click.command("publish-roster")
@FILE
@CONFIG
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day on which the roles are valid."
)
@ROLE
@REASON
@OUT
def publish_roster_command(
    roster: Path, config_path: Path, until: datetime, role: str, reason: str, out: Path | None
) -> None:
    """Sign the ROSTER file (TOML or CSV: id, role, pin_hash) and publish it to every vehicle."""
    from edge.contract.agency import load_agency  # noqa: PLC0415 - see the module's docstring
    from edge.headquarters.publish.roster import sign_roster  # noqa: PLC0415
    from edge.headquarters.roster_file import complete  # noqa: PLC0415

    members = complete(roster)
    config = load(HeadquartersConfig, config_path)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "roster", "to publish a roster")
    expires = (until + timedelta(days=1)).replace(tzinfo=agency.calendar.zone)
    deliver(
        config,
        agency,
        lambda store: sign_roster(members, expires, agency, key, store, role, reason, time.time()),
        out,
    )
