"""Points of one kind from a CSV or a layer of a map: of a row its position and the columns of ``where`` are read.

Rows without a usable position are counted, never guessed. Must not project.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import numpy as np

from edge.agency.feature_file import read_layer
from edge.agency.fit import Floats
from edge.errors import UserError
from models.sources.document import PlacesDoc

_PAIR = 2


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Degrees WGS 84; ``left_out``: rows that match but have no usable position."""

    lat: Floats
    lon: Floats
    left_out: int


def read_points(document: PlacesDoc, folder: Path) -> Points:
    """The points of a source, its file relative to ``folder``. Raises UserError naming file, column and mend."""
    path = folder / document.file
    rows = table_places(path, document) if ".csv" in path.suffixes else feature_places(path, document.where)
    found = list(rows)
    held = [place for place in found if place is not None]
    if not held:
        msg = f"{path}: no row of {document.name!r} has a position; correct `where` or the column names"
        raise UserError(msg)
    left_out = len(found) - len(held)
    table = np.array(sorted(set(held)) if document.distinct else held, dtype=np.float64)
    return Points(table[:, 0], table[:, 1], left_out)


def table_places(path: Path, document: PlacesDoc) -> Iterator[tuple[float, float] | None]:
    """Latitude and longitude of each matching row of a CSV; None where it has none."""
    names = [name for name in (document.lat, document.lon, document.point) if name is not None]
    for row in read_rows(path, (*names, *document.where)):
        if _matches(row, document.where):
            texts = [row[name] for name in names]
            yield _position(texts if len(texts) == _PAIR else _pair(texts[0]))


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The named columns of each row of a CSV (or CSV.gz) with a heading; no other column leaves this function.

    Raises UserError where the file cannot be read or a column is missing.
    """
    with open_text(path) as file:
        try:
            reader = csv.reader(file)
            heading = next(reader, [])
            if missing := [name for name in columns if name not in heading]:
                msg = f"{path}: no column {', '.join(map(repr, missing))}; use the column names of its first line"
                raise UserError(msg)
            at = {name: heading.index(name) for name in columns}
            for row in reader:
                if len(row) == len(heading):
                    yield {name: row[index] for name, index in at.items()}
                elif row:
                    msg = (
                        f"{path}: line {reader.line_num} has {len(row)} fields, but its header has {len(heading)}; "
                        "correct it"
                    )
                    raise UserError(msg)
        except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
            msg = f"{path}: not a UTF-8 CSV ({error}); save it as one"
            raise UserError(msg) from error


def open_text(path: Path) -> TextIO:
    """A text file in UTF-8, unpacked where its name ends in .gz. Raises UserError where it cannot be opened."""
    try:
        if path.suffix == ".gz":
            return TextIOWrapper(gzip.GzipFile(path), encoding="utf-8-sig", newline="")
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        msg = f"{path}: {error.strerror}; correct its path in features.toml"
        raise UserError(msg) from error


def read_text(path: Path) -> str:
    """A whole text file. Raises UserError where it cannot be read."""
    with open_text(path) as file:
        try:
            return file.read()
        except (UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
            msg = f"{path}: not UTF-8 text ({error}); save it as UTF-8"
            raise UserError(msg) from error


def feature_places(path: Path, where: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[float, float] | None]:
    """Latitude and longitude of each matching feature of a layer (of an area or line: its centroid)."""
    for feature in read_layer(path, tuple(where)):
        if not _matches({name: str(feature.properties.get(name, "")) for name in where}, where):
            continue
        if feature.shape is None:
            yield None
        else:
            middle = feature.shape.centroid
            yield _position([str(middle.y), str(middle.x)])


def _matches(row: Mapping[str, str], where: Mapping[str, tuple[str, ...]]) -> bool:
    return all(row[name] in values for name, values in where.items())


def _pair(text: str) -> list[str]:
    """Latitude and longitude of ``(41.8, -87.6)``, or of ``POINT (-87.6 41.8)``, which has longitude first."""
    if text.upper().startswith("POINT"):
        return text[len("POINT") :].strip(" ()").split()[::-1]
    return text.strip(" ()").split(",")


def _position(texts: list[str]) -> tuple[float, float] | None:
    """Degrees of two texts, latitude first; None for empty, absurd or (0, 0) ones."""
    try:
        lat, lon = (float(text) for text in texts)
    except ValueError:
        return None
    usable = -90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0 and (lat, lon) != (0.0, 0.0)  # noqa: PLR2004 - degrees
    return (lat, lon) if usable else None
