"""``roundsman provision ca …``. Words in, calls out, nothing else."""

from pathlib import Path

import click

from provisioning.authority.store import ROOT_PEM
from provisioning.fleet import folder as fleets
from provisioning.fleet.folder import SETTINGS, Fleet
from provisioning.fleet.processes import issue_process
from provisioning.options import FLEET


@click.group()
def ca() -> None:
    """The fleet's certificate authority."""


@ca.command()
@click.argument("folder", type=Path)
@click.option("--agency", type=Path, required=True, help="The agency's signed bundle.")
@click.option("--host", required=True, help="The name or address cars reach the broker and the enrolment service by.")
def init(folder: Path, agency: Path, host: str) -> None:
    """Make FOLDER: the authority's root and issuing key, the registry, and a fleet.toml to look through."""
    made = fleets.init(folder, agency, host)
    click.echo(f"{folder / SETTINGS}: host and ports of the broker and of the enrolment service; check them")
    click.echo(f"{made.authority.root_key}: the root's key; move it to a USB stick in a safe, it is needed again only")
    click.echo("for `ca rotate`")


@ca.command()
@FLEET
@click.option("--root-key", type=Path, help="Where the root's key is now.  [default: in the fleet's folder]")
def rotate(folder: Path, root_key: Path | None) -> None:
    """Make a new issuing key, which signs from now on. Cars trust it already; nothing changes on them."""
    fleet = Fleet(folder)
    number = fleet.authority.rotate(fleet.agency.id, fleet.utc(), root_key)
    click.echo(f"issuing key {number} signs from now on; now run `roundsman provision broker render`")
    click.echo("keep the files of the earlier keys: they sign what of theirs is revoked")


@ca.command()
@click.argument("name")
@click.option("--out", type=Path, required=True, help="A folder for NAME.pem and NAME.key.")
@FLEET
def issue(name: str, out: Path, folder: Path) -> None:
    """Issue a certificate, good for a year, for a process of headquarters such as receiver-1, publisher or console."""
    fleet = Fleet(folder)
    with fleet.registry() as registry:
        cert, key = issue_process(fleet, registry, name, out)
    table = "[publisher]" if name == "publisher" else "[broker]"
    click.echo(f"in hq.toml, below {table}:")
    for setting, path in (("ca", folder / ROOT_PEM), ("cert", cert), ("key", key)):
        click.echo(f'{setting} = "{path.absolute()}"')
