"""A simulated receiver: where the car truly is goes in, the fix that a receiver would give comes out.

README.md in this folder publishes the model and says where each figure comes from. Must not know of boxes or rules.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, exp, hypot, pi, sin, sqrt

from edge.domain.inputs import Fix
from tests.oracle_plane import NINE

CORRELATION_S = 60.0
METRES_A_DEGREE = 100_000.0


@dataclass(frozen=True, slots=True)
class Outliers:
    """Multipath jumps: their chance a second, mean duration (s, exponential), size (m, uniform), speed noise (m/s)."""

    chance: float
    mean_s: float
    size_m: tuple[float, float]
    speed_m_s: float


@dataclass(frozen=True, slots=True)
class Environment:
    """What surrounds the receiver.

    ``sigma_m``, ``speed_m_s``: standard deviations of position and velocity per axis; ``accuracy_m``: the range of
    what the receiver reports (HDOP × 5 m); ``correlation_s``: time constant of the position error.
    """

    name: str
    sigma_m: float
    speed_m_s: float
    accuracy_m: tuple[float, float]
    outliers: Outliers | None = None
    correlation_s: float = CORRELATION_S


OPEN_SKY = Environment("open sky", sigma_m=3.0, speed_m_s=0.05, accuracy_m=(4.0, 6.0))
SUBURB = Environment("suburb", sigma_m=6.0, speed_m_s=0.1, accuracy_m=(6.5, 9.5))
CANYON = Environment(
    "canyon",
    sigma_m=15.0,
    speed_m_s=0.15,
    accuracy_m=(15.0, 20.0),
    outliers=Outliers(chance=1 / 120, mean_s=6.0, size_m=(30.0, 60.0), speed_m_s=0.3),
)
ENVIRONMENTS = (OPEN_SKY, SUBURB, CANYON)


@dataclass(frozen=True, slots=True)
class Truth:
    """Where the car truly is: seconds after 09:00, metres east and north on the made plane, m/s."""

    mono: float
    x: float
    y: float
    speed: float


class Receiver:
    """One receiver in one environment, whose errors a seed decides. To be asked once a second."""

    def __init__(self, environment: Environment, seed: str) -> None:
        self._in = environment
        self._chance = random.Random(seed)  # noqa: S311 - a simulation's reproducible chance
        self._keep = exp(-1.0 / environment.correlation_s)
        self._renew = environment.sigma_m * sqrt(1.0 - self._keep**2)
        self._error_x = self._chance.gauss(0.0, environment.sigma_m)
        self._error_y = self._chance.gauss(0.0, environment.sigma_m)
        self._jump = (0.0, 0.0)
        self._jump_left_s = 0.0

    def hear(self, truth: Truth) -> Fix:
        """The fix of this second. Its speed is never exactly 0."""
        chance, gauss = self._chance, self._chance.gauss
        self._error_x = self._keep * self._error_x + gauss(0.0, self._renew)
        self._error_y = self._keep * self._error_y + gauss(0.0, self._renew)
        jump_x, jump_y, noise = self._multipath()
        x, y = truth.x + self._error_x + jump_x, truth.y + self._error_y + jump_y
        speed = hypot(truth.speed + gauss(0.0, noise), gauss(0.0, noise))
        accuracy = chance.uniform(*self._in.accuracy_m)
        return Fix(NINE + truth.mono, truth.mono, y / METRES_A_DEGREE, x / METRES_A_DEGREE, speed, accuracy)

    def follow(self, drive: Iterable[Truth]) -> list[Fix]:
        """The fixes of a whole drive."""
        return [self.hear(truth) for truth in drive]

    def _multipath(self) -> tuple[float, float, float]:
        """The jump of this second, metres east and north, and the velocity's standard deviation."""
        outliers, chance = self._in.outliers, self._chance
        if outliers is None:
            return 0.0, 0.0, self._in.speed_m_s
        self._jump_left_s -= 1.0
        if self._jump_left_s <= 0.0 and chance.random() < outliers.chance:
            size, way = chance.uniform(*outliers.size_m), chance.uniform(0.0, 2.0 * pi)
            self._jump = size * cos(way), size * sin(way)
            self._jump_left_s = 1.0 + chance.expovariate(1.0 / outliers.mean_s)
        if self._jump_left_s <= 0.0:
            return 0.0, 0.0, self._in.speed_m_s
        return *self._jump, outliers.speed_m_s
