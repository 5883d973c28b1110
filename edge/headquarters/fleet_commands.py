"""``roundsman hq retire``, ``unretire``, ``void``: who is out of service, what was not so. Must not decide anything.

What they call is imported when they are: `--help` stays quick.
"""

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.options import CONFIG, database_at, signing_key
from edge.text.config import load
from edge.text.mistakes import counted

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


@click.command("void")
@click.argument("visits", nargs=-1, metavar="[VISIT]...")
@CONFIG
@click.option("--unit", help="Instead of VISIT: all visits of this vehicle that began since --from.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="UTC: 2026-11-22T21:04:00Z.")
@click.option("--reason", required=True, help="Why these visits are void.")
@ROLE
def void_command(
    visits: tuple[str, ...], config_path: Path, unit: str | None, since: datetime | None, reason: str, role: str
) -> None:
    """Declare visits void: every car drops them, and neither a cap nor the context counts them.

    VISIT is a visit id as a finding lists it, such as car-9:1f0c3a:217.
    """
    from edge.contract.agency import load_agency  # noqa: PLC0415 - see the module's docstring
    from edge.domain.visits import Void, VoidSpan  # noqa: PLC0415
    from edge.headquarters.publish.connection import connected_publisher  # noqa: PLC0415
    from edge.headquarters.publish.document import publish  # noqa: PLC0415
    from edge.headquarters.publish.void import check_known, declare_void  # noqa: PLC0415

    if bool(visits) == (unit is not None) or (unit is None) != (since is None):
        msg = "give either visits, or --unit and --from"
        raise UserError(msg)
    now, config = time.time(), load(HeadquartersConfig, config_path)
    starts = since.replace(tzinfo=UTC).timestamp() if since is not None else now
    if starts > now:
        msg = f"--from: {since:%Y-%m-%d %H:%M} UTC is in the future; give an instant that has passed"
        raise UserError(msg)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "fleet", "to declare visits void")
    new = Void(frozenset(visits), () if unit is None else (VoidSpan(unit, starts, now),))
    with database_at(config.database) as store:
        check_known(visits, () if unit is None else (unit,), store)
        with connected_publisher(config.publishing, agency) as client:
            stored = publish(declare_void(new, agency, key, store, role, reason, now), agency, store, client)
    what = f"{len(visits)} visits" if unit is None else f"{unit}'s visits since {since:%Y-%m-%d %H:%M} UTC"
    click.echo(f"void: {what} (list {stored.version}, published)")


def _sign(unit: str, config_path: Path, reason: str, role: str, *, retired: bool) -> None:
    from edge.contract.agency import load_agency  # noqa: PLC0415 - see the module's docstring
    from edge.headquarters.publish.retirement import retire  # noqa: PLC0415

    config = load(HeadquartersConfig, config_path)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "fleet", "to retire a vehicle")
    with database_at(config.database) as store:
        doc = retire(unit, agency, key, store, role, reason, retired=retired)
    said = f"retired, {counted(doc.missing, 'record')} never received" if retired else "in service again"
    click.echo(f"{unit}: {said}")
