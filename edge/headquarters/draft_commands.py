"""``roundsman hq draft …``: build, list, show, edit and approve the drafts of plans. Must not decide anything.

What they call is imported when they are: `--help` stays quick.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.options import CONFIG, database_at, signing_key
from edge.text.config import load

if TYPE_CHECKING:
    from edge.contract.agency import Agency
    from edge.headquarters.store import Store

Command = TypeVar("Command", bound=Callable[..., None])

DRAFT = (
    click.argument("shift"),
    click.argument("area"),
    CONFIG,
)
BY = (
    click.option("--edition", type=int, required=True, help="The draft's edition, as `hq draft show` printed it."),
    click.option("--account", required=True, help="Who you are, such as your user name."),
    click.option("--role", required=True, help="Your role, such as analyst."),
    click.option("--reason", required=True, help="Why; 3 to 200 characters."),
)
BOX = (
    click.option("--box", "number", type=int, required=True, help="The box's number."),
    click.option("--expires", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="UTC; after it the edit lapses."),
)
PATROL = (
    click.option("--minutes", type=float, help="Minutes of a visit."),
    click.option("--visits", type=int, help="Visits this shift."),
    click.option("--tactic", "tactics", multiple=True, help="A tactic's id; may be given several times."),
)


def _with(*groups: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    """The options of several commands."""

    def add(command: Command) -> Command:
        for option in reversed([one for group in groups for one in group]):
            command = option(command)
        return command

    return add


@contextmanager
def _desk(config_path: Path) -> "Iterator[tuple[HeadquartersConfig, Agency, Store]]":
    from edge.contract.agency import load_agency  # noqa: PLC0415 - see the module's docstring

    config = load(HeadquartersConfig, config_path)
    agency = load_agency(config.agency)
    with database_at(config.database) as store:
        yield config, agency, store


@click.group("draft")
def draft() -> None:
    """Drafts of plans: build, list, show, edit, approve."""


@draft.command("build")
@CONFIG
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Of the shifts.  [default: tomorrow]")
def build_command(config_path: Path, day: datetime | None) -> None:
    """Draw a draft for every shift of a date, in each district and special unit. Exit status 1 where one failed.

    The newest published context counts. A draft that somebody has edited stays as it is.
    """
    from edge.headquarters.drafts.building import build_drafts  # noqa: PLC0415

    failed = 0
    with _desk(config_path) as (config, agency, store):
        date = day.date() if day is not None else (datetime.now(agency.calendar.zone) + timedelta(days=1)).date()
        for one in build_drafts(store, config.agency, agency, date, time.time()):
            failed += one.outcome == "failed"
            click.echo(f"{one.shift} {one.area}: {one.outcome}: {one.said}")
    if failed:
        click.echo(f"{failed} drafts could not be built")
        raise SystemExit(1)


@draft.command("list")
@CONFIG
def list_command(config_path: Path) -> None:
    """List the drafts of today's shifts and those to come."""
    from edge.headquarters.drafts.review import look  # noqa: PLC0415
    from edge.headquarters.drafts.words import state_of  # noqa: PLC0415

    with _desk(config_path) as (_, agency, store):
        now = time.time()
        today = datetime.now(agency.calendar.zone).date().isoformat()
        for one in store.drafts(today):
            seen = look(store, agency, one.shift, one.area, now)
            click.echo(
                f"{one.shift} {one.area}: {state_of(seen)}, edition {one.edition}, {len(seen.plan.patrols)} boxes"
            )


@draft.command("show")
@_with(DRAFT)
def show_command(shift: str, area: str, config_path: Path) -> None:
    """Print a draft as it stands: boxes, risk, caps, edits."""
    from edge.headquarters.drafts.review import look  # noqa: PLC0415
    from edge.headquarters.drafts.words import draft_words  # noqa: PLC0415

    with _desk(config_path) as (_, agency, store):
        for line in draft_words(look(store, agency, shift, area, time.time()), agency):
            click.echo(line)


@draft.command("add")
@_with(DRAFT, BOX, PATROL, BY)
@click.option("--crime-type", "crime_types", multiple=True, required=True, help="What for; may be given several times.")
def add_command(crime_types: tuple[str, ...], **given: Any) -> None:
    """Add a box to a draft, or one that was suppressed in it."""
    _edit("add", given, crime_types=crime_types)


@draft.command("suppress")
@_with(DRAFT, BOX, BY)
def suppress_command(**given: Any) -> None:
    """Take a box out of a draft; its cars are told the reason."""
    _edit("suppress", given)


@draft.command("change")
@_with(DRAFT, BOX, PATROL, BY)
def change_command(**given: Any) -> None:
    """Change minutes, visits or tactics of a box in a draft."""
    if given["minutes"] is None and given["visits"] is None and not given["tactics"]:
        msg = "give at least one of --minutes, --visits and --tactic"
        raise UserError(msg)
    _edit("change", given)


@draft.command("approve")
@_with(DRAFT, BY)
def approve_command(
    shift: str, area: str, config_path: Path, edition: int, account: str, role: str, reason: str
) -> None:
    """Sign a draft as it stands and publish it to its district's vehicles."""
    from edge.headquarters.drafts.review import approve, new_edit  # noqa: PLC0415
    from edge.headquarters.publish.connection import connected_publisher  # noqa: PLC0415

    with _desk(config_path) as (config, agency, store):
        key = signing_key(config, config_path, "plan", "to publish a plan")
        approval = new_edit(
            shift, area, edition, time.time(), action="approve", box="", account=account, role=role, reason=reason
        )
        with connected_publisher(config.publishing, agency) as client:
            published = approve(store, agency, key, client, approval)
    click.echo(f"published version {published.version} for district {area}, shift {shift}")


def _edit(action: str, given: dict[str, Any], **patrol: Any) -> None:
    """Store an edit, and print what the draft is then."""
    from edge.headquarters.drafts.review import described, edit, new_edit  # noqa: PLC0415

    asked = {name: given.get(name) for name in ("minutes", "visits", "tactics")} | patrol
    with _desk(given["config_path"]) as (_, agency, store):
        box = next((one for one in agency.grid.boxes.values() if one.number == given["number"]), None)
        if box is None:
            msg = f"--box: the agency has no box {given['number']}; its boxes are 1 to {len(agency.grid.boxes)}"
            raise UserError(msg)
        expires = given["expires"]
        new = new_edit(
            given["shift"],
            given["area"],
            given["edition"],
            time.time(),
            action=action,
            box=box.id,
            given={name: value for name, value in asked.items() if value not in (None, ())},
            expires=None if expires is None else expires.replace(tzinfo=UTC).timestamp(),
            **{name: given[name].strip() for name in ("account", "role", "reason")},
        )
        click.echo(described(new, agency))
        click.echo(f"edition {edit(store, agency, new).draft.edition}")
