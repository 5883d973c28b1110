"""Numbers of an export however they are written: ``38,62``, ``1,176,000.5``, ``1.176.000,5``, ``1 176 000``.

Must not know what a number says.
"""

import re
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.ingest.reading import Table, Texts, texts

Numbers = NDArray[np.float64]

SPACES: Final = str.maketrans(dict.fromkeys(" \xa0\u2009\u202f'’", "") | {"\u2212": "-"})
"""What stands between thousands but points and commas, for `str.translate`; and a minus sign that is none of ASCII."""
_GROUPS: Final = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_DEGREES: Final = re.compile(
    r"(?P<lead>[NSEW])?\s*(?:(?P<sign>[-\u2212])|\+)?\s*(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*(?P<mark>[°º˚])?"
    r"(?:\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['\u2019\u2032]?"
    r"(?:\s*(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"\u201d\u2033]|'')?)?)?\s*(?P<tail>[NSEW])?",
    re.IGNORECASE,
)
_SIXTY: Final = 60.0


def numbers(table: Table, column: str, large: bool) -> Numbers:
    """A column's numbers; NaN where there is none. ``large``: they may be a thousand and more.

    A single comma is a decimal one, but where large numbers may have it and three digits follow at most three.
    """
    values = table.column(column)
    if pa.types.is_floating(values.type) or pa.types.is_integer(values.type) or pa.types.is_decimal(values.type):
        return np.array(values.cast(pa.float64()).to_numpy(), dtype=np.float64)
    return of_texts(texts(table, column), large)


def of_texts(written: Texts, large: bool) -> Numbers:
    """The numbers of texts, NaN where one is none."""
    try:
        return np.array(pc.cast(written, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except pa.ArrowInvalid:
        plain = pd.Series(written.to_pandas(), dtype="str")
        known = {text: _number(text, large) for text in plain.dropna().unique()}
        return np.array(plain.map(known), dtype=np.float64)


def degrees(text: str) -> float | None:
    """Degrees with a hemisphere or marks: ``41.8 N``, ``W 87° 37' 30"``; south and west are below 0. None: no such."""
    found = _DEGREES.fullmatch(text.strip())
    if found is None or not (found["lead"] or found["tail"] or found["mark"]) or (found["lead"] and found["tail"]):
        return None
    parts = [float(found[part].replace(",", ".")) if found[part] else 0.0 for part in ("degrees", "minutes", "seconds")]
    if max(parts[1:]) >= _SIXTY:
        return None
    size = parts[0] + parts[1] / _SIXTY + parts[2] / _SIXTY**2
    hemisphere = (found["lead"] or found["tail"] or "").upper()
    return -size if hemisphere in ("S", "W") or (found["sign"] and not hemisphere) else size


def _number(text: str, large: bool) -> float:
    """One number, NaN where it is none."""
    if not large and (angle := degrees(text)) is not None:
        return angle
    plain = text.translate(SPACES)
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        decimal = "." if plain.rindex(".") > plain.rindex(",") else ","
        plain = plain.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif (commas or points > 1) and large and _GROUPS.fullmatch(plain):
        plain = plain.replace(",", "").replace(".", "")
    elif commas == 1:
        plain = plain.replace(",", ".")
    try:
        return float(plain) if "_" not in plain else np.nan
    except ValueError:
        return np.nan
