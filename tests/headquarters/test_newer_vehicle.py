"""What only newer software knows is stored, proved and shown: on the page, in the JSON and in the CSV."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from edge.contract.agency import Agency
from edge.contract.messages import Status, encode
from edge.contract.records import chain, encode_event
from edge.domain.events import EventData, MeteringPaused, MeteringResumed, PresenceRecorded, SignedIn, VisitClosed
from edge.headquarters.address import Address
from edge.headquarters.console.context import Context
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.headquarters.ledgers import MORNING, NIGHT, TOPICS, Ledger, at, spoken
from tests.headquarters.visitors import client_of

PAGE = "/reports/shift/2026-11-22/night"


def newer(ledger: Ledger, minutes: float, known: EventData, data: dict[str, Any], **envelope: Any) -> None:
    """Add a record as newer software writes it: a known one with other data, and other fields of its envelope."""
    record = json.loads(encode_event(ledger.add(minutes, known)))
    body = json.dumps({**record, **envelope, "data": {**record["data"], **data}}).encode()
    ledger.bodies[-1], ledger.hashes[-1] = body, chain(ledger.hashes[-2], body)


@pytest.fixture
def ledger() -> Ledger:
    """A night's records, some of them of newer software."""
    ledger = Ledger()
    ledger.add(0, SignedIn())
    newer(ledger, 10, MeteringPaused("call"), {"reason": "laundry", "litres": 40.5})
    ledger.add(20, MeteringResumed(600.0))
    newer(ledger, 30, SignedIn(), {"type": "door_opened", "door": 2}, clock="ptp", tyres=[1, 2])
    box = "1400-17000"
    close = VisitClosed("car-1:ledger-a:9", box, at(31), at(50), 900.0, True, False, "left", ())
    newer(ledger, 50, close, {"reason": "towed"})
    newer(ledger, 55, PresenceRecorded(box, at(31), at(50), 900.0, at_cap=False), {"seconds": "many"})
    ledger.add(60, PresenceRecorded(box, at(50), at(60), 600.0, at_cap=False))
    return ledger


@pytest.fixture
def client(ledger: Ledger, database: Address, square_agency: Agency) -> FlaskClient:
    """Headquarters' pages, of a database that received them; it is the next morning."""
    with Store(database) as store:
        acks = Receiver(store, TOPICS, NIGHT.timestamp).handle([*ledger.messages(), spoken(ledger)])
        assert [(ack.seq, ack.problem) for ack in acks] == [(7, None)]
        assert [(check.intact, check.records) for check in verify_all(store)] == [(True, 7)]
        assert [(finding.kind, finding.seq) for finding in store.findings()] == [("unreadable", 6)]
    context = Context(square_agency, database, now=MORNING.timestamp)
    return client_of(context)


def test_the_page_shows_what_only_newer_software_knows(client: FlaskClient) -> None:
    """A pause's reason, how a visit ended, a record of another kind with its time, and one that is unreadable."""
    text = client.get(PAGE).text
    assert "Paused: other: laundry" in text
    assert "other: towed" in text
    assert "22:30 other record: door_opened" in text
    assert "22:55 unreadable record: presence (" in text
    assert "1 record from newer software, of an unknown kind: listed by vehicle, not counted in any figure" in text
    assert "1 record that cannot be read: listed by vehicle, not counted in any figure" in text


def test_a_pause_for_an_unknown_reason_is_a_pause(client: FlaskClient) -> None:
    """Its minutes are in the figures, and so is what stands around it."""
    (unit,) = client.get(f"{PAGE}.json").get_json()["report"]["units"]
    assert (unit["totals"]["paused_s"], unit["totals"]["counted"], unit["totals"]["presence_s"]) == (600.0, 1, 600.0)
    assert [(span["kind"], span["detail"]) for span in unit["spans"]] == [("paused", "laundry")]


def test_json_and_csv_list_each_record_that_is_in_no_figure(client: FlaskClient) -> None:
    """With its time, unit, kind and id."""
    (unit,) = client.get(f"{PAGE}.json").get_json()["report"]["units"]
    listed = [(one["at"], one["unit"], one["kind"], one["id"]) for one in unit["others"]]
    assert listed == [
        ("2026-11-23T04:30:00.000Z", "car-1", "door_opened", "car-1:ledger-a:4"),
        ("2026-11-23T04:55:00.000Z", "car-1", "presence", "car-1:ledger-a:6"),
    ]
    rows = client.get(f"{PAGE}.csv").text.splitlines()
    assert any(row.startswith("other record,car-1,") and "door_opened" in row for row in rows)
    assert any(row.startswith("unreadable record,car-1,") and "presence" in row for row in rows)


def test_a_malformed_record_keeps_a_report_from_being_complete_an_unknown_kind_does_not(
    client: FlaskClient, tmp_path: Path, square_agency: Agency
) -> None:
    """What is unreadable here may belong to the figures; a kind unknown here is in none of them."""
    assert not client.get(f"{PAGE}.json").get_json()["cover"]["complete"]
    other = tmp_path / "other.sqlite"
    ledger = Ledger()
    newer(ledger, 30, SignedIn(), {"type": "door_opened"})
    with Store(other) as store:
        Receiver(store, TOPICS, NIGHT.timestamp).handle([*ledger.messages(), spoken(ledger)])
    context = Context(square_agency, other, now=MORNING.timestamp)
    assert client_of(context).get(f"{PAGE}.json").get_json()["cover"]["complete"]


def test_an_unreadable_record_moves_no_other(database: Address, square_agency: Agency) -> None:
    """Its clock, its boot and its time are not believed: instants around it stand, whatever it says."""
    ledger = Ledger(clock="none")
    newer(ledger, 0, PresenceRecorded(None, at(0), at(0), 0.0, at_cap=False), {"ended": 1}, time="9999-12-31T23:59:59Z")
    ledger.add(60, PresenceRecorded(None, at(50), at(60), 600.0, at_cap=False))
    with Store(database) as store:
        Receiver(store, TOPICS, NIGHT.timestamp).handle([*ledger.messages(), spoken(ledger)])
    client = client_of(Context(square_agency, database))
    (unit,) = client.get(f"{PAGE}.json").get_json()["report"]["units"]
    assert (unit["first"], unit["stays"][0]["ended"]) == ("2026-11-23T05:00:00.000Z", "2026-11-23T05:00:00.000Z")
    assert [one["kind"] for one in unit["others"]] == ["presence"]


def test_a_status_of_newer_software_is_shown(client: FlaskClient, database: Address) -> None:
    """On the first page, its unknown states as other, and its unknown fields not at all."""
    status = json.loads(encode(Status(unit="car-1", online=True, software="9", ledger="ledger-a", time=at(90))))
    payload = json.dumps({**status, "gps": "jammed", "clock": "ptp", "tyres": [1, 2]}).encode()
    with Store(database) as store:
        Receiver(store, TOPICS, NIGHT.timestamp).handle([Received(TOPICS.status("car-1"), payload)])
    text = client.get("/").text
    assert "<td>other: jammed</td>" in text
    assert "<td>other: ptp</td>" in text
