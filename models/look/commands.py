"""``roundsman models look``: what an analyst calls first. Words in, calls out, nothing else."""

from dataclasses import replace
from pathlib import Path

import click

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.text.whole_file import write_whole
from models.look.look import Known, known_of
from models.look.look import look as run
from models.look.report import lines


@click.command()
@click.argument("files", type=Path, nargs=-1, required=True)
@click.option("--out", type=Path, help="The mapping file to write.  [default: it is printed, the report as an error]")
@click.option("--near", metavar="LAT,LON", help="About where the city is: tells coordinate systems and zones.")
@click.option("--agency", type=Path, help="The agency's directory, which says where it is, and its zone.")
def look(files: tuple[Path, ...], out: Path | None, near: str | None, agency: Path | None) -> None:
    """Look at an agency's exports, describe them, and draft the mapping that `ingest` needs."""
    known = known_of(load_agency(agency)) if agency else Known()
    if near:
        known = replace(known, near=_degrees(near))
    if out and out.exists():
        msg = f"{out}: already exists; choose another file, so that no mapping is lost"
        raise UserError(msg)
    found = run(files, known)
    for line in lines(found):
        click.echo(line, err=out is None)
    if out is None:
        click.echo(found.text, nl=False)
        return
    write_whole(out, found.text)
    click.echo(f"{out}: drafted")


def _degrees(text: str) -> tuple[float, float]:
    try:
        lat, lon = map(float, text.split(","))
    except ValueError:
        lat = lon = float("nan")
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0):  # noqa: PLR2004 - degrees
        msg = f"--near: {text!r} is not a latitude and a longitude, such as 38.63,-90.20"
        raise UserError(msg)
    return lat, lon
