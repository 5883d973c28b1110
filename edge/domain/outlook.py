"""What the risk models say of a shift, box by box, as far as a screen and a plan need it: values of a forecast.

Risk is in whole units of 10⁻⁶ incidents, so that every processor agrees. Must not compute risk (`edge.risk` does), and
must not hold anything finer than a box.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from edge.domain.grid import Cell, box_id


@dataclass(frozen=True, slots=True)
class TypeRisk:
    """One crime type in one box. ``units``: incidents expected in the shift, in 10⁻⁶.

    ``times``: of the agency's average box; ``percentile``: how many of 100 boxes have less; ``parts``: the model's
    groups, each with the factor by which it raises (> 1) or lowers it.
    """

    crime_type: str
    units: int
    times: float
    percentile: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class BoxRisk:
    """One box: each crime type that has a model."""

    cell: Cell
    types: tuple[TypeRisk, ...]

    @property
    def box(self) -> str:
        """The box's id."""
        return box_id(self.cell)

    @property
    def units(self) -> int:
        """Incidents of all these types expected in the shift, in 10⁻⁶."""
        return sum(one.units for one in self.types)

    def first(self, crime_types: tuple[str, ...]) -> TypeRisk | None:
        """The first of some types that has a model; None where none has."""
        by_type = {one.crime_type: one for one in self.types}
        return next((by_type[name] for name in crime_types if name in by_type), None)


@dataclass(frozen=True)  # no slots: it keeps its index
class Outlook:
    """A forecast of one shift, for a district's boxes.

    ``context``: the number of the context it was made with; ``known_to``: the ISO date to which incidents are counted.
    """

    shift: str
    context: int
    known_to: str
    boxes: tuple[BoxRisk, ...] = field(default=(), repr=False)

    @cached_property
    def by_cell(self) -> Mapping[Cell, BoxRisk]:
        """The boxes by their cell."""
        return {one.cell: one for one in self.boxes}
