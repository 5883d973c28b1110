"""A draft in words: its boxes with risk, beat and caps, and who changed what. Must not compute a risk."""

from collections.abc import Iterator

from edge.contract.agency import Agency
from edge.domain.plan import DirectedPatrol
from edge.headquarters.drafts.review import Reviewed, described
from edge.plans.record import BoxRecord
from edge.text.words import word

SURE_UNITS = 1_000_000
"""Of risk: one incident expected."""


def draft_words(seen: Reviewed, agency: Agency) -> Iterator[str]:
    """Line by line."""
    draft = seen.draft
    yield f"draft for {draft.area}, shift {draft.shift}: edition {draft.edition}, {state_of(seen)}"
    records = {one.box: one for one in seen.record.boxes}
    for patrol in seen.plan.patrols:
        yield from _patrol(patrol, records.get(patrol.box), agency)
    if seen.edits:
        yield "edits:"
    for one in seen.edits:
        yield f"  {described(one, agency)}"


def state_of(seen: Reviewed) -> str:
    """Whether it is approved as it stands."""
    return "not approved" if seen.approved is None else f"approved, version {seen.approved}"


def chance(units: int) -> str:
    """Of expected incidents in 10⁻⁶ a shift, an absolute number that one can picture."""
    if units <= 0:
        return "none expected"
    return (
        f"about one in {round(SURE_UNITS / units):,} such shifts"
        if 2 * units < SURE_UNITS
        else (f"about {units / SURE_UNITS:.1f} every such shift")
    )


def _patrol(patrol: DirectedPatrol, record: BoxRecord | None, agency: Agency) -> Iterator[str]:
    box, rule = agency.grid.boxes[patrol.cell], patrol.prescription
    types = ", ".join(word("crime_type", one) for one in patrol.crime_types)
    yield f"{box.number:>7}  beat {box.beat}: {types}; {rule.visits} × {rule.minutes:g} min"
    if record is not None:
        risks = [f"{word('crime_type', one.crime_type)} {chance(one.units)}" for one in record.types]
        left = f"{max(0, rule.cap_shift - record.in_shift)} visits left this shift"
        yield f"         risk: {'; '.join(risks)}. {left}, {max(0, rule.cap_7_days - record.in_7_days)} in 7 days"
    if patrol.tactics:
        yield f"         tactics: {', '.join(patrol.tactics)}"
    yield f"         suppressed: {patrol.suppressed}" if patrol.suppressed else f"         why: {patrol.why}"
