"""A supervisor changes the plan of their own car by the API: it holds at once, is recorded, and ends."""

import re
from typing import Final

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from edge.domain.events import PatrolAdded, PatrolSuppressed, Role, VisitClosed
from edge.domain.grid import box_id, centre
from edge.domain.inputs import SignIn
from edge.domain.taps import SignInSecond
from edge.vehicle.touchscreen.guard import TOKEN_HEADER
from tests.vehicle.touchscreen.scenes import Scene
from tests.words import shown

HOUR_S: Final = 3600.0


def _tap(client: FlaskClient, name: str, body: dict[str, str]) -> TestResponse:
    token = re.search(r'name="roundsman-token" content="([^"]+)"', client.get("/").get_data(as_text=True))
    assert token is not None
    return client.post(f"/api/taps/{name}", json=body, headers={TOKEN_HEADER: token[1]})


def _visit_as(scene: Scene, role: Role | None) -> str:
    """A visit in the plan's first box by somebody of a role; its box."""
    scene.visit()
    scene.bench.tell(SignIn(scene.bench.mono, "9001", role))
    return box_id(scene.cell)


def test_a_supervisor_suppresses_the_box_of_the_visit(client: FlaskClient, scene: Scene) -> None:
    """The visit ends with that reason, the box is suppressed for an hour; the ledger has role, reason and expiry."""
    box = _visit_as(scene, "supervisor")
    said = {"box": box, "change": "unsafe", "lasts": "60"}
    assert _tap(client, "suppress", said).status_code == 202
    made = [event for event in scene.bench.posted if isinstance(event.data, PatrolSuppressed)][-1]
    assert isinstance(made.data, PatrolSuppressed)
    assert (made.officer, made.data.box, made.data.reason, made.data.role) == ("9001", box, "unsafe", "supervisor")
    assert (made.data.expires - made.time).total_seconds() == pytest.approx(HOUR_S, abs=0.01)
    closed = [event.data for event in scene.bench.posted if isinstance(event.data, VisitClosed)][-1]
    assert closed.reason == "suppressed"
    assert [one.status for one in scene.bench.snapshot().boxes if one.id == box] == ["suppressed"]
    scene.bench.silence(3700)
    assert "change_ended" in [event.data.type for event in scene.bench.posted]
    assert [one.status for one in scene.bench.snapshot().boxes if one.id == box] != ["suppressed"]


def test_a_change_lasts_at_most_to_the_shifts_end(client: FlaskClient, scene: Scene) -> None:
    """Whatever was asked for; and *shift* asks for just that."""
    box = _visit_as(scene, "analyst")
    assert _tap(client, "suppress", {"box": box, "change": "event", "lasts": "999"}).status_code == 202
    assert (
        _tap(client, "add-patrol", {"crime_type": "robbery", "change": "request", "lasts": "shift"}).status_code == 202
    )
    shift = scene.bench.state.shift
    assert shift is not None
    ends = [
        event.data.expires.timestamp()
        for event in scene.bench.posted
        if isinstance(event.data, PatrolAdded | PatrolSuppressed)
    ]
    assert ends == [shift.ends, shift.ends]


def test_a_supervisor_adds_the_box_the_car_is_in(client: FlaskClient, scene: Scene) -> None:
    """It is in the plan at once, for that type, and a visit opens there: the car has arrived."""
    _visit_as(scene, "supervisor")
    listed = {patrol.cell for patrol in scene.plan.patrols}
    free = next(
        box.cell for box in scene.bench.agency.grid.boxes.values() if box.cell not in listed and not box.opt_out
    )
    scene.bench.at(*centre(free), speed=9.0)  # a parked car keeps its box
    scene.bench.stay(free, 60)
    assert (
        _tap(client, "add-patrol", {"crime_type": "burglary", "change": "recent_crime", "lasts": "120"}).status_code
        == 202
    )
    added = [one for one in scene.bench.snapshot().boxes if one.id == box_id(free)]
    assert [one.crime_types for one in added] == [("burglary",)]
    assert scene.bench.state.visit is not None
    assert scene.bench.state.visit.box == box_id(free)
    again = _tap(client, "add-patrol", {"crime_type": "theft", "change": "event", "lasts": "60"})
    assert again.json is not None
    assert (again.status_code, again.json["error"]["code"]) == (409, "not_now.assigned")


def test_a_supervisor_adds_a_box_that_was_chosen(client: FlaskClient, scene: Scene) -> None:
    """Wherever the car is: the same record as of the box it stands in; a second time it is in the plan already."""
    _visit_as(scene, "supervisor")
    listed = {patrol.cell for patrol in scene.plan.patrols}
    free = next(box for box in scene.bench.agency.grid.boxes.values() if box.cell not in listed and not box.opt_out)
    said = {"box": free.id, "crime_type": "burglary", "change": "recent_crime", "lasts": "120"}
    assert _tap(client, "add-box", said).status_code == 202
    made = [event for event in scene.bench.posted if isinstance(event.data, PatrolAdded)][-1]
    assert isinstance(made.data, PatrolAdded)
    assert (made.data.box, made.data.crime_types, made.data.reason, made.data.role) == (
        free.id, ("burglary",), "recent_crime", "supervisor",
    )  # fmt: skip
    assert (made.data.expires - made.time).total_seconds() == pytest.approx(2 * HOUR_S, abs=0.01)
    assert [one.crime_types for one in scene.bench.snapshot().boxes if one.id == free.id] == [("burglary",)]
    again = _tap(client, "add-box", said)
    assert again.json is not None
    assert (again.status_code, again.json["error"]["code"]) == (409, "not_now.assigned")


def test_a_box_that_may_not_be_changed_is_refused_by_its_reason(client: FlaskClient, scene: Scene) -> None:
    """A protected place, no box of the agency's, none of the plan: a sentence each, and no record."""
    _visit_as(scene, "analyst")
    listed = {patrol.cell for patrol in scene.plan.patrols}
    boxes = scene.bench.agency.grid.boxes.values()
    closed = next(box.id for box in boxes if box.opt_out)
    free = next(box.id for box in boxes if box.cell not in listed and not box.opt_out)
    for name, box, why in (
        ("add-box", closed, "opt_out"), ("add-box", "1-1", "outside"), ("suppress", free, "not_assigned"),
        ("suppress", "1-1", "outside"),
    ):  # fmt: skip
        answer = _tap(client, name, {"box": box, "crime_type": "theft", "change": "event", "lasts": "60"})
        assert answer.json is not None
        assert (answer.status_code, answer.json["error"]["code"]) == (409, f"not_now.{why}")
        assert "{" not in shown(answer.json["error"])
    assert not any(isinstance(event.data, PatrolAdded | PatrolSuppressed) for event in scene.bench.posted)


@pytest.mark.parametrize("role", [None, "officer"])
def test_an_officer_may_not(client: FlaskClient, scene: Scene, role: Role | None) -> None:
    """One sentence says who may; nothing is recorded. With a supervisor beside them the car may."""
    box = _visit_as(scene, role)
    said = {"box": box, "change": "unsafe", "lasts": "60"}
    answer = _tap(client, "suppress", said)
    assert answer.json is not None
    assert (answer.status_code, shown(answer.json["error"])) == (
        403,
        "Only analyst, supervisor may do this. Sign in as one; the PIN is asked for again after 30 min.",
    )
    assert scene.bench.snapshot().not_now["suppress"] == "role"
    assert not any(isinstance(event.data, PatrolSuppressed) for event in scene.bench.posted)
    scene.bench.tell(SignInSecond(scene.bench.mono, "9002", "supervisor"))
    assert _tap(client, "suppress", said).status_code == 202
    made = [event for event in scene.bench.posted if isinstance(event.data, PatrolSuppressed)][-1]
    assert isinstance(made.data, PatrolSuppressed)
    assert (made.officer, made.second, made.data.role) == ("9001", "9002", "supervisor")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"change": "because", "lasts": "60"}, "change"),
        ({"change": "unsafe", "lasts": "long"}, "lasts"),
        ({"change": "unsafe", "lasts": "²"}, "lasts"),
        ({"change": "unsafe"}, "lasts"),
        ({"crime_type": "drugs", "change": "unsafe", "lasts": "60"}, "crime_type"),
    ],
)
def test_what_is_malformed_is_refused(client: FlaskClient, scene: Scene, body: dict[str, str], field: str) -> None:
    """Reasons and crime types are from the lists, a time is minutes or the shift."""
    box = _visit_as(scene, "supervisor")
    name = "add-patrol" if "crime_type" in body else "suppress"
    if name == "add-patrol":
        listed = {patrol.cell for patrol in scene.plan.patrols}
        free = next(one.cell for one in scene.bench.agency.grid.boxes.values() if one.cell not in listed)
        scene.bench.at(*centre(free), speed=9.0)
        scene.bench.stay(free, 20)
    answer = _tap(client, name, {"box": box, **body})
    assert answer.json is not None
    assert answer.status_code == 400
    assert field in answer.json["error"]["code"] or answer.json["error"]["values"].get("name") == field


def test_my_record_is_for_who_is_in_a_standing_car(client: FlaskClient, scene: Scene) -> None:
    """Both officers', each their own; not while driven, not for nobody, and not with a PIN of too long ago."""
    _visit_as(scene, None)
    scene.bench.tell(SignInSecond(scene.bench.mono, "9002", None))
    answer = client.get("/api/own-record")
    assert answer.json is not None
    assert [(one["officer"], one["visits"]) for one in answer.json] == [("9001", []), ("9002", [])]
    scene.bench.locked = True
    locked = client.get("/api/own-record")
    assert locked.json is not None
    assert (locked.status_code, shown(locked.json["error"])) == (
        409,
        "Locked. Tap OFFICERS, CHANGE OFFICER, and enter your id and PIN again.",
    )
    scene.bench.locked = False
    scene.bench.drive(scene.near(0.0, 0.0), scene.near(500.0, -300.0), 20)
    driven = client.get("/api/own-record")
    assert driven.json is not None
    assert (driven.status_code, driven.json["error"]["code"]) == (409, "not_now.driving")
