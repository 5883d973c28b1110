"""The sentences of NMEA 0183 that a fix is made of, as plain values.

``clock``: ms of the UTC day, None where the sentence has none that can be read. ``place``: as sent; ``position``: its
degrees, or the name of what is wrong with it.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

from edge.vehicle.gps.fields import NOWHERE, Place, Position, position_of


@dataclass(frozen=True, slots=True)
class Rmc:
    """Recommended minimum: ``utc`` POSIX s, ``speed`` m/s, ``course`` degrees.

    ``active`` is status A; ``mode`` the FAA mode letter, "" before NMEA 2.3. A ``fault`` names why an active
    sentence is no position all the same; ``utc`` and ``position`` are then meaningless.
    """

    clock: int | None
    active: bool
    utc: float = math.nan
    position: Position = (math.nan, math.nan)
    speed: float | None = None
    course: float | None = None
    mode: str = ""
    fault: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Gga:
    """Fix data: ``quality`` as sent (0: none), ``hdop`` and ``satellites`` in use; None where not given in numbers.

    ``gns``: of a GNS, which says the same for several constellations together.
    """

    clock: int | None
    quality: int | None
    hdop: float | None
    satellites: int | None
    place: Place = NOWHERE
    gns: bool = False

    @property
    def position(self) -> Position:
        """Where it says that it is; read where it is needed."""
        return position_of(self.place)


@dataclass(frozen=True, slots=True)
class Gll:
    """Geographic position; ``active`` and ``mode`` as in RMC."""

    clock: int | None
    active: bool
    place: Place
    mode: str = ""

    @property
    def position(self) -> Position:
        """As in GGA."""
        return position_of(self.place)


@dataclass(frozen=True, slots=True)
class Gsa:
    """Of the epoch that is under way: whether it is ``flat`` (mode 2: no height), and its ``hdop``."""

    flat: bool
    hdop: float | None


@dataclass(frozen=True, slots=True)
class Gst:
    """Error statistics: ``error`` is the horizontal distance r.m.s. in metres (63–68 %), None where not given."""

    clock: int | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Vtg:
    """Speed (m/s) and course (degrees) of the epoch that is under way; None where not given."""

    speed: float | None
    course: float | None


@dataclass(frozen=True, slots=True)
class Zda:
    """Date and time: ``utc`` POSIX s, None where there is none that can be read."""

    clock: int | None
    utc: float | None


Sentence: TypeAlias = Rmc | Gga | Gll | Gsa | Gst | Vtg | Zda
