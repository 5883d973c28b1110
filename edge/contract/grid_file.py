"""The form of ``grid.json``: the polynomials of an agency's grid, and its boxes. Must not read a file."""

from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from edge.domain.grid import CUBIC, QUINTIC, Box, Grid
from edge.text.names import area_name
from edge.text.strictness import SENT

LARGE_GRID: Final = "large_grid"
"""What the manifest of a large agency says must be understood: see `GridDoc`."""


def _cubic_or_quintic(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    if len(coefficients) not in (CUBIC, QUINTIC):
        msg = f"must have {CUBIC} or {QUINTIC} coefficients; update the software"
        raise ValueError(msg)
    return coefficients


Coefficients = Annotated[tuple[float, ...], AfterValidator(_cubic_or_quintic)]


class BoxDoc(BaseModel):
    """One box of ``grid.json``."""

    model_config = SENT
    cell: tuple[int, int]
    number: int = Field(ge=1)
    district: str
    beat: str
    opt_out: bool = False


class RunDoc(BoxDoc):
    """Boxes side by side, eastward from ``cell``, alike but for their numbers, which begin with ``number``."""

    count: int = Field(ge=1, le=10_000)


class GridDoc(BaseModel):
    """``grid.json``; see `edge.domain.grid.Grid` for the polynomials.

    A city has ``boxes`` and 10 coefficients each; a large agency ``runs`` of boxes and 21, and its manifest says that
    `LARGE_GRID` must be understood. Software of before it knows neither, and refuses the file.
    """

    model_config = SENT
    epsg: int
    lat0: float
    lon0: float
    scale: float
    reach: float
    east: Coefficients
    north: Coefficients
    boxes: tuple[BoxDoc, ...] = Field((), exclude_if=lambda boxes: not boxes)
    runs: tuple[RunDoc, ...] = Field((), exclude_if=lambda runs: not runs)

    @model_validator(mode="after")
    def _of_one_form(self) -> Self:
        if len(self.east) != len(self.north) or bool(self.boxes) == bool(self.runs):
            msg = "must have as many coefficients east as north, and either boxes or runs"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _districts_named(self) -> Self:
        """A district whose name a topic cannot hold would end every car's daemon as it subscribes."""
        for name in {box.district for box in (*self.boxes, *self.runs)}:
            area_name(name)
        return self

    @property
    def rules(self) -> tuple[str, ...]:
        """What the manifest must say is to be understood."""
        return (LARGE_GRID,) if self.runs or len(self.east) > CUBIC else ()

    def value(self) -> Grid:
        """The domain's value."""
        boxes = {doc.cell: Box(doc.cell, doc.number, doc.district, doc.beat, doc.opt_out) for doc in self.boxes}
        for run in self.runs:
            for east in range(run.count):
                cell = run.cell[0] + east, run.cell[1]
                boxes[cell] = Box(cell, run.number + east, run.district, run.beat, run.opt_out)
        return Grid(self.epsg, self.lat0, self.lon0, self.scale, self.reach, self.east, self.north, boxes)
