"""The pages: figures as in the report, nothing inline, nothing for strangers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from edge.contract.agency import Agency
from edge.contract.messages import Status, encode
from edge.domain.events import MeteringPaused, Segment, TacticUsed, Unknown, VisitClosed, VisitCounted, VisitOpened
from edge.headquarters.console.context import Context
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store, StoredDocument
from edge.service.hardening import HEADERS
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import NIGHT, TOPICS, Ledger, at, spoken
from tests.headquarters.visitors import client_of

PAGE = "/reports/shift/2026-11-22/night"


@pytest.fixture(scope="module")
def night(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The two cars' night in a database; it is 07:00 of the next morning."""
    database = tmp_path_factory.mktemp("night") / "hq.sqlite"
    cars, _ = two_cars(square_agency)
    with Store(database) as store:
        receiver = Receiver(store, TOPICS, NIGHT.timestamp)
        for car in cars:
            receiver.handle([*car.ledger.messages(), spoken(car.ledger)])
    return Context(square_agency, database, now=lambda: NIGHT.timestamp() + 9 * 3600)


@pytest.fixture
def client(night: Context) -> Iterator[FlaskClient]:
    """A browser at the right address."""
    with client_of(night) as client:
        yield client


def test_the_first_page_lists_shifts_with_their_reports(client: FlaskClient) -> None:
    """The night is there, with a link to its report."""
    text = client.get("/").text
    assert f'href="{PAGE}"' in text
    assert "2026-11-22 · night" in text


def test_the_report_says_the_same_in_all_three_forms(client: FlaskClient) -> None:
    """Counted visits of the page and of the CSV's rows are those of the JSON."""
    document = client.get(f"{PAGE}.json").get_json()
    counted = document["report"]["totals"]["counted"]
    rows = client.get(f"{PAGE}.csv").text.splitlines()
    assert sum(row.startswith("visit,") and row.split(",")[7] == "yes" for row in rows) == counted > 10
    assert f"<dd>{counted}</dd>" in client.get(PAGE).text


def test_the_report_says_what_data_is_behind_it(client: FlaskClient, night: Context) -> None:
    """Every ledger with its last number and its proof; complete once the shift is over and nothing is missing."""
    document = client.get(f"{PAGE}.json").get_json()["cover"]
    assert document["complete"]
    assert [ledger["problem"] for ledger in document["ledgers"]] == [None, None]
    assert "each record verified on receipt; not yet rechecked in the database" in client.get(PAGE).text
    during = client_of(replace(night, now=lambda: NIGHT.timestamp() + 3600))
    assert "preliminary" in during.get(PAGE).text


@pytest.mark.parametrize("path", ["/", PAGE, f"{PAGE}.json", f"{PAGE}.csv", "/healthz", "/nowhere", "/static/icon.svg"])
def test_every_answer_carries_the_protecting_headers(path: str, client: FlaskClient) -> None:
    """Pages, files and errors alike."""
    headers = client.get(path, buffered=True).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    policy = headers["Content-Security-Policy"]
    assert policy.endswith("script-src 'self'")
    assert "default-src 'self'" in policy


@pytest.mark.parametrize("path", ["/", PAGE])
def test_pages_hold_no_script_and_no_inline_style(path: str, client: FlaskClient) -> None:
    """The content policy forbids them; so the pages have none."""
    text = client.get(path).text
    for forbidden in ("<script", "style=", "<style", "javascript:", " onclick", "http://", "https://"):
        assert forbidden not in text


def test_a_host_that_is_not_trusted_is_refused(client: FlaskClient) -> None:
    """A page of another name cannot reach in through a rebound name."""
    assert client.get("/", base_url="http://evil.example").status_code == 400
    assert client.get(PAGE, base_url="http://evil.example").status_code == 400


@pytest.mark.parametrize("shift", ["2026-11-22/nowhere", "yesterday/night", "2026-13-45/night", "2026-11-22/'--"])
def test_a_shift_that_is_none_is_not_found(shift: str, client: FlaskClient) -> None:
    """404 with a sentence, never a traceback."""
    for end in ("", ".json", ".csv"):
        answer = client.get(f"/reports/shift/{shift}{end}")
        assert answer.status_code == 404
        assert "Traceback" not in answer.text


def test_a_page_that_is_none_says_so_in_four_words(client: FlaskClient) -> None:
    """Not in the library's words; a shift that is none has its own sentence."""
    assert "<p>No such page.</p>" in client.get("/nowhere").text
    assert "No such page." not in client.get("/reports/shift/2026-11-22/nowhere").text


def test_a_shift_without_records_says_so(client: FlaskClient) -> None:
    """It is a shift, but nobody was there."""
    assert "No vehicle has records for this shift" in client.get("/reports/shift/2025-01-01/night").text


def test_what_a_vehicle_sends_is_escaped(square_agency: Agency, tmp_path: Path) -> None:
    """A roster id of markup is text on the page, in the drawings too."""
    cars, _ = two_cars(square_agency)
    bad = "<script>alert(1)</script>"
    ledger = Ledger(officer=bad)
    for event in cars[1].ledger.events:
        ledger.append(replace(event, unit="car-1", officer=bad, id=f"car-1:ledger-a:{event.seq}", ledger="ledger-a"))
    database = tmp_path / "hq.sqlite"
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
        assert store.count() == len(ledger.events)
        plan = StoredDocument("plan", "2026-11-22/night 1", 1, bad, bad, "d", plan_bytes(), 1.0, 1.0)
        store.put_signed(plan)
    page = client_of(Context(square_agency, database)).get(PAGE)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("word", ["A" * 5_000, "\x1b[2J\x1b]0;gone\x07", "\u202egnp.exe", "line\nof mine\r\n"])
def test_what_a_vehicle_chose_is_bounded_and_printable_wherever_it_is_shown(
    word: str, square_agency: Agency, tmp_path: Path
) -> None:
    """Officer, tactic, a pause's reason, a new kind's name, software: on the pages and in every form of a report."""
    ledger = Ledger(officer=word)
    visit = ledger.add(1.0, VisitOpened("1995-17716", at(1), ("robbery",), 900.0, early=False)).id
    ledger.add(2.0, TacticUsed(visit, "1995-17716", word))
    closed = VisitClosed(visit, "1995-17716", at(1), at(9), 400.0, True, False, "left", (Segment(word, 400.0),))
    ledger.add(9.0, closed)
    ledger.add(10.0, MeteringPaused(Unknown(word)))
    database = tmp_path / "hq.sqlite"
    status = Status(unit="car-1", online=True, software=word[:100], ledger="ledger-a", gps=Unknown(word), time=at(11))
    with Store(database) as store:
        said = Received(TOPICS.status("car-1"), encode(status))
        Receiver(store, TOPICS, lambda: at(12).timestamp()).handle([*ledger.messages(), said])
        assert store.count() == len(ledger.events)
        store.record_finding("visits", "car-1", "", 0, word, b"", 1.0)
    client = client_of(Context(square_agency, database))
    for path in ("/", PAGE, f"{PAGE}.csv", f"{PAGE}.json"):
        text = client.get(path).text
        assert client.get(path).status_code == 200
        assert not set(text) & set("\x1b\x07\u202e"), path
        assert "of mine\r\n" not in text
        assert "A" * 1_001 not in text


def plan_bytes() -> bytes:
    body = {"agency": "squaretown", "shift": "2026-11-22/night", "district": "1", "version": 1, "role": "analyst"}
    body |= {"reason": "x", "approved": "2026-11-22T00:00:00Z", "patrols": []}
    return json.dumps({"kind": "plan", "body": body, "signature": "0" * 128}).encode()


def test_health_is_503_with_what_does_not_work(night: Context) -> None:
    """A monitor sees the link's loss."""
    well = client_of(night).get("/healthz")
    assert (well.status_code, well.get_json()) == (200, {"ok": True, "troubles": {}})
    ill = client_of(replace(night, troubles=lambda: {"link": "gone"})).get("/healthz")
    assert (ill.status_code, ill.get_json()["troubles"]) == (503, {"link": "gone"})


def test_an_open_visit_is_neither_counted_nor_too_short(square_agency: Agency, tmp_path: Path) -> None:
    """Its vehicle has not told how it ended: tile, row, timeline and notes say that it is open, without minutes."""
    (box, *_) = [one.id for one in square_agency.grid.boxes.values() if not one.opt_out]
    ledger = Ledger()
    visit = ledger.add(10, VisitOpened(box, at(10), ("robbery",), 900.0, early=False)).id
    ledger.add(11, VisitCounted(visit, box))
    ledger.add(12, TacticUsed(visit, box, "foot-patrol"))
    database = tmp_path / "hq.sqlite"
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 1.0).handle(ledger.messages())
    context = Context(square_agency, database, now=lambda: NIGHT.timestamp() + 1800)
    text = client_of(context).get(PAGE).text
    assert '<dd class="small">0 too short to count<br>1 still open</dd>' in text
    assert "<dd>0</dd>" in text
    assert "0 counted, 0.0 min dosage" in text
    assert "<td>open</td>" in text
    assert 'class="open"' in text
    assert "has not yet reported its end" in text
    assert "-1 too short" not in text


def test_many_vehicles_are_drawn_in_several_timelines(square_agency: Agency, tmp_path: Path) -> None:
    """Thirty vehicles: drawings of at most twelve rows, so that each fits a page."""
    database = tmp_path / "hq.sqlite"
    cars, _ = two_cars(square_agency)
    with Store(database) as store:
        receiver = Receiver(store, TOPICS, lambda: 1.0)
        for number in range(30):
            unit = f"car-{number:02d}"
            ledger = Ledger(unit=unit)
            for event in cars[0].ledger.events:
                own = f"{unit}:ledger-a:{event.seq}"
                ledger.append(replace(event, unit=unit, ledger="ledger-a", id=own))
            receiver.handle(ledger.messages())
    text = client_of(Context(square_agency, database)).get(PAGE).text
    assert text.count('<svg class="timeline"') == 3
    assert text.count('id="hatch"') == 1


def test_a_database_that_is_gone_is_said_by_every_page(square_agency: Agency, tmp_path: Path) -> None:
    """503 with the sentence, no traceback."""
    database = tmp_path / "gone"
    Store(database).close()
    client = client_of(Context(square_agency, database))
    for file in tmp_path.glob("gone*"):
        file.unlink()
    for page in ("/", PAGE, f"{PAGE}.json"):
        answer = client.get(page)
        assert answer.status_code == 503
        assert "not found" in answer.text
