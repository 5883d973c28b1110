"""Whether a signed plan stays within the bundle in force: its areas, boxes, tactics and policy.

Whoever holds the key for plans may choose boxes, not other rules: caps, spacing and what is never offered are the
bundle's, which another key signs. Each value that goes beyond is refused by its name.
"""

from edge.contract.agency import Agency
from edge.contract.messages import PatrolDoc, PlanDoc
from edge.domain.grid import parse_box_id
from edge.text.coded import CodedError


def check_plan(doc: PlanDoc, agency: Agency) -> None:
    """Raises CodedError where a plan names what this agency lacks or may not patrol, or goes beyond its policy."""
    check_shift(doc.shift, agency)
    within = agency.areas.get(doc.district)
    if within is None:
        raise CodedError("plan.no_district", district=doc.district, areas=tuple(agency.areas))
    seen: set[str] = set()
    for patrol in doc.patrols:
        if patrol.box in seen:
            raise CodedError("plan.listed_twice", box=patrol.box)
        seen.add(patrol.box)
        _check_box(patrol.box, doc.district, within, agency)
        _check_tactics(patrol, agency)
        _check_prescription(patrol, agency)


def _check_box(named: str, district: str, within: frozenset[str], agency: Agency) -> None:
    box = agency.grid.boxes.get(parse_box_id(named))
    if box is None or box.opt_out:
        raise CodedError("plan.opt_out" if box else "plan.no_box", box=named)
    if box.district not in within:
        raise CodedError("plan.other_district", box=named, found=box.district, district=district)


def _check_tactics(patrol: PatrolDoc, agency: Agency) -> None:
    known = {tactic.id for tactic in agency.tactics}
    if strange := [tactic for tactic in patrol.tactics if tactic not in known]:
        raise CodedError("plan.no_tactic", box=patrol.box, tactic=strange[0][:40])


def _check_prescription(patrol: PatrolDoc, agency: Agency) -> None:
    """Caps, visits and spacing no looser than the policy's; minutes at least one, as in a plan file."""
    policy = agency.policy.prescription(patrol.crime_types)
    visits = max(policy.visits, policy.cap_shift)
    for holds, key, given, bound, limit in (
        (patrol.minutes >= 1, "minutes", patrol.minutes, "at_least", 1),
        (patrol.cap_shift <= policy.cap_shift, "cap_shift", patrol.cap_shift, "at_most", policy.cap_shift),
        (patrol.cap_7_days <= policy.cap_7_days, "cap_7_days", patrol.cap_7_days, "at_most", policy.cap_7_days),
        (patrol.visits <= visits, "visits", patrol.visits, "at_most", visits),
        (patrol.spacing_s >= policy.spacing_s, "spacing_s", patrol.spacing_s, "at_least", policy.spacing_s),
    ):
        if not holds:
            raise CodedError(f"plan.{bound}", box=patrol.box, key=key, given=given, limit=limit)


def check_shift(shift: str, agency: Agency) -> None:
    """Raises CodedError where the agency has no such shift."""
    try:
        agency.calendar.shift(shift)
    except ValueError as error:
        name, names = shift.partition("/")[2], [rule.name for rule in agency.calendar.rules]
        if name in names:
            raise CodedError("plan.bad_date", shift=shift) from error
        raise CodedError("plan.no_shift", shift=name, shifts=names) from error
