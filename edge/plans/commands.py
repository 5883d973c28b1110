"""``roundsman plan …``: build a plan from risk, show, explain and check it. Words in, calls out, nothing else."""

import os
from datetime import datetime
from pathlib import Path

import click

from edge.contract.agency import load_agency
from edge.contract.messages import encode
from edge.contract.signing import load_private_key
from edge.errors import UserError
from edge.plans.build import build_plan
from edge.plans.by_hand import signed_plan
from edge.plans.draft import save
from edge.plans.plan_file import load_plan_file
from edge.plans.record import RECORD_SUFFIX, load_record, record_of
from edge.plans.words import explain_box, remarks_on, show_draft, show_record
from edge.text.whole_file import write_whole


@click.group()
def plan() -> None:
    """A plan: build it from risk, show, explain, check it."""


@plan.command()
@click.argument("directory", metavar="AGENCY", type=Path)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The date the shift starts.")
@click.option("--shift", required=True, help="The shift's name, such as night.")
@click.option("--district", required=True, help="A district, or a special unit of agency.toml.")
@click.option("--context", type=Path, help="The context for that date, written by `roundsman models context`.")
@click.option(
    "--visits",
    type=Path,
    help="The vehicles' visits messages, one per line; if not given, the context's visits are counted.",
)
@click.option("--out", type=Path, help="The draft to write, such as plan.toml; its record is written next to it.")
@click.option("--json", "as_json", is_flag=True, help="Print the record: every box, probability and reason.")
def build(
    directory: Path,
    day: datetime,
    shift: str,
    district: str,
    context: Path | None,
    visits: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draw a plan for a district and shift from the models of AGENCY, as every car would."""
    if out is None and not as_json:
        msg = "give --out with the draft to write, or --json to print the record"
        raise UserError(msg)
    built = build_plan(directory, f"{day.date().isoformat()}/{shift}", district, context, visits)
    record = record_of(built)
    if out is not None:
        beside = save(record, built.agency, out)
        click.echo(
            f"{out}: draft with {len(record.drawn)} boxes; review it, then publish it. Reasons: {beside}", err=as_json
        )
    for remark in record.remarks:
        click.echo(f"note: {remark}", err=True)
    if as_json:
        click.echo(record.model_dump_json())


@plan.command()
@click.argument("file", type=Path)
def show(file: Path) -> None:
    """A plan.toml, or the record of a drawn plan, as a table."""
    if file.suffix == RECORD_SUFFIX:
        lines = show_record(load_record(file))
    else:
        lines = show_draft(file, load_record(file) if os.path.exists(file.with_suffix(RECORD_SUFFIX)) else None)
    click.echo("\n".join(lines))


@plan.command()
@click.argument("file", type=Path)
@click.argument("box")
def explain(file: Path, box: str) -> None:
    """Why BOX (an id or a number) is in the drawn plan FILE, or is not."""
    click.echo("\n".join(explain_box(load_record(file), box)))


@plan.command()
@click.argument("file", type=Path)
@click.option("--agency", "directory", type=Path, required=True, help="The agency directory.")
@click.option("--key", type=Path, required=True, help="The private key that signs plans.")
@click.option("--role", required=True, help="The role that approves it, such as analyst.")
@click.option("--reason", required=True, help="Why this plan, in a few words.")
@click.option("--out", type=Path, required=True, help="The signed plan, such as plan.json on a USB stick.")
def sign(file: Path, directory: Path, key: Path, role: str, reason: str, out: Path) -> None:
    """Approve a plan.toml and sign it into a file, for a car without a link."""
    document = signed_plan(file, load_agency(directory), load_private_key(key), role, reason)
    write_whole(out, encode(document.signed))
    body = document.body
    click.echo(f"{out}: version {body.version} for {body.shift}, district {body.district}, {len(body.patrols)} boxes")


@plan.command()
@click.argument("file", type=Path)
@click.option("--agency", "directory", type=Path, required=True, help="The agency directory.")
def check(file: Path, directory: Path) -> None:
    """Check a plan.toml: boxes, opt-out areas, crime types, tactics, shift."""
    checked = load_plan_file(file, load_agency(directory))
    click.echo(f"{file}: {len(checked.patrols)} directed patrols for {checked.shift}, district {checked.district}")
    for remark in remarks_on(checked):
        click.echo(f"note: {remark}")
