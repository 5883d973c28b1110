"""What dispatch says reaches the cars: signed, at once, again while a unit is busy, and only where it is configured."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.contract.dispatch import DispatchDoc
from edge.contract.messages import Signed, decode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import DISPATCH
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.feeds.dispatch import DispatchFeed
from edge.headquarters.store import Store
from edge.headquarters.store.documents import Document
from edge.text.config import load
from tests.bundles import signed_agency
from tests.headquarters.retaining import Broker

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
MAPPING = 'unit = "unit"\nstatus = "status"\ntime = "time"\nbusy = ["BUSY"]\navailable = ["FREE"]\n'


class Site:
    """Headquarters with a dispatch system that writes a CSV; car-1 and car-2 have reported."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder, self.now, self.broker = folder, NOON, Broker()
        self.agency = signed_agency(folder)
        (folder / "dispatch.toml").write_text(MAPPING)
        self.file = folder / "status.csv"
        self.file.write_text("unit,status,time\n")
        (folder / "hq.toml").write_text(
            f'agency = "{folder}/agency"\ndatabase = "{folder}/hq.sqlite"\nsigning_key = "{folder}/key.pem"\n'
            f'[dispatch]\nmapping = "{folder}/dispatch.toml"\nfile = "{self.file}"\n{more}'
        )
        with Store(folder / "hq.sqlite") as store, store.transaction():
            for unit in ("car-1", "car-2"):
                store.put_document("status", Document(unit, b"{}", NOON))
        self.feed = self.made()

    def made(self) -> DispatchFeed:
        """Of a process that starts."""
        return DispatchFeed(
            load(HeadquartersConfig, self.folder / "hq.toml"), self.agency, self.broker, lambda: self.now
        )

    def report(self, unit: str, status: str, ago: float = 0.0) -> None:
        """Dispatch writes a row."""
        with self.file.open("a") as file:
            file.write(f"{unit},{status},{datetime.fromtimestamp(self.now - ago, UTC).isoformat()}\n")

    def tend(self, seconds: float = 1.0) -> list[DispatchDoc]:
        """So many seconds later: what the cars are told, each verified as a car does."""
        self.now += seconds
        before = len(self.broker.retained)
        with Store(self.folder / "hq.sqlite") as store:
            self.feed.tend(store)
        docs = []
        for topic, payload in self.broker.retained[before:]:
            doc = verify_here(DISPATCH, decode(Signed, payload), self.agency).body
            assert topic == f"roundsman/v1/squaretown/hq/dispatch/{doc.unit}"
            docs.append(doc)
        return docs


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_change_is_passed_on_at_once_and_busy_again_every_four_minutes(site: Site) -> None:
    """Each holds for ten minutes; an available once is enough."""
    site.report("car-1", "BUSY", ago=5.0)
    (doc,) = site.tend()
    assert (doc.unit, doc.status, doc.since.timestamp()) == ("car-1", "busy", NOON - 5.0)
    assert doc.until.timestamp() == site.now + 600.0
    assert site.tend() == []
    assert site.tend(237.0) == []
    (again,) = site.tend(3.0)
    assert (again.since, again.number > doc.number) == (doc.since, True)
    site.report("car-1", "FREE")
    (free,) = site.tend()
    assert (free.status, free.until.timestamp()) == ("available", site.now + 600.0)
    assert site.tend(600.0) == []


def test_a_new_connection_is_told_all_of_it(site: Site) -> None:
    """The broker may have lost it; what was available long ago expires when it did."""
    site.report("car-1", "BUSY")
    site.report("car-2", "FREE")
    assert len(site.tend()) == 2
    site.broker.sessions = 2
    docs = {doc.unit: doc for doc in site.tend(900.0)}
    assert docs["car-1"].until.timestamp() > site.now
    assert docs["car-2"].until.timestamp() < site.now


def test_nothing_is_lost_while_the_broker_is_away(site: Site) -> None:
    """The newest status goes out when it is back; a process that starts anew tells it, too."""
    site.broker.connected = False
    site.report("car-1", "BUSY")
    site.tend()
    site.report("car-1", "FREE", ago=-10.0)
    assert site.tend(20.0) == []
    site.broker.connected = True
    assert [doc.status for doc in site.tend()] == ["available"]
    site.report("car-2", "BUSY")
    site.tend()
    site.feed = site.made()
    assert {doc.unit: doc.status for doc in site.tend()} == {"car-1": "available", "car-2": "busy"}


def test_a_unit_of_which_dispatch_is_silent_for_half_a_day_is_passed_on_no_more(site: Site) -> None:
    """Its car asks its officer ten minutes later."""
    site.report("car-1", "BUSY")
    site.tend()
    assert site.tend(43_000.0) != []
    assert site.tend(300.0) == []


def test_a_file_that_is_gone_is_said(site: Site) -> None:
    """By the key of the configuration; it is read when it is back."""
    site.file.unlink()
    site.tend()
    assert site.feed.trouble is not None
    assert site.feed.trouble.startswith("dispatch.file: ")
    site.file.write_text("unit,status,time\n")
    site.report("car-1", "BUSY")
    assert len(site.tend()) == 1
    assert site.feed.trouble is None


def test_without_a_key_it_says_so(site: Site) -> None:
    """And tells no car anything."""
    text = (site.folder / "hq.toml").read_text()
    (site.folder / "hq.toml").write_text("\n".join(one for one in text.splitlines() if "signing_key" not in one))
    site.feed = site.made()
    site.report("car-1", "BUSY")
    assert site.tend() == []
    assert site.feed.trouble is not None
    assert site.feed.trouble.startswith("keys.fleet: ")


def test_without_a_dispatch_system_nothing_is_asked_for(site: Site) -> None:
    """No trouble, no message."""
    text = (site.folder / "hq.toml").read_text()
    (site.folder / "hq.toml").write_text(text.partition("[dispatch]")[0])
    site.feed = site.made()
    assert site.tend() == []
    assert site.feed.trouble is None
