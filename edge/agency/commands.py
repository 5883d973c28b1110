"""``roundsman agency …`` and ``roundsman plan …``: what an analyst calls. Words in, calls out, nothing else."""

from pathlib import Path

import click

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.contract.plan_file import load_plan_file


@click.group()
def agency() -> None:
    """Make an agency's directory: grid, policy, tactics, map."""


@agency.command()
@click.argument("source", type=Path)
@click.option("--out", type=Path, required=True, help="The agency directory to write.")
@click.option("--key", type=Path, help="The private key plans are signed with; made where it is missing.")
def build(source: Path, out: Path, key: Path | None) -> None:
    """Build an agency directory from its agency.toml and GeoJSON."""
    report = build_agency(source, out, key)
    click.echo(
        f"{report.directory}: {report.boxes} boxes in EPSG:{report.epsg}, {report.opt_out_boxes} of them opted out; "
        f"{report.districts} districts, {report.beats} beats; grid within {report.worst_mm:.3f} mm of UTM"
    )
    if report.key_created:
        click.echo(f"{key}: a new private key; keep it at headquarters, and keep a copy")
    for note in report.notes:
        click.echo(f"note: {note}")


@click.group()
def plan() -> None:
    """An analyst's plan."""


@plan.command()
@click.argument("file", type=Path)
@click.option("--agency", "directory", type=Path, required=True, help="The agency directory.")
def check(file: Path, directory: Path) -> None:
    """Check a plan.toml: boxes, opt-out areas, crime types, tactics, shift."""
    checked = load_plan_file(file, load_agency(directory))
    click.echo(f"{file}: {len(checked.patrols)} directed patrols for {checked.shift}, district {checked.district}")
