"""A made plane and clock for small drives by hand: 250 m boxes in one row, box n from x = 250 n to 250 (n + 1) m.

Cars drive along y = 125 m, one fix a second with 5 m accuracy unless told otherwise. Seconds count from 09:00; the
shifts change at 18:00, second 32,400. Keep fixes off the exact margins: degrees are not metres.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from edge.domain.grid import Box, Grid, box_id
from edge.domain.inputs import Fix
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Policy, Prescription
from edge.domain.shift import Calendar, ShiftRule
from tests.oracle import OracleResult, OracleVisit, oracle

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()  # mono 0
CALENDAR = Calendar(ZoneInfo("UTC"), (ShiftRule("day", time(6)), ShiftRule("late", time(18))))
PLANE = Grid(
    epsg=32616,
    lat0=0.0,
    lon0=0.0,
    scale=1.0,
    reach=1.0,
    east=(0.0, 100_000.0, *[0.0] * 8),  # 1° is 100 km
    north=(0.0, 0.0, 100_000.0, *[0.0] * 7),
    boxes={(x, 0): Box((x, 0), x + 1, "1", "11") for x in range(8)},
)


def fix(mono: float, x: float, speed: float = 10.0, accuracy: float = 5.0) -> Fix:
    """One fix: seconds after 09:00, metres, m/s."""
    return Fix(NINE + mono, mono, 0.00125, x / 100_000.0, speed, accuracy)


def drive(start: float, stop: float, x: float, speed: float = 10.0) -> list[Fix]:
    """A fix each second from ``start`` up to, not with, ``stop``: from ``x`` eastwards (speed < 0: westwards)."""
    return [fix(start + s, x + speed * s, abs(speed)) for s in range(int(stop - start))]


def tell(
    fixes: Iterable[Fix], assigned: Iterable[int] = (1,), prescription: Prescription | None = None
) -> OracleResult:
    """What the oracle says of a drive with these boxes assigned."""
    patrols = [DirectedPatrol((x, 0), ("robbery",), prescription or Prescription()) for x in assigned]
    listed = list(fixes)
    return oracle(PLANE, Policy(), patrols, listed, calendar=CALENDAR, end_mono=listed[-1].mono + 1000.0)


def visit(x: int, opened: float, ended: float, dosage: float, *, early: bool = False) -> OracleVisit:
    """The visit expected, in seconds after 09:00: it counts from 60 s."""
    return OracleVisit(box_id((x, 0)), NINE + opened, NINE + ended, dosage, dosage >= 60.0, early)


def stays(told: OracleResult) -> list[tuple[str | None, float, float, float]]:
    """Each stay's box, its ends in seconds after 09:00, its trusted seconds."""
    return [(stay.box, stay.began - NINE, stay.ended - NINE, stay.trusted_s) for stay in told.stays]
