"""The timeline's geometry: one row a vehicle, three lanes; user units of an SVG 1000 wide. Must not draw colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from markupsafe import Markup

from edge.headquarters.console.wording import Wording
from edge.headquarters.projections.rows import SpanKind
from edge.headquarters.reports.model import ShiftReport, UnitReport, VisitLine

WIDTH: Final = 1000.0
LEFT: Final = 92.0
TOP: Final = 30.0
ROW: Final = 78.0
ROWS: Final = 12
LABEL_MIN: Final = 19.0
SLIVER: Final = 1.2
PASSING: Final = 4.0
"""Stays that are narrower and follow one another are one bar: nobody could tell them apart."""

VISIT_LANE: Final = (8.0, 30.0)
STAY_LANE: Final = (42.0, 9.0)
SPAN_LANE: Final = (55.0, 11.0)
DRAWN: Final[tuple[SpanKind, ...]] = ("signed_out", "stopped", "paused", "gps_lost", "down")
"""From the bottom up, where spans overlap."""


@dataclass(slots=True)
class Bar:
    """A rectangle with a class, a label inside it where it is wide enough, and a title."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str
    label: str = ""

    def __html__(self) -> str:
        """As SVG."""
        drawn = (
            f'<rect class="{self.kind}" x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}">'
            f"<title>{escape(self.title)}</title></rect>"
        )
        if not self.label:
            return drawn
        x, y = round(self.x + self.width / 2, 1), self.y + 20
        return f'{drawn}\n<text class="on {self.kind}" x="{x}" y="{y}" text-anchor="middle">{escape(self.label)}</text>'


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour line."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A vehicle's row."""

    y: float
    unit: str
    note: str
    bars: tuple[Bar, ...]

    @property
    def drawing(self) -> Markup:
        """Its bars as SVG."""
        return Markup("\n".join([bar.__html__() for bar in self.bars]))  # noqa: S704 - each has escaped its texts


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole timeline; ``until``: x of the instant the report knows up to, None where the shift is over."""

    height: float
    left: float
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    until: float | None


def charts(report: ShiftReport, wording: Wording) -> list[Chart]:
    """The timeline of a report: as many drawings as a page can bear vehicles."""
    units = report.units
    return [_chart(report, units[first : first + ROWS], wording) for first in range(0, len(units), ROWS)]


def _chart(report: ShiftReport, units: Sequence[UnitReport], wording: Wording) -> Chart:
    axis = _Axis(report.starts, report.ends)
    rows = tuple(_row(unit, TOP + ROW * index, axis, wording) for index, unit in enumerate(units))
    until = axis.x(report.until) if report.until < report.ends else None
    return Chart(TOP + ROW * len(rows) + 4.0, LEFT, tuple(_ticks(axis, wording)), rows, until)


@dataclass(frozen=True, slots=True)
class _Axis:
    starts: datetime
    ends: datetime

    @property
    def scale(self) -> float:
        """Units a second."""
        return (WIDTH - LEFT - 8.0) / (self.ends - self.starts).total_seconds()

    def x(self, at: datetime) -> float:
        return self.clip(LEFT + (at - self.starts).total_seconds() * self.scale)

    def clip(self, x: float) -> float:
        """Within the drawing."""
        return round(min(WIDTH - 8.0, max(LEFT, x)), 2)

    def bar(self, began: datetime, ended: datetime, y: float, lane: tuple[float, float], kind: str, title: str) -> Bar:
        x = self.x(began)
        width = max(SLIVER, round(self.x(ended) - x, 2))
        return Bar(x, y + lane[0], width, lane[1], kind, title)


def _row(unit: UnitReport, y: float, axis: _Axis, wording: Wording) -> Row:
    bars = [*_stays(unit, y, axis, wording), *_spans(unit, y, axis, wording), *_visits(unit, y, axis, wording)]
    return Row(y, unit.unit, f"{unit.totals.counted} counted", tuple(bars))


def _visits(unit: UnitReport, y: float, axis: _Axis, wording: Wording) -> list[Bar]:
    """A bar for each part; the longest part carries the box's number."""
    bars: list[Bar] = []
    for visit in unit.visits:
        kind = _kind(visit)
        spent = "still open" if visit.ended is None else f"{wording.minutes(visit.dosage_s)} min"
        title = f"Box {wording.box(visit.box)}, {wording.clock(visit.opened)}, {spent}"
        parts = [axis.bar(began, ended, y, VISIT_LANE, kind, title) for began, ended in visit.parts]
        widest = max(parts, key=lambda bar: bar.width, default=None)
        number = wording.box(visit.box)
        bars += [_labelled(bar, number) if bar is widest else bar for bar in parts]
    return bars


def _kind(visit: VisitLine) -> str:
    if visit.ended is None:
        return "open"
    if not visit.counted:
        return "short"
    return "tasked" if visit.tasked is not None else "early" if visit.early else "counted"


def _labelled(bar: Bar, number: str) -> Bar:
    label = number if bar.width >= LABEL_MIN + 6.0 * max(0, len(number) - 2) else ""
    return Bar(bar.x, bar.y, bar.width, bar.height, bar.kind, bar.title, label)


def _stays(unit: UnitReport, y: float, axis: _Axis, wording: Wording) -> list[Bar]:
    """A bar for each stay; what the car passed through is one bar."""
    bars: list[Bar] = []
    first, scale = axis.starts.timestamp(), axis.scale
    passing: _Passing | None = None
    for stay in unit.stay_rows:
        began, ended = LEFT + (stay.began - first) * scale, LEFT + (stay.ended - first) * scale
        kind = "outside" if stay.box is None else "at_cap" if stay.at_cap else "presence"
        if passing is not None and not passing.goes_on(kind, began, ended):
            bars.append(passing.bar(y, axis, wording))
            passing = None
        if passing is None:
            passing = _Passing(kind, began, ended, stay.box)
        else:
            passing.ended, passing.boxes = max(ended, passing.ended), passing.boxes + 1
        passing.seconds += stay.seconds
    return bars if passing is None else [*bars, passing.bar(y, axis, wording)]


@dataclass(slots=True)
class _Passing:
    """Stays that are drawn as one, in the drawing's units: one wide one, or narrow ones that follow one another."""

    kind: str
    began: float
    ended: float
    box: str | None
    boxes: int = 1
    seconds: float = 0.0

    def goes_on(self, kind: str, began: float, ended: float) -> bool:
        """Whether a stay is drawn together with these."""
        narrow = ended - began < PASSING and (self.boxes > 1 or self.ended - self.began < PASSING)
        return narrow and kind == self.kind and 0.0 <= began - self.ended < SLIVER

    def bar(self, y: float, axis: _Axis, wording: Wording) -> Bar:
        """As it is drawn."""
        x, to = axis.clip(self.began), axis.clip(self.ended)
        where = f"box {wording.box(self.box)}" if self.boxes == 1 else f"{self.boxes} boxes"
        title = f"Presence in {where}, {wording.minutes(self.seconds)} min"
        return Bar(x, y + STAY_LANE[0], max(SLIVER, round(to - x, 2)), STAY_LANE[1], self.kind, title)


def _spans(unit: UnitReport, y: float, axis: _Axis, wording: Wording) -> list[Bar]:
    return [
        axis.bar(
            span.began,
            span.ended,
            y,
            SPAN_LANE,
            span.kind,
            f"{wording.span(span.kind, span.detail)}, {wording.minutes(span.seconds)} min",
        )
        for span in sorted(unit.spans, key=lambda span: DRAWN.index(span.kind))
    ]


def _ticks(axis: _Axis, wording: Wording) -> list[Tick]:
    """The full hours of the agency's clock, by the instant, so that a night with a change of the clock is right too."""
    local = wording.local(axis.starts)
    first = axis.starts - timedelta(minutes=local.minute, seconds=local.second)
    hours = int((axis.ends - first) / timedelta(hours=1)) + 1
    ticks = [first + timedelta(hours=hour) for hour in range(hours + 1)]
    return [Tick(axis.x(at), wording.clock(at)) for at in ticks if axis.starts <= at <= axis.ends]
