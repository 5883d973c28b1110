"""How large an agency may be for forecasts: boxes that a car holds in its memory. Must not read a file."""

from pathlib import Path
from typing import Final

from edge.contract.agency import Agency
from edge.errors import UserError

MOST_BOXES: Final = 250_000
"""Los Angeles County has 238,910. Seven types of so many boxes take a car about 6 GB (edge/agency/README.md, Grid)."""


def check_size(agency: Agency, directory: Path) -> None:
    """Raises UserError where an agency has more boxes than forecasts are made for."""
    boxes = len(agency.grid.boxes)
    if boxes > MOST_BOXES:
        msg = (
            f"{directory}: {boxes:,} boxes, and forecasts are made for at most {MOST_BOXES:,}, by the memory of a car; "
            "in agency.toml, give a boundary of the places that are patrolled (towns and roads, in as many parts as "
            "they have), and build it again"
        )
        raise UserError(msg)
