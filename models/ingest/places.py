"""Coordinates of an export as degrees WGS 84. Must not know an agency's boxes."""

from functools import cache
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from models.ingest.mapping import Place
from models.ingest.reading import Table, texts

Degrees: TypeAlias = NDArray[np.float64]

_POLE: Final = 90.0


def degrees(table: Table, place: Place) -> tuple[Degrees, Degrees]:
    """Latitude and longitude, a row each; NaN where the export has none (0, 0 is none, and so is text)."""
    names = (place.lon, place.lat) if place.epsg is None else (place.x, place.y)
    across, along = (_numbers(table, name) for name in names if name)
    none = (across == 0.0) & (along == 0.0)
    across[none], along[none] = np.nan, np.nan
    if place.epsg is not None:
        across, along = map(np.asarray, _transformer(place.epsg).transform(across, along))
    on_earth = (np.abs(along) <= _POLE) & (np.abs(across) <= 2.0 * _POLE)
    return np.where(on_earth, along, np.nan), np.where(on_earth, across, np.nan)


def outside(lat: Degrees, lon: Degrees, place: Place) -> NDArray[np.bool_]:
    """Which positions lie outside the mapping's bounds; none where it has none, and no NaN."""
    if place.bounds is None:
        return np.zeros(len(lat), bool)
    west, south, east, north = place.bounds
    return (lon < west) | (lon > east) | (lat < south) | (lat > north)


def _numbers(table: Table, column: str) -> Degrees:
    values = pd.to_numeric(pd.Series(texts(table, column).to_pandas()), errors="coerce")
    return np.array(values, dtype=np.float64)


@cache
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, 4326, always_xy=True)
