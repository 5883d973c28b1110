"""What comes off the wire: each message checked for form, agency and signature before anybody sees it.

Must not obey anything: it only says what a message is, or why it is refused.
"""

import re
from collections.abc import Container
from typing import TypeAlias

from edge.contract.agency import Agency
from edge.contract.context import verified_context
from edge.contract.messages import Ack, Signed, Visits, decode, shortened
from edge.contract.topics import Topics
from edge.contract.verification import verified_plan
from edge.domain.plan import Plan
from edge.domain.shift import Calendar
from edge.domain.state import State
from edge.domain.visits import VisitSummary
from edge.errors import UserError
from edge.vehicle.inbox import ContextVerified, PlanVerified

Said: TypeAlias = Ack | PlanVerified | ContextVerified | tuple[VisitSummary, ...]
"""What a message may say."""


class Inbound:
    """Reads the messages meant for one vehicle."""

    def __init__(self, agency: Agency, unit: str, district: str) -> None:
        self._agency = agency
        self._unit = unit
        self._district = district
        self.topics = Topics(agency.id)
        self._plans = re.compile(re.escape(self.topics.plan(district, "")) + "([^/]+/[^/]+)")
        self._fleet = re.compile(re.escape(self.topics.visits()).replace(r"\+", "([^/]+)"))

    def subscriptions(self) -> list[str]:
        """What this vehicle listens to."""
        topics = self.topics
        return [topics.acks(self._unit), topics.plan(self._district), topics.context(), topics.visits()]

    def read(self, topic: str, payload: bytes) -> Said | None:
        """What a message says; None for this vehicle's own and for an emptied topic. Raises UserError for a bad one."""
        if not payload:
            return None
        try:
            return self._read(topic, payload)
        except UserError as error:
            raise UserError(shortened(str(error))) from error

    def _read(self, topic: str, payload: bytes) -> Said | None:
        if topic == self.topics.acks(self._unit):
            return self._ack(payload)
        if plans := self._plans.fullmatch(topic):
            return self._plan(plans[1], payload)
        if topic == self.topics.context():
            return self._context(payload)
        if fleet := self._fleet.fullmatch(topic):
            return self._visits(fleet[1], payload)
        msg = f"a message came on {topic!r}, which this vehicle does not listen to"
        raise UserError(msg)

    def _ack(self, payload: bytes) -> Ack:
        ack = decode(Ack, payload)
        if ack.unit != self._unit:
            msg = f"an acknowledgement for unit {ack.unit!r} came on this vehicle's topic"
            raise UserError(msg)
        return ack

    def _visits(self, unit: str, payload: bytes) -> tuple[VisitSummary, ...] | None:
        if unit == self._unit:
            return None
        message = decode(Visits, payload)
        if message.unit != unit or any(not visit.id.startswith(f"{unit}:") for visit in message.visits):
            msg = f"the visits on unit {unit!r}'s topic are another's"
            raise UserError(msg)
        return tuple(visit.value(unit) for visit in message.visits)

    def _plan(self, shift: str, payload: bytes) -> PlanVerified:
        try:
            signed = decode(Signed, payload)
        except UserError as error:
            msg = f"a plan was refused: {error}"
            raise UserError(msg) from error
        plan = verified_plan(signed, self._agency, self._district)
        if plan.shift != shift:
            msg = f"a plan was refused: it is for {plan.shift} and came on the topic of {shift}"
            raise UserError(msg)
        return PlanVerified(plan, signed)

    def _context(self, payload: bytes) -> ContextVerified:
        try:
            signed = decode(Signed, payload)
        except UserError as error:
            msg = f"a context was refused: {error}"
            raise UserError(msg) from error
        return ContextVerified(verified_context(signed, self._agency), signed)


def why_ignored(plan: Plan, state: State, calendar: Calendar, planned: Container[str] = ()) -> str:
    """Why the rules will not obey a verified plan, in a sentence; empty where they will, or do already.

    A plan whose shift has ended is worth a word only where there is none for the shift that runs: headquarters leaves
    one on the broker for a while. ``planned``: the shifts for which one came, though the rules may not have it yet.
    """
    same = [one for one in state.plans if (one.shift, one.district) == (plan.shift, plan.district)]
    held = [one for one in same if one.source == "approved"]
    newest = max((one.version for one in held), default=0)
    if plan.version < newest:
        return f"an older plan was refused: version {plan.version} for {plan.shift}, where version {newest} is in force"
    ended = state.clock.trusted and calendar.ends(plan.shift) <= state.utc(state.mono)
    if ended and state.plan is None and not (state.shift is not None and state.shift.id in planned):
        return f"a plan is of no use: its shift {plan.shift} has ended, and there is none for this shift"
    return ""
