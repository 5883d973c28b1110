"""Whether a new release works in this car, by what its daemon answers: a fix, a record, the screen.

**Well** is one process of the daemon that for `STEADY_S` has no fault that was not there before, has recorded its start
in the ledger, serves the officer's page, and hears the receiver where it was heard before.

**A fix** is asked for besides where the car had one as it was switched: the receiver reports, and its position is good
enough to meter by. Once is enough, for a car may drive into a garage. A car that had none (it is in one) owes none.
Where all else is well and no fix comes, nobody knows yet whether the release or the sky is at fault, and the release
before is the witness: it runs again, and where it finds a position, the new one does not work; where it finds none
either, nothing is held against the new one, and it is tried again later.

Must not switch, and must not remember.
"""

from enum import Enum, auto
from typing import Final, Protocol

from provisioning.update.car import Car, Reading
from provisioning.update.memory import Trial

BOUND_S: Final = 1_080.0
"""In which a release must have worked for `STEADY_S`: a daemon may check a year's ledger for 900 s first."""

STEADY_S: Final = 60.0
MOST_RESTARTS: Final = 5
"""A daemon that ends by itself as often is not waited for: the car is without one meanwhile."""

LOOK_S: Final = 2.0


class Passing(Protocol):
    """Time that passes: seconds that only grow, and a sleep."""

    def mono(self) -> float:
        """Now."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Verdict(Enum):
    """``BLIND``: well, but without a fix."""

    WORKS = auto()
    FAILS = auto()
    BLIND = auto()


def before(name: str, reading: Reading | None) -> Trial:
    """What a release is held against. ``reading``: how the daemon was before, None where it did not answer."""
    if reading is None:
        return Trial(name=name)
    return Trial(name=name, recorded=reading.recorded, heard=reading.heard, fixed=reading.fixed, faults=reading.faults)


def judged(car: Car, trial: Trial, time: Passing) -> Verdict:
    """How a release does that was just started."""
    until, since, process, fixed = time.mono() + BOUND_S, 0.0, None, False
    steady = False
    while (now := time.mono()) < until and car.restarts() < MOST_RESTARTS:
        reading = car.reading()
        if reading is None or not _well(reading, trial):
            process, steady = None, False
        else:
            if reading.process != process:
                since, process, fixed = now, reading.process, not trial.fixed
            fixed, steady = fixed or reading.fixed, now - since >= STEADY_S
            if steady and fixed:
                return Verdict.WORKS
        time.sleep(LOOK_S)
    return Verdict.BLIND if steady else Verdict.FAILS


def finds_a_position(car: Car, time: Passing) -> bool:
    """Whether the daemon that was just started has a fix, in the same time."""
    until = time.mono() + BOUND_S
    while time.mono() < until:
        reading = car.reading()
        if reading is not None and reading.fixed:
            return True
        time.sleep(LOOK_S)
    return False


def _well(reading: Reading, trial: Trial) -> bool:
    """See the module."""
    faults = set(reading.faults) - set(trial.faults)
    return not faults and reading.recorded > trial.recorded and (reading.heard or not trial.heard)
