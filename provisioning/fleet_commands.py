"""``roundsman provision fleet import | render | image-files``. Words in, calls out, nothing else."""

import time
from pathlib import Path

import click

from edge.errors import UserError
from edge.text.mistakes import counted
from edge.text.whole_file import make_folder, write_whole
from provisioning.fleet.folder import Fleet
from provisioning.fleet.tokens import awaited, refuse_enrolled
from provisioning.image.image_files import site_of, write_image
from provisioning.image.render import render
from provisioning.options import FLEET
from provisioning.registry.records import ADMIN, TOKEN_DAYS
from provisioning.registry.registry import Registry
from provisioning.units.unit import Unit
from provisioning.units.units_file import read_units


@click.group()
def fleet() -> None:
    """The units of a fleet."""


@fleet.command("import")
@click.argument("file", type=Path)
@FLEET
def import_command(file: Path, folder: Path) -> None:
    """Add the units of FILE to the fleet, or change them: a CSV with the columns unit, board and district."""
    own = Fleet(folder)
    units = read_units(file, own.agency.areas)
    with own.registry() as registry, registry.transaction():
        before = registry.units()
        new = [one for one in units if one.unit not in before]
        changed = [one for one in units if one.unit in before and before[one.unit] != one]
        _refuse_alike(file, new, before)
        registry.put_units([*new, *changed])
        for what, which in (("unit added", new), ("unit changed", changed)):
            for one in which:
                registry.note(what, one.unit, ADMIN, f"{one.board}, district {one.district}")
    click.echo(f"{len(new)} added, {len(changed)} changed, {len(units) - len(new) - len(changed)} as before")
    if missing := sorted(set(before) - {one.unit for one in units}):
        click.echo(f"not in {file}, and still in the fleet: {', '.join(missing)}")


@click.command("render")
@click.argument("unit")
@FLEET
@click.option("--out", type=Path, help="Write the files below this folder.  [default: show them]")
def render_command(unit: str, folder: Path, out: Path | None) -> None:
    """Render the files of UNIT: the same unit and fleet give the same text. No secret is in them."""
    own = Fleet(folder)
    with own.registry() as registry:
        files = render(_unit(registry, unit), site_of(own))
    for path, text in files.items():
        if out is None:
            click.echo(f"--- {path}\n{text}")
        else:
            place = out / path.lstrip("/")
            make_folder(place.parent, "choose another --out")
            write_whole(place, text)
            click.echo(str(place))


@click.command("image-files")
@click.argument("unit", required=False)
@click.option("--all", "every", is_flag=True, help="Of every unit that is neither enrolled nor revoked.")
@click.option("--out", type=Path, required=True, help="A folder to make; each unit has its own in it.")
@click.option(
    "--days",
    type=float,
    default=TOKEN_DAYS,
    show_default=True,
    help="How long the tokens are good.",
)
@FLEET
def image_files(unit: str | None, every: bool, out: Path, days: float, folder: Path) -> None:
    """Write what goes onto the boot partition of UNIT: cloud-init's files, a one-time token, the agency's bundle."""
    began = time.monotonic()
    if (unit is None) != every:
        msg = "give a UNIT or --all"
        raise UserError(msg)
    if not 0.0 < days <= TOKEN_DAYS:
        msg = f"--days: must be more than 0 and at most {TOKEN_DAYS}, not {days:g}"
        raise UserError(msg)
    own = Fleet(folder)
    with own.registry() as registry:
        units = registry.units()
        if unit is None:
            chosen = [one for one in units.values() if awaited(registry, one.unit, own.utc())]
        else:
            chosen = [_unit(registry, unit)]
            refuse_enrolled(registry, unit, own.utc())
        for one in chosen:
            click.echo(f"{write_image(own, registry, one, out, days)}: copy it to the boot partition")
    passed = len(units) - len(chosen) if every else 0
    click.echo(
        f"{counted(len(chosen), 'unit')} in {time.monotonic() - began:.1f} s; {passed} enrolled or revoked, left alone"
    )
    click.echo(f"each token is good for one enrolment within {days:g} days; delete {out} once the cards are written")


def _unit(registry: Registry, name: str) -> Unit:
    units = registry.units()
    if name not in units:
        msg = f"{name}: no such unit in the fleet; import it with `roundsman provision fleet import`"
        raise UserError(msg)
    return units[name]


def _refuse_alike(file: Path, new: list[Unit], before: dict[str, Unit]) -> None:
    """Raises UserError for a new unit whose host name another unit of the fleet has."""
    hosts = {one.host: name for name, one in before.items()}
    for one in new:
        if one.host in hosts:
            msg = f"{file}: unit: {one.unit!r} is too much like {hosts[one.host]!r}, which is in the fleet already"
            raise UserError(msg)
