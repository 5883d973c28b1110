"""Columns that hold both coordinates: ``POINT (-87.6 41.8)``, ``(41.8, -87.6)``, GeoJSON, well-known binary.

Well-known text and binary and GeoJSON have the longitude first, by their standards (OGC 06-103r4, RFC 7946); a bare
pair may have either. Must not decide which (`models.ingest.places` does).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from models.ingest.numbers import Numbers, of_texts
from models.ingest.reading import Table, Texts, texts

_NUMBER: Final = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
_BY_STANDARD: Final = (
    rf"(?i)POINT\s*(?:ZM|Z|M)?\s*\(\s*(?P<one>{_NUMBER})[\s,]+(?P<other>{_NUMBER})",
    rf'["\']coordinates["\']\s*:\s*\[\s*(?P<one>{_NUMBER})\s*,\s*(?P<other>{_NUMBER})',
    rf'["\']latitude["\']\s*:\s*["\']?(?P<other>{_NUMBER})["\']?\s*,\s*'
    rf'["\']longitude["\']\s*:\s*["\']?(?P<one>{_NUMBER})',
)
"""Of GeoJSON, and of a portal's location with its two names; with the marks of JSON or of Python."""
_BARE: Final = (
    rf"(?:^|[(\[\n])\s*(?P<one>{_NUMBER})\s*[,;\s]\s*(?P<other>{_NUMBER})\s*[)\]]?$",
    r"(?:^|\()\s*(?P<one>[-+]?[0-9]+,[0-9]+)\s*;\s*(?P<other>[-+]?[0-9]+,[0-9]+)\s*\)?$",
)
_HEX: Final = r"^0[01][0-9A-Fa-f]{40,}$"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two numbers a row, NaN where there are none. ``bare``: a standard does not say which is the longitude."""

    one: Numbers
    other: Numbers
    bare: NDArray[np.bool_]


def pairs(table: Table, column: str) -> Pairs:
    """What a column of points holds."""
    values = table.column(column)
    if pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type):
        one, other = _of_binary(np.array(values.to_pylist(), dtype=object))
        return Pairs(one, other, np.zeros(len(one), bool))
    written = texts(table, column)
    one, other = np.full(len(written), np.nan), np.full(len(written), np.nan)
    bare = np.zeros(len(written), bool)
    for pattern in (*_BY_STANDARD, *_BARE):
        first, second = _matches(written, pattern)
        new = np.isnan(one) & ~np.isnan(first) & ~np.isnan(second)
        one[new], other[new] = first[new], second[new]
        bare[new] = pattern in _BARE
    packed = np.isnan(one) & np.asarray(pc.fill_null(pc.match_substring_regex(written, _HEX), fill_value=False))
    if packed.any():
        one[packed], other[packed] = _of_binary(np.array(written.to_pylist(), dtype=object)[packed])
    return Pairs(one, other, bare)


def _matches(written: Texts, pattern: str) -> tuple[Numbers, Numbers]:
    found = pc.extract_regex(written, pattern)
    first, second = (pc.struct_field(found, name) for name in ("one", "other"))
    return of_texts(first, large=False), of_texts(second, large=False)


def _of_binary(shapes: NDArray[np.object_]) -> tuple[Numbers, Numbers]:
    """Of well-known binary, or its digits; NaN for what is no point."""
    made = shapely.from_wkb(shapes, on_invalid="ignore")
    return shapely.get_x(made), shapely.get_y(made)
