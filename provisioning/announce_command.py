"""``roundsman provision announce``, at headquarters. Words in, calls out, nothing else."""

from pathlib import Path

import click

from edge.contract.agency import load_agency
from edge.contract.download import NamedBundle, NamedRelease
from edge.contract.signed_kinds import DOWNLOAD
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.delivery import OUT, REASON, ROLE, deliver
from edge.headquarters.options import CONFIG, signing_key
from edge.headquarters.publish.download import sign_download
from edge.text.config import load
from provisioning.fleet.folder import Fleet
from provisioning.options import FLEET
from provisioning.rollout.bundle_shelf import BundleShelf
from provisioning.rollout.shelf import newest


@click.command()
@FLEET
@CONFIG
@ROLE
@REASON
@OUT
def announce(folder: Path, config_path: Path, role: str, reason: str, out: Path | None) -> None:
    """Announce the newest bundle and release to every car, which then asks for them within a minute."""
    fleet, config = Fleet(folder), load(HeadquartersConfig, config_path)
    bundle, release = _bundle(fleet), _release(fleet)
    if bundle is None and release is None:
        msg = f"{folder}: has no bundle or release to announce; copy one into bundles/ or releases/"
        raise UserError(msg)
    agency, key = load_agency(config.agency), signing_key(config, config_path, DOWNLOAD.role, "to announce downloads")
    for what, one in (("bundle", bundle), ("release", release)):
        click.echo(f"{what}: {'none' if one is None else f'{one.version} ({one.sha256[:12]})'}")
    deliver(
        config, agency, lambda store: sign_download(bundle, release, agency, key, store, role, reason, fleet.utc()), out
    )


def _bundle(fleet: Fleet) -> NamedBundle | None:
    if (shelved := BundleShelf(fleet).newest()) is None:
        return None
    return NamedBundle(version=shelved.manifest.version, sha256=shelved.manifest.digest())


def _release(fleet: Fleet) -> NamedRelease | None:
    if (manifest := newest(fleet.folder, fleet.settings.release_key, fleet.utc())) is None:
        return None
    return NamedRelease(version=manifest.version, sha256=manifest.digest)
