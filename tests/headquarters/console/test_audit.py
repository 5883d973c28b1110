"""The audit log on the pages: what is looked at and taken away is in it first; an officer sees who looked."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from edge.contract.agency import Agency
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Done, Store, StoreError
from tests.headquarters.databases import sql
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import NIGHT, SHIFT, TOPICS
from tests.headquarters.visitors import HOST, logged_in

MORNING = NIGHT.timestamp() + 9 * 3600


@pytest.fixture
def database(square_agency: Agency, tmp_path: Path) -> Path:
    """The two cars' night."""
    cars, _ = two_cars(square_agency)
    with Store(tmp_path / "hq.sqlite") as store:
        for car in cars:
            Receiver(store, TOPICS, NIGHT.timestamp).handle(car.ledger.messages())
    return tmp_path / "hq.sqlite"


@pytest.fixture
def app(square_agency: Agency, database: Path) -> Flask:
    """The pages, the next morning."""
    return create_app(Context(square_agency, database, now=lambda: MORNING), [HOST])


def logged(database: Path) -> list[tuple[str, str, str]]:
    """Account, action and subject of every entry."""
    with Store(database) as store:
        return [(row.account, row.action, row.subject) for row in store.audit_rows()]


def officer_of(database: Path) -> str:
    """One who was on duty in that night."""
    with Store(database) as store:
        return next(one for visit in store.counted_visits(0, MORNING) for one, _ in visit.officers if one)


def test_every_file_that_is_taken_away_is_logged(app: Flask, database: Path) -> None:
    """By whom and with which question; a page to read is not, nor what may not be had."""
    analyst, officer = logged_in(app, "analyst"), logged_in(app, "officer")
    assert analyst.get(f"/reports/shift/{SHIFT}.csv").status_code == 200
    assert analyst.get("/reports/presence.json?since=2026-11-20").status_code == 200
    assert analyst.get(f"/reports/shift/{SHIFT}").status_code == 200
    assert officer.get(f"/reports/shift/{SHIFT}.csv").status_code == 403
    assert logged(database) == [
        ("analyst", "export", f"/reports/shift/{SHIFT}.csv"),
        ("analyst", "export", "/reports/presence.json?since=2026-11-20"),
    ]


def test_an_officer_sees_who_looked_at_the_record(app: Flask, database: Path) -> None:
    """Each look of another's, before the page was shown; one's own is none."""
    known = officer_of(database)
    own = logged_in(app, "officer", officer=known)
    assert "Nobody has looked at it yet." in own.get("/account/record").text
    page = logged_in(app, "supervisor").get(f"/officers/{known}").text
    assert page.count("<tr>") > 3
    assert logged_in(app, "auditor").get("/officers/9999").status_code == 200
    assert logged(database) == [("supervisor", "officer.viewed", known), ("auditor", "officer.viewed", "9999")]
    seen = own.get("/account/record").text
    assert "supervisor" in seen
    assert "auditor" not in seen
    assert "Your record, and who looked at it" in own.get("/account").text
    assert own.get(f"/officers/{known}").status_code == 403
    assert logged_in(app, "analyst").get("/account/record").status_code == 404


@pytest.mark.parametrize("path", [f"/reports/shift/{SHIFT}.csv", "/officers/4711"])
def test_what_cannot_be_logged_is_not_shown(path: str, app: Flask, database: Path) -> None:
    """503, in a sentence."""
    client = logged_in(app, "supervisor")
    sql(database, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END")
    answer = client.get(path)
    assert answer.status_code == 503
    assert "no room" in answer.text


def test_an_auditor_reads_the_log_with_filters(app: Flask, database: Path) -> None:
    """The newest first, page by page."""
    analyst = logged_in(app, "analyst")
    analyst.get(f"/reports/shift/{SHIFT}.csv")
    logged_in(app, "supervisor").get("/officers/<b>4711")
    auditor = logged_in(app, "auditor")
    assert '<a href="/audit">Audit log</a>' in auditor.get("/").text
    page = auditor.get("/audit").text
    assert page.index("officer.viewed") < page.index("export")
    assert "&lt;b&gt;4711" in page
    assert "<b>4711" not in page
    only = auditor.get("/audit?account=analyst&action=exp").text
    assert "export" in only
    assert "officer.viewed" not in only
    assert "No entries for this selection." in auditor.get("/audit?subject=nobody").text
    assert "No entries for this selection." in auditor.get("/audit?before=1").text
    assert auditor.get("/audit?before=x&action=%25").status_code == 200


def test_more_than_a_page_leads_on(app: Flask, database: Path) -> None:
    """Every entry is on one of them, once."""
    with Store(database) as store, store.transaction():
        for number in range(450):
            store.audit(_done(number), MORNING)
    auditor, seen, path = logged_in(app, "auditor"), list[str](), "/audit?account=somebody"
    while path:
        page = auditor.get(path).text
        seen += [one.split("<")[0] for one in page.split("entry-")[1:]]
        path = page.split('<p><a href="')[1].split('"')[0].replace("&amp;", "&") if "Older entries" in page else ""
    assert [int(one) for one in seen] == list(range(449, -1, -1))


def _done(number: int) -> Done:
    return Done("somebody", "analyst", "test", f"entry-{number}")


def test_an_entry_and_what_it_tells_are_written_together(database: Path) -> None:
    """Neither without the other."""
    with Store(database) as store:
        with pytest.raises(StoreError):
            _half(store)
        assert list(store.audit_rows()) == []
        assert store.audit_head().seq == 0


def _half(store: Store) -> None:
    with store.transaction():
        store.audit(_done(1), MORNING)
        store.execute(text("SELECT * FROM nowhere"))
