"""What every kind of signed document goes through: signed, verified, held against the one in force; their topics.

Stored and published is a document at either end (`edge.headquarters.publish`, `edge.vehicle.store`), by the same row of
`edge.contract.signed_kinds`. Nothing here names a kind.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError

from edge.contract.agency import Agency
from edge.contract.keys import Keyring
from edge.contract.messages import Signed, explained, to_sign
from edge.contract.signing import sign as signature_of
from edge.contract.topics import Topics
from edge.contract.unknown_fields import refuse_persons
from edge.text.coded import CodedError
from edge.text.words import Notice

BodyT = TypeVar("BodyT", bound=BaseModel)
Order: TypeAlias = tuple[int, ...]
"""Which of two documents is the newer: the one whose order is higher."""

Arrival: TypeAlias = Callable[[str], float | None]
"""The trusted instant (POSIX) at which the document of a digest came: its key must not have expired by then.

None where time is not known, or the document was adopted before.
"""

SHIFT: Final = "shift"
"""The one key whose value holds a slash, and so takes two levels of a topic."""


def long_ago(_digest: str) -> None:
    """An `Arrival` of what was adopted before, or where time is not known."""


def _any_agencys(_body: Any, _agency: Agency) -> None:
    """Nothing in it that an agency may lack."""


@dataclass(frozen=True, slots=True)
class SignedKind(Generic[BodyT]):
    """One row of the table of signed kinds.

    ``key``: the fields of the body by which documents of a kind lie side by side, ``shift`` first, and no value but the
    last with a space in it; of two with the same values the newer one holds. ``topic``: below the agency's ``hq/``,
    with fields of the body in braces; None: it does not travel by MQTT. ``role``: whose key signs it. ``order``: what
    makes one newer, and ``named`` says it. ``kept``: whether headquarters has the broker retain it, and a car
    stores it. ``for_vehicles``: whether they hear of it.
    ``check`` raises CodedError where the body names what the agency lacks. ``rules``: what a body may
    say must be understood, beside the names of its fields.
    """

    name: str
    model: type[BodyT]
    role: str
    topic: str | None
    key: tuple[str, ...]
    order: Callable[[BodyT], Order]
    named: Callable[[Order], Notice]
    kept: bool
    for_vehicles: bool = True
    check: Callable[[BodyT, Agency], None] = _any_agencys
    rules: frozenset[str] = frozenset()

    def slot(self, body: BodyT) -> str:
        """Where it lies among its kind; empty for a kind of which there is but one."""
        return " ".join(str(getattr(body, field)) for field in self.key)

    def values_of(self, slot: str) -> dict[str, str]:
        """The values of the key in a slot."""
        return dict(zip(self.key, slot.split(" ", len(self.key) - 1), strict=True)) if self.key else {}

    def topic_of_slot(self, topics: Topics, slot: str) -> str:
        """Where the documents of a slot are published. Raises CodedError as `topic_of` does."""
        return self.topic_at(topics, self.values_of(slot))

    def topic_of(self, topics: Topics, body: BodyT) -> str:
        """Where one is published. Raises CodedError for a kind that does not travel by MQTT."""
        return self.topic_at(topics, {field: str(getattr(body, field)) for field in self.key})

    def topics_for(self, topics: Topics, district: str, unit: str) -> str:
        """What a vehicle of a district listens to."""
        wild = {field: "+/+" if field == SHIFT else "+" for field in self.key}
        return self.topic_at(topics, wild | {"district": district, "unit": unit})

    def topic_at(self, topics: Topics, values: Mapping[str, str]) -> str:
        """The topic of the documents with these values of the key. Raises CodedError as `topic_of` does."""
        if self.topic is None:
            raise CodedError("document.not_sent", kind=self.name)
        return topics.hq(self.topic.format_map(values))


@dataclass(frozen=True, slots=True)
class Verified(Generic[BodyT]):
    """A document whose signature holds. ``digest``: SHA-256 of what was signed."""

    kind: SignedKind[BodyT]
    body: BodyT
    digest: str
    signed: Signed

    @property
    def slot(self) -> str:
        """Where it lies among its kind."""
        return self.kind.slot(self.body)

    @property
    def order(self) -> Order:
        """What makes it newer than another."""
        return self.kind.order(self.body)


def sign(kind: SignedKind[BodyT], body: BodyT, key: Ed25519PrivateKey) -> Verified[BodyT]:
    """The document, signed. Raises CodedError where its body has no canonical form."""
    raw = body.model_dump(mode="json")
    _check_understood(kind, raw)
    payload = to_sign(kind.name, raw)
    signed = Signed(kind=kind.name, body=raw, signature=signature_of(key, payload))
    return Verified(kind, body, hashlib.sha256(payload).hexdigest(), signed)


def verify(kind: SignedKind[BodyT], signed: Signed, keys: Keyring, now: Arrival = long_ago) -> Verified[BodyT]:
    """The document of an envelope, by whoever may sign it.

    Raises CodedError with what is wrong with it.
    """
    payload = signed.signed_bytes()
    if signed.kind != kind.name:
        from edge.contract.signed_kinds import KINDS  # noqa: PLC0415 - the table is made of what stands here

        raise CodedError("document.other_kind" if signed.kind in KINDS else "document.no_kind", actual=signed.kind)
    digest = hashlib.sha256(payload).hexdigest()
    keys.check(kind.role, payload, signed.signature, now(digest))
    _check_understood(kind, signed.body)
    return Verified(kind, read_body(kind, signed), digest, signed)


def _check_understood(kind: SignedKind[Any], body: dict[str, Any]) -> None:
    """Raises CodedError where a body names what must be understood, and is not known here; before its form is read."""
    named = body.get("must_understand")
    known = {*kind.model.model_fields, *kind.rules}
    names = named if isinstance(named, list) else []  # else its form is refused
    strange = [name for name in names if not isinstance(name, str) or name not in known]
    if strange:
        raise CodedError("document.not_understood", kind=kind.name, names=[str(name) for name in strange])


def read_body(kind: SignedKind[BodyT], signed: Signed) -> BodyT:
    """The body of an envelope, whoever signed it. Raises CodedError where it is none of its kind."""
    try:
        body = kind.model.model_validate_json(json.dumps(signed.body))  # a strict tuple takes no list but from JSON
    except ValidationError as error:
        raise CodedError("document.malformed", kind=kind.name, detail=explained(error)) from error
    refuse_persons(kind.name, signed.body, body.model_dump(mode="json", exclude=set(body.model_extra or ())))
    return body


def verify_here(
    kind: SignedKind[BodyT], signed: Signed, agency: Agency, district: str | None = None, now: Arrival = long_ago
) -> Verified[BodyT]:
    """A document that may be obeyed by this agency, and in this district where one is given.

    The same check wherever it comes from: off the wire, a USB stick, or a vehicle's own store after a restart. Raises
    CodedError with what is wrong with it.
    """
    try:
        document = verify(kind, signed, agency.keys, now)
        check(kind, document.body, agency, district)
    except CodedError as error:
        raise CodedError("document.rejected", kind=kind.name, why=error.why) from error
    return document


def check(kind: SignedKind[BodyT], body: BodyT, agency: Agency, district: str | None = None) -> None:
    """Raises CodedError where a body is for another agency or district, or names what the agency does not have."""
    named = getattr(body, "agency", agency.id), getattr(body, "district", None)
    if named[0] != agency.id or (district is not None and named[1] not in (None, district)):
        whose = "/".join(part for part in named if part is not None)
        raise CodedError("document.for_others", whose=whose)
    kind.check(body, agency)


def why_older(kind: SignedKind[Any], order: Order, held: Order | None, of: str = "") -> Notice | None:
    """Why a document is not adopted where one of an order is in force; None where it is, or is the same.

    ``of``: what the two are of, such as a shift.
    """
    if held is None or order >= held:
        return None
    values = {"kind": kind.name, "which": kind.named(order), "held": kind.named(held)}
    return Notice("document.older_of", {**values, "of": of}) if of else Notice("document.older", values)
