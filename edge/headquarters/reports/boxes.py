"""The shift by box, over all vehicles: what was prescribed and what was done.

Two vehicles in one box are two visits and two times the minutes; the union by the wall clock counts what they shared
once. Must not look at one vehicle alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from edge.domain.plan import DirectedPatrol, Plan
from edge.headquarters.projections.rows import Interval, StayRow
from edge.headquarters.reports.model import BoxLine, UnitReport, VisitLine


def boxes_of(units: Sequence[UnitReport], plans: Sequence[Plan]) -> tuple[BoxLine, ...]:
    """Every box of the plans and every box a vehicle was in: prescribed ones first, then by presence."""
    patrols = {patrol.box: patrol for plan in plans for patrol in plan.patrols}
    visits: dict[str, list[VisitLine]] = defaultdict(list)
    stays: dict[str, list[StayRow]] = defaultdict(list)
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in units:
        for visit in unit.visits:
            visits[visit.box].append(visit)
        for stay in unit.stay_rows:
            if stay.box is not None:
                stays[stay.box].append(stay)
        for remark in unit.remarks:
            said[remark.box][remark.remark] += 1
    boxes = dict.fromkeys([*patrols, *visits, *stays, *said])
    lines = [_line(box, patrols.get(box), visits[box], stays[box], said[box]) for box in boxes]
    return tuple(sorted(lines, key=lambda line: (box_rank(line), -line.dosage_vehicle_s, -line.presence_vehicle_s)))


def box_rank(line: BoxLine) -> int:
    """Prescribed boxes before visited ones before passed ones."""
    return 0 if line.prescribed is not None else 1 if line.visits else 2


def shared_once(times: Iterable[tuple[float, Sequence[Interval]]]) -> tuple[float, float]:
    """Vehicle-seconds and seconds by the wall clock of some stays, each its trusted seconds and its intervals.

    What overlaps counts once. Where in its intervals a stay's untrusted seconds lie is not known, so the union is at
    least the longest stay.
    """
    stays = list(times)
    each = [trusted for trusted, _ in stays]
    intervals = sorted([interval for _, parts in stays for interval in parts])
    shared, reach = 0.0, None
    for began, ended in intervals:
        if reach is not None and began < reach:
            shared += min(ended, reach) - began
        reach = ended if reach is None or ended > reach else reach
    seconds = sum(each)
    return seconds, max([seconds - shared, *each], default=0.0)


def _posix(visit: VisitLine) -> list[Interval]:
    return [(began.timestamp(), ended.timestamp()) for began, ended in visit.parts]


def _line(
    box: str, patrol: DirectedPatrol | None, visits: Sequence[VisitLine], stays: Sequence[StayRow], said: Counter[str]
) -> BoxLine:
    dosage = shared_once((visit.dosage_s, _posix(visit)) for visit in visits if visit.counted and visit.dosage_s)
    presence = shared_once([(stay.seconds, ((stay.began, stay.ended),)) for stay in stays])
    types = patrol.crime_types if patrol else tuple(dict.fromkeys(one for visit in visits for one in visit.crime_types))
    return BoxLine(
        box=box,
        crime_types=types,
        prescribed=patrol.prescription.visits if patrol else None,
        prescribed_s=patrol.prescription.minutes * 60.0 if patrol else None,
        done=sum(visit.counted and not visit.early and visit.tasked is None for visit in visits),
        counted=sum(visit.counted for visit in visits),
        visits=len(visits),
        dosage_vehicle_s=round(dosage[0], 3),
        dosage_union_s=round(dosage[1], 3),
        presence_vehicle_s=round(presence[0], 3),
        presence_union_s=round(presence[1], 3),
        suppressed=patrol.suppressed if patrol else None,
        said=tuple(sorted(said.items())),
    )
