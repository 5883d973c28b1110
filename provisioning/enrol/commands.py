"""``roundsman provision serve``. Words in, calls out, nothing else."""

import logging
import os
from pathlib import Path

import click

from edge.service.logs import log_to_stderr
from edge.service.process import run_until_stopped
from provisioning.enrol.daemon import EnrolmentService
from provisioning.fleet.folder import Fleet
from provisioning.options import FLEET


@click.command()
@FLEET
def serve(folder: Path) -> None:
    """Run the enrolment service until stopped: units with a token get a certificate, enrolled ones the next."""
    os.umask(0o077)
    log_to_stderr("%(levelname)s %(name)s: %(message)s", logging.INFO)
    run_until_stopped("roundsman provision serve", EnrolmentService(Fleet(folder)))
