"""Signed documents as tests need them: verified, or taken at their word. A helper for tests."""

from collections.abc import Callable
from typing import Any

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.messages import Signed
from edge.contract.signed_documents import BodyT, SignedKind, Verified, read_body, verify_here
from edge.contract.signed_kinds import CONTEXT, PLAN
from edge.domain.plan import Plan


def verified_plan(signed: Signed, agency: Agency, district: str) -> Plan:
    """The rules' plan of a signed document that may be obeyed."""
    document = verify_here(PLAN, signed, agency, district)
    return document.body.value(document.digest)


def stored_in(agency: Agency, district: str) -> Callable[[SignedKind[Any], Signed], Verified[Any]]:
    """The check of a car's stored documents, as its daemon makes it."""
    return lambda kind, signed: verify_here(kind, signed, agency, district)


def at_its_word(kind: SignedKind[BodyT], signed: Signed, digest: str = "d") -> Verified[BodyT]:
    """A document that nobody has verified."""
    return Verified(kind, read_body(kind, signed), digest, signed)


def context_of(body: ContextDoc, digest: str = "d") -> Verified[ContextDoc]:
    """A context that nobody has signed."""
    return at_its_word(CONTEXT, Signed(kind="context", body=body.model_dump(mode="json"), signature="ab" * 64), digest)
