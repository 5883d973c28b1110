"""``roundsman models ingest``: what an analyst calls. Words in, calls out, nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import click

from edge.errors import UserError
from models.ingest.incidents import read_incidents, write_incidents
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest as run


@click.command()
@click.argument("mapping", type=Path)
@click.argument("files", type=Path, nargs=-1, required=True)
@click.option("--out", type=Path, required=True, help="The incidents file to write (Parquet).")
@click.option(
    "--with", "earlier", type=Path, help="Incidents imported earlier; kept unless the new files replace them."
)
@click.option("--in-order", is_flag=True, help="Take the files as given, oldest first, whatever their times.")
@click.option("--report", "report_file", type=Path, help="Also write the report as JSON.")
def ingest(
    mapping: Path, files: tuple[Path, ...], out: Path, earlier: Path | None, in_order: bool, report_file: Path | None
) -> None:
    """Import an agency's exports (CSV, CSV.gz, Parquet) by a mapping file or a shipped one's name.

    If several files have the same id, the file with the latest time counts.
    """
    document, digest = read_mapping(mapping)
    before = None if earlier is None else read_incidents(earlier)
    with click.progressbar(length=sum(_size(file) for file in files), label="Reading") as bar:
        incidents, report = run(document, files, datetime.now(UTC), bar.update, before, in_order)
    report.mapping_sha256 = digest
    for line in report.lines():
        click.echo(line)
    if report_file:
        report.write(report_file)
    if not report.kept:
        msg = f"none of {report.rows} rows can be imported, for the reasons above; {out} was not written"
        raise UserError(msg)
    write_incidents(incidents, out)
    click.echo(f"{out}: {len(incidents):,} incidents")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        msg = f"{file}: {error.strerror}; give a readable export"
        raise UserError(msg) from error
