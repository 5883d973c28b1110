"""The agency's grid of 250 m boxes: from a position to its box, without a projection library.

Two polynomials in the centred, scaled latitude and longitude give UTM easting and northing within 1 mm: of degree 3
over a city, of degree 5 over a county of up to 4° (their fit and its check live in edge.agency). The polynomial *is*
the grid: every end computes it with the same operations in the same order, so every end finds the same box. Must not
import a projection library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Final, Protocol, Self, TypeAlias, TypeVar

BOX_M: Final = 250.0
CUBIC: Final = 10
"""How many coefficients a polynomial of degree 3 has."""

QUINTIC: Final = 21
"""And one of degree 5."""

Cell: TypeAlias = tuple[int, int]
"""``(floor(E/250), floor(N/250))``: a square of the plane, of the agency or not."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the agency: its cell, the number screens show, its district and beat; ``opt_out``: never offered."""

    cell: Cell
    number: int
    district: str
    beat: str
    opt_out: bool = False

    @property
    def id(self) -> str:
        """``"{floor(E/250)}-{floor(N/250)}"``."""
        return box_id(self.cell)


@dataclass(frozen=True, slots=True)
class Grid:
    """The fitted polynomials and the agency's boxes.

    ``east``, ``north``: 10 coefficients each for 1, u, v, u², uv, v², u³, u²v, uv², v³ with
    ``u = (lon - lon0) / scale`` and ``v = (lat - lat0) / scale``, in metres; of a large agency 21 each, on to v⁵.
    ``reach``: the largest |u| and |v| for which they hold.
    """

    epsg: int
    lat0: float
    lon0: float
    scale: float
    reach: float
    east: tuple[float, ...]
    north: tuple[float, ...]
    boxes: Mapping[Cell, Box]

    def project(self, lat: float, lon: float) -> tuple[float, float] | None:
        """Easting and northing in metres of a WGS 84 position; None where the polynomial does not hold."""
        u = (lon - self.lon0) / self.scale
        v = (lat - self.lat0) / self.scale
        reach = self.reach
        if not (-reach <= u <= reach and -reach <= v <= reach):
            return None
        if len(self.east) > CUBIC:
            return quintic(self.east, u, v), quintic(self.north, u, v)
        uu, uv, vv = u * u, u * v, v * v
        uuu, uuv, uvv, vvv = uu * u, uu * v, u * vv, vv * v
        a, b, c, d, e, f, g, h, i, j = self.east
        k, l, m, n, o, p, q, r, s, t = self.north  # noqa: E741 - ten coefficients in their order
        return (
            a + b * u + c * v + d * uu + e * uv + f * vv + g * uuu + h * uuv + i * uvv + j * vvv,
            k + l * u + m * v + n * uu + o * uv + p * vv + q * uuu + r * uuv + s * uvv + t * vvv,
        )

    def box_of(self, lat: float, lon: float) -> Box | None:
        """The agency's box a WGS 84 position lies in; None outside the agency."""
        point = self.project(lat, lon)
        return None if point is None else self.boxes.get(cell_of(*point))


class Number(Protocol):
    """A float, or an array of them: whoever computes with either takes the same steps."""

    def __add__(self, other: float | Self, /) -> Self: ...
    def __radd__(self, other: float, /) -> Self: ...
    def __mul__(self, other: float | Self, /) -> Self: ...


NumberT = TypeVar("NumberT", bound=Number)


def quintic(coefficients: tuple[float, ...], u: NumberT, v: NumberT) -> NumberT:
    """The polynomial of degree 5 with these 21 coefficients (1, u, v, u², uv, v², … v⁵), by Horner's rule."""
    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, w = coefficients  # noqa: E741 - in their order
    constant = v * (v * (v * (v * (v * w + o) + j) + f) + c) + a
    first = v * (v * (v * (v * t + n) + i) + e) + b
    second = v * (v * (v * s + m) + h) + d
    third = v * (v * r + l) + g
    return u * (u * (u * (u * (u * p + (v * q + k)) + third) + second) + first) + constant


def cell_of(east: float, north: float) -> Cell:
    """The cell of a point of the plane, metres."""
    return floor(east / BOX_M), floor(north / BOX_M)


def box_id(cell: Cell) -> str:
    """``"1784-18561"``."""
    return f"{cell[0]}-{cell[1]}"


def parse_box_id(text: str) -> Cell:
    """The cell of a box id. Raises ValueError where it is none."""
    east, _, north = text.partition("-")
    return int(east), int(north)


def depth_inside(cell: Cell, east: float, north: float) -> float:
    """Metres from a point inside a cell to the nearest edge; negative outside (then not a distance)."""
    x, y = east - cell[0] * BOX_M, north - cell[1] * BOX_M
    return min(x, y, BOX_M - x, BOX_M - y)


def distance_outside(cell: Cell, east: float, north: float) -> float:
    """Metres from a point to a cell; 0 inside."""
    x, y = east - cell[0] * BOX_M, north - cell[1] * BOX_M
    dx = max(-x, x - BOX_M, 0.0)
    dy = max(-y, y - BOX_M, 0.0)
    return float((dx * dx + dy * dy) ** 0.5)


def centre(cell: Cell) -> tuple[float, float]:
    """Easting and northing of a cell's middle, metres."""
    return (cell[0] + 0.5) * BOX_M, (cell[1] + 0.5) * BOX_M
