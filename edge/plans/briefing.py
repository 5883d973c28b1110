"""The briefing of one shift's plan: what a patrol needs to know before it begins, as values. One page, no link needed.

Car and headquarters make it of what each has; `edge.service.sheets` draws the page. What is to be said is a `Notice`.
Places, never people: a visit is a vehicle's. Must not read a file or a clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.manifest import Manifest
from edge.domain.outlook import Outlook
from edge.domain.plan import DirectedPatrol, Plan, data_age
from edge.domain.shift import Shift
from edge.domain.tactics import Tactic, suited
from edge.domain.visits import VisitBook, VisitSummary
from edge.plans.briefing_context import events_of, weather_of
from edge.plans.briefing_map import BriefingMap, draw
from edge.plans.ground import Layers
from edge.plans.reasons import absolute, reason
from edge.text.words import Notice

OLD_DAYS: Final = 2
"""Days between the last incident counted and the shift's date from which data are old; 1 is usual."""

MOST_TACTICS: Final = 3
"""Tactics named beside a box, where its plan names none."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a briefing is made of. ``utc``: when it is made, POSIX seconds; None where the clock is not set.

    ``doubts``: what whoever asks knows to be stale besides, such as a link that is
    gone.
    """

    agency: Agency
    manifest: Manifest
    layers: Layers
    shift: Shift
    district: str
    utc: float | None
    plan: Plan | None
    visits: VisitBook
    outlook: Outlook | None = None
    context: ContextDoc | None = None
    doubts: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefingBox:
    """One box of the plan. ``risk``: an absolute beside an analyst's own words; ``last``: by any vehicle."""

    number: int
    place: str | None
    crime_types: tuple[str, ...]
    minutes: float
    visits: int
    why: Notice | None
    risk: Notice | None
    tactics: tuple[Tactic, ...]
    last: Notice
    suppressed: str | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """The whole page. ``starts``, ``ends``: local; ``facts``: what it rests on; ``stale``: what to doubt in it."""

    agency: str
    district: str
    shift: str
    starts: datetime
    ends: datetime
    source: Literal["approved", "vehicle"] | None
    boxes: tuple[BriefingBox, ...]
    map: BriefingMap | None
    facts: tuple[Notice, ...]
    events: tuple[Notice, ...]
    weather: tuple[Notice, ...]
    stale: tuple[Notice, ...]
    made: datetime | None


def briefing_of(sources: Sources) -> Briefing:
    """The briefing of a plan, or of a shift without one."""
    plan, zone, shift = sources.plan, sources.agency.calendar.zone, sources.shift
    patrols = plan.patrols if plan is not None else ()
    return Briefing(
        agency=sources.agency.name,
        district=sources.district,
        shift=shift.id,
        starts=datetime.fromtimestamp(shift.starts, zone),
        ends=datetime.fromtimestamp(shift.ends, zone),
        source=plan.source if plan is not None else None,
        boxes=tuple(_box(sources, patrol) for patrol in patrols),
        map=draw(sources.agency, sources.layers, patrols),
        facts=tuple(_facts(sources)),
        events=tuple(events_of(sources.context, sources.agency, shift, patrols)),
        weather=tuple(weather_of(sources.context, shift)),
        stale=(*_stale(sources), *sources.doubts),
        made=None if sources.utc is None else datetime.fromtimestamp(sources.utc, zone),
    )


def _box(sources: Sources, patrol: DirectedPatrol) -> BriefingBox:
    box = sources.agency.grid.boxes.get(patrol.cell)
    number = box.number if box is not None else 0
    return BriefingBox(
        number=number,
        place=sources.agency.place(patrol.cell),
        crime_types=patrol.crime_types,
        minutes=patrol.prescription.minutes,
        visits=patrol.prescription.visits,
        why=reason(sources.outlook, patrol),
        risk=absolute(sources.outlook, patrol),
        tactics=tuple(_tactics(sources, patrol)),
        last=_last(sources, patrol),
        suppressed=patrol.suppressed,
    )


def _tactics(sources: Sources, patrol: DirectedPatrol) -> list[Tactic]:
    """The plan's for the box; where it names none, the first that suit its crime types in this shift's hours."""
    begins, ends = (_minute(at, sources) for at in (sources.shift.starts, sources.shift.ends))
    offered = [one for one in sources.agency.tactics if one.id in patrol.tactics or one.within(begins, ends)]
    listed = suited(offered, patrol.crime_types, patrol.tactics)
    own = [one for one in listed if one.id in patrol.tactics]
    return own or listed[:MOST_TACTICS]


def _minute(utc: float, sources: Sources) -> int:
    """Of the local day."""
    at = datetime.fromtimestamp(utc, sources.agency.calendar.zone)
    return 60 * at.hour + at.minute


def _last(sources: Sources, patrol: DirectedPatrol) -> Notice:
    """The last counted visit of a box by any vehicle, and how much of its cap of seven days is used."""
    known = [one for one in sources.visits.of_box(patrol.box) if one.counted]
    if not known:
        return Notice("briefing.no_visit")
    visit = max(known, key=lambda one: one.opened)
    until = sources.shift.starts if sources.utc is None else sources.utc
    values = {
        "at": _moment(visit, sources),
        "unit": visit.unit,
        "minutes": visit.dosage_s / 60.0,
        "used": sources.visits.counted_in_7_days(patrol.box, until),
        "cap": patrol.prescription.cap_7_days,
    }
    return Notice("briefing.last_visit", values)


def _moment(visit: VisitSummary, sources: Sources) -> str:
    return f"{datetime.fromtimestamp(visit.opened, sources.agency.calendar.zone):%m/%d %H:%M}"


def _facts(sources: Sources) -> Iterable[Notice]:
    """What plan, forecast and tactics are, so that whoever holds the paper can ask for them."""
    plan, manifest = sources.plan, sources.manifest
    if plan is not None:
        yield Notice(f"briefing.plan_{plan.source}", {"version": plan.version, "digest": plan.digest[:8] or "–"})
    if plan is not None and plan.data_to is not None:
        yield Notice("plan.data", {"date": plan.data_to.isoformat(), "days": data_age(plan.data_to, plan.shift)})
    made = f"{manifest.created.astimezone(UTC):%Y-%m-%d}"
    models = Notice(
        "briefing.models" if manifest.crime_types else "briefing.no_models", {"count": len(manifest.crime_types)}
    )
    yield Notice("briefing.bundle", {"version": manifest.version, "date": made, "models": models})
    yield _tactics_list(sources.agency)


def _tactics_list(agency: Agency) -> Notice:
    approval = agency.tactics_approval
    if approval.approver is None or approval.approved is None:
        return Notice("briefing.tactics_list", {"version": agency.tactics_version})
    values = {"version": agency.tactics_version, "approver": approval.approver, "date": approval.approved.isoformat()}
    return Notice("briefing.tactics_approved", values)


def _stale(sources: Sources) -> Iterable[Notice]:
    """What is old, or not known."""
    plan, shift = sources.plan, sources.shift
    if plan is not None and plan.source == "vehicle":
        yield Notice("sheet.own_plan")
    if plan is not None and plan.data_to is not None and data_age(plan.data_to, shift.id) > OLD_DAYS:
        yield Notice("briefing.old_data", {"days": data_age(plan.data_to, shift.id)})
    approval = sources.agency.tactics_approval
    if approval.review is not None and approval.overdue(date.fromisoformat(shift.id.partition("/")[0])):
        yield Notice("tactics.overdue", {"date": approval.review.isoformat()})
    yield from _of_context(sources.context, shift)
    if sources.utc is None:
        yield Notice("briefing.no_clock")
    elif (expired := sources.manifest.warning(sources.utc)) is not None:
        yield expired


def _of_context(context: ContextDoc | None, shift: Shift) -> Iterable[Notice]:
    if context is None:
        yield Notice("briefing.no_context")
        return
    days = (date.fromisoformat(shift.id.partition("/")[0]) - context.date).days
    if days >= OLD_DAYS:
        yield Notice("briefing.old_context", {"date": context.date.isoformat(), "days": days})
