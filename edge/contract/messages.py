"""The messages but for ledger records: status, visits, acknowledgement, plan. Their schemas are made from them.

Must not decide anything: a message is checked for its form here, obeyed elsewhere.
"""

from datetime import UTC, date, datetime
from sys import intern
from typing import Annotated, Any, Final, TypeVar

import rfc8785
from pydantic import AwareDatetime, BaseModel, FailFast, Field, ValidationError

from edge.contract.comparison import MOST
from edge.contract.fields import PartOne
from edge.contract.signed_body import SignedBody
from edge.domain.events import ClockState, Unknown, instant
from edge.domain.grid import parse_box_id
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.track import Quality
from edge.domain.visits import VisitSummary
from edge.text.coded import CodedError
from edge.text.mistakes import explain, explain_of_peer
from edge.text.strictness import SENT

MOST_RECORDS: Final = 2**53
"""What a JSON number and an SQLite integer can both hold."""

LARGEST: Final = 1_048_576
"""Bytes of a message: a plan of 1,000 boxes is half of it, a week's visits of one vehicle a fifth."""

LARGEST_PACKET: Final = 1_200_000
"""Bytes of a packet, which vehicle and headquarters accept: no fewer than the shipped broker hands on.

What a broker may not hand on it drops, and mosquitto 2.0.11 takes that for under way ever after: with
``max_inflight_messages`` of them it sends that client nothing more. So both ends refuse what is too long themselves.
"""

LARGEST_VISITS: Final = 262_144
"""Bytes of a vehicle's visits: each takes about 190."""

MOST_TOLD: Final = 20
"""Mistakes of a message that are named one by one; a hostile one has hundreds of thousands."""

LONGEST_TOLD: Final = 300
"""Characters of a sentence about a message: it is shown on a screen, and its sender may have chosen the words."""

BoxId = Annotated[str, Field(pattern=r"^\d{1,6}-\d{1,6}$")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Seq = Annotated[int, Field(ge=0, le=MOST_RECORDS)]
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
BEYOND: Final = datetime(2100, 1, 1, tzinfo=UTC)
Instant = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=BEYOND)]
ShiftId = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}/[a-z0-9_-]{1,63}$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MessageT = TypeVar("MessageT", bound=BaseModel)


class OfVehicle(BaseModel):
    """What a vehicle says of itself: on its own topic, under its own name."""

    model_config = SENT
    unit: str


class Status(OfVehicle):
    """A vehicle's standing. ``recorded``: last ledger number; ``acknowledged``: the last that headquarters holds."""

    online: bool
    software: str = Field(max_length=100)
    ledger: str = Field(max_length=63)
    recorded: Seq = 0
    acknowledged: Seq = 0
    gps: Quality | Unknown = "none"
    clock: ClockState | Unknown = "none"
    box: BoxId | None = None
    plan_version: int | None = None
    agency_hash: str = Field("", max_length=100)
    time: Instant


class VisitDoc(BaseModel):
    """`edge.domain.visits.VisitSummary` on the wire."""

    model_config = SENT
    id: str = Field(min_length=1, max_length=200)
    box: BoxId
    shift: ShiftId
    opened: Instant
    ended: Instant | None
    dosage_s: Seconds
    counted: bool
    early: bool

    @classmethod
    def of(cls, visit: VisitSummary) -> "VisitDoc":
        """The message of a summary."""
        return cls(
            id=visit.id,
            box=visit.box,
            shift=visit.shift,
            opened=instant(visit.opened),
            ended=None if visit.ended is None else instant(visit.ended),
            dosage_s=round(visit.dosage_s, 3),
            counted=visit.counted,
            early=visit.early,
        )

    def value(self, unit: str) -> VisitSummary:
        """The domain's value; visits of one box or shift share its name, as there may be thousands."""
        ended = None if self.ended is None else self.ended.timestamp()
        box, shift = intern(self.box), intern(self.shift)
        return VisitSummary(
            self.id, unit, box, shift, self.opened.timestamp(), ended, self.dosage_s, self.counted, self.early
        )


class Visits(OfVehicle):
    """A vehicle's own visits of the last seven days, and its shift; only that vehicle writes it."""

    shift: ShiftId | None
    visits: Annotated[tuple[VisitDoc, ...], FailFast()]


class Ack(BaseModel):
    """Headquarters holds a vehicle's ledger up to ``seq``, whose hash is ``head``; ``problem``: in words, if any.

    ``hashes``: by number, for a vehicle that asked (`edge.contract.comparison`).
    """

    model_config = SENT
    unit: str
    ledger: str
    seq: Seq
    head: Hash
    problem: str | None = None
    hashes: tuple[tuple[Seq, Hash], ...] = Field((), max_length=MOST, exclude_if=lambda hashes: not hashes)


class PatrolDoc(BaseModel):
    """One directed patrol of a plan. ``why_by_model``: its reason is the forecast's, in a plan with ``data_to``."""

    model_config = SENT
    box: BoxId
    crime_types: tuple[PartOne, ...] = Field(min_length=1)
    minutes: float = Field(gt=0, le=120, allow_inf_nan=False)
    visits: int = Field(ge=1, le=24)
    spacing_s: Seconds
    cap_shift: int = Field(ge=1)
    cap_7_days: int = Field(ge=1)
    why: str = Field("", max_length=200)
    tactics: tuple[str, ...] = Field((), max_length=20)
    suppressed: str | None = Field(None, max_length=200)
    why_by_model: bool = Field(False, exclude_if=lambda given: not given)


class PlanDoc(SignedBody):
    """The directed patrols of a district and shift, as approved: by which role, and why this version.

    ``data_to``: the last day whose incidents the forecast behind it counted, where there was one.
    """

    agency: str
    shift: ShiftId
    district: str
    version: int = Field(ge=1)
    role: str
    reason: str
    approved: Instant
    patrols: tuple[PatrolDoc, ...]
    data_to: date | None = Field(None, exclude_if=lambda day: day is None)

    @classmethod
    def of(cls, plan: Plan, agency: str, role: str, reason: str) -> "PlanDoc":
        """The document of a plan, approved now."""
        return cls(
            agency=agency,
            shift=plan.shift,
            district=plan.district,
            version=plan.version,
            role=role,
            reason=reason,
            approved=datetime.now(UTC).replace(microsecond=0),
            patrols=tuple(_patrol_doc(patrol) for patrol in plan.patrols),
            data_to=plan.data_to,
        )

    def value(self, digest: str) -> Plan:
        """The domain's value."""
        patrols = tuple(map(_patrol, self.patrols))
        return Plan(self.shift, self.district, self.version, patrols, digest=digest, data_to=self.data_to)


def _patrol_doc(patrol: DirectedPatrol) -> PatrolDoc:
    rule = patrol.prescription
    return PatrolDoc(
        box=patrol.box,
        crime_types=patrol.crime_types,
        minutes=rule.minutes,
        visits=rule.visits,
        spacing_s=rule.spacing_s,
        cap_shift=rule.cap_shift,
        cap_7_days=rule.cap_7_days,
        why=patrol.why,
        tactics=patrol.tactics,
        suppressed=patrol.suppressed,
        why_by_model=patrol.why_by_model,
    )


def _patrol(doc: PatrolDoc) -> DirectedPatrol:
    rule = Prescription(doc.minutes, doc.visits, doc.spacing_s, doc.cap_shift, doc.cap_7_days)
    cell = parse_box_id(doc.box)
    return DirectedPatrol(cell, doc.crime_types, rule, doc.why, doc.tactics, doc.suppressed, doc.why_by_model)


class Signed(BaseModel):
    """A document and the agency's Ed25519 signature (hex) of its kind and body in canonical JSON."""

    model_config = SENT
    kind: str = Field(pattern=r"^[a-z][a-z_]{0,31}$")
    body: dict[str, Any]
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")

    def signed_bytes(self) -> bytes:
        """What the signature is of."""
        return to_sign(self.kind, self.body)


def to_sign(kind: str, body: dict[str, Any]) -> bytes:
    """What is signed: the kind with the body, so that no document passes for one of another kind.

    Raises CodedError where the body holds what has no canonical form: a number that is not finite, or beyond 2⁵³.
    """
    try:
        return rfc8785.dumps({"kind": kind, "body": body})
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise CodedError("message.not_canonical", kind=kind, detail=str(error)) from error


def encode(message: BaseModel) -> bytes:
    """A message's bytes: canonical JSON."""
    return rfc8785.dumps(message.model_dump(mode="json"))


def decode(model: type[MessageT], payload: bytes, most: int = LARGEST) -> MessageT:
    """The message of some bytes. Raises CodedError where they are none of its kind, or too many to be looked at."""
    if len(payload) > most:
        raise CodedError("message.too_large", model=model.__name__, found=len(payload), most=most)
    try:
        return model.model_validate_json(payload)
    except ValidationError as error:
        raise CodedError("message.malformed", model=model.__name__, detail=explained_of_peer(error, model)) from error


def shortened(sentence: str) -> str:
    """A sentence that fits a screen."""
    return sentence if len(sentence) <= LONGEST_TOLD else f"{sentence[: LONGEST_TOLD - 1]}…"


def explained(error: ValidationError) -> str:
    """What is wrong, mistake by mistake where these are few."""
    count = error.error_count()
    return shortened(explain(error)) if count <= MOST_TOLD else f"it has {count:,} errors"


def explained_of_peer(error: ValidationError, model: type[BaseModel]) -> str:
    """The same of what a peer has sent: nothing that it chose is repeated."""
    count = error.error_count()
    return shortened(explain_of_peer(error, model)) if count <= MOST_TOLD else f"it has {count:,} errors"
