"""``roundsman provision enrol | renew``, on a unit. Words in, calls out, nothing else."""

import os
import time
from pathlib import Path
from typing import Final

import click

from edge.text.config import load
from provisioning.device import enrolment
from provisioning.device.config import EnrolmentConfig
from provisioning.device.config_option import config_option
from provisioning.device.service import asking

CONFIG: Final = config_option("enrolment.toml")


@click.command()
@CONFIG
def enrol(path: Path) -> None:
    """On a unit: make a key, have it certified with the one-time token, wipe the token. May be run again any time."""
    os.umask(0o077)
    config = load(EnrolmentConfig, path)
    click.echo(enrolment.enrol(config, asking(config.service, config.ca, time.time)))


@click.command()
@CONFIG
def renew(path: Path) -> None:
    """On a unit: have the next certificate where the present one has lived two thirds of its life."""
    os.umask(0o077)
    config = load(EnrolmentConfig, path)
    click.echo(enrolment.renew(config, time.time(), asking(config.service, config.ca, time.time)))
