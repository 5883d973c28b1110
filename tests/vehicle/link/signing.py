"""Squaretown with a key of its own, and plans that are signed with it, or with another."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed, to_sign
from edge.contract.signing import public_key_of, sign
from tests.vehicle.town_shift import plan

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FOREIGN_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DISTRICT = "2"


@pytest.fixture(scope="session")
def agency(square_agency: Agency) -> Agency:
    """Squaretown, whose plans are signed with `KEY`."""
    return replace(square_agency, public_key=public_key_of(KEY))


def plan_body(agency: Agency, /, **changes: Any) -> dict[str, Any]:
    """A good plan's document, with some fields changed."""
    document = PlanDoc.of(plan(agency), agency.id, "analyst", "because")
    fixed = document.model_copy(update={"approved": datetime(2026, 10, 13, tzinfo=UTC)})
    return {**fixed.model_dump(mode="json"), **changes}


def signed_plan(body: dict[str, Any], key: Ed25519PrivateKey = KEY, kind: str = "plan") -> Signed:
    """The body, signed."""
    return Signed(kind="plan", body=body, signature=sign(key, to_sign(kind, body)))
