"""``roundsman agency basemap``: streets to drive by, made of OpenStreetMap. Words in, calls out."""

import time
from pathlib import Path

import click

from edge.agency.basemap import ATTRIBUTION, MAX_ZOOM, MIN_ZOOM, make_basemap
from edge.contract.agency import load_agency


@click.command()
@click.argument("extract", metavar="FILE.osm.pbf", type=Path)
@click.option("--agency", "directory", type=Path, required=True, help="The agency's bundle: its area is what is drawn.")
@click.option(
    "--out", type=Path, default=Path("basemap.pmtiles"), show_default=True, help="The file to write, for every car."
)
def basemap(extract: Path, directory: Path, out: Path) -> None:
    """Make the offline basemap of an agency's area from an OpenStreetMap extract."""
    began = time.monotonic()
    report = make_basemap(extract, load_agency(directory), out)
    held = ", ".join(f"{count:,} {layer}" for layer, count in sorted(report.counts.items()))
    click.echo(
        f"{out}: {report.size / 1e6:.1f} MB, zooms {MIN_ZOOM} to {MAX_ZOOM}, in {time.monotonic() - began:.0f} s"
    )
    click.echo(f"objects: {held}")
    click.echo(f"{ATTRIBUTION}; the screen says so")
    click.echo('in each car\'s configuration, [touchscreen]: basemap = "the path of its copy in the car"')
