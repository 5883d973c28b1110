"""What the rules of metering and naive point-in-polygon make of the same simulated fixes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edge.domain.grid import box_id, cell_of
from edge.domain.inputs import Fix, Tick
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Policy, Prescription
from edge.domain.state import Setting
from tests.jitter.drives import BOX
from tests.metering import RUN_ON_S, Metered, opening, play
from tests.oracle_plane import CALENDAR, PLANE

SETTING = Setting(PLANE, Policy(), CALENDAR, ())
NO_LIMITS = Prescription(minutes=600.0, visits=10**6, spacing_s=0.0, cap_shift=10**6, cap_7_days=10**6)
PATROLS = (DirectedPatrol(BOX, ("robbery",), NO_LIMITS),)


@dataclass(frozen=True, slots=True)
class Counts:
    """Visits to the box in one drive: counted and opened by the rules; by the naive way entries, and those of 60 s."""

    counted: int
    opened: int
    entries: int
    long_entries: int


def compare(fixes: list[Fix]) -> Counts:
    """Both ways on one drive of a shift in which nothing but the box's edge matters."""
    visits = metered(fixes).visits
    stays = list(entries(fixes))
    long_stays = sum(stay >= SETTING.policy.metering.counts_from_s for stay in stays)
    return Counts(sum(visit.counted for visit in visits), len(visits), len(stays), long_stays)


def metered(fixes: list[Fix]) -> Metered:
    """What the rules make of a drive with the box assigned and no cap in the way."""
    first, last = fixes[0], fixes[-1]
    return play(SETTING, [*opening(SETTING, PATROLS, first, last), *fixes, Tick(last.mono + RUN_ON_S, 0.0)])


def entries(fixes: Iterable[Fix]) -> Iterator[float]:
    """Naive point-in-polygon: the seconds of each unbroken run of fixes whose raw position is in the box."""
    since: float | None = None
    mono = 0.0
    for fix in fixes:
        mono = fix.mono
        plane = PLANE.project(fix.lat, fix.lon)
        if plane is not None and cell_of(*plane) == BOX:
            since = mono if since is None else since
        elif since is not None:
            yield mono - since
            since = None
    if since is not None:
        yield mono - since


def seen(fixes: list[Fix]) -> tuple[bool, bool]:
    """Whether a pass is presence in the box by the rules, and by any raw position in it."""
    by_rules = any(stay.box == box_id(BOX) for stay in metered(fixes).stays)
    return by_rules, next(entries(fixes), None) is not None
