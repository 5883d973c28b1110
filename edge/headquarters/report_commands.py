"""``roundsman hq report NAME …``: a command for each report of the register. Must not know any report but the first.

The register and the database's libraries are imported when a command is looked for: `--help` elsewhere stays quick.
"""

import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from edge.headquarters.config import HeadquartersConfig
from edge.text.config import load

if TYPE_CHECKING:
    from edge.headquarters.reports.register import Report

FIRST: Final = "shift"
"""The report that is meant where none is named: `hq report 2026-11-22/night`."""


class Reports(click.Group):
    """The reports, each with its subject, its filters, and the form it is printed in."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every report's name."""
        from edge.headquarters.reports.register import all_reports  # noqa: PLC0415 - see the module's docstring

        return list(all_reports())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of a report."""
        from edge.headquarters.reports.register import all_reports  # noqa: PLC0415

        found = all_reports().get(cmd_name)
        return None if found is None else _command(found)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options may stand before the report's name, too."""
        names = self.list_commands(ctx)
        at = next((number for number, arg in enumerate(args) if arg in names), None)
        if at is not None:
            args = [args[at], *args[:at], *args[at + 1 :]]
        elif args and "--help" not in args:
            args = [FIRST, *args]
        return super().parse_args(ctx, args)


@click.command("report", cls=Reports)
def report() -> None:
    """Print a report; without a name, the Shift Report, as in `hq report 2026-11-22/night`."""


def _command(found: "Report[Any]") -> click.Command:
    subject = [click.Argument([found.subject.name])] if found.subject else []
    options = [click.Option([f"--{one.name}"], help=f"{one.title}.") for one in found.filters]
    forms = [
        click.Option(
            ["--json", "form"], flag_value="json", default=True, help="Print all values as JSON (the default)."
        ),
        click.Option(["--csv", "form"], flag_value="csv", help="Print the table as CSV."),
    ]
    config = click.Option(["--config", "config_path"], type=click.Path(path_type=Path), required=True)
    config.help = "Headquarters' TOML file."
    return click.Command(
        found.name, callback=partial(_print, found), params=[*subject, *options, config, *forms], help=f"{found.title}."
    )


def _print(found: "Report[Any]", config_path: Path, form: str, **given: str | None) -> None:
    from edge.contract.agency import load_agency  # noqa: PLC0415
    from edge.headquarters.receive.projecting import catch_up  # noqa: PLC0415
    from edge.headquarters.reports import formats  # noqa: PLC0415
    from edge.headquarters.reports.register import Question  # noqa: PLC0415
    from edge.headquarters.store import Store  # noqa: PLC0415

    config = load(HeadquartersConfig, config_path)
    agency, now = load_agency(config.agency), time.time()
    values = found.values({name: value for name, value in given.items() if value is not None}, agency, now)
    with Store(config.database, make=False) as store:
        for behind in catch_up(store):
            click.echo(f"updating the report tables: {behind} ledgers to go", err=True)
        made = found.make(Question(store, agency, now, values))
    if form == "csv":
        click.echo(formats.as_csv(found.columns, found.rows(made, agency)), nl=False)
    else:
        click.echo(json.dumps(found.document(made), indent=2))
