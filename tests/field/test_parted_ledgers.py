"""A ledger that went back in time, and one that was copied: a car, a broker and headquarters' receiver, all real."""

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import encode
from edge.contract.records import GENESIS, chain, decode_event
from edge.domain.inputs import Input, SignIn, SignOut, Tick
from edge.domain.state import State
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.link import Link as HeadquartersLink
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.reading import read_report
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from edge.vehicle.engine import Engine
from edge.vehicle.inbox import Item
from edge.vehicle.link.link import Link
from edge.vehicle.recorder import Recorder, replay
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.next_ledger import fill_next
from edge.vehicle.store.vault import Vault
from edge.vehicle.view.snapshot import LinkView
from tests.agency.square import square_agency
from tests.brokers import Mosquitto, mosquitto
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import TOPICS
from tests.vehicle.test_engine import FakeClock
from tests.vehicle.town_shift import UTC, as_said, cells, fixes, inputs, setting, shift_id
from tests.waiting import PATIENCE_S, wait_for

__all__ = ["mosquitto", "square_agency"]

IMAGE: Final = 170
"""So many inputs into the shift the card's image is made: in the middle of a visit."""


class Site:
    """Headquarters in a thread of its own; its clock may be put ahead."""

    def __init__(self, broker: Mosquitto, database: Path) -> None:
        self.database = database
        self.ahead = 0.0
        self._came: list[Received] = []
        self._link = HeadquartersLink(BrokerConfig(port=broker.port), TOPICS, self._came.append)
        Store(database).close()

    def run(self, stop: threading.Event) -> None:
        """Receive, answer."""
        with Store(self.database) as store:
            receiver = Receiver(store, TOPICS, lambda: time.time() + self.ahead)
            while not stop.is_set():
                batch = [self._came.pop(0) for _ in range(len(self._came))]
                for ack in receiver.handle(batch) if batch or receiver.idle_s() == 0.0 else []:
                    self._link.send(TOPICS.acks(ack.unit), encode(ack))
                stop.wait(0.01)

    def threads(self) -> list[Callable[[threading.Event], None]]:
        """What runs."""
        return [self.run, self._link.run]

    def held(self) -> dict[str, list[bytes]]:
        """The records held, by ledger."""
        with Store(self.database) as store:
            return {one.id: [body for _, body, _ in store.records(one.unit, one.id)] for one in store.ledgers()}

    def findings(self) -> dict[str, str]:
        """What is said of each kind."""
        with Store(self.database) as store:
            return {finding.kind: finding.detail for finding in store.findings()}


class Car:
    """Vault, engine and link over one folder; the engine takes what is posted when it is asked to."""

    def __init__(self, agency: Agency, folder: Path, broker: Mosquitto, stops: ExitStack) -> None:
        self.vault = stops.enter_context(closing(Vault(folder, "car-1")))
        state = self.vault.load(as_said)[0]
        self.recorder = stops.enter_context(closing(Recorder(folder / "inputs.jsonl", state)))
        self.shown = state
        self.engine = Engine(setting(agency), state, self.vault, FakeClock(), self._show, self.recorder)
        self.view = LinkView()
        self._posted: list[Item] = []
        self.link = Link(
            agency, "2", BrokerConfig(port=broker.port), stops.enter_context(closing(Reader(self.vault.ledger_path))),
            lambda: self.shown, self._posted.append, self._see, acknowledged=self.vault.ledger.acknowledged,
            software="test", in_force=self.engine.in_force,
        )  # fmt: skip

    def _show(self, state: State) -> None:
        self.shown = state

    def _see(self, view: LinkView) -> None:
        self.view = view

    def live(self, given: Iterable[Input]) -> None:
        """Decide and commit."""
        for one in given:
            self.engine.take(one)

    def delivered(self) -> bool:
        """Whether headquarters has acknowledged all; what was posted is taken first."""
        while self._posted:
            self.engine.take(self._posted.pop(0))
        return self.shown.seq > 0 and self.vault.ledger.acknowledged == self.shown.seq and self.view.notice is None

    def bodies(self) -> list[bytes]:
        """The ledger."""
        return [body for _, body, _ in self.vault.ledger.after(0, 100_000)]


@contextmanager
def threads(*bodies: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run some until the end of the block."""
    stop = threading.Event()
    running = [threading.Thread(target=body, args=(stop,), daemon=True) for body in bodies]
    for one in running:
        one.start()
    try:
        yield
    finally:
        stop.set()
        for one in running:
            one.join(PATIENCE_S)
            assert not one.is_alive()


@contextmanager
def on_the_road(agency: Agency, folder: Path, broker: Mosquitto) -> Iterator[Car]:
    """A car with a link."""
    with ExitStack() as stops:
        car = Car(agency, folder, broker, stops)
        with threads(car.link.run):
            yield car


@pytest.fixture
def site(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Site]:
    made = Site(mosquitto, tmp_path / "hq.sqlite")
    with threads(*made.threads()):
        yield made


def first_life(agency: Agency, folder: Path, image: Path, mosquitto: Mosquitto) -> tuple[str, list[bytes]]:
    """A car's whole shift, delivered, with an image made of its folder on the way; its ledger and the records of it."""
    shift = list(inputs(agency))
    with on_the_road(agency, folder, mosquitto) as car:
        car.live(shift[:IMAGE])
        wait_for(car.delivered)
        shutil.copytree(folder, image)
        car.live(shift[IMAGE:])
        wait_for(car.delivered)
        return car.shown.ledger, car.bodies()


def after_the_image(agency: Agency) -> list[Input]:
    """What the car with the older image meets: the visit goes on until its officer signs out; another one signs in."""
    here, there = cells(agency)[:2]
    on: list[Input] = [Tick(399.0, UTC + 399.0), *fixes(agency, here, 400, 30), SignOut(431.0)]
    return [*on, SignIn(432.0, "222"), *fixes(agency, there, 433, 90), SignOut(530.0)]


def content(bodies: Iterable[bytes]) -> list[object]:
    """What was recorded, and when, whatever its number."""
    return [(event.data.type, event.time, event.officer) for event in map(decode_event, bodies)]


def test_a_ledger_that_went_back_in_time_is_left_and_what_is_not_held_comes_as_the_next_ones(
    square_agency: Agency, site: Site, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """Each record of either life reaches headquarters once; both chains hold, nothing is missing, a finding says so."""
    first, lived = first_life(square_agency, tmp_path / "car", tmp_path / "image", mosquitto)
    common = len(_records(tmp_path / "image"))
    with on_the_road(square_agency, tmp_path / "image", mosquitto) as car:
        car.live(after_the_image(square_agency))
        assert car.shown.visit is None
        wait_for(car.delivered)
        second, tail = car.shown.ledger, car.bodies()
        car.live([SignIn(600.0, "333")])
        wait_for(car.delivered)
        notices, at_last = [one.code for one in car.vault.notices], car.bodies()
    assert site.held() == {first: lived, second: at_last}
    assert at_last[: len(tail)] == tail != at_last
    (aside,) = (tmp_path / "image").glob("ledger.sqlite3.diverged-*")
    assert content(_records(aside)) == [*content(lived[:common]), *content(tail)]
    assert common > 5
    assert notices == ["store.set_aside"]
    with Store(site.database) as store:
        assert all(check.intact for check in verify_all(store))
        assert store.behind() == []
        report = read_report(store, square_agency, shift_id(square_agency), UTC + 1e6)[0]
    assert "restored from an older image" in site.findings()["diverged"]
    (closed,) = [event for event in map(decode_event, tail) if event.data.type == "visit_closed"][:1]
    visits = [visit for visit in report.units[0].visits if visit.id == getattr(closed.data, "visit", "")]
    assert [visit.ended is None for visit in visits] == [False]
    replayed = list(replay(tmp_path / "image" / "inputs.jsonl", setting(square_agency)))
    assert [event.id for event in replayed][-1] == f"car-1:{second}:{len(at_last)}"


def test_a_copied_card_delivers_and_the_two_cars_are_named(
    square_agency: Agency, site: Site, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """The copy begins a ledger of its own; the first car is heard again after it: a finding names unit and ledgers."""
    first, _ = first_life(square_agency, tmp_path / "car", tmp_path / "copy", mosquitto)
    with on_the_road(square_agency, tmp_path / "copy", mosquitto) as copy:
        copy.live(after_the_image(square_agency))
        wait_for(copy.delivered)
        second = copy.shown.ledger
    assert "clone" not in site.findings()
    site.ahead = 61.0
    with on_the_road(square_agency, tmp_path / "car", mosquitto) as car:
        car.live([SignIn(700.0, "4711")])
        wait_for(car.delivered)
        wait_for(lambda: "clone" in site.findings())
    assert site.findings()["clone"].startswith(
        f"ledger {first} is reported again though car-1 had begun {second}: two vehicles run under the name car-1"
    )
    assert set(site.held()) == {first, second}


def test_a_car_whose_acknowledged_records_were_rewritten_at_headquarters_says_so_and_sends_them_again(
    square_agency: Agency, site: Site, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """It keeps the head it was acknowledged: another one is a finding, and the records as they were come once more."""
    with on_the_road(square_agency, tmp_path / "car", mosquitto) as car:
        car.live(list(inputs(square_agency))[:IMAGE])
        wait_for(car.delivered)
        first, lived = car.shown.ledger, car.bodies()
    hash_, rewritten = GENESIS, [lived[0], lived[1].replace(b"2026", b"2025"), *lived[2:]]
    for seq, body in enumerate(rewritten, 1):
        hash_ = chain(hash_, body)
        sql(site.database, "UPDATE events SET body=?, hash=? WHERE seq=?", body, hash_, seq)
    sql(site.database, "UPDATE heads SET hash=?", hash_)
    with on_the_road(square_agency, tmp_path / "car", mosquitto) as car:
        wait_for(lambda: car.delivered() and car.shown.ledger != first)
        second, again = car.shown.ledger, car.bodies()
    assert site.held() == {first: rewritten, second: again}
    assert content(again) == content(lived[1:])
    assert "a record was changed here" in site.findings()["diverged"]


def _records(at: Path) -> list[bytes]:
    path = at / "ledger.sqlite3" if at.is_dir() else at
    with closing(Reader(path)) as reader:
        return [body for _, body, _ in reader.after(0, 100_000)]


@pytest.mark.parametrize("cut", ["before the old one is set aside", "after it"])
def test_a_beginning_that_a_power_cut_ended_is_undone_or_finished(
    cut: str, square_agency: Agency, tmp_path: Path
) -> None:
    """The old ledger whole, or the new one: never neither, and no records of both."""
    with closing(Vault(tmp_path, "car-1")) as vault:
        engine = Engine(setting(square_agency), vault.load(as_said)[0], vault, FakeClock(), lambda _: None)
        for given in inputs(square_agency):
            engine.take(given)
        before = vault.ledger.id
        fill_next(vault._folder, "car-1", vault.ledger, engine.state, 5)
        count = engine.state.seq
    if cut == "after it":
        (tmp_path / "ledger.sqlite3").rename(tmp_path / "ledger.sqlite3.diverged-1")
    with closing(Vault(tmp_path, "car-1")) as vault:
        state = vault.load(as_said)[0]
        assert (vault.ledger.id == before, vault.ledger.seq, state.seq) == (
            (True, count, count) if cut != "after it" else (False, count - 5, count - 5)
        )
        assert state.ledger == vault.ledger.id
    assert not (tmp_path / "ledger.sqlite3.next").exists()
