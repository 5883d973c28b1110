"""What the screen reads, and what every answer says to a browser."""

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

from edge.domain.grid import parse_box_id
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.view.snapshot import Mode
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import SCENES, Scene
from tests.vehicle.touchscreen.town import Town
from tests.words import shown


def test_state_is_the_snapshot(client: FlaskClient, scene: Scene) -> None:
    """`GET /api/state` is the snapshot as JSON, made for now."""
    scene.visit()
    answer = client.get("/api/state")
    assert answer.status_code == 200
    assert answer.json == json.loads(json.dumps(asdict(scene.bench.snapshot())))
    assert answer.json["mode"] == "visit"


def test_every_mode_has_a_scene(town: Town) -> None:
    """The scenes that the browser's tests show leave out no mode."""
    seen = set()
    for play in SCENES.values():
        bench = Bench(town.agency)
        play(Scene(bench, town.plan))
        seen.add(bench.snapshot().mode)
    assert seen == set(get_args(Mode))


def test_the_map_is_in_metres_of_the_plane(client: FlaskClient, scene: Scene, town: Town) -> None:
    """Every line is whole metres from an origin that is a box's corner, and lies where the grid projects it."""
    answer = client.get("/api/map").json
    assert answer is not None
    east, north = answer["origin"]
    assert east % 250 == north % 250 == 0
    layers = {layer["kind"]: layer for layer in answer["layers"]}
    assert {"street", "water", "beat", "district", "boundary"} <= layers.keys()
    assert all(isinstance(one, int) and len(line) % 2 == 0 for line in layers["street"]["lines"] for one in line)
    document = json.loads(town.agency.map_path.read_text())
    lon, lat = next(layer for layer in document["layers"] if layer["kind"] == "street")["lines"][0][0]
    place = town.agency.grid.project(lat, lon)
    assert place is not None
    assert layers["street"]["lines"][0][:2] == [round(place[0]) - east, round(place[1]) - north]
    cell = parse_box_id(scene.plan.patrols[0].box)
    assert abs(cell[0] * 250 - east) < 20_000


def test_beats_are_labelled(client: FlaskClient, town: Town) -> None:
    """Each beat's id stands at a point of the plane."""
    answer = client.get("/api/map").json
    assert answer is not None
    labels = next(layer["labels"] for layer in answer["layers"] if layer["kind"] == "beat")
    assert {text for _, _, text in labels} == {box.beat for box in town.agency.grid.boxes.values() if box.beat}


def test_a_broken_map_is_said_in_a_sentence(bench: Bench, tmp_path: Path) -> None:
    """The screen goes on without its map; the answer names the file."""
    (tmp_path / "map.json").write_text('{"layers": 7}')
    broken = Bench(replace(bench.agency, map_path=tmp_path / "map.json"))
    answer = create_app(broken, trusted_hosts=["localhost"]).test_client().get("/api/map")
    assert answer.status_code == 500
    assert answer.json is not None
    assert str(tmp_path / "map.json") in shown(answer.json["error"])


def test_health(client: FlaskClient, scene: Scene) -> None:
    """`GET /healthz` says which vehicle answers, in which mode, and with which bundle."""
    scene.patrol()
    assert client.get("/healthz").json == {
        "ok": True, "unit": "car-12", "mode": "patrol", "recorded": scene.bench.snapshot().recorded, "streams": 0,
        "bundle": scene.bench.agency.hash,
    }  # fmt: skip


def test_an_unknown_path_is_one_sentence(client: FlaskClient) -> None:
    """Errors are JSON with one sentence, never a page."""
    answer = client.get("/api/nothing")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json.keys() == {"error"}


@pytest.mark.parametrize("path", ["/", "/api/state", "/api/map", "/healthz"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.0.2.7"])
def test_a_foreign_host_is_refused(client: FlaskClient, path: str, host: str) -> None:
    """A name that is not the screen's own (DNS rebinding) gets nothing."""
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert b"roundsman-token" not in answer.data


@pytest.mark.parametrize("path", ["/", "/api/state", "/static/screen/main.js", "/api/nothing"])
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    """Content is the screen's own, framed by nobody; nothing inline may run."""
    with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_the_page_has_nothing_inline(client: FlaskClient) -> None:
    """No script, style or handler stands in the page itself, and nothing comes from elsewhere."""
    page = client.get("/").get_data(as_text=True)
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick" not in page
    assert page.count("<script") == 1
    assert "http://" not in page
    assert "https://" not in page


def test_each_process_has_its_own_token(bench: Bench) -> None:
    """Two applications never share one."""
    pages = [create_app(bench, trusted_hosts=["localhost"]).test_client().get("/").data for _ in range(2)]
    assert pages[0] != pages[1]


def test_why_a_box(client: FlaskClient, scene: Scene) -> None:
    """The forecast's parts, the plan's crime types first; the plan's own reason stays."""
    scene.explained()
    box = scene.plan.patrols[1]
    answer = client.get(f"/api/why/{box.box}").json
    assert answer is not None
    assert answer["why"] == {"code": "why.plan", "values": {"reason": box.why}, "severity": "info"}
    assert answer["source"] == "approved"
    assert (answer["known_to"], answer["age_days"]) == ("2026-11-22", 1)
    assert answer["plan_data"] is None
    assert [one["crime_type"] for one in answer["types"]][: len(box.crime_types)] == list(box.crime_types)
    assert answer["types"][0]["parts"][0] == {"name": "own", "factor": 3.912}
    state = client.get("/api/state").json
    assert state is not None
    assert state["plan"] == "approved"
    assert state["forecast"] == {"shift": scene.plan.shift, "context": 3, "known_to": "2026-11-22"}
    assert all(one["explained"] and one["risk"] > 0 for one in state["boxes"])


def test_why_a_box_says_how_old_the_plans_data_are(client: FlaskClient, scene: Scene) -> None:
    """The approved plan's own, beside the forecast's: in days before the shift's date."""
    scene.plan = replace(scene.plan, data_to=date(2026, 11, 20))
    scene.explained()
    answer = client.get(f"/api/why/{scene.plan.patrols[1].box}").json
    assert answer is not None
    assert answer["plan_data"] == {"to": "2026-11-20", "age_days": 3}


def test_a_plan_without_a_reason_shows_the_models(client: FlaskClient, scene: Scene) -> None:
    """A vehicle's own plan has it anyway; an analyst who wrote none gets it, too."""
    patrols = tuple(replace(one, why="", crime_types=("robbery",)) for one in scene.plan.patrols)
    scene.plan = replace(scene.plan, patrols=patrols)
    scene.explained()
    state = client.get("/api/state").json
    assert state is not None
    assert {one["why"]["code"] for one in state["boxes"]} == {"why.more"}
    assert {one["why"]["values"]["crime_type"] for one in state["boxes"]} == {"robbery"}


@pytest.mark.parametrize("box", ["1-1", "no-box", "x", "1784-18561"])
def test_a_box_that_is_none_of_the_agencys(client: FlaskClient, scene: Scene, box: str) -> None:
    """404, in a sentence."""
    for play in (scene.patrol, scene.explained):
        play()
        answer = client.get(f"/api/why/{box}")
        assert answer.status_code == 404
        assert answer.json == {"error": {"code": "not_now.outside", "values": {}, "severity": "warning"}}


def test_a_box_that_no_forecast_explains(client: FlaskClient, scene: Scene) -> None:
    """Where it is, and whether the plan has it; an officer may change neither."""
    scene.patrol()
    listed = {patrol.cell for patrol in scene.plan.patrols}
    free = next(one for one in scene.bench.agency.grid.boxes.values() if one.cell not in listed and not one.opt_out)
    here: dict[str, Any] = {
        "known_to": None,
        "age_days": None,
        "plan_data": None,
        "types": [],
        "add": "role",
        "suppress": "role",
    }
    first, other = client.get(f"/api/why/{scene.plan.patrols[0].box}").json, client.get(f"/api/why/{free.id}").json
    assert first is not None
    assert other is not None
    assert {**first, **here, "source": "approved", "number": scene.number} == first
    assert {**other, **here, "source": None, "why": None, "suppressed": None, "number": free.number} == other
