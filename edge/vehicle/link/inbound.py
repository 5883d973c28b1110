"""What comes off the wire: each message checked for form, agency and signature before anybody sees it.

Must not obey anything: it only says what a message is, or why it is refused.
"""

from edge.contract.agency import Agency
from edge.contract.messages import Ack, Signed, Visits, decode
from edge.contract.topics import Topics, unit_of
from edge.contract.verification import verified_plan
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
            signed = decode(Signed, payload)
        except UserError as error:
            msg = f"a plan was refused: {error}"
            raise UserError(msg) from error
        return PlanVerified(verified_plan(signed, self._agency, self._district), signed)
