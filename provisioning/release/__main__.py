"""``make release``: from the last commit of a clone, by the locks in locks/. Words in, calls out, nothing else."""

import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Final

import click

from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError
from provisioning.release.make import Source, make_release, order_back
from provisioning.release.targets import targets
from provisioning.release.wheels import NPM_LOCK, commit_time, committed
from provisioning.software.statement import Statement
from provisioning.software.verified import MANIFEST, copy_verified, read_manifest

REPOSITORY: Final = Path(__file__).parents[2]
KEY: Final = click.option("--key", type=click.Path(path_type=Path), required=True, help="The release key's file.")
FOLDER: Final = click.argument("folder", type=click.Path(path_type=Path))


@click.group()
def release() -> None:
    """Make, check and sign releases of Roundsman."""


@release.command("key")
@click.argument("file", type=click.Path(path_type=Path))
def make_key(file: Path) -> None:
    """Make a release key, once, and keep FILE offline; `release_key` of fleet.toml is its public half."""
    click.echo(
        f'{file}: the release key; put into fleet.toml: release_key = "{public_key_of(create_private_key(file))}"'
    )


@release.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to make.")
@KEY
def make(out: Path, key: Path) -> None:
    """Make a release of the last commit: its wheel, the wheels it needs, the SBOM and the signed manifest."""
    signing, began = load_private_key(key), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tree = committed(REPOSITORY, Path(folder))
        source = Source(tree, tree / NPM_LOCK, commit_time(REPOSITORY), targets())
        _say(out, make_release(source, out, signing))
    click.echo(f"made in {time.monotonic() - began:.0f} s")


@release.command()
@FOLDER
@click.option("--key", required=True, help="The public release key, 64 hexadecimal digits.")
def verify(folder: Path, key: str) -> None:
    """Check a release: who signed it, and every file."""
    manifest = read_manifest(folder, key)
    copy_verified(manifest, manifest.statement.digests, folder)
    _say(folder, manifest.statement)


@release.command("order-back")
@FOLDER
@KEY
def order(folder: Path, key: Path) -> None:
    """Sign an older release anew, as the order that units go back to it."""
    _say(folder, order_back(folder, load_private_key(key), time.time()))


def _say(folder: Path, statement: Statement) -> None:
    said, sizes = statement.predicate, statement.predicate.sizes
    kind = "order to go back to " if said.downgrade else ""
    click.echo(f"{folder / MANIFEST}: {kind}Roundsman {said.version}, valid through {_day(said.expires)}")
    click.echo(f"{len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB in all; a unit installs:")
    for name, wheels in said.targets.items():
        click.echo(f"  {name:<14} {len(wheels)} wheels, {sum(sizes[one] for one in wheels) / 1e6:.1f} MB")


def _day(instant: date) -> str:
    return f"{instant:%Y-%m-%d}"


def main() -> None:
    """A mistake ends with one sentence and status 2."""
    try:
        release()
    except UserError as error:
        click.echo(f"release: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
