"""``roundsman vehicle …`` and ``roundsman gps …``: the vehicle's commands. Words in, calls out, nothing else."""

import contextlib
import os
import time
from pathlib import Path

import click

from edge.contract.records import encode_event
from edge.errors import UserError
from edge.service.logs import log_to_stderr
from edge.service.process import run_until_stopped
from edge.text.config import load
from edge.vehicle.checks import device_problems
from edge.vehicle.config import VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.gps.check import check_log
from edge.vehicle.recorder import replay
from edge.vehicle.setting import setting_of
from edge.vehicle.store.ledger import Reader

CONFIG = click.option("--config", "config_path", type=Path, required=True, help="The vehicle's TOML file.")


@click.group()
def vehicle() -> None:
    """The daemon in the car."""


@vehicle.command()
@CONFIG
def run(config_path: Path) -> None:
    """Run the daemon until SIGTERM or SIGINT."""
    os.umask(0o077)
    log_to_stderr("%(message)s")
    config = load(VehicleConfig, config_path)
    daemon = Vehicle(config)
    for problem in device_problems(config):
        click.echo(f"{config_path}: {problem}", err=True)
    run_until_stopped("roundsman vehicle", daemon)


@vehicle.command(name="replay")
@CONFIG
@click.argument("recording", type=Path)
def replay_command(config_path: Path, recording: Path) -> None:
    """Replay a recorded shift and compare its records with the ledger, byte for byte."""
    daemon = Vehicle(load(VehicleConfig, config_path))
    path = daemon.config.data / "ledger.sqlite3"
    if not path.exists():
        msg = f"{path}: no ledger to compare with; give the configuration used for the recording"
        raise UserError(msg)
    with contextlib.closing(Reader(path)) as reader:
        same = different = lacking = gone = 0
        purged = reader.purged()
        for event in replay(recording, setting_of(daemon.bundle.agency)):
            if event.seq <= purged:
                gone += 1
                continue
            rows = reader.after(event.seq - 1, 1)
            equal = bool(rows) and rows[0][:2] == (event.seq, encode_event(event))
            same, different, lacking = same + equal, different + (bool(rows) and not equal), lacking + (not rows)
    click.echo(f"{same} records the same, {different} different")
    if lacking:
        click.echo(f"{lacking} at the end are missing from the ledger: the daemon was stopped before storing them")
    if gone:
        click.echo(f"{gone} at the beginning are no longer in the car; headquarters has acknowledged them")
    raise SystemExit(1 if different else 0)


@click.group()
def gps() -> None:
    """The GPS receiver."""


@gps.command()
@click.argument("log", type=Path)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines; the last has the refusals by reason.")
def check(log: Path, as_json: bool) -> None:
    """Run a recorded NMEA log through parser and gate: its fixes and, last, what was refused and why."""
    for line in check_log(log, now=time.time(), as_json=as_json):
        click.echo(line)
