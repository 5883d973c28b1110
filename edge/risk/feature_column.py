"""A feature's column: what it is, in which unit, what stands where nothing is known, and where it is from.

Every column of `edge.risk.layers` and `edge.risk.days` carries one, so a model card can say it. Must not compute.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.risk.npz import load_npz, save_npz
from edge.text.coded import CodedError

Floats32: TypeAlias = NDArray[np.float32]

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column's description.

    ``group``: the feature group whose trees may use it. ``missing``: the value where the source says nothing.
    ``source``: where it is from, one sentence. ``terms``: its licence. ``as_of``: the ISO date it was known by.
    """

    name: str
    group: str
    definition: str
    unit: str
    missing: float
    source: str
    terms: str
    as_of: str


def checked(columns: Sequence[Column], values: Floats32) -> None:
    """Raise ValueError unless ``values`` is a finite float32[rows, columns] and no name stands twice."""
    if values.dtype != np.float32 or values.ndim != 2 or values.shape[1] != len(columns):  # noqa: PLR2004 - a table
        msg = f"{len(columns)} columns need float32[rows, {len(columns)}], not {values.dtype}{list(values.shape)}"
        raise ValueError(msg)
    if not np.isfinite(values).all():
        msg = "a value is not finite; use the column's missing value instead"
        raise ValueError(msg)
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"two columns are named {', '.join(twice)}"
        raise ValueError(msg)


def save_table(path: Path, kind: str, columns: Sequence[Column], values: Floats32, **more: int) -> None:
    """Write a table of a kind; ``more``: whole numbers that go with it. Deterministic bytes."""
    meta = {"kind": kind, "format": FORMAT, "columns": [asdict(column) for column in columns], **more}
    save_npz(path, {"values": values}, meta)


def load_table(path: Path, kind: str) -> tuple[tuple[Column, ...], Floats32, Mapping[str, Any]]:
    """Read what `save_table` wrote. Raises CodedError where the file is missing, damaged or of another kind."""
    arrays, meta = load_npz(path)
    if meta.get("kind") != kind or meta.get("format") != FORMAT:
        raise CodedError("risk_file.other_format", path=str(path), kind=kind, format=FORMAT)
    try:
        columns = tuple(Column(**column) for column in meta["columns"])
        values = arrays["values"]
        checked(columns, values)
    except (KeyError, TypeError, ValueError) as error:
        raise CodedError("risk_file.damaged", path=str(path), detail=str(error)) from error
    return columns, values, meta
