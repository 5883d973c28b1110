"""``roundsman provision status`` and ``audit``. Words in, calls out, nothing else."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from provisioning.broker.broker_files import list_ends
from provisioning.fleet.folder import Fleet
from provisioning.fleet.standing import day, standings, to_see_to
from provisioning.options import FLEET


@click.command()
@FLEET
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(folder: Path, as_json: bool) -> None:
    """How each unit stands, and what to see to. Exit status 1 where there is something."""
    fleet = Fleet(folder)
    with fleet.registry() as registry:
        rows = standings(registry, fleet.utc())
    concerns = to_see_to(fleet, list_ends(fleet.settings.broker.files))
    if as_json:
        click.echo(json.dumps({"units": [asdict(one) for one in rows], "to_see_to": concerns}, indent=1))
    else:
        for one in rows:
            until = day(one.until) if one.until is not None else ""
            click.echo(f"{one.unit:<20} {one.board:<5} {one.district:<12} {one.state:<12} {until}".rstrip())
        for concern in concerns:
            click.echo(f"to see to: {concern}")
    if concerns:
        raise SystemExit(1)


@click.command()
@FLEET
@click.option("--last", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="So many lines.")
def audit(folder: Path, last: int) -> None:
    """Who was let in, renewed, refused and revoked, the newest last; times in UTC."""
    with Fleet(folder).registry() as registry:
        for one in registry.audit(last):
            at = f"{datetime.fromtimestamp(one.utc, UTC):%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"{at} {one.what} {one.name} from {one.source}: {one.detail}")
