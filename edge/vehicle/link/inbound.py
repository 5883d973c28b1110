"""What comes off the wire: each message checked for form, agency and signature before anybody sees it.

Must not obey anything: it only says what a message is, or why it is refused.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from edge.contract import signed_acks
from edge.contract.agency import Agency
from edge.contract.messages import LARGEST_VISITS, Ack, Signed, Visits, decode
from edge.contract.signed_documents import Arrival, SignedKind, long_ago, verify_here
from edge.contract.signed_kinds import KINDS
from edge.contract.topics import Topics
from edge.domain.visits import VisitSummary
from edge.text.coded import CodedError
from edge.text.words import Notice
from edge.vehicle.inbox import DocumentVerified, PlanVerified, item_of

Said: TypeAlias = Ack | PlanVerified | DocumentVerified | tuple[VisitSummary, ...]
"""What a message may say."""


UNIT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")

NO_PROPERTIES: Final[Mapping[str, str]] = {}


class Inbound:
    """Reads the messages meant for one vehicle. ``now``: when a document of a digest comes, as far as time is known."""

    def __init__(self, agency: Agency, unit: str, district: str, now: Arrival = long_ago) -> None:
        self._agency = agency
        self._unit = unit
        self._district = district
        self._now = now
        self.topics = Topics(agency.id)
        published = [kind for kind in KINDS.values() if kind.topic is not None and kind.for_vehicles]
        self._signed = {kind.topics_for(self.topics, district, unit): kind for kind in published}
        self._fleet = _pattern(self.topics.visits())

    def subscriptions(self) -> list[str]:
        """What this vehicle listens to."""
        return [*self.sources()]

    def sources(self) -> Mapping[str, Notice]:
        """What this vehicle listens to, and from whom it comes."""
        signed = {at: Notice("source.document", {"kind": kind.name}) for at, kind in self._signed.items()}
        fleet = {self.topics.visits(): Notice("source.others")}
        return {self.topics.acks(self._unit): Notice("source.headquarters"), **signed, **fleet}

    def reporter(self, topic: str) -> str | None:
        """Of which vehicle a message on a topic reports the visits; None for any other."""
        fleet = self._fleet.fullmatch(topic)
        return fleet[1] if fleet else None

    def read(self, topic: str, payload: bytes, properties: Mapping[str, str] = NO_PROPERTIES) -> Said | None:
        """What a message says; None for this vehicle's own and for an emptied topic. Raises CodedError for a bad one.

        ``properties``: those that came beside it.
        """
        if not payload:
            return None
        if topic == self.topics.acks(self._unit):
            return self._ack(payload, properties.get(signed_acks.PROPERTY))
        for filtered, kind in self._signed.items():
            if _pattern(filtered).fullmatch(topic):
                return self._document(kind, topic, payload)
        if fleet := self._fleet.fullmatch(topic):
            return self._visits(fleet[1], payload)
        raise CodedError("message.other_topic", topic=topic[:200])

    def _ack(self, payload: bytes, signature: str | None) -> Ack:
        ack = decode(Ack, payload)
        signed_acks.check(payload, signature, self._agency.keys, self._now("an acknowledgment"))
        if ack.unit != self._unit:
            raise CodedError("message.ack_for_other", unit=_named(ack.unit))
        return ack

    def _visits(self, unit: str, payload: bytes) -> tuple[VisitSummary, ...] | None:
        if unit == self._unit:
            return None
        message = decode(Visits, payload, LARGEST_VISITS)
        if message.unit != unit or any(not visit.id.startswith(f"{unit}:") for visit in message.visits):
            raise CodedError("message.visits_of_other", unit=_named(unit))
        return tuple(visit.value(unit) for visit in message.visits)

    def _document(self, kind: SignedKind[Any], topic: str, payload: bytes) -> PlanVerified | DocumentVerified:
        try:
            signed = decode(Signed, payload)
        except CodedError as error:
            raise CodedError("document.rejected", kind=kind.name, why=error.why) from error
        document = verify_here(kind, signed, self._agency, self._district, self._now)
        if (own := kind.topic_of(self.topics, document.body)) != topic:
            base = self.topics.hq("")
            values = {"whose": own.removeprefix(base), "topic": topic.removeprefix(base)}
            raise CodedError("document.rejected", kind=kind.name, why=Notice("document.other_topic", values))
        return item_of(document)


def _named(unit: str) -> Notice:
    """A unit, by its name where it can be one: else somebody chose words to be shown."""
    return Notice("unit.named", {"unit": unit}) if UNIT.fullmatch(unit) else Notice("unit.other")


def _pattern(topic: str) -> re.Pattern[str]:
    """What matches a topic in which levels are left open."""
    return re.compile(re.escape(topic).replace(r"\+", "([^/]+)"))
