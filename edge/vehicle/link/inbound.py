"""What comes off the wire: each message checked for form, agency and signature before anybody sees it.

Must not obey anything: it only says what a message is, or why it is refused.
"""

import hashlib

from edge.contract.agency import Agency
from edge.contract.messages import Ack, Signed, Visits, decode, read_plan
from edge.contract.signing import verify
from edge.contract.topics import Topics, unit_of
from edge.domain.visits import VisitSummary
from edge.errors import UserError
from edge.vehicle.inbox import PlanVerified


class Inbound:
    """Reads the messages meant for one vehicle."""

    def __init__(self, agency: Agency, unit: str, district: str) -> None:
        self._agency = agency
        self._unit = unit
        self._district = district
        self.topics = Topics(agency.id)

    def subscriptions(self) -> list[str]:
        """What this vehicle listens to."""
        return [self.topics.acks(self._unit), self.topics.plan(self._district), self.topics.visits()]

    def read(self, topic: str, payload: bytes) -> Ack | PlanVerified | tuple[VisitSummary, ...] | None:
        """What a message says; None for this vehicle's own and for an emptied topic. Raises UserError for a bad one."""
        if not payload:
            return None
        if topic == self.topics.acks(self._unit):
            return self._ack(payload)
        if topic.startswith(self.topics.plan(self._district, "")):
            return self._plan(payload)
        return self._visits(topic, payload)

    def _ack(self, payload: bytes) -> Ack:
        ack = decode(Ack, payload)
        if ack.unit != self._unit:
            msg = f"an acknowledgement for unit {ack.unit!r} came on this vehicle's topic"
            raise UserError(msg)
        return ack

    def _visits(self, topic: str, payload: bytes) -> tuple[VisitSummary, ...] | None:
        unit = unit_of(topic)
        if unit == self._unit:
            return None
        message = decode(Visits, payload)
        if message.unit != unit or any(not visit.id.startswith(f"{unit}:") for visit in message.visits):
            msg = f"the visits on unit {unit!r}'s topic are another's"
            raise UserError(msg)
        return tuple(visit.value(unit) for visit in message.visits)

    def _plan(self, payload: bytes) -> PlanVerified:
        try:
            return self._verified(decode(Signed, payload))
        except (UserError, ValueError) as error:
            msg = f"a plan was refused: {error}"
            raise UserError(msg) from error

    def _verified(self, signed: Signed) -> PlanVerified:
        """The plan, checked. Raises UserError or ValueError with what is wrong with it."""
        to_verify = signed.signed_bytes()
        if self._agency.public_key is None or not verify(self._agency.public_key, to_verify, signed.signature):
            msg = "its signature is not the agency's"
            raise ValueError(msg)
        doc = read_plan(signed)
        if (doc.agency, doc.district) != (self._agency.id, self._district):
            msg = f"it is for {doc.agency}/{doc.district}"
            raise ValueError(msg)
        self._agency.calendar.shift(doc.shift)
        plan = doc.value(hashlib.sha256(to_verify).hexdigest())
        for patrol in plan.patrols:
            box = self._agency.grid.boxes.get(patrol.cell)
            if box is None or box.opt_out:
                msg = f"box {patrol.box} is {'in an opt-out area' if box else 'not of this agency'}"
                raise ValueError(msg)
        return PlanVerified(plan, signed)
