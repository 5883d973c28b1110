"""``roundsman models count``: what an analyst calls. Words in, calls out, nothing else."""

from pathlib import Path

import click

from edge.contract.agency import load_agency
from edge.risk.counts import save_counts
from models.count.tally import tally
from models.ingest.incidents import read_incidents


@click.command()
@click.argument("incidents", type=Path)
@click.option("--agency", "directory", type=Path, required=True, help="The agency directory.")
@click.option("--out", type=Path, required=True, help="The counts file to write (npz).")
def count(incidents: Path, directory: Path, out: Path) -> None:
    """Count imported incidents by the agency's boxes, shifts and days."""
    found = tally(read_incidents(incidents), load_agency(directory))
    save_counts(out, found.counts)
    click.echo(f"{out}: {found.counted:,} incidents in {len(found.counts):,} counts")
    for reason, rows in found.left_out.items():
        click.echo(f"  {rows:>10,}  excluded: {reason}")
