"""Signing in by the API: who is let in is the roster's; the rules are told the id and the role."""

import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from edge.text.coded import CodedError
from edge.vehicle.admitted import Admitted
from edge.vehicle.touchscreen.guard import TOKEN_HEADER
from edge.vehicle.touchscreen.parts import keep, parts_of
from edge.vehicle.touchscreen.rate import Rate
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.words import shown


def _sign_in(client: FlaskClient, body: object, token: bool = True) -> TestResponse:
    found = re.search(r'name="roundsman-token" content="([^"]+)"', client.get("/").get_data(as_text=True))
    assert found is not None
    return client.post("/api/taps/sign-in", json=body, headers={TOKEN_HEADER: found[1]} if token else {})


def _refuse(bench: Bench, code: str, **values: object) -> None:
    def admits(officer: str, pin: str | None) -> Admitted:
        raise CodedError(f"not_admitted.{code}", **values)

    bench.admits = admits


def test_the_role_of_the_roster_comes_with_the_officer(client: FlaskClient, scene: Scene) -> None:
    """It is recorded, and shown; what the request says of a role is nothing."""
    scene.signed_out()
    scene.bench.admits = lambda officer, pin: Admitted(officer.upper(), "supervisor" if pin == "739105" else None)
    assert _sign_in(client, {"officer": "k9-2", "pin": "739105", "role": "analyst"}).status_code == 202
    assert (scene.bench.snapshot().officer, scene.bench.snapshot().role) == ("K9-2", "supervisor")
    assert scene.bench.posted[-1].data.type == "signed_in"
    assert '"role": "supervisor"' in json.dumps(client.get("/api/state").json)


@pytest.mark.parametrize(
    ("code", "values", "status", "sentence"),
    [
        ("wrong", {}, 401, "Id or PIN is wrong."),
        ("pin_needed", {}, 401, "Enter your PIN."),
        ("locked", {"officer": "4711", "left_s": 598.4}, 423, "Too many wrong PINs for 4711. Try again in 9:58."),
        ("no_roster", {}, 409, "Nobody can sign in yet: this car has no roster. Ask headquarters to publish one."),
        ("busy", {}, 429, "Another PIN is being checked. Tap again."),
        ("not_verified", {"detail": "no memory"}, 503, "The PIN could not be checked (no memory). Tap again."),
    ],
)
def test_a_refusal_is_one_sentence_and_nothing_is_posted(
    client: FlaskClient, scene: Scene, code: str, values: dict[str, object], status: int, sentence: str
) -> None:
    scene.signed_out()
    before = len(scene.bench.posted)
    _refuse(scene.bench, code, **values)
    answer = _sign_in(client, {"officer": "4711", "pin": "739105"})
    assert answer.json is not None
    assert (answer.status_code, shown(answer.json["error"])) == (status, sentence)
    assert (scene.bench.snapshot().officer, len(scene.bench.posted)) == (None, before)


@pytest.mark.parametrize("pin", ["", "12345678901234", "73910x", "７３９１０５", 739105, [], {}])
def test_a_pin_is_digits(client: FlaskClient, bench: Bench, pin: object) -> None:
    """Any other is refused before it costs anything."""
    answer = _sign_in(client, {"officer": "4711", "pin": pin})
    assert (answer.status_code, bench.snapshot().officer) == (400, None)


def test_no_other_page_tries_pins(client: FlaskClient, bench: Bench) -> None:
    """A try needs the page's token, as every tap; and a script is held to a finger's pace."""
    tried: list[str] = []

    def admits(officer: str, pin: str | None) -> Admitted:
        tried.append(officer)
        raise CodedError("not_admitted.wrong")

    bench.admits = admits
    keep(client.application, replace(parts_of(client.application), rate=Rate(lambda: 0.0)))
    assert _sign_in(client, {"officer": "4711", "pin": "739105"}, token=False).status_code == 403
    assert tried == []
    said = [_sign_in(client, {"officer": "4711", "pin": "739105"}).status_code for _ in range(40)]
    assert said.count(401) == len(tried) < 40
    assert said[-1] == 429
