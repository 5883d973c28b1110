"""Documents in a form that older cars cannot read: who publishes is told which cars these are."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Status, encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import PLAN
from edge.contract.signing import load_private_key
from edge.contract.wire import ANNOUNCEMENT
from edge.headquarters.publish.older_cars import HEARD_S, warning
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Document, Store
from tests.bundles import signed_agency
from tests.headquarters.conftest import NOW
from tests.headquarters.ledgers import SHIFT, TOPICS

DAY = date(2026, 11, 21)
DOC = PlanDoc(
    agency="squaretown",
    shift=SHIFT,
    district="1",
    version=1,
    role="analyst",
    reason="because",
    approved=datetime(2026, 11, 22, tzinfo=UTC),
    patrols=(),
)


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """Signed with ``key.pem``."""
    return signed_agency(tmp_path)


@pytest.fixture
def fleet(store: Store, receiver: Receiver) -> Store:
    """Two cars: one announces nothing, as commit 8f83bf7 does, the other this version of the wire."""
    for unit, properties in (("car-old", {}), ("car-new", dict([ANNOUNCEMENT]))):
        status = Status(unit=unit, online=True, software="0.1.0", ledger="a", time=datetime(2026, 11, 22, tzinfo=UTC))
        receiver.handle([Received(TOPICS.status(unit), encode(status), properties)])
    return store


def test_a_document_in_the_first_form_is_read_by_all(fleet: Store, agency: Agency, tmp_path: Path) -> None:
    """Signed with the agency's key, and with no field of after it."""
    signed = sign(PLAN, DOC, load_private_key(tmp_path / "key.pem")).signed
    assert warning(fleet, encode(signed), agency, NOW) == ""


@pytest.mark.parametrize("how", ["a daily key", "must_understand", "data_to"])
def test_who_publishes_a_newer_form_is_told_which_cars_refuse_it(
    how: str, fleet: Store, agency: Agency, tmp_path: Path
) -> None:
    """The car that announced nothing, by its name and software; one that is long out of service is left out."""
    key = Ed25519PrivateKey.generate() if how == "a daily key" else load_private_key(tmp_path / "key.pem")
    further: dict[str, dict[str, Any]] = {
        "a daily key": {},
        "must_understand": {"must_understand": ("patrols",)},
        "data_to": {"data_to": DAY},
    }
    body = DOC.model_copy(update=further[how])
    signed = encode(sign(PLAN, body, key).signed)
    said = warning(fleet, signed, agency, NOW)
    assert said == (
        "these cars reject this plan because their software is too old; update them: car-old (software 0.1.0)"
    )
    assert warning(fleet, signed, agency, NOW + HEARD_S + 1.0) == ""
    assert warning(fleet, signed, replace(agency, public_key=None), NOW) == said


def test_a_status_that_other_software_stored_stops_no_publishing(fleet: Store, agency: Agency, tmp_path: Path) -> None:
    """After a way back to older software; the cars whose status can be read are named all the same."""
    with fleet.transaction():
        fleet.put_document("status", Document("car-strange", b'{"unit": "car-strange", "online": "hovering"}', NOW))
    signed = encode(sign(PLAN, DOC, Ed25519PrivateKey.generate()).signed)
    assert warning(fleet, signed, agency, NOW).endswith("update them: car-old (software 0.1.0)")
