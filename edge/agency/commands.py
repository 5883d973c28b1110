"""``roundsman agency …``: a bundle built, signed, looked over, shown. Words in, calls out, nothing else."""

import json
import re
import time
from datetime import datetime
from pathlib import Path

import click

from edge.agency.build import build_agency
from edge.agency.bundle import check_bundle, sign_bundle
from edge.agency.pack import VALID_DAYS, Terms
from edge.agency.show import bundle_lines, bundle_values
from edge.agency.signers import Signers
from edge.contract.manifest import MOST_BYTES
from edge.errors import UserError


@click.command()
@click.argument("source", type=Path)
@click.option("--out", type=Path, required=True, help="The agency directory to write.")
@click.option("--key", type=Path, help="The agency's private key, which signs the bundle; created if missing.")
@click.option("--keys", type=Path, help="The folder made by `agency keys`; its daily keys are listed in the bundle.")
@click.option("--risk", type=Path, help="The directory of counts, layers, days and models that training wrote.")
@click.option("--version", type=click.IntRange(1), help="The bundle's version.  [default: the last one plus 1]")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Its last valid day, in the agency's time zone.")
@click.option(
    "--valid-days", type=click.IntRange(1, 3650), help=f"Or the number of days it is valid. [default: {VALID_DAYS}]"
)
def build(
    source: Path,
    out: Path,
    key: Path | None,
    keys: Path | None,
    risk: Path | None,
    version: int | None,
    expires: datetime | None,
    valid_days: int | None,
) -> None:
    """Build an agency's bundle from agency.toml, GeoJSON and models; sign it if --key is given."""
    if expires is not None and valid_days is not None:
        msg = "give either --expires or --valid-days"
        raise UserError(msg)
    last_day = None if expires is None else expires.date()
    terms = Terms(version=version, last_day=last_day, valid_days=valid_days or VALID_DAYS)
    report = build_agency(source, out, key, risk, terms, keys)
    manifest = report.manifest
    click.echo(
        f"{report.directory}: {report.boxes} boxes in EPSG:{report.epsg}, {report.opt_out_boxes} of them opt-out; "
        f"{report.districts} districts, {report.beats} beats; grid within {report.worst_mm:.3f} mm of UTM"
    )
    models = len(manifest.crime_types)
    standing = f"version {manifest.version}, {'signed' if report.signed else 'NOT SIGNED'}"
    held = f"{models or 'no'} model{'' if models == 1 else 's'}; {_megabytes(report.size)}"
    click.echo(f"{standing}, expires {manifest.expires:%Y-%m-%d}; {held}")
    if (places := report.places) is not None:
        click.echo(
            f"{places.streets} street names; {places.boxes} boxes have a place name; places.json has "
            f"{places.size / 1e3:,.0f} kB"
        )
    if not report.signed:
        click.echo("vehicles reject an unsigned bundle; sign it with `roundsman agency sign`")
    if report.public_key is not None:
        click.echo(f'in each car\'s configuration: agency_key = "{report.public_key}"')
    if report.key_created:
        click.echo(f"{key}: new private key; keep it at headquarters, with a backup")
    if report.countersigned:
        click.echo("also signed with the agency's previous key, so cars that trust that one will trust the new one")
    for note in report.notes:
        click.echo(f"note: {note}")


def _megabytes(size: int) -> str:
    most = f"{MOST_BYTES / 1e6:.0f} MB"
    said = f"{size / 1e6:.1f} MB of at most {most}"
    return said if size <= MOST_BYTES else f"{said}: TOO LARGE to send to a car"


@click.command()
@click.argument("directory", type=Path)
@click.option("--key", type=Path, help="The agency's private key.  [default: agency.pem of --keys]")
@click.option("--keys", type=Path, help="The folder made by `agency keys`; a rotated key also signs.")
def sign(directory: Path, key: Path | None, keys: Path | None) -> None:
    """Sign a bundle that was built without the private key."""
    with Signers.of(key, keys).at_hand() as private:
        if private.agency is None:
            msg = "--key: give the agency's private key, or --keys with the folder that holds it"
            raise UserError(msg)
        manifest = sign_bundle(directory, private.agency, private.previous)
    click.echo(f"{directory}: version {manifest.version} signed; expires {manifest.expires:%Y-%m-%d}")


def _public_key(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    if given is not None and not re.fullmatch("[0-9a-f]{64}", given):
        msg = "--key: must be 64 hexadecimal digits (lower case), such as agency_key of a vehicle's configuration"
        raise UserError(msg)
    return given


@click.command()
@click.argument("directory", type=Path)
@click.option("--key", callback=_public_key, help="The public key to trust, as in agency.json of a bundle you trust.")
def verify(directory: Path, key: str | None) -> None:
    """Check a bundle: files, signature, scope, expiry, models. Exit status 2 and the first problem found."""
    failures: list[str] = []
    try:
        for check in check_bundle(directory, key, time.time()):
            click.echo(f"{check.name:<10} {'good' if check.failure is None else 'BAD':<5} {check.says}")
            failures += [] if check.failure is None else [check.failure]
    except UserError as error:
        failures.append(str(error))
    if failures:
        raise UserError(failures[0])


@click.command()
@click.argument("directory", type=Path)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def show(directory: Path, as_json: bool) -> None:
    """Show what is in a bundle: boxes, shifts, tactics, models and their card figures, expiry, sizes."""
    values = bundle_values(directory)
    click.echo(json.dumps(values, indent=2, ensure_ascii=False) if as_json else "\n".join(bundle_lines(values)))
