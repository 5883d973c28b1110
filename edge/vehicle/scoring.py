"""Risk in the car: a short-lived process scores a shift, and what it says comes to the engine as an input.

It runs at the start, at each shift's begin and shortly before, on a new context, and when an approved plan names boxes
that were not explained. Whatever goes wrong there is one notice on the screen, and metering goes on. Must not import
numpy, onnxruntime or `edge.risk`: what they take, the process gives back when it ends.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.signed_documents import Verified
from edge.contract.signed_kinds import CONTEXT
from edge.domain.grid import parse_box_id
from edge.domain.inputs import TakeForecast
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.shift import Shift
from edge.domain.state import State
from edge.plans.scoring import DrawnPatrol, ScoringReply, ScoringRequest
from edge.text.coded import CodedError
from edge.text.words import Notice
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import Item
from edge.vehicle.scoring_process import run_child

LOOK_S: Final = 0.1
"""A shot heard must change the forecast within seconds, and a look costs next to nothing."""

AGAIN_S: Final = 60.0
"""When one that failed is tried again."""

AHEAD_S: Final = 600.0
"""So long before a shift begins it is scored, so that its plan is there when it does."""

Run = Callable[[ScoringRequest, threading.Event], ScoringReply]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a shift is scored with; another wish for the same shift is a reason to score it anew."""

    shift: str
    context: str
    boxes: tuple[str, ...]
    draw: bool


class Scoring:
    """The thread that has shifts scored. ``state``: the latest committed one; ``post``: the engine's inbox.

    ``directory``: the verified bundle; ``key``: the public key it is signed with; ``models``: whether it has any.
    """

    def __init__(
        self,
        agency: Agency,
        directory: Path,
        key: str,
        district: str,
        *,
        models: bool,
        state: Callable[[], State],
        in_force: InForce,
        mono: Callable[[], float],
        post: Callable[[Item], None],
        run: Run = run_child,
    ) -> None:
        self._agency = agency
        self._directory = directory
        self._key = key
        self._district = district
        self._models = models
        self._state = state
        self._in_force = in_force
        self._mono = mono
        self._post = post
        self._run = run
        self._done: dict[str, _Wish] = {}
        self._failed: dict[_Wish, float] = {}
        self._problem: Notice | None = None
        self._remarks: tuple[Notice, ...] = ()

    def run(self, stop: threading.Event) -> None:
        """Look what is to be scored until ``stop``."""
        while not stop.wait(LOOK_S):
            self.look(stop)

    def notices(self) -> tuple[Notice, ...]:
        """What to warn of."""
        return (*((self._problem,) if self._problem else ()), *self._remarks)

    def _context(self) -> Verified[ContextDoc] | None:
        """The one in force."""
        return self._in_force.get(CONTEXT)

    def look(self, stop: threading.Event) -> None:
        """Score the first shift for which something has changed."""
        if not self._models:
            return
        wishes = self._wishes()
        self._done = {wish.shift: self._done[wish.shift] for wish in wishes if wish.shift in self._done}
        wish = next((wish for wish in wishes if self._wanted(wish)), None)
        if wish is not None:
            self._score(wish, stop)

    def _wishes(self) -> list[_Wish]:
        """For the shift that runs, and the next one where it is near."""
        state = self._state()
        if state.shift is None:
            return []
        shifts = [state.shift]
        if state.shift.ends - state.utc(self._mono()) <= AHEAD_S:
            shifts.append(self._agency.calendar.shift_at(state.shift.ends))
        return [self._wish(state, shift) for shift in shifts]

    def _wish(self, state: State, shift: Shift) -> _Wish:
        held = (one for one in state.plans if (one.shift, one.district) == (shift.id, self._district))
        approved = next((plan for plan in held if plan.source == "approved"), None)
        context = self._context()
        boxes = tuple(sorted(one.box for one in approved.patrols)) if approved is not None else ()
        draw = approved is None and self._agency.policy.own_plans
        return _Wish(shift.id, context.digest if context is not None else "", boxes, draw)

    def _wanted(self, wish: _Wish) -> bool:
        failed = self._failed.get(wish)
        return self._done.get(wish.shift) != wish and (failed is None or self._mono() - failed > AGAIN_S)

    def _score(self, wish: _Wish, stop: threading.Event) -> None:
        context = self._context()
        request = ScoringRequest(
            directory=self._directory,
            key=self._key,
            district=self._district,
            shift=wish.shift,
            context=context.body if context is not None else None,
            context_digest=context.digest if context is not None else "",
            boxes=wish.boxes,
            draw=wish.draw,
            visits=self._visits(wish.shift) if wish.draw else (),
        )
        reply = self._run(request, stop)
        if stop.is_set():
            return
        try:
            taken = taken_from(reply, wish.shift, self._district, self._agency, self._mono())
        except CodedError as error:
            self._failed[wish] = self._mono()
            self._problem = Notice("risk.no_forecast", {"why": error.why}, "warning")
            return
        self._failed.clear()
        self._problem, self._remarks = None, reply.remarks
        self._done[wish.shift] = wish
        self._post(taken)

    def _visits(self, shift: str) -> tuple[tuple[str, int], ...]:
        """The fleet's counted visits in the seven days before the shift starts, by box: as live as the link allows."""
        starts, book = self._agency.calendar.shift(shift).starts, self._state().visits
        found = ((box, book.counted_in_7_days(box, starts)) for box in sorted(book.by_box))
        return tuple((box, visits) for box, visits in found if visits)


def taken_from(reply: ScoringReply, shift: str, district: str, agency: Agency, mono: float) -> TakeForecast:
    """The engine's input that a reply makes. Raises CodedError where there is none, or a box may not be drawn."""
    if reply.problem is not None:
        raise CodedError("scoring.problem", why=reply.problem)
    if reply.made is None or reply.outlook is None:
        raise CodedError("scoring.nothing")
    plan = None
    if reply.computed is not None:
        patrols = tuple(_patrol(one, district, agency) for one in reply.plan)
        known_to = date.fromisoformat(reply.outlook.known_to)
        plan = Plan(shift, district, 1, patrols, "vehicle", reply.computed.inputs, known_to)
    return TakeForecast(mono, reply.made, reply.outlook, plan, reply.computed)


def _patrol(drawn: DrawnPatrol, district: str, agency: Agency) -> DirectedPatrol:
    cell = parse_box_id(drawn.box)
    box = agency.grid.boxes.get(cell)
    if box is None or box.opt_out or box.district not in agency.areas[district]:
        raise CodedError("plan.may_not_be_drawn", box=drawn.box)
    return DirectedPatrol(cell, drawn.crime_types, drawn.prescription)
