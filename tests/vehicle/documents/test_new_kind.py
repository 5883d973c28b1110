"""A signed kind that is added to the table: one row and its model, and it goes the whole way that plans go."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import Signed, decode, encode
from edge.contract.signed_body import SignedBody
from edge.contract.signed_documents import SignedKind
from edge.contract.signed_kinds import KINDS
from edge.contract.signing import public_key_of
from edge.contract.topics import Topics
from edge.errors import UserError
from edge.headquarters.publish.document import publish, retained, store_signed
from edge.headquarters.store import Store
from edge.text.coded import CodedError
from edge.text.words import CATALOGUE
from edge.text.words import Notice as Words
from edge.vehicle.documents.drop_folder import FOLDER, DropFolder
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import DocumentVerified
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.vault import Vault
from tests.signed import stored_in
from tests.vehicle.link.signing import DISTRICT, FOREIGN_KEY, KEY
from tests.words import shown

UNIT = "car-1"


class Notice(SignedBody):
    """What the watch commander wants known in a district."""

    agency: str
    district: str
    edition: int
    text: str


def no_shouting(notice: Notice, _agency: Agency) -> None:
    """What this kind alone is checked for."""
    if notice.text.isupper():
        raise CodedError("notice.shouts")


NOTICE = SignedKind(
    name="notice",
    model=Notice,
    role="notice",
    topic="notice/{district}",
    key=("district",),
    order=lambda notice: (notice.edition,),
    named=lambda order: Words("order.number", {"number": order[0]}),
    kept=True,
    check=no_shouting,
)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table with the new row; it is gone after each test."""
    monkeypatch.setitem(KINDS, NOTICE.name, NOTICE)
    monkeypatch.setitem(CATALOGUE, "notice", {"shouts": "it shouts"})


@pytest.fixture
def agency(square_agency: Agency) -> Agency:
    return replace(square_agency, public_key=public_key_of(KEY))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with closing(Vault(tmp_path, UNIT)) as opened:
        yield opened


@dataclass
class Desk:
    """Headquarters' desk over its real store; the broker is one that retains."""

    store: Store
    agency: Agency
    retained: dict[str, bytes] = field(default_factory=dict)

    def publish(self, topic: str, payload: bytes) -> None:
        """Retain."""
        self.retained[topic] = payload

    def issued(self, notice: Notice, key: Ed25519PrivateKey = KEY) -> tuple[str, bytes]:
        """Sign, store and publish; topic and bytes as the broker has them."""
        agency = replace(self.agency, public_key=public_key_of(key))
        stored = store_signed(NOTICE, notice, agency, key, self.store, "watch commander", "thefts")
        publish(stored, agency, self.store, self)
        topic = NOTICE.topic_of(Topics(agency.id), notice)
        return topic, self.retained[topic]


@pytest.fixture
def desk(agency: Agency, tmp_path: Path) -> Iterator[Desk]:
    with Store(tmp_path / "hq.sqlite") as store:
        yield Desk(store, agency)


def made(agency: Agency, edition: int, text: str = "Two bikes were stolen.", district: str = DISTRICT) -> Notice:
    return Notice(agency=agency.id, district=district, edition=edition, text=text)


def test_it_is_signed_stored_published_verified_and_adopted(
    agency: Agency, desk: Desk, vault: Vault, tmp_path: Path
) -> None:
    """The car listens to its topic, the newer edition holds, and it is in force again after a restart.

    Headquarters stores each in a table that it has already, and has the broker retain the newest.
    """
    inbound, in_force = Inbound(agency, UNIT, DISTRICT), InForce()
    assert "roundsman/v1/squaretown/hq/notice/2" in inbound.subscriptions()
    for edition, adopted in ((1, True), (3, True), (2, False)):
        said = inbound.read(*desk.issued(made(agency, edition)))
        assert isinstance(said, DocumentVerified)
        assert shown(in_force.why_older(said.document)) == (
            "older notice ignored: number 2 for 2 (current: number 3)" if edition == 2 else ""
        )
        assert in_force.adopt(said.document) == adopted
        if adopted:
            vault.keep_document(said.document)
    held = in_force.get(NOTICE, DISTRICT)
    assert held is not None
    assert held.body == made(agency, 3)
    stored = desk.store.last_signed("notice", DISTRICT)
    assert stored is not None
    assert (stored.version, stored.role, stored.reason) == (3, "watch commander", "thefts")
    assert retained(desk.store, agency, 1e9) == [("roundsman/v1/squaretown/hq/notice/2", stored.body)]
    vault.close()
    with closing(Vault(tmp_path, UNIT)) as again:
        restarted = InForce(again.load_documents(stored_in(agency, DISTRICT)))
        assert restarted.get(NOTICE, DISTRICT) == held


def test_it_may_come_by_hand(agency: Agency, desk: Desk, tmp_path: Path) -> None:
    """On a USB stick, as any signed document may."""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "notice.json").write_bytes(desk.issued(made(agency, 1))[1])
    (said,) = DropFolder(tmp_path, agency, DISTRICT).take()
    assert isinstance(said, DocumentVerified)
    assert said.document.body == made(agency, 1)


def test_what_is_not_for_here_is_refused_by_its_kinds_name(agency: Agency, desk: Desk) -> None:
    """Whatever the kind, the same checks: district, signature, kind, topic."""
    inbound = Inbound(agency, UNIT, DISTRICT)
    topic, good = desk.issued(made(agency, 1))
    elsewhere, theirs = desk.issued(made(agency, 1, district="1"))
    _, forged = desk.issued(made(agency, 2), FOREIGN_KEY)
    envelope = decode(Signed, good)
    changed = envelope.model_copy(update={"body": {**envelope.body, "text": "Ten bikes were stolen."}})
    for on, payload, sentence in (
        (topic, theirs, "notice rejected: it is for squaretown/1"),
        (elsewhere, good, "which this vehicle does not subscribe to"),
        (topic, forged, "notice rejected: not signed with this agency's key"),
        (topic, encode(changed), "notice rejected: not signed with this agency's key"),
        (topic, encode(envelope.model_copy(update={"kind": "plan"})), "notice rejected: it is a plan"),
    ):
        with pytest.raises(UserError, match=sentence):
            inbound.read(on, payload)


def test_what_its_check_refuses_is_not_signed(agency: Agency, desk: Desk) -> None:
    """Vehicles would refuse it, so headquarters does; nothing is stored."""
    with pytest.raises(UserError, match="the notice cannot be published: it shouts"):
        desk.issued(made(agency, 1, text="LOCK YOUR BIKES"))
    assert desk.store.last_signed("notice", DISTRICT) is None
