"""What is built where: columns per box that do not change from day to day (places, facilities, housing, terrain).

Made once, when an agency's features are built; the car and training read the same float32 values, so they agree bit
for bit. Must not compute a value.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.risk.feature_column import Column, Floats32, checked, load_table, save_table


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """``values``: float32[boxes, columns], boxes by ``Box.number - 1``. Raises ValueError where they do not fit."""

    columns: tuple[Column, ...]
    values: Floats32

    def __post_init__(self) -> None:
        checked(self.columns, self.values)

    @staticmethod
    def none(boxes: int = 0) -> "Layers":
        """No column at all, of so many boxes."""
        return Layers((), np.zeros((boxes, 0), dtype=np.float32))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def stacked(self, names: Sequence[str]) -> Floats32:
        """float32[boxes, names] in the order asked for. Raises KeyError for a name that is not here."""
        at = {name: index for index, name in enumerate(self.names)}
        return np.ascontiguousarray(self.values[:, [at[name] for name in names]])

    def digest(self) -> str:
        """SHA-256 of names and values."""
        shape = f"{','.join(self.names)};{self.values.shape[0]};".encode()
        return hashlib.sha256(shape + np.ascontiguousarray(self.values, dtype="<f4").tobytes()).hexdigest()


def save_layers(path: Path, layers: Layers) -> None:
    """Write ``layers.npz``: the same layers give the same bytes. Raises UserError where it cannot be written."""
    save_table(path, "layers", layers.columns, layers.values)


def load_layers(path: Path) -> Layers:
    """Read ``layers.npz``. Raises UserError where it is missing, damaged or of another format."""
    columns, values, _ = load_table(path, "layers")
    return Layers(columns, values)
