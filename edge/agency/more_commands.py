"""``roundsman agency example`` and ``tactics-sheet``: without headquarters' libraries. Words in, calls out."""

from datetime import datetime
from pathlib import Path

import click

from edge.agency.example import write_example
from edge.contract.agency import load_agency
from edge.service.sheets import Around, page
from edge.text.whole_file import write_whole
from edge.text.words import IN, LANGUAGES


@click.command()
@click.argument("folder", type=Path)
def example(folder: Path) -> None:
    """Write an example agency into FOLDER, with all that one car alone needs to try it."""
    for path in write_example(folder):
        click.echo(path)
    click.echo(f"now: roundsman vehicle run --config {folder / 'vehicle.toml'}")
    click.echo("then open http://127.0.0.1:8600 and sign in with any badge number")


@click.command("tactics-sheet")
@click.argument("directory", metavar="AGENCY", type=Path)
@click.option("--out", type=Path, required=True, help="The page to write, such as tactics.html.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def tactics_sheet(directory: Path, out: Path, language: str) -> None:
    """Write the public sheet of an agency's approved tactics: one page, to print on A4 or Letter."""
    agency = load_agency(directory)
    today = datetime.now(agency.calendar.zone).date()
    write_whole(out, page("tactics", Around(IN[language], inlined=True), agency=agency, today=today))
    click.echo(f"{out}: {len(agency.tactics)} tactics, list {agency.tactics_version}")
