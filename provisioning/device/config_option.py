"""``--config`` of the commands that run on a unit. Must not read the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def config_option(name: str) -> Callable[[CommandT], CommandT]:
    """The option for a unit's file of so a name, which is in /etc/roundsman."""
    return click.option(
        "--config",
        "path",
        type=click.Path(path_type=Path),
        default=Path("/etc/roundsman") / name,
        show_default=True,
        help=f"The unit's {name}.",
    )
