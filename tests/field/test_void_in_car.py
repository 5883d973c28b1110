"""The void list in a car: what it names goes and does not come back, over restarts, however it was brought."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC as ZULU
from datetime import datetime
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import encode
from edge.contract.signed_documents import Verified, sign
from edge.contract.signed_kinds import VOID
from edge.contract.signing import public_key_of
from edge.contract.topics import Topics
from edge.contract.void import VoidDoc, VoidSpanDoc, VoidVisitDoc
from edge.domain.inputs import MergeVisits, Tick
from edge.errors import UserError
from edge.vehicle.documents.drop_folder import FOLDER, DropFolder
from edge.vehicle.engine import Engine
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import DocumentVerified
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.vault import Vault
from tests.field.rogue import Liar
from tests.signed import at_its_word
from tests.vehicle.link.signing import DISTRICT, FOREIGN_KEY, KEY
from tests.vehicle.test_engine import FakeClock
from tests.vehicle.town_shift import UTC, setting

NOW = datetime.fromtimestamp(UTC, ZULU)
TOPIC = Topics("squaretown").hq("void")


@pytest.fixture
def agency(square_agency: Agency) -> Agency:
    return replace(square_agency, public_key=public_key_of(KEY))


@pytest.fixture
def liar(agency: Agency) -> Liar:
    return Liar(agency)


def void_list(number: int, *ids: str, spans: tuple[VoidSpanDoc, ...] = ()) -> VoidDoc:
    """A list of some visits."""
    visits = tuple(VoidVisitDoc(id=one, at=NOW) for one in ids)
    return VoidDoc(
        agency="squaretown", number=number, role="analyst", reason="never was", at=NOW, visits=visits, spans=spans
    )


@contextmanager
def living(agency: Agency, folder: Path) -> Iterator[Engine]:
    """A life of the car's daemon, from what is on disk; NTP gives the time."""
    with closing(Vault(folder, "car-1")) as vault:
        state, _ = vault.load(at_its_word)
        in_force = InForce(vault.load_documents(at_its_word))
        engine = Engine(setting(agency), state, vault, FakeClock(), lambda _: None, in_force=in_force)
        engine.start("test")
        engine.take(Tick(1.0, UTC + 61.0, ntp=True))
        yield engine
        engine.take(Tick(engine.state.mono + 20.0, UTC + engine.state.mono + 80.0, ntp=True))  # a checkpoint is due


def known(engine: Engine) -> set[str]:
    """The visits of others that count."""
    return {one.id for one in engine.state.visits.all()}


def of_link(agency: Agency, document: Verified[VoidDoc]) -> DocumentVerified:
    """As it comes off the wire."""
    said = Inbound(agency, "car-1", DISTRICT).read(TOPIC, encode(document.signed))
    assert isinstance(said, DocumentVerified)
    return said


def of_stick(agency: Agency, document: Verified[VoidDoc], folder: Path) -> DocumentVerified:
    """As it comes by hand."""
    dropped = DropFolder(folder, agency, DISTRICT)
    (folder / FOLDER / "void.json").write_bytes(encode(document.signed))
    (said,) = dropped.take()
    assert isinstance(said, DocumentVerified)
    return said


@pytest.mark.parametrize("way", ["link", "stick"])
def test_what_is_void_goes_and_does_not_come_back(way: str, agency: Agency, liar: Liar, tmp_path: Path) -> None:
    """Dropped at once, not merged again, nor after a restart, of which the first message says it again."""
    false, true = liar.visit(1, ago=7200.0), liar.visit(2)
    with living(agency, tmp_path) as engine:
        engine.take(MergeVisits(2.0, (false, true)))
        assert known(engine) == {false.id, true.id}
        document = sign(VOID, void_list(1, false.id), KEY)
        engine.take(of_link(agency, document) if way == "link" else of_stick(agency, document, tmp_path))
        assert known(engine) == {true.id}
        engine.take(MergeVisits(3.0, (false, true)))
        assert known(engine) == {true.id}
    with living(agency, tmp_path) as engine:
        assert known(engine) == {true.id}
        engine.take(MergeVisits(2.0, (true, false)))
        assert known(engine) == {true.id}


def test_a_span_voids_what_a_vehicle_reports_of_a_time(agency: Agency, liar: Liar, tmp_path: Path) -> None:
    """All that opened in it, of that vehicle alone."""
    early, late = liar.visit(1, ago=7200.0), liar.visit(2, ago=600.0)
    other = replace(late, id="car-8:x:1", unit="car-8")
    span = VoidSpanDoc(unit="car-9", since=datetime.fromtimestamp(UTC - 3600.0, ZULU), until=NOW)
    with living(agency, tmp_path) as engine:
        engine.take(MergeVisits(2.0, (early, late, other)))
        engine.take(of_link(agency, sign(VOID, void_list(1, spans=(span,)), KEY)))
        assert known(engine) == {early.id, other.id}


def test_a_strangers_list_and_an_older_one_are_not_obeyed(agency: Agency, liar: Liar, tmp_path: Path) -> None:
    """Signed with another key: refused. An older number: passed over."""
    one, other = liar.visit(1, ago=7200.0), liar.visit(2)
    with living(agency, tmp_path) as engine:
        engine.take(MergeVisits(2.0, (one, other)))
        with pytest.raises(UserError, match="void list rejected: not signed with this agency's key"):
            of_link(agency, sign(VOID, void_list(9, one.id), FOREIGN_KEY))
        engine.take(of_link(agency, sign(VOID, void_list(2, one.id), KEY)))
        engine.take(of_link(agency, sign(VOID, void_list(1, other.id), KEY)))
        assert known(engine) == {other.id}
