"""Made drives, wilder than real ones, metered by rules and oracle: parking, gaps, poor fixes, boundaries, caps."""

import random

import pytest

from edge.domain.inputs import Fix
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Policy, Prescription
from edge.domain.state import Setting
from tests.metering import RUN_ON_S, drive
from tests.oracle import oracle
from tests.oracle_plane import CALENDAR, NINE, PLANE
from tests.test_drives import assert_same

BOUNDARY = 32_400.0
SETTING = Setting(PLANE, Policy(), CALENDAR, ())
GAPS = (2, 4, 6, 9, 10, 11, 30, 100, 119, 120, 121, 130)


class Wanderer:
    """A car that drives, parks, creeps, hugs an edge, loses its position or gets poor ones, as a seed says."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a test's reproducible chance
        self.mono = BOUNDARY - self.random.uniform(-50, 700) if seed % 2 else 100.0
        self.step = self.random.choice([1, 1, 1, 0.5, 2, 3, 4])
        self.x, self.y, self.velocity = self.random.uniform(200, 1500), 125.0, 0.0
        self.mode, self.left, self.accuracy = "drive", 0.0, 5.0

    def fixes(self) -> list[Fix]:
        """The whole drive."""
        return [self._next() for _ in range(self.random.randint(50, 500))]

    def patrols(self) -> list[DirectedPatrol]:
        """Some boxes of the row, with caps and spacings that are soon reached."""
        chance = self.random
        return [
            DirectedPatrol(
                (x, 0),
                ("robbery",),
                Prescription(cap_shift=chance.choice([1, 2, 3]), spacing_s=chance.choice([0, 300, 7200])),
            )
            for x in chance.sample(range(8), chance.randint(0, 6))
        ]

    def _next(self) -> Fix:
        if self.left <= 0:
            self._turn()
        self.left -= self.step
        self.mono += self.step
        speed = self._move()
        noise = self.random.gauss(0, 6 if self.mode == "park" else 2)
        self.y = min(max(self.y + self.random.uniform(-3, 3), -60), 310)
        known = None if self.random.random() < 0.01 else speed
        place = self.y / 100_000.0, max(self.x + noise, 1.0) / 100_000.0
        return Fix(NINE + self.mono, self.mono, *place, known, self.accuracy)

    def _turn(self) -> None:
        chance = self.random
        self.mode = chance.choice(["drive", "drive", "park", "gap", "poor", "creep", "edge"])
        self.left = chance.choice([5, 20, 60])
        if self.mode == "drive":
            self.velocity = chance.choice([-15, -8, 8, 15])
        if self.mode == "gap":
            self.mono += chance.choice(GAPS)
            self.mode, self.velocity = "drive", self.velocity or 5
        if self.mode == "edge":
            self.x = round(self.x / 250) * 250 + chance.uniform(-30, 30)
        self.accuracy = 40.0 if self.mode == "poor" else chance.choice([5.0, 5.0, 5.0, 12.0, 20.0, 29.0])

    def _move(self) -> float:
        if self.mode == "park":
            return 0.6 if self.random.random() < 0.02 else self.random.choice([0.1, 0.2, 0.4])
        speed = abs(self.velocity) if self.mode in ("drive", "poor") else self.random.choice([0.3, 0.7, 1.0])
        way = self.velocity if self.mode in ("drive", "poor") else self.random.choice([-1, 1]) * speed
        self.x += way * self.step
        if not 10 < self.x < 1990:
            self.velocity = -self.velocity
            self.x = min(max(self.x, 10), 1990)
        return speed


@pytest.mark.parametrize(
    "hundred", [0, 1, 2, 3, *(pytest.param(more, marks=pytest.mark.long) for more in range(4, 10))]
)
def test_a_made_drive_is_metered_as_the_oracle_says(hundred: int) -> None:
    """A hundred made drives: visits, dosage, counts, caps, early ones and stays equal the oracle's."""
    for seed in range(hundred * 100, hundred * 100 + 100):
        car = Wanderer(seed)
        fixes, patrols = car.fixes(), car.patrols()
        expected = oracle(PLANE, SETTING.policy, patrols, fixes, calendar=CALENDAR, end_mono=fixes[-1].mono + RUN_ON_S)
        assert_same(drive(SETTING, patrols, fixes), expected, f"seed {seed}")
