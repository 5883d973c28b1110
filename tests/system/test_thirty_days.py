"""Headquarters gone for weeks: the car runs on; then a real broker and a real headquarters come up, and all arrives."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.contract.signing import load_private_key
from edge.domain.lived import KEEP_VISITS_S
from edge.domain.shift import Shift
from edge.headquarters.receive.proof import verify_ledger
from edge.headquarters.reports.model import UnitReport
from edge.headquarters.reports.reading import read_report
from edge.headquarters.store import Store
from edge.vehicle.store.ledger import Reader
from tests.agency.square import LASTING, write_square
from tests.brokers import Mosquitto
from tests.month import DAY_S, DISTRICT, UNIT, Month, Own
from tests.system.site import Site, wait_for

pytestmark = pytest.mark.timeout(600)  # in real time

BEGAN: Final = datetime(2025, 10, 12, 11, 0, tzinfo=UTC).timestamp()
"""06:00 in Squaretown; the clocks go back on 2 November, the 22nd day."""
KEPT_DAYS: Final = 1.5 * KEEP_VISITS_S / DAY_S
"""The marks of the time lived through stand so far apart at that age."""


@pytest.fixture
def site(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Site]:
    """Squaretown with three shifts a day; its broker runs, and nobody uses it yet."""
    toml = write_square(tmp_path)
    evening = '{ name = "evening", starts = 14:00:00 }, { name = "night"'
    toml.write_text(toml.read_text(encoding="utf-8").replace('{ name = "night"', evening), encoding="utf-8")
    build_agency(toml, tmp_path / "agency", key=tmp_path / "key.pem", terms=LASTING)
    site = Site(tmp_path, tmp_path / "agency", tmp_path / "key.pem", mosquitto)
    yield site
    site.stop()


@pytest.mark.parametrize(
    ("days", "events", "every"),
    [
        pytest.param(2, 1000, 3, id="2 days"),
        pytest.param(30, 5000, 3, id="30 days", marks=pytest.mark.long),
    ],
)
def test_weeks_without_headquarters_arrive_whole(
    site: Site, days: int, events: int, every: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every record arrives, once, in order, chain intact; each shift's report says what the car counted itself.

    Meanwhile nothing but the ledger grows for longer than the days of visits and breadcrumbs that are kept.
    """
    agency = load_agency(site.agency)
    vehicle = site.vehicle(UNIT, DISTRICT, {"source": "serial", "device": str(site.folder / "no-receiver")})
    month = Month(vehicle.data, agency, load_private_key(site.folder / "key.pem"), BEGAN)
    began = time.monotonic()
    shifts = shifts_of(agency, 3 * days)
    month.drive(shifts[-1].ends + 60.0, events, every)
    drove_s = time.monotonic() - began
    nothing_grows_for_ever(month)
    recorded = month.engine.state.seq
    assert recorded > 0.9 * days * events
    drain_s = drain(site, recorded)
    vehicle.daemon.stop()
    assert compare(site) >= recorded
    reports_agree(site, agency, month, shifts)
    with capsys.disabled():
        print(f"\n{summary(month, recorded, drove_s, drain_s)}")  # noqa: T201 - the README's figures


def nothing_grows_for_ever(month: Month) -> None:
    """After the days that are kept, visits, plans, documents, breadcrumbs and memory stay where they are."""
    sizes = month.sizes
    assert all(2 <= size.plans <= 6 for size in sizes), "the last day's plans at most"
    assert all(size.documents_kb < 200 for size in sizes)
    assert all(size.wal_mb < 20 for size in sizes)
    settled = [size for size in sizes if size.day > KEPT_DAYS + 1]
    if settled:
        first, last = settled[0], settled[-1]
        known = [size.visits for size in settled]
        assert max(known) < 1.05 * 1.5 * min(known), "of 8 to 12 days, as the marks of the time lived through stand"
        assert last.breadcrumbs_mb < 1.05 * first.breadcrumbs_mb
        assert last.rss_mb < first.rss_mb + 20.0
        assert last.view_ms < 3.0 * first.view_ms + 10.0


def drain(site: Site, recorded: int) -> float:
    """The real vehicle process takes up the car's folder, without a receiver; seconds until all is acknowledged."""
    vehicle = site.vehicles[UNIT]
    vehicle.daemon.start()
    wait_for("a screen", lambda: vehicle.state() != {})
    began = time.monotonic()
    site.headquarters.start()
    wait_for("all delivered", lambda: held(site) > recorded and vehicle.state()["link"]["queue"] == 0, 900.0)
    return time.monotonic() - began


def held(site: Site) -> int:
    """How many records headquarters holds."""
    if not site.database.exists():
        return 0
    with Store(site.database) as store:
        return sum(ledger.head.seq for ledger in store.ledgers())


def compare(site: Site) -> int:
    """Every record of the car's is at headquarters, byte for byte, once, the chain intact; how many."""
    with closing(Reader(site.vehicles[UNIT].data / "ledger.sqlite3")) as reader, Store(site.database) as store:
        (ledger,) = store.ledgers()
        last = 0
        for seq, body, head in store.records(UNIT, ledger.id):
            ((own_seq, own_body, own_head),) = reader.after(last, 1)
            assert (seq, body, head) == (own_seq, own_body, own_head)
            last = seq
        assert last == ledger.head.seq
        assert verify_ledger(store, ledger).intact
        assert store.findings() == []
        return last


def shifts_of(agency: Agency, number: int) -> list[Shift]:
    """So many shifts, from the first on."""
    shifts = [agency.calendar.shift_at(BEGAN)]
    while len(shifts) < number:
        shifts.append(agency.calendar.shift_at(shifts[-1].ends))
    return shifts


def reports_agree(site: Site, agency: Agency, month: Month, shifts: Sequence[Shift]) -> None:
    """Headquarters' report of each shift against the car's own count."""
    with Store(site.database) as store:
        for shift in shifts:
            report, cover = read_report(store, agency, shift.id, shifts[-1].ends + DAY_S)
            assert cover.complete
            (unit,) = report.units
            totals, own = unit.totals, month.own[shift.id]
            assert (totals.visits, totals.counted) == (len(own.visits), len(own.counted)), shift
            assert totals.dosage_s == pytest.approx(dosage(own), abs=0.002 * len(own.counted)), shift
            assert totals.presence_s == pytest.approx(own.presence_s, abs=0.5), shift
            assert totals.paused_s == pytest.approx(own.paused_s, abs=0.01), shift
            assert {visit.id for visit in unit.visits} == set(own.visits)
            assert_no_second_is_unaccounted(unit, shift)


def assert_no_second_is_unaccounted(unit: UnitReport, shift: Shift) -> None:
    """Presence, loss of GPS, switched off: together they are the shift, but for the second at each end of a gap."""
    off = sum(span.seconds for span in unit.spans if span.kind == "stopped")
    known = unit.totals.presence_s + unit.totals.gps_lost_s + unit.totals.down_s + off
    assert known == pytest.approx(shift.ends - shift.starts, abs=5.0 * (1 + len(unit.spans))), shift


def dosage(own: Own) -> float:
    """Seconds of the counted visits."""
    return sum(visit.dosage_s for visit in own.counted)


def summary(month: Month, recorded: int, drove_s: float, drain_s: float) -> str:
    """The figures of tests/system/README.md."""
    last, most = month.sizes[-1], max(month.sizes, key=lambda size: size.wal_mb)
    bytes_each = last.ledger_mb * 1e6 / last.records
    figures = {
        "days": last.day,
        "records": recorded,
        "driven in s": round(drove_s),
        "ledger MB": round(last.ledger_mb, 1),
        "bytes a record": round(bytes_each),
        "breadcrumbs MB": round(last.breadcrumbs_mb, 1),
        "write-ahead logs MB, at most": round(most.wal_mb, 1),
        "documents kB": round(last.documents_kb, 1),
        "visits known": last.visits,
        "resident MB, day 1 / last": [round(month.sizes[0].rss_mb), round(last.rss_mb)],
        "view ms, day 1 / last": [round(month.sizes[0].view_ms, 1), round(last.view_ms, 1)],
        "drained in s": round(drain_s, 1),
        "records/s": round(recorded / drain_s),
    }
    return json.dumps(figures)
