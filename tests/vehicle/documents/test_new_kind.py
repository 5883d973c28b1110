"""A signed kind that is added to the table: one row and its model, and it goes the whole way that plans go."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from edge.contract.agency import Agency
from edge.contract.messages import Signed, decode, encode
from edge.contract.signed_documents import SignedKind
from edge.contract.signed_kinds import KINDS
from edge.contract.signing import public_key_of
from edge.errors import UserError
from edge.headquarters.publish.document import SignedDocument, sign_document
from edge.vehicle.documents.drop_folder import FOLDER, DropFolder
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import DocumentVerified
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.vault import Vault
from tests.signed import stored_in
from tests.vehicle.link.signing import DISTRICT, FOREIGN_KEY, KEY

UNIT = "car-1"


class Notice(BaseModel):
    """What the watch commander wants known in a district."""

    model_config = ConfigDict(frozen=True)
    agency: str
    district: str
    edition: int
    text: str


def no_shouting(notice: Notice, _agency: Agency) -> None:
    """What this kind alone is checked for."""
    if notice.text.isupper():
        msg = "it shouts"
        raise ValueError(msg)


NOTICE = SignedKind(
    name="notice",
    model=Notice,
    role="notice",
    topic="notice/{district}",
    key=("district",),
    order=lambda notice: (notice.edition,),
    named=lambda order: f"edition {order[0]}",
    kept=True,
    check=no_shouting,
)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table with the new row; it is gone after each test."""
    monkeypatch.setitem(KINDS, NOTICE.name, NOTICE)


@pytest.fixture
def agency(square_agency: Agency) -> Agency:
    return replace(square_agency, public_key=public_key_of(KEY))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with closing(Vault(tmp_path, UNIT)) as opened:
        yield opened


def made(agency: Agency, edition: int, text: str = "Two bikes were stolen.", district: str = DISTRICT) -> Notice:
    return Notice(agency=agency.id, district=district, edition=edition, text=text)


def signed(agency: Agency, edition: int) -> SignedDocument:
    return sign_document(NOTICE, made(agency, edition), agency, KEY)


def test_it_is_signed_published_verified_adopted_and_stored(agency: Agency, vault: Vault, tmp_path: Path) -> None:
    """The car listens to its topic, the newer edition holds, and it is in force again after a restart."""
    inbound, in_force = Inbound(agency, UNIT, DISTRICT), InForce()
    assert "roundsman/v1/squaretown/hq/notice/2" in inbound.subscriptions()
    for edition, adopted in ((1, True), (3, True), (2, False), (3, False)):
        document = signed(agency, edition)
        said = inbound.read(document.topic, document.message)
        assert isinstance(said, DocumentVerified)
        assert in_force.why_older(said.document) == (
            "an older notice was refused: edition 2 for 2, where edition 3 is in force" if edition == 2 else ""
        )
        assert in_force.adopt(said.document) == adopted
        if adopted:
            vault.keep_document(said.document)
    held = in_force.get(NOTICE, DISTRICT)
    assert held is not None
    assert held.body == made(agency, 3)
    vault.close()
    with closing(Vault(tmp_path, UNIT)) as again:
        restarted = InForce(again.load_documents(stored_in(agency, DISTRICT)))
        assert restarted.get(NOTICE, DISTRICT) == held


def test_it_may_come_by_hand(agency: Agency, tmp_path: Path) -> None:
    """On a USB stick, as any signed document may."""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "notice.json").write_bytes(signed(agency, 1).message)
    (said,) = DropFolder(tmp_path, agency, DISTRICT).take()
    assert isinstance(said, DocumentVerified)
    assert said.document.body == made(agency, 1)


def test_what_is_not_for_here_is_refused_by_its_kinds_name(agency: Agency) -> None:
    """Whatever the kind, the same checks: district, signature, kind, topic."""
    inbound, good = Inbound(agency, UNIT, DISTRICT), signed(agency, 1)
    envelope = decode(Signed, good.message)
    elsewhere = sign_document(NOTICE, made(agency, 1, district="1"), agency, KEY)
    forged = sign_document(NOTICE, made(agency, 1), agency, FOREIGN_KEY)
    changed = envelope.model_copy(update={"body": {**envelope.body, "text": "Ten bikes were stolen."}})
    for topic, payload, sentence in (
        (good.topic, elsewhere.message, "a notice was refused: it is for squaretown/1"),
        (elsewhere.topic, good.message, "which this vehicle does not subscribe to"),
        (good.topic, forged.message, "a notice was refused: its signature is not the agency's"),
        (good.topic, encode(changed), "a notice was refused: its signature is not the agency's"),
        (good.topic, encode(envelope.model_copy(update={"kind": "plan"})), "a notice was refused: it is a plan"),
    ):
        with pytest.raises(UserError, match=sentence):
            inbound.read(topic, payload)


def test_what_its_check_refuses_is_not_signed(agency: Agency) -> None:
    """Vehicles would refuse it, so headquarters does."""
    with pytest.raises(UserError, match="the notice cannot be published: it shouts"):
        sign_document(NOTICE, made(agency, 1, text="LOCK YOUR BIKES"), agency, KEY)
