"""The form of ``map.json``: lines and labels to draw, layer by layer. Must not read a file."""

from typing import Literal, TypeAlias, get_args

from pydantic import BaseModel

from edge.domain.events import Unknown
from edge.text.strictness import SENT

LayerKind: TypeAlias = Literal["boundary", "district", "beat", "main_street", "street", "water", "opt_out"]


class MapLayer(BaseModel):
    """Lines to draw: each a list of [lon, lat] rounded to 1e-5°. ``labels``: [lon, lat, text]."""

    model_config = SENT
    kind: LayerKind | Unknown
    lines: tuple[tuple[tuple[float, float], ...], ...]
    labels: tuple[tuple[float, float, str], ...] = ()


class MapDoc(BaseModel):
    """``map.json``: layers, from the bottom up."""

    model_config = SENT
    layers: tuple[MapLayer, ...]

    @property
    def known(self) -> tuple[MapLayer, ...]:
        """The layers that this software can draw."""
        return tuple(layer for layer in self.layers if layer.kind in get_args(LayerKind))
