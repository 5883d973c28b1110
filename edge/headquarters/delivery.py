"""How a signed document leaves headquarters: to the broker, or to a file for a car without a link. Signs nothing.

Libraries are imported when they are needed: `--help` stays quick.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.options import database_at
from edge.text.whole_file import write_whole

if TYPE_CHECKING:
    from edge.contract.agency import Agency
    from edge.headquarters.store import Store, StoredDocument

ROLE = click.option("--role", required=True, help="The approver's role, such as analyst (no names).")
REASON = click.option("--reason", required=True, help="The reason for this version.")
OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write the signed document to this file instead, for a car that is offline.",
)


def deliver(
    config: HeadquartersConfig, agency: "Agency", sign: "Callable[[Store], StoredDocument]", out: Path | None
) -> None:
    """Sign and store, then publish, or write the document to a file; say which.

    Raises UserError where it cannot be signed, or the broker does not confirm.
    """
    from edge.headquarters.publish.connection import connected_publisher  # noqa: PLC0415 - see the module's docstring
    from edge.headquarters.publish.document import publish  # noqa: PLC0415

    with database_at(config.database) as store:
        if out is not None:
            stored = sign(store)
            write_whole(out, stored.body)
            click.echo(f"{out}: {stored.kind} {stored.version}; drop it into a vehicle's incoming folder")
            return
        with connected_publisher(config.publishing, agency) as client:
            stored = sign(store)
            publish(stored, agency, store, client)
        warn(store, stored.body, agency)
    click.echo(f"published {stored.kind} {stored.version}, {len(stored.body):,} bytes")


def warn(store: "Store", body: bytes, agency: "Agency") -> None:
    """Name the cars that cannot read what was published."""
    from edge.headquarters.publish.older_cars import warning  # noqa: PLC0415

    if sentence := warning(store, body, agency, time.time()):
        click.echo(f"warning: {sentence}", err=True)
