"""Publishing a context: numbered, signed, stored with role and reason; the fleet's visits and shots heard are added."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from click.testing import CliRunner

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.contract.context import ContextDoc
from edge.contract.messages import Signed, decode, encode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import CONTEXT
from edge.contract.signing import load_private_key
from edge.contract.topics import Topics
from edge.domain.events import VisitClosed, VisitOpened, instant
from edge.errors import UserError
from edge.headquarters.address import Address
from edge.headquarters.commands import hq
from edge.headquarters.publish.context import already_said, sign_context, visit_rows, with_gunfire
from edge.headquarters.publish.document import publish, retained
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.agency.square import LASTING, write_square
from tests.headquarters.ledgers import Ledger
from tests.headquarters.publish.desk import Desk
from tests.vehicle.dropped_file import take_dropped

TODAY = date(2026, 10, 13)
DOC = ContextDoc(agency="squaretown", base="ab" * 32, number=1, date=TODAY, counts=((3, 12, 1, 1, 1, 256),))
TOPIC = "roundsman/v1/squaretown/hq/context"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    build_agency(write_square(tmp_path), tmp_path / "agency", key=tmp_path / "key.pem", terms=LASTING)
    return Desk(load_agency(tmp_path / "agency"), load_private_key(tmp_path / "key.pem"), tmp_path)


def published(desk: Desk, store: Store, doc: ContextDoc = DOC) -> ContextDoc:
    """What vehicles get of a context."""
    stored = sign_context(lambda: doc, desk.agency, desk.key, store, "analyst", "the day's")
    publish(stored, desk.agency, store, desk)
    return verify_here(CONTEXT, decode(Signed, desk.retained[TOPIC]), desk.agency).body


def test_contexts_are_numbered_signed_and_stored(desk: Desk, store: Store) -> None:
    """Each number once, role and reason beside it; the broker is to keep the last one published."""
    assert [published(desk, store).number for _ in range(3)] == [1, 2, 3]
    last = store.last_signed("context")
    assert last is not None
    assert (last.version, last.role, last.reason) == (3, "analyst", "the day's")
    assert (TOPIC, last.body) in retained(store, desk.agency, 0.0)


def test_one_that_the_broker_did_not_take_hides_nothing(desk: Desk, store: Store) -> None:
    """Its number is spent; the one before stays at the broker."""
    published(desk, store)
    desk.refuses = True
    with pytest.raises(UserError, match="has not confirmed"):
        published(desk, store)
    ((_, body),) = retained(store, desk.agency, 0.0)
    assert verify_here(CONTEXT, decode(Signed, body), desk.agency).body.number == 1
    desk.refuses = False
    assert published(desk, store).number == 3


def test_the_fleets_counted_visits_are_in_it(desk: Desk, store: Store) -> None:
    """By box and local day, those that count, of the week before; every car plans with the same."""
    box = next(box for box in desk.agency.grid.boxes.values() if box.number == 12)
    hours = ((2, True), (3, True), (4, False), (5 * 24, True), (9 * 24, True))
    noon = datetime(2026, 10, 13, 18, 0, tzinfo=UTC).timestamp()
    ledger = Ledger(shift="2026-10-13/day")
    for ago, counted in hours:
        opened, ended = instant(noon - ago * 3600), instant(noon - ago * 3600 + 600)
        visit = ledger.add(0.0, VisitOpened(box.id, opened, ("robbery",), 900.0, early=False)).id
        ledger.add(0.0, VisitClosed(visit, box.id, opened, ended, 600.0, counted, False, "left", ()))
    Receiver(store, Topics("squaretown"), lambda: noon).handle(ledger.messages())
    assert visit_rows(DOC, desk.agency, store, noon) == ((12, 0, 2), (12, 5, 1))
    assert published(desk, store).visits == ((12, 0, 2), (12, 5, 1))


def test_shots_heard_are_added_to_the_last_context(desk: Desk, store: Store) -> None:
    """At a place in degrees, which becomes a box; where there is none, or no context, the sentence says so."""
    at = datetime(2026, 10, 13, 20, 0, tzinfo=UTC)
    with pytest.raises(UserError, match="no context has been published yet"):
        with_gunfire(store, desk.agency, 40.009, -98.995, at)
    published(desk, store)
    doc = published(desk, store, with_gunfire(store, desk.agency, 40.009, -98.995, at))
    box = desk.agency.grid.box_of(40.009, -98.995)
    assert box is not None
    assert [(one.box, one.at) for one in doc.gunfire] == [(box.number, at)]
    assert doc.counts == DOC.counts
    with pytest.raises(UserError, match="outside Squaretown"):
        with_gunfire(store, desk.agency, 10.0, -98.995, at)
    with pytest.raises(UserError, match="the context cannot be published: gunfire"):
        published(desk, store, with_gunfire(store, desk.agency, 40.009, -98.995, at.replace(year=1960)))


def test_the_same_again_is_said_already(desk: Desk, store: Store) -> None:
    """Of the newest one, shots heard since included; other counts are not, nor one that no broker has taken."""
    assert not already_said(DOC, desk.agency, store)
    published(desk, store)
    published(desk, store, with_gunfire(store, desk.agency, 40.009, -98.995, datetime(2026, 10, 13, 20, 0, tzinfo=UTC)))
    assert already_said(DOC, desk.agency, store)
    assert not already_said(DOC.model_copy(update={"counts": ()}), desk.agency, store)
    desk.refuses = True
    with pytest.raises(UserError, match="has not confirmed"):
        published(desk, store)
    assert not already_said(DOC, desk.agency, store)


def test_two_dispatchers_at_once_lose_no_shot(desk: Desk, database: Address, store: Store) -> None:
    """Each makes the context anew upon the other's; the broker holds the last one, with every shot."""
    published(desk, store)
    places = [(40.002 + 0.002 * number, -98.995) for number in range(8)]
    at = datetime(2026, 10, 13, 20, 0, tzinfo=UTC)
    together = Barrier(len(places))

    def report(place: tuple[float, float]) -> None:
        with Store(database) as own:
            together.wait(60)
            made = sign_context(
                lambda: with_gunfire(own, desk.agency, *place, at), desk.agency, desk.key, own, "dispatcher", "shots"
            )
            publish(made, desk.agency, own, desk)

    with ThreadPoolExecutor(len(places)) as dispatchers:
        list(dispatchers.map(report, places))
    boxes = {box.number for place in places if (box := desk.agency.grid.box_of(*place)) is not None}
    last = verify_here(CONTEXT, decode(Signed, desk.retained[TOPIC]), desk.agency).body
    assert (last.number, {one.box for one in last.gunfire}) == (1 + len(places), boxes)
    assert len(boxes) == len(places)


def test_the_later_document_is_retained_whichever_reaches_the_broker_last(desk: Desk, store: Store) -> None:
    """The first command's context is on its way while the second's is stored and retained: then that is sent again."""
    first, second = (
        sign_context(lambda: DOC, desk.agency, desk.key, store, "analyst", "why"),
        sign_context(lambda: DOC, desk.agency, desk.key, store, "analyst", "why"),
    )
    publish(second, desk.agency, store, desk)
    publish(first, desk.agency, store, desk)
    assert desk.retained[TOPIC] == second.body


def test_the_days_context_has_the_shots_that_were_heard_since_midnight(desk: Desk, store: Store) -> None:
    """They are not in the file that was made at night; those of the day before are in its counts."""
    published(desk, store)
    at = datetime(2026, 10, 13, 20, 0, tzinfo=UTC)
    for hour in (8, 20):
        published(desk, store, with_gunfire(store, desk.agency, 40.009, -98.995, at.replace(hour=hour)))
    assert [one.at.hour for one in published(desk, store).gunfire] == [8, 20]
    tomorrow = DOC.model_copy(update={"date": date(2026, 10, 14)})
    assert published(desk, store, tomorrow).gunfire == ()


@pytest.mark.parametrize("days", [2, 365, 26_500])
def test_a_context_of_a_day_to_come_is_refused(days: int, desk: Desk, store: Store) -> None:
    """Tomorrow's may be made this evening; nothing is stored of one beyond."""
    today = datetime.now(desk.agency.calendar.zone).date()
    published(desk, store, DOC.model_copy(update={"date": today + timedelta(days=1)}))
    with pytest.raises(UserError, match=f"date: {today + timedelta(days=days)} is in the future; today is"):
        published(desk, store, DOC.model_copy(update={"date": today + timedelta(days=days)}))
    last = store.last_signed("context")
    assert last is not None
    assert last.version == 1


def test_shots_that_have_not_been_heard_yet_are_refused(desk: Desk, store: Store) -> None:
    """A year ahead, or half an hour: nobody could have heard them."""
    published(desk, store)
    for ahead in (timedelta(days=365), timedelta(minutes=30)):
        at = datetime.now(UTC).replace(microsecond=0) + ahead
        with pytest.raises(UserError, match=r"shots of .* are in the future; give the time they were heard"):
            published(desk, store, with_gunfire(store, desk.agency, 40.009, -98.995, at))


@pytest.mark.parametrize(
    ("changed", "role", "sentence"),
    [
        ({"agency": "elsewhere"}, "analyst", "it is for elsewhere"),
        ({"counts": ((3, 999, 1, 1, 1, 256),)}, "analyst", "the agency has no box 999"),
        ({}, " ", "a context can only be published with a role and a reason"),
    ],
)
def test_what_vehicles_would_refuse_is_not_signed(
    desk: Desk, store: Store, changed: dict[str, object], role: str, sentence: str
) -> None:
    """Nothing is stored."""
    with pytest.raises(UserError, match=sentence):
        sign_context(lambda: DOC.model_copy(update=changed), desk.agency, desk.key, store, role, "why")
    assert store.last_signed("context") is None


def test_a_context_that_is_too_long_for_the_wire_is_not_signed(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every vehicle would refuse it; nothing is stored."""
    monkeypatch.setattr("edge.headquarters.publish.document.LARGEST", 300)
    with pytest.raises(UserError, match=r"has \d+ bytes, more than a vehicle accepts; build a new bundle"):
        published(desk, store)
    assert store.last_signed("context") is None


def test_the_commands_write_a_file_for_a_car_without_a_link(desk: Desk, tmp_path: Path) -> None:
    """`publish-context --out` and `report-gunfire --out`: the car takes the file as it is."""
    Store(tmp_path / "hq.sqlite3").close()
    (tmp_path / "hq.toml").write_text(
        f'agency = "{desk.folder / "agency"}"\ndatabase = "{tmp_path / "hq.sqlite3"}"\n'
        f'signing_key = "{desk.folder / "key.pem"}"\n'
    )
    (tmp_path / "context.json").write_bytes(encode(DOC))
    out = tmp_path / "signed.json"
    common = ["--config", str(tmp_path / "hq.toml"), "--role", "analyst", "--reason", "why", "--out", str(out)]
    done = CliRunner().invoke(hq, ["publish-context", str(tmp_path / "context.json"), *common])
    assert (done.exit_code, done.exception) == (0, None)
    assert take_dropped(tmp_path / "car", desk.agency, out).number == 1
    at = "2026-10-13T20:00:00Z"
    done = CliRunner().invoke(hq, ["report-gunfire", "--lat", "40.009", "--lon", "-98.995", "--at", at, *common])
    assert (done.exit_code, done.exception) == (0, None)
    assert len(take_dropped(tmp_path / "car", desk.agency, out).gunfire) == 1
