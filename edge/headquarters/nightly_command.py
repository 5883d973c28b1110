"""``roundsman hq nightly``: by hand, or by its systemd timer. Must not do a step itself: `feeds/nightly.py` does.

What it calls is imported when it is called: `--help` stays quick, and headquarters needs no importer for the rest.
"""

from datetime import UTC, datetime
from pathlib import Path

import click

from edge.command_table import not_installed
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.options import CONFIG, database_at, signing_key
from edge.text.config import load


@click.command("nightly")
@CONFIG
def nightly_command(config_path: Path) -> None:
    """Import the night's incidents, publish today's context, draw tomorrow's drafts.

    A step that fails ends the run and is named; the context that the vehicles have stays. Run again, it changes nothing
    where nothing has changed.
    """
    config = load(HeadquartersConfig, config_path)
    try:
        _work(config, config_path)
    except ModuleNotFoundError as error:
        raise not_installed(error, "roundsman hq nightly", "train") from error


def _work(config: HeadquartersConfig, config_path: Path) -> None:
    from edge.contract.agency import load_agency  # noqa: PLC0415 - see the module's docstring
    from edge.headquarters.feeds.nightly import Night, work  # noqa: PLC0415
    from edge.headquarters.publish.connection import connected_publisher  # noqa: PLC0415

    if config.nightly is None:
        msg = f"{config_path}: nightly: needed to know what to import; add [nightly] with incidents, mapping, imported"
        raise UserError(msg)
    agency, key = load_agency(config.agency), signing_key(config, config_path, "context", "to publish a context")
    with database_at(config.database) as store:
        connected = lambda: connected_publisher(config.publishing, agency)  # noqa: E731 - opened where it is needed
        work(Night(config.nightly, config.agency, agency, key, store, connected, datetime.now(UTC), click.echo))
