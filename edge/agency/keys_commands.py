"""``roundsman agency keys …``: the agency's keys made, listed, rotated, given up. Words in, calls out, nothing else."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from edge.agency import keys as folder_keys
from edge.agency.keys_file import NAME, KeysDoc, read_keys
from edge.contract.bundle import read_manifest
from edge.contract.keys import ROLES, SHORT
from edge.contract.manifest import MANIFEST, Manifest

FOLDER = click.argument("folder", type=Path)
NEXT = "takes effect with the next bundle: build it with --keys, sign it and deliver it to the cars"


@click.group()
def keys() -> None:
    """Manage the agency's keys in a folder: the offline agency key and the daily keys by role."""


@keys.command()
@FOLDER
@click.option("--key", type=Path, help="The agency's private key, if it has one; the file is not moved.")
def init(folder: Path, key: Path | None) -> None:
    """Create FOLDER with the agency key and a keys.toml."""
    doc = folder_keys.init(folder, key)
    click.echo(f"{folder / NAME}: the agency's key is {doc.agency}")
    if key is None:
        click.echo(f"{folder / folder_keys.AGENCY_PEM}: the private key; keep it offline, with a copy in a safe")


@keys.command()
@click.argument("role", type=click.Choice(ROLES))
@FOLDER
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day it may sign.")
def daily(role: str, folder: Path, until: datetime) -> None:
    """Make a daily key for ROLE; its present keys stay valid. Also used to rotate a key."""
    row, path = folder_keys.add_daily(folder, role, until.date(), datetime.now(UTC).date())
    click.echo(f"{path}: new {role} key {row.key[:SHORT]}, valid through {row.until}")
    click.echo(f'{NEXT}; then set it in headquarters\' configuration: [keys] {role} = "{path}"')


@keys.command()
@click.argument("what")
@FOLDER
def revoke(what: str, folder: Path) -> None:
    """Revoke WHAT: a role, one key by its first digits, or `previous`, the last agency key."""
    for named in folder_keys.revoke(folder, what):
        click.echo(f"revoked: {named}")
    click.echo(f"cars use the bundle they have; {NEXT}")


@keys.command("rotate-agency")
@FOLDER
def rotate_agency(folder: Path) -> None:
    """Make a new agency key. Bundles are signed with both keys until the old one is revoked as `previous`."""
    doc = folder_keys.rotate_agency(folder)
    click.echo(f"{folder / folder_keys.AGENCY_PEM}: the new agency key {doc.agency}")
    click.echo(f"{folder / folder_keys.PREVIOUS_PEM}: the previous key, which vouches for the new one to the cars")
    click.echo(f"{NEXT}. Once every car has that bundle, run: roundsman agency keys revoke previous {folder}")


@keys.command("list")
@click.argument("place", type=Path)
def list_keys(place: Path) -> None:
    """List the keys in PLACE, a key folder or a bundle: role, last day, key."""
    is_bundle = os.path.isfile(place / MANIFEST)  # unlike Path.is_file, whatever the name is
    lines = _of_bundle(read_manifest(place)) if is_bundle else _of_folder(place, read_keys(place))
    for line in lines:
        click.echo(line)


def _of_bundle(manifest: Manifest) -> Iterator[str]:
    yield f"bundle of {manifest.agency}, version {manifest.version}"
    if not manifest.keys:
        yield "no daily keys: the agency key also signs plans and contexts"
    now = datetime.now(UTC).timestamp()
    for role, named in manifest.keys.items():
        for one in named:
            state = "EXPIRED" if one.expired(now) else "until"
            yield f"{role:<10} {state:<8} {one.expires.astimezone(UTC):%Y-%m-%d %H:%M} UTC  {one.key}"


def _of_folder(folder: Path, doc: KeysDoc) -> Iterator[str]:
    yield _row(folder, "agency", "", doc.agency, folder_keys.AGENCY_PEM)
    if doc.previous is not None:
        yield _row(folder, "previous", "", doc.previous, folder_keys.PREVIOUS_PEM)
    today = datetime.now(UTC).date()
    for row in doc.daily:
        until = f"until {row.until}" if row.until >= today else f"EXPIRED {row.until}"
        yield _row(folder, row.role, until, row.key, f"{row.stem}.pem")


def _row(folder: Path, role: str, until: str, key: str, pem: str) -> str:
    held = f"private key: {folder / pem}" if (folder / pem).exists() else "private key elsewhere"
    return f"{role:<10} {until:<18} {key}  {held}"
