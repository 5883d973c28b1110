"""The demo's GPS receiver: what it reports of a true motion, with an error that wanders, and silence in the tunnel.

The error is a first-order Gauss–Markov process on each axis. Must not move the car.
"""

from math import exp, sqrt
from random import Random
from typing import Final

import shapely
from pyproj import Transformer
from shapely.geometry import LineString, Point

from edge.demo.layout import EPSG
from edge.demo.motion import Motion
from edge.demo.nmea import nmea_sentences

SIGMA_M: Final = 3.0
CORRELATION_S: Final = 45.0
_TUNNEL_M: Final = 6.0  # a true position this near to the tunnel's line is below ground
_FIND_AGAIN_S: Final = 3
_SETTLE_S: Final = 20.0
_SPEED_SIGMA: Final = 0.12
_COURSE_SPEED: Final = 1.0  # below it a receiver keeps its last course


class Receiver:
    """One receiver in one car; `epoch` once a second, in order."""

    def __init__(self, tunnel: LineString, random: Random) -> None:
        self._tunnel = tunnel
        self._random = random
        self._degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
        self._east, self._north = random.gauss(0.0, SIGMA_M), random.gauss(0.0, SIGMA_M)
        self._sky = random.gauss(0.0, 1.0)
        self._course = 0.0
        self._dark_s = 0
        self._worse = 0.0
        shapely.prepare(tunnel)

    def epoch(self, utc: float, motion: Motion) -> bytes:
        """The sentences for a true motion."""
        self._wander()
        if self._dark(motion):
            return nmea_sentences(utc, 0.0, 0.0, 0.0, 0.0, satellites=self._random.randint(0, 3), quality=0)
        spread = 1.0 + 2.0 * self._worse
        self._worse *= exp(-1.0 / _SETTLE_S)
        lon, lat = self._degrees.transform(motion.x + spread * self._east, motion.y + spread * self._north)
        if motion.speed > _COURSE_SPEED:
            self._course = motion.course + self._random.gauss(0.0, 1.5)
        sky = min(max(self._sky, -2.0), 2.0)
        return nmea_sentences(
            utc,
            float(lat),
            float(lon),
            abs(motion.speed + self._random.gauss(0.0, _SPEED_SIGMA)),
            self._course,
            hdop=(1.0 + 0.15 * sky) * spread,
            satellites=round(9 - 1.2 * sky),
            sigma=SIGMA_M * spread,
        )

    def _wander(self) -> None:
        """One second of the processes."""
        keep = exp(-1.0 / CORRELATION_S)
        fresh = SIGMA_M * sqrt(1.0 - keep * keep)
        self._east = keep * self._east + self._random.gauss(0.0, fresh)
        self._north = keep * self._north + self._random.gauss(0.0, fresh)
        slow = exp(-1.0 / 300.0)
        self._sky = slow * self._sky + self._random.gauss(0.0, sqrt(1.0 - slow * slow))

    def _dark(self, motion: Motion) -> bool:
        """Below ground, and for the seconds the receiver then needs to find its satellites again."""
        if shapely.dwithin(self._tunnel, Point(motion.x, motion.y), _TUNNEL_M):
            self._dark_s = _FIND_AGAIN_S
            self._worse = 1.0
            return True
        self._dark_s -= 1
        return self._dark_s >= 0
