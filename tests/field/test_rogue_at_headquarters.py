"""A car that lies, at headquarters: its published visits are held against its ledger; what is false becomes void.

Real rules, store, receiver and signatures, on a virtual clock; two honest cars through a night of the small town.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.messages import Signed, VisitDoc, Visits, decode, encode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import VOID
from edge.contract.signing import load_private_key
from edge.contract.void import MOST_VISITS, VoidDoc
from edge.domain.events import VisitClosed, VisitOpened, instant
from edge.domain.inputs import MergeVisits, VoidVisits
from edge.domain.plan import Plan
from edge.domain.visits import VisitSummary, Void, VoidSpan
from edge.errors import UserError
from edge.headquarters.commands import hq
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish.context import visit_rows
from edge.headquarters.publish.void import check_known, declare_void
from edge.headquarters.receive.compared import ComparedVisits
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Document, Finding, Store
from edge.text.config import load
from edge.vehicle.link.outbound import own_visits
from tests.bundles import signed_agency
from tests.headquarters.drives import Car, two_cars
from tests.headquarters.ledgers import SHIFT, TOPICS, Ledger, spoken

TOPIC = TOPICS.hq("void")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Agency, list[Car], Plan]:
    """The agency's folder, and what two honest cars did in a night."""
    folder = tmp_path_factory.mktemp("night")
    agency = signed_agency(folder)
    return folder, agency, *two_cars(agency)


@dataclass
class Fleet:
    """Headquarters with two cars: car-1 listens to everybody, car-2's certificate may lie. ``now``: POSIX seconds."""

    agency: Agency
    folder: Path
    cars: list[Car]
    store: Store
    place: Path
    key: bool = True
    retained: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text = f'agency = "{self.folder}/agency"\ndatabase = "{self.place}/hq.sqlite"\n'
        toml = self.place / "hq.toml"
        toml.write_text(text + (f'signing_key = "{self.folder}/key.pem"\n' if self.key else ""), encoding="utf-8")
        self.config = load(HeadquartersConfig, toml)
        self.now = self._began = self.cars[0].utc + 1.0
        self.heard: set[str] = set()
        own = self.cars[0]
        self.listener = Car(own.agency, own.unit, own.x, own.y, own.t, own.boots)
        self.listener.state = own.state
        self._receiver = Receiver(self.store, TOPICS, lambda: self.now)
        self.compared = ComparedVisits(self.config, self.agency, self, lambda: self.now)

    def retain(self, topic: str, payload: bytes) -> None:
        """As a broker does: each car hears of it at once."""
        self.retained[topic] = payload
        if (doc := self.void()) is not None:
            self.listener.say(VoidVisits(self.listener.state.mono, doc.value()))

    def void(self) -> VoidDoc | None:
        """The list in force, by its signature."""
        payload = self.retained.get(TOPIC)
        return None if payload is None else verify_here(VOID, decode(Signed, payload), self.agency).body

    def say(self, *messages: Received) -> None:
        """Messages reach headquarters."""
        self._receiver.handle(list(messages))
        self.compared.tend(self.store)

    def publish(self, visits: list[VisitSummary], unit: str = "car-2") -> None:
        """A vehicle's message of visits reaches car-1, and then headquarters; ``heard``: what car-1 counts between."""
        self.listener.say(MergeVisits(self.listener.state.mono + self.now - self._began, tuple(visits)))
        self.heard = self.believed()
        body = encode(Visits(unit=unit, shift=SHIFT, visits=tuple(map(VisitDoc.of, visits))))
        self.say(Received(TOPICS.visits(unit), body))

    def wait(self, seconds: int, ledger: Ledger | None = None, recorded: int | None = None) -> None:
        """Time passes; every 15 s the vehicle's status comes."""
        for second in range(seconds):
            self.now += 1.0
            if second % 15 == 14:
                self.say(spoken(ledger or self.cars[1].ledger, recorded, time=instant(int(self.now))))
            else:
                self.compared.tend(self.store)

    def findings(self) -> dict[str, Finding]:
        """By kind."""
        return {one.kind: one for one in self.store.findings() if one.kind.startswith("visits")}

    def believed(self) -> set[str]:
        """The visits of car-2 that car-1 counts."""
        return {one.id for one in self.listener.state.visits.of_unit("car-2") if one.counted}


@pytest.fixture
def fleet(night: tuple[Path, Agency, list[Car], Plan], tmp_path: Path) -> Iterator[Fleet]:
    folder, agency, cars, _ = night
    with Store(tmp_path / "hq.sqlite") as store:
        made = Fleet(agency, folder, cars, store, tmp_path)
        for car in cars:
            made.say(*car.ledger.messages(), spoken(car.ledger))
        yield made


def true_ones(fleet: Fleet) -> list[VisitSummary]:
    """What car-2 publishes in truth."""
    state = fleet.cars[1].state
    return [visit.value("car-2") for visit in own_visits(state).visits]


def lie(fleet: Fleet, number: int = 0, **other: Any) -> VisitSummary:
    """A visit that can be so, an hour and more after the night's last, of a ledger that is nowhere."""
    box = sorted(fleet.agency.grid.boxes.values(), key=lambda one: one.number)[number % 12].id
    opened = fleet.now - 120.0 - 100.0 * number
    made = VisitSummary(f"car-2:fake:{number + 1}", "car-2", box, "", opened, opened + 90.0, 90.0, True, False)
    return replace(made, **{"shift": fleet.agency.calendar.shift_at(made.opened).id, **other})


def test_honest_cars_are_never_contradicted(fleet: Fleet) -> None:
    """Every visit of a night, in the ledgers and published: no finding, nothing void."""
    for car in fleet.cars:
        fleet.publish([visit.value(car.unit) for visit in own_visits(car.state).visits], car.unit)
    fleet.wait(120)
    assert len(true_ones(fleet)) >= 3
    assert (fleet.findings(), fleet.void()) == ({}, None)


def test_a_visit_whose_record_is_still_to_come_is_not_taken_for_a_lie(
    night: tuple[Path, Agency, list[Car], Plan], tmp_path: Path
) -> None:
    """Published before its records are received: nothing is void, however long; after a minute a finding says so."""
    folder, agency, cars, _ = night
    with Store(tmp_path / "hq.sqlite") as store:
        fleet = Fleet(agency, folder, cars, store, tmp_path)
        ledger = cars[1].ledger
        fleet.say(*ledger.messages()[:5], spoken(ledger))
        fleet.publish(true_ones(fleet))
        fleet.wait(45)
        assert fleet.findings() == {}
        fleet.wait(45)
        assert list(fleet.findings()) == ["visits_unproved"]
        fleet.say(*ledger.messages()[5:])
        fleet.wait(60)
        assert (list(fleet.findings()), fleet.void()) == (["visits_unproved"], None)


@pytest.mark.parametrize(
    "how", ["no ledger", "no number", "beyond its ledger", "another record", "another box", "longer"]
)
def test_a_false_visit_that_can_be_so_counts_until_the_ledgers_are_compared(how: str, fleet: Fleet) -> None:
    """Within 60 s of the lie it is void, a finding says why, and car-1 is as before, whatever is published again."""
    true = true_ones(fleet)
    fleet.publish(true)
    before = fleet.believed()
    recorded = len(fleet.cars[1].ledger.bodies)
    one = next(visit for visit in true if visit.counted)
    false = {
        "no ledger": lie(fleet),
        "no number": lie(fleet, id="car-2:fake"),
        "beyond its ledger": lie(fleet, id=f"car-2:ledger-car-2:{recorded + 7}"),
        "another record": lie(fleet, id="car-2:ledger-car-2:1"),
        "another box": replace(one, box=lie(fleet).box),
        "longer": replace(one, dosage_s=one.dosage_s + 60.0, ended=(one.ended or 0.0) + 60.0),
    }[how]
    told = [*(visit for visit in true if visit.id != false.id), false]
    fleet.now += 10.0
    fleet.publish(told)
    assert false.id in fleet.heard
    fleet.wait(60)
    assert false.id not in fleet.believed()
    assert fleet.believed() == before - {false.id}
    assert list(fleet.findings()) == ["visits_false"]
    assert false.id in fleet.findings()["visits_false"].detail
    fleet.now += 10.0
    fleet.publish(told)
    assert false.id not in fleet.heard
    doc = fleet.void()
    assert doc is not None
    assert ([visit.id for visit in doc.visits], doc.role) == ([false.id], "headquarters")


def test_what_cannot_be_so_is_a_finding_and_nothing_is_void(fleet: Fleet) -> None:
    """No car believes it, so there is nothing to take back."""
    fleet.publish([lie(fleet, opened=fleet.now + 3600.0, ended=fleet.now + 3700.0)])
    fleet.wait(60)
    assert "1 future" in fleet.findings()["visits"].detail
    assert fleet.void() is None


def test_a_car_that_stood_for_weeks_is_no_liar(fleet: Fleet) -> None:
    """It publishes its last days' visits until it has lived past them: they count nowhere, and are no finding."""
    fleet.now += 40 * 86_400.0
    fleet.publish(true_ones(fleet))
    fleet.wait(120)
    assert (fleet.heard, fleet.findings(), fleet.void()) == (set(), {}, None)


def test_a_visit_of_the_future_is_compared_once_its_time_has_come(fleet: Fleet) -> None:
    """A car that reads the retained message only then would believe it."""
    later = lie(fleet, opened=fleet.now + 400.0, ended=fleet.now + 490.0)
    fleet.publish([later])
    fleet.wait(300)
    assert fleet.void() is None
    fleet.wait(200)
    doc = fleet.void()
    assert doc is not None
    assert [one.id for one in doc.visits] == [later.id]


def test_a_document_that_other_software_stored_is_passed_over(fleet: Fleet) -> None:
    """Visits and status in forms that are not known here: no finding, no fault."""
    with fleet.store.transaction():
        fleet.store.put_document("visits", Document("car-2", b'{"unit": "car-2"}', fleet.now))
        fleet.store.put_document("status", Document("car-1", b"{}", fleet.now))
    fleet.wait(20)
    assert fleet.findings() == {}


def test_a_vehicle_that_goes_on_lying_is_void_as_a_whole_and_the_list_stays_small(fleet: Fleet) -> None:
    """60 or 150 new lies every 40 s: car-1 counts none for long, and the list has room for others."""
    for turn in range(12):
        fleet.now += 10.0
        fleet.publish([replace(lie(fleet, n), id=f"car-2:fake:{turn}-{n}") for n in range(150 if turn % 2 else 60)])
        fleet.now += 10.0
        fleet.say(spoken(fleet.cars[1].ledger, time=instant(int(fleet.now))))
        fleet.wait(20)
    fleet.wait(60)
    doc = fleet.void()
    assert doc is not None
    assert len(doc.visits) < MOST_VISITS / 5
    assert len(doc.spans) <= 6
    assert fleet.believed() == set()


def test_without_a_key_for_the_fleet_the_lie_is_a_finding_and_a_trouble(
    night: tuple[Path, Agency, list[Car], Plan], tmp_path: Path
) -> None:
    """The page says which key is needed."""
    folder, agency, cars, _ = night
    with Store(tmp_path / "hq.sqlite") as store:
        fleet = Fleet(agency, folder, cars, store, tmp_path, key=False)
        fleet.say(*cars[1].ledger.messages(), spoken(cars[1].ledger))
        fleet.publish([lie(fleet)])
        fleet.wait(60)
        assert list(fleet.findings()) == ["visits_false"]
        assert fleet.void() is None
        assert (fleet.compared.trouble or "").startswith("keys.fleet: it is needed")


def a_ledger_of_lies(fleet: Fleet, count: int) -> Ledger:
    """Records of car-9 that prove what never was: so many visits of one box in one hour, and one of 2099."""
    box = sorted(fleet.agency.grid.boxes.values(), key=lambda one: one.number)[0].id
    ledger = Ledger(unit="car-9", id="lies")
    for n in range(count):
        opened, ended = instant(fleet.now - 3600.0 + 3.0 * n), instant(fleet.now - 3500.0 + 3.0 * n)
        visit = ledger.add(0.0, VisitOpened(box, opened, ("robbery",), 900.0, early=False)).id
        ledger.add(0.0, VisitClosed(visit, box, opened, ended, 90.0, True, False, "left", ()))
    return ledger


def test_the_context_counts_what_can_be_so_and_is_not_void(fleet: Fleet) -> None:
    """1,001 visits of a box within an hour, proved by a ledger: no more than the hour holds; none, once void."""
    doc = ContextDoc(agency=fleet.agency.id, base="ab" * 32, number=1, date=instant(fleet.now).date())
    honest = visit_rows(doc, fleet.agency, fleet.store, fleet.now)
    assert sum(row[2] for row in honest) >= 3
    fleet.say(*a_ledger_of_lies(fleet, 1001).messages())
    lied = visit_rows(doc, fleet.agency, fleet.store, fleet.now)
    assert 0 < sum(row[2] for row in lied) - sum(row[2] for row in honest) <= 45
    key = load_private_key(fleet.folder / "key.pem")
    span = VoidSpan("car-9", fleet.now - 7200.0, fleet.now)
    declare_void(Void(spans=(span,)), fleet.agency, key, fleet.store, "analyst", "car-9 was in the garage", fleet.now)
    assert visit_rows(doc, fleet.agency, fleet.store, fleet.now) == honest


def test_only_what_was_reported_can_be_declared_void(fleet: Fleet) -> None:
    """A visit or vehicle of which nothing was ever reported is refused by name; so are half-given options."""
    known = next(one for one in true_ones(fleet) if one.counted)
    check_known([known.id], (), fleet.store)
    check_known((), ["car-2"], fleet.store)
    fleet.publish([lie(fleet)])
    check_known([lie(fleet).id], (), fleet.store)
    with pytest.raises(UserError, match="no visit 'car-2:x:9' was ever reported"):
        check_known(["car-2:x:9"], (), fleet.store)
    with pytest.raises(UserError, match="no vehicle 'car-7' has ever reported visits"):
        check_known((), ["car-7"], fleet.store)
    for words in ([], ["car-2:x:9", "--unit", "car-2", "--from", "2026-11-22T21:04:00Z"], ["--unit", "car-2"]):
        done = CliRunner().invoke(hq, ["void", *words, "--reason", "because", "--config", "hq.toml"])
        assert str(done.exception) == "give either visits, or --unit and --from"


def test_any_number_of_made_up_vehicles_is_looked_at_in_turn(fleet: Fleet) -> None:
    """A second's worth at each call, so that records never wait; nobody is looked at twice before the last."""
    for number in range(30):
        unit = f"car-{number + 10}"
        false = replace(lie(fleet), unit=unit, id=f"{unit}:fake:1")
        body = encode(Visits(unit=unit, shift=SHIFT, visits=(VisitDoc.of(false),)))
        fleet.store.put_document("visits", Document(unit, body, fleet.now))
    looks = Counter[str]()
    fleet.now += 60.0
    clock = count(int(4 * fleet.now))  # a quarter of a second at each look at the clock

    class Counted(Store):
        def document(self, kind: str, unit: str) -> Document | None:
            looks.update([unit] if kind == "visits" else [])
            return super().document(kind, unit)

    compared = ComparedVisits(fleet.config, fleet.agency, fleet, lambda: next(clock) / 4)
    with Counted(fleet.place / "hq.sqlite") as store:
        before = 0
        while len(looks) < 30:
            compared.tend(store)
            assert before < looks.total() <= before + 4
            before = looks.total()
    assert set(looks.values()) == {1}
