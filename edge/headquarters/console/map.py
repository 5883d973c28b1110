"""The map's geometry: the agency's lines and some boxes, from plane metres to an SVG 1000 wide.

Shows what is assigned and where vehicles stayed, box by box; never a track. Must not draw colours.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from html import escape
from math import floor, hypot
from typing import Final

from markupsafe import Markup

from edge.contract.agency import Agency
from edge.domain.grid import BOX_M, Cell, parse_box_id
from edge.headquarters.console.wording import Wording
from edge.headquarters.reports.model import BoxLine, ShiftReport
from edge.plans.ground import WIDTH, Frame, Layers, Line, Point, View, frame_of
from edge.text.words import MILE_M, distance

SHAPES: Final = (0.42, 0.58)
"""The least and the greatest height for the width."""

MARGIN_M: Final = 400.0
LEAST_M: Final = 2000.0
SCALE_M: Final = 0.5 * MILE_M
STEPS_MIN: Final = (5.0, 15.0, 30.0, 60.0)
"""Dosage minutes at which a box is drawn darker."""

INNER: Final = 0.1
"""Of a box's side: how far inside the second frame lies."""

LABEL_PX: Final = 16.0
STEPS_PX: Final = sorted(
    ((i * LABEL_PX, j * LABEL_PX) for i in range(-7, 8) for j in range(-7, 8)), key=lambda step: hypot(*step)
)
"""Where a name may be written instead of at its own place, the nearest first."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map."""

    kind: str
    x: float
    y: float
    text: str


@dataclass(slots=True)
class Square:
    """A box: what became of it, how dark (0–4), its number and a word below it where there is room.

    ``address``: where it leads. A suppressed one is crossed out, an added one has two frames.
    """

    x: float
    y: float
    side: float
    kind: str
    step: int
    number: str
    below: str
    title: str
    font: float
    address: str = ""

    def __html__(self) -> str:
        """As SVG."""
        drawn = self._frame() + self._words()
        if not self.address:
            return drawn
        return f'<a href="{escape(self.address)}" aria-label="{escape(self.title)}">{drawn}</a>'

    def _frame(self) -> str:
        x, y, side = self.x, self.y, self.side
        drawn = (
            f'<rect class="box {self.kind} step{self.step}" x="{x}" y="{y}" width="{side}" height="{side}">'
            f"<title>{escape(self.title)}</title></rect>"
        )
        if self.kind == "suppressed":
            drawn += f'<path class="cross" d="M{x} {y}l{side} {side}m0 -{side}l-{side} {side}"/>'
        if self.kind == "added":
            inner = round(side * (1 - 2 * INNER), 1)
            at = (round(x + side * INNER, 1), round(y + side * INNER, 1))
            drawn += f'<rect class="inner" x="{at[0]}" y="{at[1]}" width="{inner}" height="{inner}"/>'
        return drawn

    def _words(self) -> str:
        look, drawn = f"{self.kind} step{self.step}", ""
        middle, base = round(self.x + self.side / 2, 1), self.y + self.side / 2
        if self.number:
            y = round(base + (0 if self.below else self.font * 0.35), 1)
            drawn += _text(f"number {look}", middle, y, self.font, self.number)
        if self.below:
            drawn += _text(f"below {look}", middle, round(base + self.font, 1), round(self.font * 0.85, 1), self.below)
        return drawn


@dataclass(frozen=True, slots=True)
class Map:
    """The whole map; ``scale``: a length in words, ``scale_px`` in the drawing."""

    height: float
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    squares: tuple[Square, ...]
    scale: str
    scale_px: float

    @property
    def boxes(self) -> Markup:
        """The squares as SVG."""
        return Markup("\n".join([square.__html__() for square in self.squares]))  # noqa: S704 - each has escaped its texts


def draw_map(report: ShiftReport, agency: Agency, layers: Layers) -> Map | None:
    """The map of a report's boxes and the lines around them; None where there is no box to show.

    The agency's own boxes frame it: one that a record places at the end of the world would make a speck of all others.
    """
    own = [line for line in report.boxes if parse_box_id(line.box) in agency.grid.boxes]
    told = [line for line in own if line.listed] or own
    if not told:
        return None
    wording = Wording(agency)
    shown = sorted(report.boxes, key=lambda line: (line.visits > 0, line.prescribed is not None))
    framed = [parse_box_id(line.box) for line in told]
    return drawn_map(framed, layers, SHAPES, lambda view: (_square(view, line, wording) for line in shown))


def drawn_map(
    framed: Sequence[Cell],
    layers: Layers,
    shapes: tuple[float, float],
    squares_of: Callable[["BoxView"], Iterable[Square]],
) -> Map:
    """The map of some boxes, which frame it, and the lines. ``shapes``: least and greatest height for the width."""
    view = BoxView(frame_of(framed, MARGIN_M, LEAST_M, shapes))
    seen = [layer for layer in layers if view.sees(layer[1])]
    lines = tuple(view.line(kind, points) for kind, points, text in seen if not text)
    squares = tuple(filter(view.in_frame, squares_of(view)))
    taken = {cell for square in squares if square.number for cell in view.cells(square.x + 1, square.y + 1)}
    labels = tuple(
        label
        for kind, points, text in seen
        if text and (label := view.label(kind, points[0], f"Beat {text}", taken)) is not None
    )
    return Map(round(view.height, 1), lines, labels, squares, distance(SCALE_M), round(SCALE_M * view.scale, 1))


def _square(view: "BoxView", line: BoxLine, wording: Wording) -> Square:
    minutes = line.dosage_vehicle_s / 60.0
    kind = "visited" if line.counted else "prescribed" if line.prescribed is not None else "passed"
    if line.suppressed:
        kind = "suppressed"
    x, y, side = view.corner(parse_box_id(line.box))
    return Square(
        x=x,
        y=y,
        side=side,
        kind=kind,
        step=sum(minutes >= least for least in STEPS_MIN) if line.counted else 0,
        number=wording.box(line.box) if kind != "passed" and side >= view.font * 1.6 else "",
        below=f"{minutes:.0f} min" if line.counted and side >= view.font * 2.6 else "",
        title=f"Box {wording.box(line.box)}: {line.counted} counted, {minutes:.1f} min",
        font=view.font,
    )


def _text(css: str, x: float, y: float, size: float, text: str) -> str:
    return f'\n<text class="{css}" x="{x}" y="{y}" font-size="{size}" text-anchor="middle">{escape(text)}</text>'


class BoxView(View):
    """With the size of a box's words, and where a name finds room."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.font = round(min(15.0, max(9.0, BOX_M * self.scale * 0.3)), 1)

    def cells(self, left: float, top: float, right: float | None = None, bottom: float | None = None) -> Iterator[Cell]:
        """The boxes that a point of the drawing, or a rectangle, touches."""
        side = BOX_M * self.scale
        west, north = self.west / BOX_M, self.north / BOX_M
        for i in range(floor(left / side + west), floor((left if right is None else right) / side + west) + 1):
            for j in range(floor(north - (top if bottom is None else bottom) / side), floor(north - top / side) + 1):
                yield i, j

    def label(self, kind: str, point: Point, text: str, taken: Set[Cell]) -> Label | None:
        """A name at its place, or at the nearest place that no box with a number covers; None where there is none."""
        x, y = self.place(point)
        half = LABEL_PX * 0.3 * len(text)
        free = (
            (x + dx, y + dy)
            for dx, dy in STEPS_PX
            if half < x + dx < WIDTH - half
            and LABEL_PX < y + dy < self.height - LABEL_PX
            and taken.isdisjoint(self.cells(x + dx - half, y + dy - LABEL_PX, x + dx + half, y + dy + LABEL_PX * 0.3))
        )
        spot = next(free, None)
        return None if spot is None else Label(kind, round(spot[0], 1), round(spot[1], 1), text)

    def in_frame(self, square: Square) -> bool:
        """Whether any of it is seen."""
        return -square.side < square.x < WIDTH and -square.side < square.y < self.height

    def corner(self, cell: Cell) -> tuple[float, float, float]:
        """A box's upper left corner and its side."""
        west, north = cell[0] * BOX_M - self.west, self.north - (cell[1] + 1) * BOX_M
        return round(west * self.scale, 1), round(north * self.scale, 1), round(BOX_M * self.scale, 1)
