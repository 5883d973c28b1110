"""Anchors: who has the database can rewrite a record and its chain; what was signed outside of it tells."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from edge.contract.anchors import AnchoredHead, AnchorsDoc
from edge.contract.keys import DailyKey
from edge.contract.records import GENESIS, chain
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.headquarters.address import Address
from edge.headquarters.commands import hq
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish.anchors import EVERY_S, Anchors
from edge.headquarters.publish.anchors_file import read
from edge.headquarters.publish.connection import connected_publisher
from edge.headquarters.receive.anchored import Anchored
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from edge.text.config import load
from tests.brokers import Mosquitto
from tests.bundles import sign_again, signed_agency
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import TOPICS, Ledger, a_busy_ledger, spoken
from tests.headquarters.retaining import Broker

DAY_S: Final = 86_400.0
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()


class Site:
    """Headquarters' configuration with a signed bundle; its clock and its broker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.agency = signed_agency(folder)
        self.file = folder / "hq.sqlite.anchors"
        self.now = NOON
        self.broker = Broker()
        self.ledgers = {unit: a_busy_ledger(0, unit) for unit in ("car-1", "car-2")}
        self.configure()
        Store(folder / "hq.sqlite").close()
        self.anchors = self.made()

    def configure(self, more: str = "", *, key: str = "key.pem") -> None:
        """Write the configuration."""
        (self.folder / "hq.toml").write_text(
            f'agency = "{self.folder}/agency"\ndatabase = "{self.folder}/hq.sqlite"\n'
            f"{f'signing_key = {str(self.folder / key)!r}' if key else ''}\n{more}",
            encoding="utf-8",
        )

    def made(self) -> Anchors:
        """Of a process that starts."""
        config = load(HeadquartersConfig, self.folder / "hq.toml")
        return Anchors(config, self.agency, self.broker, lambda: self.now)

    def grow(self, unit: str, count: int) -> Ledger:
        """So many records more of a vehicle arrive."""
        ledger, longer = self.ledgers[unit], a_busy_ledger(len(self.ledgers[unit].bodies) + count, unit)
        with Store(self.folder / "hq.sqlite") as store:
            Receiver(store, TOPICS, lambda: self.now).handle(longer.messages()[len(ledger.bodies) :])
        self.ledgers[unit] = longer
        return longer

    def tend(self, days: float = 0.0) -> None:
        """So many days later."""
        self.now += days * DAY_S + EVERY_S
        with Store(self.folder / "hq.sqlite") as store:
            self.anchors.tend(store)

    def lines(self) -> list[AnchorsDoc]:
        """The file's."""
        return [line[0] for line in read(self.file) if line is not None]

    def verify(self, *more: str) -> Result:
        """`hq verify`."""
        return CliRunner().invoke(hq, ["verify", "--config", str(self.folder / "hq.toml"), *more])


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def rewrite(database: Address, ledger: Ledger, seq: int) -> None:
    """Change a record, and the chain and the head after it, as whoever has the database can: each hash fits."""
    hash_ = GENESIS
    for number, body in enumerate(ledger.bodies, 1):
        new = body.replace(b'"officer":"117"', b'"officer":"666"') if number == seq else body
        assert number != seq or new != body
        hash_ = chain(hash_, new)
        where = "WHERE unit=? AND ledger=? AND seq=?"
        sql(database, f"UPDATE events SET body=?, hash=? {where}", new, hash_, ledger.unit, ledger.id, number)  # noqa: S608
    sql(database, "UPDATE heads SET hash=? WHERE unit=?", hash_, ledger.unit)


def test_a_signed_line_a_day_and_vehicle_is_written_and_retained(site: Site) -> None:
    """Of those whose ledgers grew; a restart writes none twice, and a new connection hears each vehicle's newest."""
    first, other = site.grow("car-1", 10), site.grow("car-2", 5)
    site.tend()
    site.grow("car-1", 10)
    site.tend()
    assert [(doc.unit, doc.previous, doc.heads[0].seq) for doc in site.lines()] == [
        ("car-1", None, 10),
        ("car-2", None, 5),
    ]
    site.anchors = site.made()
    site.tend()
    site.tend(days=1)
    last = site.lines()[-1]
    assert [(doc.unit, doc.date) for doc in site.lines()[2:]] == [("car-1", date(2026, 11, 24))]
    assert last.previous == date(2026, 11, 23).toordinal()
    assert last.heads == (AnchoredHead(ledger="ledger-a", seq=20, head=site.ledgers["car-1"].hashes[20].hex()),)
    assert first.hashes[10].hex() == site.lines()[0].heads[0].head != other.hashes[5].hex()
    site.broker.retained.clear()
    site.tend()
    assert site.broker.retained == []
    site.broker.sessions += 1
    site.tend()
    topics = [topic for topic, _ in site.broker.retained]
    assert topics == [f"roundsman/v1/squaretown/hq/anchors/{unit}" for unit in ("car-1", "car-2")]
    assert site.broker.retained[0][1] + b"\n" == site.file.read_bytes().splitlines(keepends=True)[-1]


def test_a_record_rewritten_with_its_chain_is_named(site: Site) -> None:
    """`hq verify` says which is the first record that is not as anchored; the other vehicle's ledger is intact."""
    site.grow("car-1", 10)
    site.grow("car-2", 5)
    site.tend()
    ledger = site.grow("car-1", 10)
    site.tend(days=1)
    good = site.verify()
    assert good.exit_code == 0
    assert "anchors" not in good.output  # there is nothing to say of them
    rewrite(site.folder / "hq.sqlite", ledger, 13)
    said = site.verify()
    assert said.exit_code == 1
    assert (
        "car-1 ledger-a: 20 records, record 20 is not the one anchored on 2026-11-24;"
        " the first that differs is one of records 11 to 20" in said.output
    )
    assert "car-2 ledger-a: 5 records, chain intact" in said.output
    rewrite(site.folder / "hq.sqlite", ledger, 3)
    alone = CliRunner().invoke(hq, ["verify", str(site.folder / "hq.sqlite")])
    assert "record 10 is not the one anchored on 2026-11-23; the first that differs is one of records 1 to 10" in (
        alone.output
    )
    assert "signatures not verified" in alone.output


@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_ledger_cut_or_taken_away_is_named(how: str, site: Site) -> None:
    """With its head: its chain, as far as it goes, is intact."""
    ledger = site.grow("car-1", 10)
    site.tend()
    kept = 7 if how == "cut" else 0
    sql(site.folder / "hq.sqlite", "DELETE FROM events WHERE seq>?", kept)
    if kept:
        sql(site.folder / "hq.sqlite", "UPDATE heads SET seq=?, hash=?", kept, ledger.hashes[kept])
    else:
        sql(site.folder / "hq.sqlite", "DELETE FROM heads")
    said = site.verify()
    assert said.exit_code == 1
    assert f"car-1 ledger-a: {kept} records, record 10 is not held, though it was anchored on 2026-11-23" in said.output


def test_ledgers_are_compared_on_each_database(store: Store, database: Address) -> None:
    """With every anchor, in the order of their numbers, whatever the order of the documents."""
    ledger = a_busy_ledger(20)
    Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
    anchored = Anchored()
    for day, seq in ((3, 20), (2, 12), (1, 5)):
        head = AnchoredHead(ledger="ledger-a", seq=seq, head=ledger.hashes[seq].hex())
        at = datetime(2026, 11, day, tzinfo=UTC)
        anchored.add(AnchorsDoc(agency="a", unit="car-1", day=at.toordinal(), previous=None, at=at, heads=(head,)))
    assert list(anchored.differing(store)) == []
    rewrite(database, ledger, 12)
    assert [str(one) for one in anchored.differing(store)] == [
        "record 12 is not the one anchored on 2026-11-02; the first that differs is one of records 6 to 12"
    ]


def test_what_was_done_to_the_file_is_said(site: Site) -> None:
    """A line taken out, one that is torn, and lines that somebody else signed."""
    for _ in range(3):
        site.grow("car-1", 5)
        site.tend(days=1)
    first, _, last = whole = site.file.read_bytes().splitlines(keepends=True)
    site.file.write_bytes(first + last)
    assert "car-1: lines before 2026-11-26 were changed or removed" in site.verify().output
    site.file.write_bytes(b"".join(whole)[:-9])
    assert "line 3: cannot be read" in site.verify().output
    site.grow("car-1", 5)
    site.anchors = site.made()
    site.tend(days=1)
    assert [line is not None for line in read(site.file)] == [True, True, False, True]
    create_private_key(site.folder / "other.pem")
    sign_again(site.folder / "agency", site.folder / "key.pem", keys=_keys(site.folder / "other.pem"))
    assert "3 of 3 not signed with a fleet key of the current bundle" in site.verify().output


def _keys(file: Path) -> dict[str, tuple[DailyKey, ...]]:
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    return {"fleet": (DailyKey(key=public_key_of(load_private_key(file)), expires=expires),)}


def test_without_a_key_nothing_is_anchored_and_verify_says_so(site: Site) -> None:
    """It is trouble only where the bundle or the configuration speaks of one."""
    site.configure(key="")
    site.anchors = site.made()
    site.grow("car-1", 5)
    site.tend()
    assert (site.file.exists(), site.anchors.trouble) == (False, None)
    assert "anchors" not in site.verify().output  # none are due on the first day
    with Store(site.folder / "hq.sqlite") as store:
        Receiver(store, TOPICS, lambda: 1.0).handle([spoken(site.ledgers["car-1"])])
    assert "has none, so there is nothing outside the database to compare with" in site.verify().output
    site.configure(f'[keys]\nfleet = "{site.folder}/other.pem"\n', key="")
    create_private_key(site.folder / "other.pem")
    site.anchors = site.made()
    assert "keys.fleet or signing_key: it is a key that is not in the current bundle" in str(site.anchors.trouble)


def test_a_file_that_cannot_be_written_is_trouble_until_it_can(site: Site) -> None:
    """Receiving goes on meanwhile; the day's line is written then."""
    site.configure(f'anchors = "{site.folder}/elsewhere/anchors"\n')
    site.anchors = site.made()
    site.grow("car-1", 5)
    site.tend()
    assert "elsewhere/anchors cannot be written (No such file or directory)" in str(site.anchors.trouble)
    (site.folder / "elsewhere").mkdir()
    site.tend()
    assert site.anchors.trouble is None
    assert len(list(read(site.folder / "elsewhere" / "anchors"))) == 1


def test_what_the_broker_retains_tells_where_the_file_is_gone(site: Site, mosquitto: Mosquitto) -> None:
    """`hq verify --broker`; without a broker it says so, and compares what there is."""
    ledger = site.grow("car-1", 10)
    site.tend()
    with connected_publisher(BrokerConfig(port=mosquitto.port), site.agency) as session:
        for topic, payload in site.broker.retained:
            session.publish(topic, payload)
    site.file.unlink()
    rewrite(site.folder / "hq.sqlite", ledger, 4)
    site.configure(f"[broker]\nport = {mosquitto.port}\n")
    assert site.verify().exit_code == 0
    said = site.verify("--broker")
    assert said.exit_code == 1
    assert "record 10 is not the one anchored on 2026-11-23" in said.output
    assert "anchors on the broker: 1 line\n" in said.output
    mosquitto.kill()
    assert "anchors on the broker: not compared: broker: cannot reach the broker" in site.verify("--broker").output
