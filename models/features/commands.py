"""``roundsman models layers``: words in, calls out, nothing else."""

from pathlib import Path

import click

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.risk.days import save_days
from edge.risk.events import save_events
from edge.risk.frame import Frame
from edge.risk.layers import save_layers
from models.features.build import build_features
from models.features.grid_stamp import stamp_grid
from models.sources.document import read_features


@click.command()
@click.argument("features", type=Path)
@click.option("--agency", "directory", type=Path, required=True, help="The agency directory.")
@click.option("--out", type=Path, required=True, help="The directory to write layers.npz, days.npz and events.npz to.")
def layers(features: Path, directory: Path, out: Path) -> None:
    """Make the features that are not incident counts: places, housing, terrain, weather, holidays, events."""
    agency = load_agency(directory)
    built = build_features(read_features(features), features.parent, agency)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{out}: {error.strerror}; give a directory that can be created"
        raise UserError(msg) from error
    save_layers(out / "layers.npz", built.layers)
    save_days(out / "days.npz", built.days)
    save_events(out / "events.npz", built.events)
    stamp_grid(out, Frame.of(agency.grid))
    for column, values in zip(built.layers.columns, built.layers.values.T, strict=True):
        here = int((values != column.missing).sum())
        click.echo(f"{column.name}: {here} of {len(values)} boxes have a value; {column.definition} ({column.unit})")
    for column in built.days.columns:
        click.echo(f"{column.name}: {len(built.days.values)} dates; {column.definition} ({column.unit})")
    for note in built.notes:
        click.echo(f"note: {note}")
