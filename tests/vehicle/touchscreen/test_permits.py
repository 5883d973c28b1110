"""The role matrix: every route with every role, as the table has it; and what only a standing car is asked."""

import re
from collections.abc import Iterator
from typing import Final, get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from edge.domain.events import Role
from edge.domain.inputs import SignIn, SignOut
from edge.domain.roles import Who
from edge.domain.taps import TAPS
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.guard import TOKEN_HEADER
from edge.vehicle.touchscreen.permits import PERMITS, permit_name
from edge.vehicle.touchscreen.rate import Rate
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.words import shown

WHO: Final = get_args(Who)
FIELDS: Final = {
    "officer": "4711", "reason": "break", "box": "1-1", "cause": "unsafe", "minutes": "5", "tactic": "foot-patrol",
    "change": "unsafe",
    "crime_type": "theft", "lasts": "60",
    "purpose": "request", "feedback": "quiet",
}  # fmt: skip
"""A value for each field of a tap that is not refused for its form."""


@pytest.fixture
def app(bench: Bench) -> Flask:
    return create_app(bench, trusted_hosts=["localhost"])


def routes(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    """Every route of the application: method, rule, and a name where the rule has one."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for name in TAPS if rule.rule.endswith("taps/<name>") else [""]:
                if not (name and f"/api/taps/{name}" in {one.rule for one in app.url_map.iter_rules()}):
                    yield method, rule, name


def sign_in_as(bench: Bench, who: Who) -> None:
    """Somebody of a role, or nobody."""
    bench.tell(SignOut(bench.mono))
    role: Role | None = None if who in ("nobody", "officer") else who  # type: ignore[assignment]  # a role then
    if who != "nobody":
        bench.tell(SignIn(bench.mono, "4711", role))


def ask(client: FlaskClient, method: str, rule: Rule, name: str) -> TestResponse:
    """A request that is in order but for who asks."""
    token = re.search(r'name="roundsman-token" content="([^"]+)"', client.get("/").get_data(as_text=True))
    assert token is not None
    path = rule.rule.replace("<name>", name or "theme").replace("<box>", "1-1").replace("<path:filename>", "x")
    return client.open(path, method=method, json=FIELDS, headers={TOKEN_HEADER: token[1]}, buffered=False)


def permitted(answer: TestResponse) -> bool:
    """Whether it was not refused for who asked."""
    if answer.status_code not in (403, 409):
        return True
    code = (answer.json or {})["error"]["code"]
    return code not in ("refused.role", "refused.no_permit", "not_now.signed_out")


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    """Whoever adds one says who may ask for it."""
    assert {permit_name(method, rule.rule, name or None) for method, rule, name in routes(app)} == set(PERMITS)


def test_the_role_matrix(app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route × every role: let through exactly where the table says so."""
    scene.patrol()
    client, seen = app.test_client(), 0
    for who in WHO:
        for method, rule, name in routes(app):
            sign_in_as(scene.bench, who)
            scene.bench.mono += 1.0
            row = permit_name(method, rule.rule, name or None)
            monkeypatch.setattr(Rate, "take", lambda _rate: True)
            answer = ask(client, method, rule, name)
            assert permitted(answer) == (who in PERMITS[row]), (who, row, answer.status_code)
            answer.close()
            seen += 1
    assert seen >= 4 * len(PERMITS)


def test_a_route_without_a_row_is_refused(app: Flask) -> None:
    """Whoever asks: what nobody thought of is open to nobody."""
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert answer.json is not None
    assert shown(answer.json["error"]) == "This address is not for the screen."


def test_who_may_not_is_told_who_may(app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the roles' names."""
    monkeypatch.setitem(PERMITS, "GET /api/map", frozenset({"supervisor", "analyst"}))
    scene.patrol()
    answer = app.test_client().get("/api/map")
    assert answer.json is not None
    assert (answer.status_code, shown(answer.json["error"])) == (
        403,
        "Only analyst, supervisor may do this. Sign in as one; the PIN is asked for again after 30 min.",
    )


DRIVEN: Final = {
    ("pause", "call"), ("resume", ""), ("resume-since", ""), ("still-paused", ""), ("tactic", ""), ("undo", ""),
    ("skip", "next"), ("override", ""),
}  # fmt: skip
"""What is for glances: taps, and the value that they then must have."""


@pytest.mark.parametrize("name", TAPS)
def test_what_is_not_for_glances_is_refused_while_the_car_is_driven(app: Flask, scene: Scene, name: str) -> None:
    """By the server, not only hidden by the screen; a passenger's override lets it through, and so does standing."""
    scene.patrol()
    sign_in_as(scene.bench, "supervisor")  # who may all
    scene.bench.drive(scene.near(900.0, -450.0), scene.near(500.0, -300.0), 20)
    client = app.test_client()
    rule = next(rule for method, rule, each in routes(app) if name in (each, rule.rule.rpartition("/")[2]))
    for value in ("call", "break", "next", "unsafe"):
        given = {**FIELDS, **({"reason": value} if value in ("call", "break") else {"cause": value})}
        token = re.search(r'name="roundsman-token" content="([^"]+)"', client.get("/").get_data(as_text=True))
        assert token is not None
        headers = {TOKEN_HEADER: token[1]}
        answer = client.post(rule.rule.replace("<name>", name), json=given, headers=headers)
        code = (answer.json or {}).get("error", {}).get("code")
        for_glances = (name, "") in DRIVEN or (name, given.get("reason")) in DRIVEN or (name, given["cause"]) in DRIVEN
        assert (code == "not_now.driving") == (not for_glances), (name, value, code)
    assert scene.bench.snapshot().driving == ("overridden" if name == "override" else "driving")
    scene.bench.post(TAPS["override"])
    answer = client.post(rule.rule.replace("<name>", name), json=FIELDS, headers=headers)
    assert (answer.json or {}).get("error", {}).get("code") != "not_now.driving"
