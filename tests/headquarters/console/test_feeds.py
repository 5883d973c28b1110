"""What other systems report over HTTP, by a machine's key."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.headquarters.access.changes import KEYBOARD
from edge.headquarters.access.machines import add_key
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.feeds.dispatch_mapping import DispatchMapping
from edge.headquarters.store import Store, UnitStatusRow
from edge.headquarters.store.documents import Document
from tests.headquarters.visitors import HOST

NOW = 1_800_000_000.0
MAPPING = DispatchMapping(
    unit="unit", status="status", time="at", busy=("BUSY",), available=("FREE",), ignored=("LOGON",)
)


class Dispatch:
    """A dispatch system with a key; headquarters has heard of car-1."""

    def __init__(self, agency: Agency, database: Path) -> None:
        self.database = database
        with Store(database) as store:
            store.put_document("status", Document("car-1", b"{}", NOW))
            self.key = add_key(store, "cad", ["status.report"], NOW + 60, KEYBOARD, NOW)
        self.context = Context(agency, database, now=lambda: NOW, dispatch=MAPPING)

    def client(self, **changed: Any) -> FlaskClient:
        """What posts."""
        return create_app(replace(self.context, **changed), [HOST]).test_client()

    def post(self, body: object, **changed: Any) -> Any:
        """A report."""
        return self.client(**changed).post(
            "/feeds/unit-status", json=body, headers={"Authorization": f"Bearer {self.key}"}
        )


@pytest.fixture
def dispatch(square_agency: Agency, tmp_path: Path) -> Dispatch:
    return Dispatch(square_agency, tmp_path / "hq.sqlite")


def said(unit: str, status: str, ago: float) -> dict[str, str]:
    return {"unit": unit, "status": status, "at": datetime.fromtimestamp(NOW - ago, UTC).isoformat()}


def test_each_report_is_answered_with_what_it_came_to(dispatch: Dispatch) -> None:
    """In order; an ignored status comes to nothing."""
    reports = [said("car-1", "BUSY", 30.0), said("car-1", "LOGON", 20.0), said("car-9", "BUSY", 10.0), {"unit": 7}]
    answer = dispatch.post(reports)
    assert (answer.status_code, answer.json) == (
        200, {"outcomes": ["accepted", None, "unknown_unit", "unreadable"]},
    )  # fmt: skip
    assert dispatch.post(said("car-1", "FREE", 5.0)).json == {"outcomes": ["accepted"]}
    with Store(dispatch.database) as store:
        assert store.unit_status("car-1") == UnitStatusRow("car-1", busy=False, since=NOW - 5.0, heard=NOW)


@pytest.mark.parametrize("body", ["text", 7, None, [["car-1"]], [{}] * 501])
def test_what_is_no_list_of_objects_is_refused(dispatch: Dispatch, body: object) -> None:
    """And changes nothing."""
    answer = dispatch.post(body)
    assert answer.status_code == 400
    assert "a list of at most 500 objects" in answer.text
    with Store(dispatch.database) as store:
        assert store.unit_statuses(0.0) == []


def test_gunfire_is_reported_with_its_source(dispatch: Dispatch) -> None:
    """The key's name and the time it was heard; now, where none is given. What cannot be is said in a sentence."""
    heard = list[tuple[object, ...]]()

    def report(*given: object) -> int:
        if given[0] == 1.0:
            msg = "1.0, 2.0 is outside Squaretown; give latitude and longitude in degrees"
            raise UserError(msg)
        heard.append(given)
        return 7

    with Store(dispatch.database) as store:
        key = add_key(store, "sensor", ["gunfire.report"], NOW + 60, KEYBOARD, NOW)
    client, headers = dispatch.client(report_gunfire=report), {"Authorization": f"Bearer {key}"}

    def post(body: object) -> tuple[int, str]:
        answer = client.post("/feeds/gunfire", json=body, headers=headers)
        return answer.status_code, answer.text

    assert post({"lat": 40.0, "lon": -99.0, "at": "2027-01-15T02:00:00-06:00", "rounds": 3}) == (200, '{"context":7}\n')
    assert post({"lat": 40.0, "lon": -99.0})[0] == 200
    assert [given[2:] for given in heard] == [
        (datetime(2027, 1, 15, 8, tzinfo=UTC), "machine", "key sensor"),
        (datetime.fromtimestamp(NOW, UTC), "machine", "key sensor"),
    ]
    assert "is outside Squaretown" in post({"lat": 1.0, "lon": 2.0})[1]
    for wrong, word in (({"lat": 91.0, "lon": 0.0}, "lat"), ({"lat": 1.0}, "lon"), ([], "object"), (
        {"lat": 1.0, "lon": 2.0, "at": "2027-01-15T02:00:00"}, "at",
    )):  # fmt: skip
        status, page = post(wrong)
        assert (status, word in page) == (400, True), wrong


def test_without_a_dispatch_system_it_says_so(dispatch: Dispatch) -> None:
    """By the key of the configuration."""
    answer = dispatch.post(said("car-1", "BUSY", 1.0), dispatch=None)
    assert answer.status_code == 404
    assert "[dispatch] in hq.toml" in answer.text


def test_without_a_key_nothing_is_taken(dispatch: Dispatch) -> None:
    """A form without a session, and a key of another scope, are refused."""
    assert dispatch.client().post("/feeds/unit-status", json={}).status_code == 403
    with Store(dispatch.database) as store:
        other = add_key(store, "sensor", ["gunfire.report"], NOW + 60, KEYBOARD, NOW)
    headers = {"Authorization": f"Bearer {other}"}
    assert dispatch.client().post("/feeds/unit-status", json={}, headers=headers).status_code == 403
