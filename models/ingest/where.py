"""``[place]`` of a mapping file: which columns say where, and in which coordinates. Must not open an export."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ValidationInfo, field_validator, model_validator

from edge.text.strictness import WRITTEN
from models.ingest.conditions import Column
from models.ingest.systems import check_projected, system

_HOW = (
    "give lat and lon (degrees), or point, or x, y and epsg or crs (a projected system such as 3435); "
    "nothing of these only where the files have a geometry"
)


class Place(BaseModel):
    """Where: ``lat`` and ``lon`` in degrees WGS 84, ``point`` with both, or ``x`` and ``y`` of a projected system.

    The system is ``epsg``, a code (ESRI's, too, where EPSG has none), or ``crs``: ``ESRI:102671``, well-known text, or
    the name of a .prj file beside the mapping. Without columns: the geometry of the files, which says its own system;
    ``crs`` is for those that do not. ``order``: of a ``point`` such as ``(41.8, -87.6)``, where bounds or the zone
    leave it open. ``bounds``: west, south, east, north in degrees; a row outside is no place of this city.
    """

    model_config = WRITTEN
    lat: Column | None = None
    lon: Column | None = None
    x: Column | None = None
    y: Column | None = None
    point: Column | None = None
    order: Literal["lat, lon", "lon, lat"] | None = None
    epsg: int | None = None
    crs: str | None = None
    bounds: tuple[float, float, float, float] | None = None

    @field_validator("crs")
    @classmethod
    def _of_file(cls, crs: str | None, info: ValidationInfo) -> str | None:
        """The text of a .prj file beside the mapping, whose folder is the context."""
        if crs is None or not crs.lower().endswith(".prj"):
            return crs
        path = Path(info.context or ".") / crs
        try:
            return path.read_text(encoding="utf-8", errors="replace").strip()
        except OSError as error:
            msg = f"{path}: {error.strerror}; put the .prj file beside the mapping, or write its text"
            raise ValueError(msg) from error

    @model_validator(mode="after")
    def _whole(self) -> Self:
        pairs = [(self.lat, self.lon), (self.x, self.y)]
        ways = [*(pair for pair in pairs if any(pair)), *([(self.point,)] if self.point else [])]
        in_plane = self.x is not None and self.system is None
        if len(ways) > 1 or any(None in way for way in ways) or in_plane:
            raise ValueError(_HOW)
        if self.epsg is not None and self.crs is not None:
            msg = "epsg and crs say the same; give one"
            raise ValueError(msg)
        if self.lat is not None and self.system is not None:
            msg = "lat and lon are degrees and need no epsg or crs; a projected system's columns are x and y"
            raise ValueError(msg)
        if self.order is not None and self.point is None:
            msg = "order is for point"
            raise ValueError(msg)
        if self.bounds is not None and not (self.bounds[0] < self.bounds[2] and self.bounds[1] < self.bounds[3]):
            msg = "bounds: west, south, east, north in degrees, in this order"
            raise ValueError(msg)
        if self.system is not None:
            check_projected(self.system)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it names."""
        return tuple(column for column in (self.lat, self.lon, self.x, self.y, self.point) if column)

    @property
    def system(self) -> str | None:
        """The coordinate system, as text; raises ValueError where a code is none."""
        return self.crs if self.epsg is None else system(self.epsg)
