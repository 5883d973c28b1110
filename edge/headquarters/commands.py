"""``roundsman hq …``. Must not do anything but read options, call, and print.

The daemon and its libraries are imported when their command is called: `--help` stays quick.
"""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.errors import UserError
from edge.headquarters.address import DatabaseUrl
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.delivery import OUT, REASON, ROLE, deliver, warn
from edge.headquarters.draft_commands import draft
from edge.headquarters.fleet_commands import retire_command, unretire_command, void_command
from edge.headquarters.nightly_command import nightly_command
from edge.headquarters.options import CONFIG, database_at, signing_key
from edge.headquarters.report_commands import report
from edge.headquarters.roster_commands import publish_roster_command, set_pin_command
from edge.headquarters.user_commands import key, user
from edge.headquarters.verify_command import verify
from edge.text.config import load

if TYPE_CHECKING:
    from edge.contract.agency import Agency
    from edge.contract.context import ContextDoc
    from edge.headquarters.store import Store, StoredDocument


@click.group()
def hq() -> None:
    """Headquarters: receive, verify, publish, report."""


@hq.command()
@CONFIG
def run(config_path: Path) -> None:
    """Receive from the vehicles and serve the web pages until stopped."""
    from edge.headquarters.daemon import Headquarters  # noqa: PLC0415 - see the module's docstring
    from edge.service.logs import log_to_stderr  # noqa: PLC0415
    from edge.service.process import run_until_stopped  # noqa: PLC0415

    os.umask(0o077)
    log_to_stderr("%(levelname)s %(name)s: %(message)s", logging.INFO)
    run_until_stopped("roundsman hq", Headquarters(load(HeadquartersConfig, config_path)))


@hq.command("migrate")
@CONFIG
def migrate_command(config_path: Path) -> None:
    """Upgrade the database tables, or create them in an empty database; `hq run` does the same when it starts."""
    from edge.headquarters.store import Store  # noqa: PLC0415
    from edge.headquarters.store.migrate import NEWEST  # noqa: PLC0415

    address = load(HeadquartersConfig, config_path).database
    Store(address, make=isinstance(address, DatabaseUrl)).close()
    click.echo(f"{address}: up to date (schema {NEWEST})")


@hq.command("publish-plan")
@click.argument("plan", type=click.Path(path_type=Path))
@CONFIG
@ROLE
@REASON
def publish_plan_command(plan: Path, config_path: Path, role: str, reason: str) -> None:
    """Sign an analyst's plan file and publish it to its district's vehicles."""
    from edge.contract.agency import load_agency  # noqa: PLC0415
    from edge.headquarters.publish.connection import connected_publisher  # noqa: PLC0415
    from edge.headquarters.publish.plan import publish_plan  # noqa: PLC0415
    from edge.plans.plan_file import load_plan_file  # noqa: PLC0415

    config = load(HeadquartersConfig, config_path)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "plan", "to publish a plan")
    made = load_plan_file(plan, agency)  # its mistakes are told before the broker is troubled
    if agency.calendar.ends(made.shift) <= time.time():
        msg = f"{plan}: shift: {made.shift} has ended; correct the date"
        raise UserError(msg)
    with database_at(config.database) as store, connected_publisher(config.publishing, agency) as client:
        published = publish_plan(plan, agency, key, store, client, role, reason)
        warn(store, published.body, agency)
    click.echo(f"published version {published.version} for district {made.district}, shift {made.shift}")


@hq.command("publish-context")
@click.argument("context", type=click.Path(path_type=Path))
@CONFIG
@ROLE
@REASON
@OUT
def publish_context_command(context: Path, config_path: Path, role: str, reason: str, out: Path | None) -> None:
    """Sign the day's context, which `roundsman models context` wrote, and publish it to every vehicle."""
    from edge.contract.context import load_context  # noqa: PLC0415

    doc = load_context(context)
    _publish_context(lambda _store, _agency: doc, config_path, role, reason, out)


@hq.command("report-gunfire")
@click.option("--lat", type=float, required=True, help="Degrees, WGS 84.")
@click.option("--lon", type=float, required=True, help="Degrees, WGS 84; negative for west.")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="UTC, such as 2026-11-22T21:04:00Z.  [default: now]"
)
@CONFIG
@ROLE
@REASON
@OUT
def report_gunfire(
    lat: float, lon: float, at: datetime | None, config_path: Path, role: str, reason: str, out: Path | None
) -> None:
    """Publish the last context again with shots heard at a place; the vehicles update their forecasts at once."""
    from edge.headquarters.publish.context import with_gunfire  # noqa: PLC0415

    heard = at.replace(tzinfo=UTC) if at is not None else datetime.now(UTC).replace(microsecond=0)
    _publish_context(lambda store, agency: with_gunfire(store, agency, lat, lon, heard), config_path, role, reason, out)


def _publish_context(
    make: "Callable[[Store, Agency], ContextDoc]", config_path: Path, role: str, reason: str, out: Path | None
) -> None:
    """Sign what is made; publish it, or write it to a file."""
    from edge.contract.agency import load_agency  # noqa: PLC0415
    from edge.headquarters.publish.context import sign_context  # noqa: PLC0415

    config = load(HeadquartersConfig, config_path)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "context", "to publish a context")

    def sign(store: "Store") -> "StoredDocument":
        return sign_context(lambda: make(store, agency), agency, key, store, role, reason)

    deliver(config, agency, sign, out)


@hq.command("rebuild")
@CONFIG
def rebuild_command(config_path: Path) -> None:
    """Rebuild the report tables from the ledgers and compare. Exit status 1 if they differed."""
    from edge.headquarters.receive.projecting import rebuild  # noqa: PLC0415

    differing = 0
    with database_at(load(HeadquartersConfig, config_path).database) as store:
        for one in rebuild(store):
            differing += one.differing > 0
            said = f"{one.differing} differed and were replaced" if one.differing else "identical"
            click.echo(f"{one.ledger.unit} {one.ledger.id}: {one.rows} rows, {said}")
    if differing:
        click.echo(f"{differing} ledgers had wrong rows; they were rebuilt")
        raise SystemExit(1)


hq.add_command(draft)
hq.add_command(nightly_command)
hq.add_command(user)
hq.add_command(key)
hq.add_command(report)
hq.add_command(verify)
hq.add_command(retire_command)
hq.add_command(unretire_command)
hq.add_command(void_command)
hq.add_command(set_pin_command)
hq.add_command(publish_roster_command)
