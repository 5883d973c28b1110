"""``roundsman provision fetch``, on a unit, as the daemon's user. Words in, calls out, nothing else."""

import os
import ssl
from functools import partial
from pathlib import Path

import click

from edge.errors import UserError
from edge.mqtt.tls_files import context_of
from edge.text.config import load
from provisioning.device.config_option import config_option
from provisioning.update.admission import here
from provisioning.update.config import HeadquartersConfig, UpdateConfig
from provisioning.update.daemon import bundle_in_force
from provisioning.update.fetch import fetch
from provisioning.update.fetch_bundle import fetch_bundle
from provisioning.update.headquarters import OverHttps
from provisioning.update.lasting import refuse_forgetful
from provisioning.update.memory import recall
from provisioning.update.places import Places


@click.command("fetch")
@config_option("update.toml")
def fetch_command(path: Path) -> None:
    """On a unit: download the bundle and, where it pins a release key, the release that headquarters offers it."""
    os.umask(0o022)  # root reads what is downloaded, and has no right to read what others may not
    config = load(UpdateConfig, path)
    if config.headquarters is None:
        msg = f"{path}: has no [headquarters]; bundles and releases come on a stick alone"
        raise UserError(msg)
    own = config.headquarters
    context = context_of(own.ca, own.cert, own.key)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    hq, failed = OverHttps(own.service, context), list[str]()
    release = () if config.release_key is None else (partial(_release, config, config.release_key, own, hq),)
    for fetched in (partial(_bundle, config.screen, own, hq), *release):
        try:
            click.echo(fetched())
        except UserError as error:  # the other may come all the same
            failed.append(str(error))
    if failed:
        raise UserError("; ".join(dict.fromkeys(failed)))


def _bundle(screen: str, own: HeadquartersConfig, hq: OverHttps) -> str:
    refuse_forgetful(own.data)  # a download into memory would fill it, and begin anew at each start
    return fetch_bundle(own.data, bundle_in_force(screen), hq)


def _release(config: UpdateConfig, key: str, own: HeadquartersConfig, hq: OverHttps) -> str:
    refuse_forgetful(own.downloads)
    runs, memory = Places(config.root).good, recall(config.state)
    return fetch(own.downloads, runs, memory, key, here(), hq)
