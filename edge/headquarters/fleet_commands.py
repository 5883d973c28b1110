"""``roundsman hq retire`` and ``unretire``: which vehicles are out of service for good. Must not decide anything.

What they call is imported when they are: `--help` stays quick.
"""

from pathlib import Path

import click

from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.options import CONFIG, database_at, signing_key
from edge.text.config import load

ROLE = click.option(
    "--role", default="fleet", show_default=True, help="The approver's role, such as analyst (no names)."
)


@click.command("retire")
@click.argument("unit")
@CONFIG
@click.option("--reason", required=True, help="Why the vehicle is retired, such as: totaled in a crash.")
@ROLE
def retire_command(unit: str, config_path: Path, reason: str, role: str) -> None:
    """Record that a vehicle is out of service for good: reports list what it never sent instead of waiting for it.

    A later record of the vehicle undoes it, and so does `hq unretire`.
    """
    _sign(unit, config_path, reason, role, retired=True)


@click.command("unretire")
@click.argument("unit")
@CONFIG
@click.option("--reason", required=True, help="Why the vehicle is back in service.")
@ROLE
def unretire_command(unit: str, config_path: Path, reason: str, role: str) -> None:
    """Put a retired vehicle back into service: reports wait for its records again."""
    _sign(unit, config_path, reason, role, retired=False)


def _sign(unit: str, config_path: Path, reason: str, role: str, *, retired: bool) -> None:
    from edge.contract.agency import load_agency  # noqa: PLC0415 - see the module's docstring
    from edge.headquarters.publish.retirement import retire  # noqa: PLC0415

    config = load(HeadquartersConfig, config_path)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "fleet", "to retire a vehicle")
    with database_at(config.database) as store:
        doc = retire(unit, agency, key, store, role, reason, retired=retired)
    noun = "record" if doc.missing == 1 else "records"
    said = f"retired, {doc.missing} {noun} never received" if retired else "in service again"
    click.echo(f"{unit}: {said}")
