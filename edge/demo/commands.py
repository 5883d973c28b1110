"""``roundsman demo``: a city, headquarters and two cars on this machine. Words in, calls out, nothing else."""

import json
import tempfile
from pathlib import Path

import click

from edge.demo.live import run_live
from edge.demo.once import run_once


@click.command()
@click.option("--once", is_flag=True, help="Run a shortened shift at full speed, without a browser, then exit.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print the figures as JSON on the last line.")
def demo(once: bool, as_json: bool) -> None:
    """Run a city, headquarters and two cars on this machine."""
    with tempfile.TemporaryDirectory(prefix="roundsman-demo-") as folder:
        if not once:
            run_live(Path(folder), click.echo)
            return
        figures = run_once(Path(folder), lambda line: click.echo(line, err=as_json))
    if as_json:
        click.echo(json.dumps(figures.values()))
    else:
        for name, value in figures.values().items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
    raise SystemExit(0 if figures.agree else 1)
