"""For which grid a folder of features was made: boxes are counted, and another grid's have the same numbers.

Must not look at the features.
"""

from pathlib import Path
from typing import Final

from edge.errors import UserError
from edge.risk.frame import Frame

NAME: Final = "grid.sha256"


def stamp_grid(folder: Path, frame: Frame) -> None:
    """Write beside the features for which grid they are."""
    (folder / NAME).write_text(f"{frame.digest()}\n", encoding="ascii")


def check_grid(folder: Path, frame: Frame) -> None:
    """Raises UserError where the features are another grid's; a folder that does not say (a bundle) is its own's."""
    try:
        stamp = (folder / NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{folder / NAME}: cannot be read ({error}); run `roundsman models layers` again"
        raise UserError(msg) from error
    if stamp != frame.digest():
        msg = f"{folder}: its features were built for another grid; run `roundsman models layers` with this agency"
        raise UserError(msg)
