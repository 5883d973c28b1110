"""Whether a street lies on the ground, above it or below: by OpenStreetMap's tags, as its extracts have them.

A PBF has them among GDAL's ``other_tags``; shapefiles, GeoPackages and GeoJSON made of OpenStreetMap have columns of
their own. A street that says nothing lies on the ground. Must not keep any other tag (protection 1).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_OTHER_TAGS: Final = "other_tags"
LEVEL_PROPERTIES: Final = ("layer", "bridge", "tunnel", _OTHER_TAGS)
_TAG: Final = re.compile(r'"(layer|bridge|tunnel)"=>"([^"]*)"')
_NOT: Final = frozenset({"", "no", "f", "n", "false", "0", "none", "building_passage"})
"""Of a bridge or a tunnel, what says that it is none; a passage through a building is on the ground."""


def level_of(properties: Mapping[str, Any]) -> int:
    """A street's level by its ``layer``; without one 1 on a bridge, -1 in a tunnel, else 0.

    https://wiki.openstreetmap.org/wiki/Key:layer
    """
    tags = {**properties, **dict(_TAG.findall(str(properties.get(_OTHER_TAGS) or "")))}
    layer = re.fullmatch(r"\s*([+-]?\d{1,2})(\.0*)?\s*", str(tags.get("layer") or ""))
    if layer is not None and int(layer[1]) != 0:
        return int(layer[1])
    return int(_is_so(tags.get("bridge"))) - int(_is_so(tags.get("tunnel")))


def _is_so(value: Any) -> bool:
    return value is not None and str(value).strip().casefold() not in _NOT
