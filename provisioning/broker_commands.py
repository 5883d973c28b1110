"""``roundsman provision broker render`` and ``revoke``. Words in, calls out, nothing else."""

import time
from pathlib import Path

import click

from edge.text.mistakes import counted
from provisioning.broker import revocation
from provisioning.broker.broker_files import write_broker_files
from provisioning.fleet.folder import Fleet
from provisioning.options import FLEET


@click.group()
def broker() -> None:
    """The fleet's broker, a mosquitto 2."""


@broker.command("render")
@FLEET
@click.option("--out", type=Path, help="The broker's folder.  [default: broker.files of fleet.toml]")
@click.option("--reload", "reloads", is_flag=True, help="Have the broker read them, by broker.reload of fleet.toml.")
def render_command(folder: Path, out: Path | None, reloads: bool) -> None:
    """Write the broker's settings, access list, certificates and list of the revoked. Run it each day: lists end."""
    fleet = Fleet(folder)
    place = out or fleet.settings.broker.files
    with fleet.registry() as registry:
        for note in write_broker_files(fleet, registry, place):
            click.echo(f"note: {note}")
    if reloads:
        revocation.reload_broker(fleet.settings.broker.reload)
    click.echo(f"{place}: written; have mosquitto read {place / 'mosquitto.conf'} (include_dir, or a link in conf.d)")


@click.command()
@click.argument("name")
@click.option("--reason", required=True, help="For the audit: stolen, sold, replaced, …")
@FLEET
def revoke(name: str, reason: str, folder: Path) -> None:
    """Revoke unit NAME: its certificates and tokens are refused and its session at the broker is ended, at once."""
    began = time.monotonic()
    fleet = Fleet(folder)
    with fleet.registry() as registry:
        revoked = revocation.revoke(registry, name, reason)
        click.echo(f"{name}: {counted(len(revoked), 'certificate')} revoked, tokens void")
        revocation.enforce(fleet, registry, name)
    click.echo(f"{name}: the broker refuses it, and its session is ended ({time.monotonic() - began:.1f} s)")
