"""Whether a signed plan stays within the bundle in force: its areas, boxes, tactics and policy.

Whoever holds the key for plans may choose boxes, not other rules: caps, spacing and what is never offered are the
bundle's, which another key signs. Each value that goes beyond is refused by its name.
"""

from edge.contract.agency import Agency
from edge.contract.messages import PatrolDoc, PlanDoc
from edge.domain.grid import parse_box_id


def check_plan(doc: PlanDoc, agency: Agency) -> None:
    """Raises ValueError where a plan names what this agency lacks or may not patrol, or goes beyond its policy."""
    agency.calendar.shift(doc.shift)
    within = agency.areas.get(doc.district)
    if within is None:
        msg = f"district {doc.district!r} is not a district of this agency; it has {', '.join(agency.areas)}"
        raise ValueError(msg)
    seen: set[str] = set()
    for patrol in doc.patrols:
        if patrol.box in seen:
            msg = f"box {patrol.box} is listed twice"
            raise ValueError(msg)
        seen.add(patrol.box)
        _check_box(patrol.box, doc.district, within, agency)
        _check_tactics(patrol, agency)
        _check_prescription(patrol, agency)


def _check_box(named: str, district: str, within: frozenset[str], agency: Agency) -> None:
    box = agency.grid.boxes.get(parse_box_id(named))
    if box is None or box.opt_out:
        msg = f"box {named} is {'in an opt-out area' if box else 'not in this agency'}"
        raise ValueError(msg)
    if box.district not in within:
        msg = f"box {named} is in district {box.district}, not in {district}"
        raise ValueError(msg)


def _check_tactics(patrol: PatrolDoc, agency: Agency) -> None:
    known = {tactic.id for tactic in agency.tactics}
    if strange := [tactic for tactic in patrol.tactics if tactic not in known]:
        msg = f"box {patrol.box}: tactic {strange[0][:40]!r} is not in the agency's list"
        raise ValueError(msg)


def _check_prescription(patrol: PatrolDoc, agency: Agency) -> None:
    """Caps, visits and spacing no looser than the policy's; minutes at least one, as in a plan file."""
    policy = agency.policy.prescription(patrol.crime_types)
    visits = max(policy.visits, policy.cap_shift)
    for holds, what, given, limit in (
        (patrol.minutes >= 1, "minutes", patrol.minutes, "at least 1"),
        (patrol.cap_shift <= policy.cap_shift, "cap_shift", patrol.cap_shift, f"at most {policy.cap_shift}"),
        (patrol.cap_7_days <= policy.cap_7_days, "cap_7_days", patrol.cap_7_days, f"at most {policy.cap_7_days}"),
        (patrol.visits <= visits, "visits", patrol.visits, f"at most {visits}"),
        (patrol.spacing_s >= policy.spacing_s, "spacing_s", patrol.spacing_s, f"at least {policy.spacing_s:g}"),
    ):
        if not holds:
            msg = f"box {patrol.box}: {what} is {given:g}, but agency policy is {limit}"
            raise ValueError(msg)
