"""The briefing's map: the plan's boxes, each with its number, on the streets around them, in a drawing 1000 wide.

Shapes and words carry all of it, so a printer without colors loses nothing. Must not choose a color or a page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from edge.contract.agency import Agency
from edge.domain.grid import BOX_M, centre
from edge.domain.plan import DirectedPatrol
from edge.plans.ground import WIDTH, Layers, Line, View, frame_of
from edge.text.words import MILE_M

MARGIN_M: Final = 300.0
LEAST_M: Final = 2500.0
SHAPES: Final = (0.37, 0.37)
"""Height for the width: what leaves room for a dozen boxes' lines on a Letter page."""

SCALE_M: Final = 0.5 * MILE_M
NAME_FONT: Final = 14.0
"""Of a street's name."""

FONT: Final = 17.0
"""Of a box's number: 3 mm on a page."""

KINDS: Final = ("water", "street", "main_street", "beat", "district", "boundary")
STREETS_TO_M: Final = 9_000.0
"""Width of the view from which small streets are left out: they would be gray."""


@dataclass(frozen=True, slots=True)
class Square:
    """A box: its upper left corner, its side, its number. ``suppressed``: crossed out."""

    x: float
    y: float
    side: float
    number: int
    suppressed: bool

    @property
    def middle(self) -> tuple[float, float]:
        """Where its number stands."""
        return round(self.x + self.side / 2.0, 1), round(self.y + self.side / 2.0 + FONT * 0.36, 1)


@dataclass(frozen=True, slots=True)
class Name:
    """A street's name along it. ``turn``: degrees clockwise, never upside down."""

    x: float
    y: float
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class BriefingMap:
    """The whole map. ``scale_m``, ``scale_px``: a length and how long it is drawn."""

    width: float
    height: float
    lines: tuple[Line, ...]
    squares: tuple[Square, ...]
    names: tuple[Name, ...]
    scale_m: float
    scale_px: float
    font: float = FONT


def draw(agency: Agency, layers: Layers, patrols: Sequence[DirectedPatrol]) -> BriefingMap | None:
    """The map of some directed patrols; None where there is none within the agency."""
    known = [one for one in patrols if one.cell in agency.grid.boxes]
    if not known:
        return None
    view = View(frame_of([one.cell for one in known], MARGIN_M, LEAST_M, SHAPES))
    kinds = set(KINDS) - ({"street"} if view.east - view.west > STREETS_TO_M else set())
    seen = [one for one in layers if one[0] in kinds and not one[2] and view.sees(one[1])]
    return BriefingMap(
        width=1000.0,
        height=round(view.height, 1),
        lines=tuple(view.line(kind, points) for kind, points, _ in seen),
        squares=tuple(_square(view, agency, one) for one in known),
        names=tuple(_names(view, agency, known)),
        scale_m=SCALE_M,
        scale_px=round(SCALE_M * view.scale, 1),
    )


def _names(view: View, agency: Agency, patrols: Sequence[DirectedPatrol]) -> Iterator[Name]:
    """Each main street's name once, where the street is straight for as long, and neither box nor name is near."""
    if agency.places is None:
        return
    taken = [view.place(centre(one.cell)) for one in patrols]
    side = BOX_M * view.scale
    seen: set[int] = set()
    for name, east, north, bearing, straight in agency.places.written():
        text = agency.places.names[name]
        x, y = view.place((agency.places.origin[0] + east, agency.places.origin[1] + north))
        half = len(text) * NAME_FONT * 0.32
        inside = half < x < WIDTH - half and half < y < view.height - half
        free = all(hypot(x - a, y - b) > half + side * 0.8 for a, b in taken)
        if name in seen or name >= agency.places.main or not inside or not free or straight * view.scale < 2.0 * half:
            continue
        seen.add(name)
        taken.append((x, y))
        yield Name(round(x, 1), round(y, 1), bearing - 90, text)


def _square(view: View, agency: Agency, patrol: DirectedPatrol) -> Square:
    east, north = patrol.cell
    x, y = view.place((east * BOX_M, (north + 1) * BOX_M))
    side, number = round(BOX_M * view.scale, 1), agency.grid.boxes[patrol.cell].number
    return Square(round(x, 1), round(y, 1), side, number, bool(patrol.suppressed))
