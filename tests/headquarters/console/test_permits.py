"""The role matrix: every route for every role, for nobody, for a session that is over, for a machine's key."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from edge.contract.agency import Agency
from edge.headquarters.access.changes import KEYBOARD
from edge.headquarters.access.machines import add_key, revoke_key
from edge.headquarters.accounts.lifetime import IDLE_S
from edge.headquarters.accounts.roles import MACHINES, ROLES, Permission, Role, may
from edge.headquarters.console.access.permits import PERMITS
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import KEY, Context
from edge.headquarters.store import Store
from tests.headquarters.visitors import HOST, logged_in

NOW = 1_800_000_000.0
ADDRESSES: Final = {
    "<path:filename>": "icon.svg",
    "<any(json, csv):form>": "json",
    "<any(csv, geojson):form>": "csv",
    "<path:subject>": "2026-11-22/night",
    "/reports/<name>/": "/reports/shift/",
    "/reports/<name>": "/reports/presence",
    "<date>": "2026-11-22",
    "<name>": "night",
    "<district>": "1",
    "<officer>": "4711",
}
"""What stands for each part of a route."""

REFUSED: Final = (401, 403)


@pytest.fixture(scope="module")
def app(square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The pages of an empty database."""
    database = tmp_path_factory.mktemp("permits") / "hq.sqlite"
    Store(database).close()
    return create_app(Context(square_agency, database, now=lambda: NOW), [HOST])


@pytest.fixture(scope="module")
def browsers(app: Flask) -> dict[Role, FlaskClient]:
    """One of each role."""
    return {role: logged_in(app, role) for role in ROLES}


def routes(app: Flask) -> set[str]:
    """Every route by method, as the table names them."""
    methods = ((rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ())
    return {f"{method} {rule.rule}" for rule, method in methods if method not in ("HEAD", "OPTIONS")}


def ask(client: FlaskClient, row: str, **given: object) -> int:
    """Ask for a row's route; the status. A form goes without its token, so that it changes nothing."""
    method, _, address = row.partition(" ")
    for part, value in ADDRESSES.items():
        address = address.replace(part, value)
    assert "<" not in address, f"{row}: say in ADDRESSES what stands for its parts"
    return client.open(address, method=method, buffered=True, **given).status_code  # type: ignore[arg-type]  # as Werkzeug


def in_a_session(app: Flask) -> tuple[FlaskClient, str]:
    """An analyst's browser, and the key of its session."""
    with Store(app.extensions[KEY].database) as store:
        others = {one.key for one in store.sessions("analyst")}
        client = logged_in(app, "analyst")
        (key,) = {one.key for one in store.sessions("analyst")} - others
    return client, key


def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    """A page that is added without one is open to nobody."""
    assert routes(app) == set(PERMITS)


@pytest.mark.parametrize("row", sorted(PERMITS))
def test_each_role_sees_what_the_table_gives_it(row: str, browsers: dict[Role, FlaskClient]) -> None:
    """And nothing else: 403 for whoever may not, whether or not there is such a thing."""
    permit = PERMITS[row]
    for role, client in browsers.items():
        status = ask(client, row)
        if row.startswith("POST"):
            assert status == 403, role  # nobody's form: the next test has a good one
        elif permit == "open" or may(role, permit):
            assert status not in (*REFUSED, 500), role
        else:
            assert status == 403, role


@pytest.mark.parametrize("row", sorted(row for row in PERMITS if row.startswith("POST")))
def test_a_form_is_for_whoever_may(row: str, app: Flask, browsers: dict[Role, FlaskClient]) -> None:
    """With its token, too: 403 for every role without the permission."""
    permit = PERMITS[row]
    for role, client in browsers.items():
        if permit != "open" and not may(role, permit):
            page = client.get("/account").text
            token = page.split('name="csrf_token" value="')[1].split('"')[0]
            assert ask(client, row, data={"csrf_token": token}) == 403, role


@pytest.mark.parametrize("row", sorted(PERMITS))
def test_nobody_sees_what_is_not_open(row: str, app: Flask) -> None:
    """Without a session, in one that is over, in one that was ended, with a cookie that somebody made up."""
    (ended, ended_key), (late, late_key), forged = in_a_session(app), in_a_session(app), app.test_client()
    with Store(app.extensions[KEY].database) as store:
        store.end_session(ended_key)  # and none of the other tests', in whatever order they run
        store.see_session(late_key, NOW - IDLE_S)
    forged.set_cookie("roundsman", "eyJfdXNlcl9pZCI6ImEifQ.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa")
    for client in (app.test_client(), ended, late, forged):
        status = ask(client, row)
        if row.startswith("POST"):
            assert status == 403
        elif PERMITS[row] == "open":
            assert status not in (*REFUSED, 303, 500)
        else:
            assert status in (303, 401)


def test_a_session_that_is_over_leads_to_the_login_and_back(app: Flask) -> None:
    """The login says what happened, and where one goes on."""
    client = logged_in(app, "analyst")
    context = app.extensions[KEY]
    app.extensions[KEY] = replace(context, now=lambda: NOW + IDLE_S)
    try:
        answer = client.get("/reports/presence?since=2026-11-20")
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/login?next=/reports/presence?since%3D2026-11-20"
        assert "Your session has ended. Log in again." in client.get(answer.headers["Location"]).text
    finally:
        app.extensions[KEY] = context


def test_a_file_is_refused_and_leads_nowhere(app: Flask) -> None:
    """A program that reads a page for its data must not take the login for them."""
    answer = app.test_client().get("/reports/presence.json")
    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.text
    fetched = app.test_client().get("/", headers={"Sec-Fetch-Dest": "empty"})
    assert fetched.status_code == 401


@pytest.fixture(scope="module")
def keys(app: Flask) -> dict[str, frozenset[Permission]]:
    """What each key opens: one with all scopes, one with another, one that is over, one revoked, one that is none."""
    with Store(app.extensions[KEY].database) as store:
        every = add_key(store, "every", sorted(MACHINES), NOW + 60, KEYBOARD, NOW)
        other = add_key(store, "other", ["gunfire.report"], NOW + 60, KEYBOARD, NOW)
        over = add_key(store, "over", sorted(MACHINES), NOW, KEYBOARD, NOW - 60)
        revoked = add_key(store, "revoked", sorted(MACHINES), NOW + 60, KEYBOARD, NOW)
        revoke_key(store, "revoked", KEYBOARD, NOW)
    closed = frozenset[Permission]()
    return {every: MACHINES, other: frozenset({"gunfire.report"}), over: closed, revoked: closed, "none": closed}


@pytest.mark.parametrize("row", sorted(row for row, permit in PERMITS.items() if permit != "open"))
def test_a_machines_key_opens_its_scopes_alone(row: str, app: Flask, keys: dict[str, frozenset[Permission]]) -> None:
    """Neither an account's pages nor anything else; one that is over, was revoked or is none opens nothing."""
    for key, scopes in keys.items():
        status = ask(app.test_client(), row, headers={"Authorization": f"Bearer {key}"})
        assert (status not in (*REFUSED, 303)) == (PERMITS[row] in scopes), key


def test_a_route_without_a_row_is_open_to_nobody(square_agency: Agency, tmp_path: Path) -> None:
    """Not even to an administrator."""
    Store(tmp_path / "hq.sqlite").close()
    app = create_app(Context(square_agency, tmp_path / "hq.sqlite"), [HOST])
    app.add_url_rule("/forgotten", view_func=lambda: "secret")
    for role in ROLES:
        answer = logged_in(app, role).get("/forgotten")
        assert (answer.status_code, "secret" in answer.text) == (403, False)
