"""``roundsman provision update``, on a unit, as root. Words in, calls out, nothing else."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from edge.errors import UserError
from edge.text.config import load
from edge.text.whole_file import make_folder
from provisioning.device.config_option import config_option
from provisioning.update.car import SystemdCar
from provisioning.update.config import UpdateConfig
from provisioning.update.environment import install
from provisioning.update.lasting import refuse_forgetful
from provisioning.update.sources import releases_in
from provisioning.update.updater import Updater


@click.command()
@click.argument("release", type=click.Path(path_type=Path), required=False)
@config_option("update.toml")
def update(release: Path | None, path: Path) -> None:
    """On a unit: install RELEASE, or what lies in the folders of update.toml; taken back by itself where it fails."""
    os.umask(0o022)  # the daemon's user reads what is installed
    config = load(UpdateConfig, path)
    if config.release_key is None:
        _without_key(release, path)
        return
    refuse_forgetful(config.root, config.state)
    with _alone(config.state):
        updater = Updater(config, config.release_key, SystemdCar(config.service, config.screen), install)
        if settled := updater.settle():
            click.echo(settled)
        for folder in [release] if release else releases_in(config.folders):
            try:
                click.echo(updater.offer(folder))
            except UserError as error:
                if release:
                    raise
                click.echo(f"{folder}: {error}", err=True)


def _without_key(release: Path | None, path: Path) -> None:
    """Nothing to do; raises UserError where a release was to be installed."""
    if release:
        msg = f"{path}: release_key: needed to install {release}; set it to the public key that signs releases"
        raise UserError(msg)
    click.echo(f"{path}: has no release_key: this unit installs no releases")


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """While no other update runs. Raises UserError where one does."""
    make_folder(state, "run it as root", 0o755)
    try:
        with (state / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError as error:
        msg = f"{state}: an update is under way; wait until it has ended"
        raise UserError(msg) from error
    except PermissionError as error:
        msg = f"{error.filename}: not allowed ({error.strerror}); run it as root"
        raise UserError(msg) from error
