"""The map of a draft: its boxes as they stand, each a link to its row, and the numbers of the area's other boxes.

What a box is shows by its frame as well as by its colour. Must not compute a risk.
"""

from collections.abc import Iterator
from typing import Final

from edge.contract.agency import Agency
from edge.domain.grid import parse_box_id
from edge.domain.plan import DirectedPatrol
from edge.headquarters.console.map import BoxView, Map, Square, drawn_map
from edge.headquarters.drafts.review import Reviewed
from edge.headquarters.drafts.standing import standing
from edge.headquarters.drafts.words import chance
from edge.plans.ground import Layers
from edge.plans.record import BoxRecord
from edge.text.words import word

SHAPES: Final = (0.42, 1.1)
"""The least and the greatest height for the width: in a long one numbers must be legible, too."""

DIGIT: Final = 0.64
"""Of the font's size: the width of a digit."""

ROOM: Final = 0.86
"""Of a box's side, for its number: a bold one is wider."""

LEAST_PX: Final = 8.0
"""The smallest size of a number: the boxes of a wide area are small, and their numbers have up to five digits."""


def draw_draft(seen: Reviewed, agency: Agency, layers: Layers) -> Map | None:
    """The map of a draft; None where it has no box, and its area none.

    Beats have their lines and no names, which would lie on the numbers; each box's own words say its beat.
    """
    records = {parse_box_id(one.box): one for one in seen.record.boxes}
    listed = {one.cell: one for one in seen.plan.patrols}
    others = [one for cell, one in records.items() if cell not in listed and _can_be_added(one, agency)]
    framed = [*listed, *(parse_box_id(one.box) for one in others)]
    if not framed:
        return None

    def squares(view: BoxView) -> Iterator[Square]:
        yield from (_other(view, one) for one in others)
        yield from (_listed(view, one, records.get(cell), agency) for cell, one in listed.items())

    return drawn_map(framed, tuple(layer for layer in layers if not layer[2]), SHAPES, squares)


def row_id(number: int) -> str:
    """Of a box's row on the page."""
    return f"box-{number}"


def risk_words(record: BoxRecord) -> str:
    """By crime type, how often something is expected in a box."""
    return "; ".join(f"{word('crime_type', one.crime_type)}: {chance(one.units)}" for one in record.types)


def size_of(view: BoxView, number: int) -> float:
    """The size in which a number lies within its box, of those that can be read; 0 where there is none."""
    side = view.corner((0, 0))[2]
    size = round(min(view.font, ROOM * side / (DIGIT * len(str(number)))), 1)
    return size if size >= LEAST_PX else 0.0


def _can_be_added(record: BoxRecord, agency: Agency) -> bool:
    box = agency.grid.boxes.get(parse_box_id(record.box))
    return box is not None and not box.opt_out


def _other(view: BoxView, record: BoxRecord) -> Square:
    x, y, side = view.corner(parse_box_id(record.box))
    size = size_of(view, record.number)
    title = f"Box {record.number}, beat {record.beat}, not in the draft. {risk_words(record)}"
    return Square(x, y, side, "free", 0, str(record.number) if size else "", "", title, size)


def _listed(view: BoxView, patrol: DirectedPatrol, record: BoxRecord | None, agency: Agency) -> Square:
    x, y, side = view.corner(patrol.cell)
    box, kind = agency.grid.boxes[patrol.cell], standing(patrol, record)
    below = kind if kind == "added" and side >= view.font * 3.4 else ""
    title = f"Box {box.number}, beat {box.beat}, {kind}"
    size = size_of(view, box.number) or LEAST_PX
    return Square(x, y, side, kind, 0, str(box.number), below, title, size, f"#{row_id(box.number)}")
