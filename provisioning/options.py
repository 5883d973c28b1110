"""What several commands of ``roundsman provision`` read alike. Must not do anything."""

from pathlib import Path
from typing import Final

import click

FLEET: Final = click.option(
    "--fleet",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("fleet"),
    show_default=True,
    help="The fleet's folder, as `ca init` made it.",
)
