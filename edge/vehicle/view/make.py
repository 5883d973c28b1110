"""A snapshot made from a committed state, at the instant of whoever looks.

Must not change anything, and must not show what is not on disk: only committed states get here.
"""

from datetime import datetime
from math import atan2, degrees, hypot
from typing import Final

from edge.contract.agency import Agency
from edge.domain.driving import Motion
from edge.domain.grid import Cell, box_id, centre
from edge.domain.meter import Phase
from edge.domain.plan import DirectedPatrol, offer, status
from edge.domain.roles import who
from edge.domain.skipping import not_skipped
from edge.domain.state import Setting, State
from edge.domain.tactics import Tactic, suited
from edge.domain.taps import TAPS, Tap
from edge.domain.taps.tactics import UNDO_S
from edge.domain.track import Quality
from edge.plans.reasons import MILLION, reason
from edge.text.words import Notice
from edge.vehicle.setting import setting_of
from edge.vehicle.view.headline import headline_of, mode_of
from edge.vehicle.view.others import others_in
from edge.vehicle.view.snapshot import (
    ANYBODY,
    BasemapView,
    BoxView,
    DisplayView,
    ForecastView,
    GpsView,
    LinkView,
    PositionView,
    QuestionView,
    SignInView,
    Snapshot,
    TacticView,
    VisitView,
)

BRIGHT: Final = DisplayView()
NO_BASEMAP: Final = BasemapView()


def snapshot_of(
    agency: Agency,
    state: State,
    mono: float,
    link: LinkView,
    gps: GpsView,
    notices: tuple[Notice, ...],
    display: DisplayView = BRIGHT,
    sign_in: SignInView = ANYBODY,
    basemap: BasemapView = NO_BASEMAP,
) -> Snapshot:
    """The snapshot of a committed state at a monotonic instant. ``notices``: what is wrong, the worst first."""
    rules = agency.policy.metering
    setting = setting_of(agency)
    utc = state.utc(mono)
    quality = state.track.quality(mono, rules)
    boxes = _boxes(agency, state, utc) + _by_choice(agency, state, utc)
    offered = _next(state, utc, mono)
    coming = next((box for box in boxes if offered is not None and box.id == offered.box), None)
    visit = _visit(agency, state, mono)
    mode = mode_of(state, quality, mono)
    target = _target(state, visit, boxes, coming)
    stay = state.track.stay
    here = None if stay is None or quality in ("none", "lost") else stay.cell
    known = here is not None and here in agency.grid.boxes
    return Snapshot(
        unit=state.unit,
        agency=agency.name,
        mode=mode,
        headline=headline_of(mode, state, visit, coming, mono, _number(agency, here)),
        utc=round(utc, 3),
        clock=state.clock.state,
        shift=state.shift.id if state.shift else None,
        shift_ends_in_s=state.shift.ends - utc if state.shift else None,
        officer=state.officer,
        role=state.role,
        second=state.second,
        sign_in=sign_in,
        driving=state.driving.motion.value,
        paused=state.pause.reason if state.pause else None,
        paused_s=mono - state.pause.since if state.pause else None,
        paused_by_dispatch=state.pause is not None and state.pause.lapses is not None,
        still_paused=_question(state, mono),
        visit=visit,
        position=_position(state, quality, mono),
        box=box_id(here) if here is not None and known else None,
        box_number=_number(agency, here),
        plan=state.plan.source if state.plan else None,
        forecast=_forecast(state),
        next=coming,
        target=target,
        boxes=boxes,
        tactics=_tactics(agency, state, mono),
        not_now={name: why for name, tap in TAPS.items() if (why := _why_not(tap, setting, state, mono)) is not None},
        link=link,
        gps=gps,
        notices=notices,
        recorded=state.seq,
        display=display,
        basemap=basemap,
    )


def _why_not(tap: type[Tap], setting: Setting, state: State, mono: float) -> str | None:
    seen_as = who(state.officer, state.role, state.second_role)
    if seen_as not in tap.WHO:
        return "signed_out" if seen_as == "nobody" else "role"
    driven = state.driving.motion is Motion.DRIVING and tap.WHILE_DRIVEN is None
    return "driving" if driven else tap.refusal(setting, state, mono)


def _question(state: State, mono: float) -> QuestionView | None:
    pause = state.pause
    if pause is None or not pause.asks(mono):
        return None
    said = state.dispatch
    if said is not None and not said.busy and pause.since < (available := said.since - state.clock.offset) <= mono:
        return QuestionView(round(mono - available, 3))
    return QuestionView(None if pause.drove is None else round(mono - pause.drove, 3))


def _target(
    state: State, visit: VisitView | None, boxes: tuple[BoxView, ...], coming: BoxView | None
) -> BoxView | None:
    """Where to go: back to the visit's box while the visit waits for it and has not had its time; else the next box."""
    if visit is None or state.visit is None or state.visit.phase is not Phase.AWAY or state.visit.prompted:
        return coming
    return next((box for box in boxes if box.id == visit.box), None)


def _forecast(state: State) -> ForecastView | None:
    outlook = state.outlook
    return None if outlook is None else ForecastView(outlook.shift, outlook.context, outlook.known_to)


def _number(agency: Agency, cell: Cell | None) -> int | None:
    box = agency.grid.boxes.get(cell) if cell is not None else None
    return None if box is None else box.number


def _visit(agency: Agency, state: State, mono: float) -> VisitView | None:
    visit = state.visit
    if visit is None:
        return None
    track, rules = state.track, agency.policy.metering
    running = visit.phase is Phase.OPEN and track.trusted(mono, rules)
    due = track.last.mono + track.interval if running and track.last is not None else 0.0
    live = max(0.0, min(mono, due) - track.settled)
    patrol = state.plan.listed(visit.cell) if state.plan else None
    fulfilled = state.visits.prescribed_in_shift(visit.box, visit.shift)
    return VisitView(
        id=visit.id,
        box=visit.box,
        number=_number(agency, visit.cell) or 0,
        place=agency.place(visit.cell),
        crime_types=visit.crime_types,
        dosage_s=round(visit.dosage_s + visit.pending_s + live, 3),
        prescribed_s=visit.prescribed_s,
        running=running,
        runs_on_s=round(max(0.0, due - mono), 3),
        phase=visit.phase.value,
        counted=visit.counted,
        counts_in_s=max(0.0, round(rules.counts_from_s - visit.dosage_s - visit.pending_s - live, 3)),
        early=visit.early and visit.tasked is None,
        done=len(fulfilled),
        prescribed_visits=patrol.prescription.visits if patrol else 0,
        away_left_s=max(0.0, visit.away_until - mono) if visit.phase is Phase.AWAY else None,
        why=reason(state.outlook, patrol) if patrol else None,
        tasked=visit.tasked,
    )


def _position(state: State, quality: Quality, mono: float) -> PositionView:
    last = state.track.last
    if last is None:
        return PositionView(quality, None, None, None, None, None, None)
    age = round(mono - last.mono, 3)
    return PositionView(quality, last.lat, last.lon, last.east, last.north, last.accuracy, age)


def _next(state: State, utc: float, mono: float) -> DirectedPatrol | None:
    last, plan, shift = state.track.last, state.plan, state.shift
    if plan is None or shift is None:
        return None
    here = state.visit.cell if state.visit is not None and state.visit.phase is Phase.OPEN else None
    others = (patrol for patrol in plan.patrols if patrol.cell != here)
    due = [one for one in others if status(one, shift.id, state.visits, utc) == "due"]
    offerable = not_skipped(due, state.skips, mono)
    if last is None:
        return next(iter(offerable), None)
    return offer(offerable, shift.id, state.visits, utc, east=last.east, north=last.north)


def _boxes(agency: Agency, state: State, utc: float) -> tuple[BoxView, ...]:
    plan, shift = state.plan, state.shift
    if plan is None or shift is None:
        return ()
    return tuple(_box(agency, state, patrol, utc) for patrol in plan.patrols)


def _by_choice(agency: Agency, state: State, utc: float) -> tuple[BoxView, ...]:
    """The box of a visit that is the officer's own choice, if it is in no plan."""
    visit = state.visit
    if visit is None or visit.tasked is None or (state.plan is not None and state.plan.listed(visit.cell)):
        return ()
    return (_box(agency, state, DirectedPatrol(visit.cell, (), agency.policy.default), utc),)


def _box(agency: Agency, state: State, patrol: DirectedPatrol, utc: float) -> BoxView:
    shift = state.shift.id if state.shift else ""
    last = state.track.last
    distance = bearing = None
    if last is not None:
        x, y = centre(patrol.cell)
        distance = round(hypot(x - last.east, y - last.north), 1)
        bearing = round(degrees(atan2(x - last.east, y - last.north)) % 360.0, 1)
    known = state.outlook.by_cell.get(patrol.cell) if state.outlook is not None else None
    others, others_now = others_in(state, patrol.box, shift, utc)
    return BoxView(
        id=patrol.box,
        number=_number(agency, patrol.cell) or 0,
        place=agency.place(patrol.cell),
        crime_types=patrol.crime_types,
        status=status(patrol, shift, state.visits, utc),
        done=len(state.visits.prescribed_in_shift(patrol.box, shift)),
        prescribed_visits=patrol.prescription.visits,
        minutes=patrol.prescription.minutes,
        why=reason(state.outlook, patrol),
        risk=None if known is None else known.units / MILLION,
        explained=known is not None,
        distance_m=distance,
        bearing=bearing,
        others=others,
        others_now=others_now,
        feedback=next((said for cell, said in state.feedback if cell == patrol.cell), None),
    )


def _tactics(agency: Agency, state: State, mono: float) -> tuple[TacticView, ...]:
    active = state.tactic
    views = []
    for tactic in _by_use(agency, state, mono):
        on = active is not None and active.id == tactic.id
        left = UNDO_S - (mono - active.since) if active is not None and on else 0.0
        views.append(TacticView(tactic.id, tactic.label, on, round(left, 1) if left > 0 else None, dict(tactic.labels)))
    return tuple(views)


def _by_use(agency: Agency, state: State, mono: float) -> list[Tactic]:
    """The agency's tactics for the hour; in a visit first the plan's for its box, then those for its crime types, all.

    One that the plan names, or that is in use, is offered at any hour; all are while the time is not known.
    """
    visit = state.visit
    patrol = state.plan.listed(visit.cell) if visit is not None and state.plan else None
    own = patrol.tactics if patrol else ()
    offered = agency.tactics
    if state.clock.state != "none":
        now = datetime.fromtimestamp(state.utc(mono), agency.calendar.zone)
        always = {*own, state.tactic.id if state.tactic else ""}
        offered = tuple(one for one in offered if one.id in always or one.at(60 * now.hour + now.minute))
    return list(offered) if visit is None else suited(offered, visit.crime_types, own)
