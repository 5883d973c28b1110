"""Taps: what each posts, and what is refused, with one sentence."""

import re
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from edge.domain.events import Feedback, PauseReason, SkipReason, TaskReason
from edge.domain.taps import TAPS
from edge.text.words import CATALOGUE
from edge.vehicle.touchscreen.api.taps import FIELDS
from edge.vehicle.touchscreen.guard import TOKEN_HEADER
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.words import shown


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="roundsman-token" content="([^"]+)"', client.get("/").get_data(as_text=True))
    assert found is not None
    return found.group(1)


def _tap(client: FlaskClient, name: str, body: Any = None, **headers: str) -> TestResponse:
    given = {TOKEN_HEADER: _token(client), **{key.replace("_", "-"): value for key, value in headers.items()}}
    return client.post(f"/api/taps/{name}", json={} if body is None else body, headers=given)


def _refused(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status
    assert answer.json is not None
    sentence = shown(answer.json["error"])
    assert sentence.endswith(".")
    return sentence


def _recorded(bench: Bench) -> list[str]:
    return [event.data.type for event in bench.posted]


def test_sign_in_and_out(client: FlaskClient, scene: Scene) -> None:
    """The officer is a roster id of digits, letters or hyphens."""
    scene.signed_out()
    assert _tap(client, "sign-in", {"officer": "K9-0815"}).status_code == 202
    assert scene.bench.snapshot().officer == "K9-0815"
    assert _tap(client, "sign-out").status_code == 202
    assert scene.bench.snapshot().officer is None
    assert _recorded(scene.bench)[-2:] == ["signed_in", "signed_out"]


@pytest.mark.parametrize("officer", ["", "1234567890123", "47 11", "47/11", "Ümit", "47\n", None, 4711])
def test_a_malformed_badge_is_refused(client: FlaskClient, bench: Bench, officer: object) -> None:
    """Nobody is signed in by it."""
    _refused(_tap(client, "sign-in", {"officer": officer}), 400)
    assert bench.snapshot().officer is None


def test_pause_and_resume(client: FlaskClient, scene: Scene) -> None:
    """Each reason pauses; twice is refused, and so is going back from no pause."""
    scene.patrol()
    for reason in get_args(PauseReason):
        assert _tap(client, "pause", {"reason": reason}).status_code == 202
        assert scene.bench.snapshot().paused == reason
        assert "already" in _refused(_tap(client, "pause", {"reason": reason}), 409)
        assert _tap(client, "resume").status_code == 202
    assert "not paused" in _refused(_tap(client, "resume"), 409)
    assert "call, backing up, break, station" in _refused(_tap(client, "pause", {"reason": "lunch"}), 400)


def test_nobody_pauses_or_signs_out_an_empty_car(client: FlaskClient, scene: Scene) -> None:
    """Both need an officer."""
    scene.signed_out()
    assert "signed in" in _refused(_tap(client, "pause", {"reason": "call"}), 409)
    assert "signed in" in _refused(_tap(client, "sign-out"), 409)


def test_a_tactic_and_its_undo(client: FlaskClient, scene: Scene) -> None:
    """One tap records it; within five seconds another takes it back."""
    scene.arrive()
    tactic = scene.bench.agency.tactics[1].id
    assert _tap(client, "tactic", {"tactic": tactic}).status_code == 202
    assert [one.id for one in scene.bench.snapshot().tactics if one.active] == [tactic]
    assert _tap(client, "undo").status_code == 202
    assert not any(one.active for one in scene.bench.snapshot().tactics)
    assert _recorded(scene.bench)[-2:] == ["tactic_used", "tactic_undone"]


def test_undo_is_too_late_after_five_seconds(client: FlaskClient, scene: Scene) -> None:
    """The tactic stays recorded."""
    scene.visit()
    scene.bench.stay(scene.cell, 6)
    assert "Too late" in _refused(_tap(client, "undo"), 409)
    assert any(one.active for one in scene.bench.snapshot().tactics)


def test_a_tactic_belongs_to_a_visit(client: FlaskClient, scene: Scene) -> None:
    """Outside a visit, or in a paused one, there is none."""
    scene.patrol()
    tactic = {"tactic": scene.bench.agency.tactics[0].id}
    assert "No visit is open" in _refused(_tap(client, "tactic", tactic), 409)
    assert "Too late" in _refused(_tap(client, "undo"), 409)


def test_an_unknown_tactic_is_refused(client: FlaskClient, scene: Scene) -> None:
    """Only the agency's approved list is ever recorded."""
    scene.arrive()
    assert "not one of this agency's tactics" in _refused(_tap(client, "tactic", {"tactic": "arrest-all"}), 400)


@pytest.mark.parametrize("body", [[], "text", 7, {"reason": 7}, {}])
def test_a_malformed_body_is_refused(client: FlaskClient, scene: Scene, body: object) -> None:
    """A pause without its reason is none."""
    scene.patrol()
    assert "'reason'" in _refused(_tap(client, "pause", body), 400)


def test_a_tap_that_is_no_json_is_refused(client: FlaskClient, scene: Scene) -> None:
    """A form from another page, for one."""
    scene.patrol()
    headers = {TOKEN_HEADER: _token(client)}
    _refused(client.post("/api/taps/pause", data="reason=call", headers=headers), 400)
    assert scene.bench.snapshot().paused is None


def test_a_large_body_is_refused(client: FlaskClient, scene: Scene) -> None:
    """No tap is larger than 4 kB."""
    scene.signed_out()
    answer = _tap(client, "sign-in", {"officer": "4" * 5000})
    assert answer.status_code == 413
    assert scene.bench.snapshot().officer is None


@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
def test_a_tap_without_the_token_is_refused(client: FlaskClient, scene: Scene, token: str | None) -> None:
    """Whatever its form, and nothing is posted."""
    scene.patrol()
    headers = {} if token is None else {TOKEN_HEADER: token}
    answer = client.post("/api/taps/pause", json={"reason": "call"}, headers=headers)
    assert "Reload" in _refused(answer, 403)
    assert scene.bench.snapshot().paused is None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", "http://localhost:81"])
def test_a_tap_from_another_page_is_refused(client: FlaskClient, scene: Scene, origin: str) -> None:
    """Even with the token."""
    scene.patrol()
    answer = _tap(client, "pause", {"reason": "call"}, Origin=origin)
    assert "another page" in _refused(answer, 403)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"  # it may know that it was refused
    assert scene.bench.snapshot().paused is None


def test_a_tap_from_the_screen_itself_is_taken(client: FlaskClient, scene: Scene) -> None:
    """Its Origin is the screen's own address."""
    scene.patrol()
    assert _tap(client, "pause", {"reason": "call"}, Origin="http://localhost").status_code == 202


def test_a_tap_to_a_foreign_host_is_refused(client: FlaskClient, scene: Scene) -> None:
    """The host is looked at before the token."""
    scene.patrol()
    assert _tap(client, "pause", {"reason": "call"}, Host="evil.example").status_code == 400
    assert scene.bench.snapshot().paused is None


def test_an_unknown_tap_is_not_found(client: FlaskClient, scene: Scene) -> None:
    """In a sentence, as any refusal."""
    scene.patrol()
    assert "does not know that button" in _refused(_tap(client, "arrest"), 404)


def test_what_the_snapshot_does_not_offer_is_refused_with_its_reason(client: FlaskClient, scene: Scene) -> None:
    """Of every tap, in every state that bars one; what it offers is taken."""
    for scene_of in (Scene.signed_out, Scene.patrol, Scene.arrive, Scene.paused):
        scene_of(scene)
        for name, why in scene.bench.snapshot().not_now.items():
            body = {"officer": "4711", "reason": "call", "tactic": scene.bench.agency.tactics[0].id}
            body |= {"minutes": "5", "cause": "crowd", "box": scene.plan.patrols[0].box}
            body |= {"purpose": "request", "feedback": "quiet"}
            said = _refused(_tap(client, name, body), 403 if why == "role" else 409)
            assert said == CATALOGUE["not_now"][why] or (why == "role" and said.startswith("Only analyst, supervisor"))


def test_self_tasking_and_feedback_are_posted_with_a_word_of_their_list(client: FlaskClient, scene: Scene) -> None:
    """Any other word is refused with the list; the box of a protected place in a sentence."""
    scene.patrol()
    box = scene.plan.patrols[0].box
    assert "wrong hour, quiet, blocked" in _refused(_tap(client, "feedback", {"box": box, "feedback": "bad"}), 400)
    assert _tap(client, "feedback", {"box": box, "feedback": "blocked"}).status_code == 202
    assert "resident's request" in _refused(_tap(client, "self-task", {"purpose": "crowd"}), 400)
    scene.bench.drive(scene.near(480.0, -330.0), scene.near(260.0, -10.0), 20)
    scene.park()
    assert _tap(client, "self-task", {"purpose": "event"}).status_code == 202
    assert _recorded(scene.bench)[-2:] == ["visit_opened", "self_tasked"]
    scene.bench.drive(scene.near(260.0, -10.0), scene.near(260.0, -260.0), 20)
    scene.park()
    assert "protected place" in _refused(_tap(client, "self-task", {"purpose": "event"}), 409)


def test_every_reason_of_a_list_is_a_button_and_has_its_words(client: FlaskClient) -> None:
    """Pauses, skips (passing over is a button of its own), self-tasking, feedback; each pause has its question."""
    page = client.get("/").text
    assert re.findall('data-cause="([^"]+)"', page) == [one for one in get_args(SkipReason) if one != "next"]
    assert re.findall('data-purpose="([^"]+)"', page) == [*get_args(TaskReason)]
    assert re.findall('data-feedback="([^"]+)"', page) == [*get_args(Feedback)]
    asked = {one.partition(":")[2] for one in CATALOGUE["sheet_button"] if one.startswith("pause:")}
    assert asked | {"call"} == set(get_args(PauseReason))
    for group in ("pause", "pause_state", "pause_question"):
        assert set(CATALOGUE[group]) == set(get_args(PauseReason))


def test_every_field_of_a_tap_is_checked_and_every_button_of_the_sheet_is_a_tap() -> None:
    """A button gives all that its tap needs."""
    assert {field for tap in TAPS.values() for field in tap.form()} <= FIELDS.keys()
    for key in CATALOGUE["sheet_button"]:
        name, _, value = key.partition(":")
        assert len(TAPS[name].form()) == bool(value)


def test_taps_are_posts_alone(client: FlaskClient, scene: Scene) -> None:
    """A link or an image cannot tap."""
    scene.patrol()
    assert client.get("/api/taps/resume").status_code == 405
