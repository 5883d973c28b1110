"""Logging in and out by the pages: real passwords, cookies, forms; what a password leaves behind."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from edge.contract.agency import Agency
from edge.headquarters.access.changes import KEYBOARD, add_account
from edge.headquarters.accounts.lock_out import TRIES
from edge.headquarters.console.access.guard import COOKIE
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import KEY, Context
from edge.headquarters.store import Store
from tests.headquarters.visitors import HOST, logged_in

NOW = 1_800_000_000.0
PASSWORD = "marble otter 19 lanterns"
OTHER = "copper kettle 40 bridges"
TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One analyst, and a commander with a one-time code in ``code``."""
    with Store(tmp_path / "hq.sqlite") as store:
        add_account(store, "meyer", "analyst", PASSWORD, KEYBOARD, NOW)
        _, code = add_account(store, "lopez", "command", None, KEYBOARD, NOW)
    (tmp_path / "code").write_text(code or "")
    return tmp_path / "hq.sqlite"


@pytest.fixture
def app(square_agency: Agency, database: Path) -> Flask:
    """The pages."""
    return create_app(Context(square_agency, database, now=lambda: NOW), [HOST])


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A browser."""
    with app.test_client() as client:
        yield client


def send(client: FlaskClient, path: str, form: str | None = None, **values: str) -> TestResponse:
    """Open a form's page, and send it filled in."""
    found = TOKEN.search(client.get(form or path).text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **values})


def test_a_login_opens_the_pages_and_a_logout_closes_them(client: FlaskClient) -> None:
    """Who is logged in stands on every page; a copy of the cookie is worth nothing afterwards."""
    answer = send(client, "/login", name="Meyer", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "meyer · analyst" in client.get("/").text
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert send(client, "/logout", "/").status_code == 303
    assert client.get("/").status_code == 303
    client.set_cookie(COOKIE, cookie.value)
    assert client.get("/").status_code == 303


def test_a_wrong_password_says_so_and_no_more(client: FlaskClient) -> None:
    """The name stays in its field, the password does not."""
    answer = send(client, "/login", name="meyer", password="wrong one here")
    assert answer.status_code == 401
    assert "Name or password is not correct." in answer.text
    assert 'value="meyer"' in answer.text
    assert "wrong one here" not in answer.text


def test_a_locked_account_is_told_how_long(client: FlaskClient) -> None:
    """429, even for the right password."""
    for _ in range(TRIES["account"]):
        send(client, "/login", name="meyer", password="wrong")
    answer = send(client, "/login", name="meyer", password=PASSWORD)
    assert answer.status_code == 429
    assert "Too many failed logins. Try again in 15 min, or ask an administrator." in answer.text


def test_a_login_has_another_cookie_than_before(client: FlaskClient) -> None:
    """One that somebody put there beforehand opens nothing, nor does its form token go on."""
    client.get("/login")
    before = client.get_cookie(COOKIE)
    old = TOKEN.search(client.get("/login").text)
    send(client, "/login", name="meyer", password=PASSWORD)
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert old is not None
    assert before.value != after.value
    assert client.post("/logout", data={"csrf_token": old[1]}).status_code == 403


@pytest.mark.parametrize("tls", [False, True])
def test_the_cookie_is_for_this_site_over_this_transport_alone(tls: bool, client: FlaskClient) -> None:
    """No script reads it, no other page sends it along with a form; over TLS never without."""
    base = f"{'https' if tls else 'http'}://{HOST}"
    answer = client.get("/login", base_url=base)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert ("Secure" in cookie) == tls
    assert ("Strict-Transport-Security" in answer.headers) == tls


@pytest.mark.parametrize("token", [None, "", "made-up", "another"])
def test_a_form_without_its_token_is_refused(token: str | None, app: Flask) -> None:
    """Another page's, or another session's: nothing happens."""
    client, other = logged_in(app, "analyst"), logged_in(app, "analyst")
    found = TOKEN.search(other.get("/").text)
    assert found is not None
    value = found[1] if token == "another" else token
    answer = client.post("/logout", data={} if value is None else {"csrf_token": value})
    assert answer.status_code == 403
    assert "This form is out of date." in answer.text
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        ("/reports/presence?since=2026-11-20", "/reports/presence?since=2026-11-20"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("http:///evil.example", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_to_a_page_of_ours_alone(given: str, leads: str, client: FlaskClient) -> None:
    """Wherever a link to it says."""
    found = TOKEN.search(client.get("/login").text)
    assert found is not None
    filled = {"csrf_token": found[1], "name": "meyer", "password": PASSWORD}
    answer = client.post("/login", query_string={"next": given}, data=filled)
    assert (answer.status_code, answer.headers["Location"]) == (303, leads)


def test_a_one_time_code_leads_to_a_password_and_nowhere_else(client: FlaskClient, database: Path) -> None:
    """Until one is chosen; what is not accepted is told, and the old one is asked for."""
    code = database.with_name("code").read_text()
    assert send(client, "/login", name="lopez", password=code).status_code == 303
    for page in ("/", "/reports/presence", "/account"):
        assert client.get(page).headers["Location"] == "/account/password"
    path = "/account/password"
    for old, new, again, said in (
        ("wrong", OTHER, OTHER, "The present password is not correct"),
        (code, OTHER, OTHER + "x", "The two new passwords differ"),
        (code, "short", "short", "a password has 12 to 128 characters"),
        (code, code, code, "The new password is the present one"),
    ):
        answer = send(client, path, old=old, new=new, again=again)
        assert (answer.status_code, said in answer.text) == (400, True), said
    assert send(client, path, old=code, new=OTHER, again=OTHER).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_other_sessions_are_ended_from_ones_own_account(app: Flask) -> None:
    """And this one goes on."""
    client, other = logged_in(app, "analyst"), logged_in(app, "analyst")
    assert "127.0.0.1 (this one)" in client.get("/account").text
    assert send(client, "/account/sessions", "/account").status_code == 303
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 303


def test_a_password_is_never_in_an_address_nor_on_a_page_nor_in_a_log(
    client: FlaskClient, database: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in a file of the database: what is given in an address opens nothing."""
    caplog.set_level(logging.DEBUG)
    assert client.get("/login", query_string={"name": "meyer", "password": PASSWORD}).status_code == 200
    assert client.get("/").status_code == 303
    answer = send(client, "/login", name="meyer", password=PASSWORD)
    pages = [answer.text, client.get("/").text, client.get("/account").text, client.get("/account/password").text]
    wrong = send(client, "/account/password", old=PASSWORD, new=OTHER, again="else")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    said = "".join([*pages, wrong.text, caplog.text, *capfd.readouterr(), str(answer.headers), cookie.value])
    held = b"".join(file.read_bytes() for file in database.parent.glob("hq.sqlite*"))
    for secret in (PASSWORD, OTHER):
        assert secret not in said
        assert secret.encode() not in held
    with client.session_transaction() as session:
        assert session["_user_id"].encode() not in held


def test_the_pages_form_posts(client: FlaskClient) -> None:
    """A browser puts a form into the address unless it says otherwise."""
    for page in ("/login",):
        (form,) = re.findall(r"<form[^>]*>", client.get(page).text)
        assert 'method="post"' in form


@pytest.mark.parametrize("proxies", [0, 1])
def test_only_a_proxy_of_ours_is_believed_who_asks(proxies: int, square_agency: Agency, database: Path) -> None:
    """Whoever writes the header himself locks out nobody but himself, and escapes no lock.

    A proxy appends the address that it sees: the last one counts, whatever stands before it.
    """
    app = create_app(Context(square_agency, database, now=lambda: NOW), [HOST], proxies)
    client = app.test_client()

    def attempt(number: int, seen: str) -> int:
        found = TOKEN.search(client.get("/login").text)
        assert found is not None
        data = {"csrf_token": found[1], "name": f"somebody{number}", "password": "x"}
        headers = {"X-Forwarded-For": f"203.0.113.{number}, {seen}" if proxies else f"203.0.113.{number}"}
        return client.post("/login", data=data, headers=headers).status_code

    assert {attempt(number, "192.0.2.1") for number in range(TRIES["address"])} == {401}
    assert attempt(99, "192.0.2.1") == 429
    assert attempt(99, "192.0.2.2") == (401 if proxies else 429)


def test_a_proxy_says_whether_there_was_tls(square_agency: Agency, database: Path) -> None:
    """One of ours, alone."""
    for proxies in (0, 1):
        app = create_app(Context(square_agency, database), [HOST], proxies)
        answer = app.test_client().get("/login", headers={"X-Forwarded-Proto": "https"})
        assert ("Secure" in answer.headers["Set-Cookie"]) == bool(proxies)


def test_an_app_opened_later_goes_on_with_its_sessions(app: Flask) -> None:
    """Another process, or the same after a restart: nobody is logged out."""
    client = logged_in(app, "analyst")
    cookie = client.get_cookie(COOKIE)
    again = create_app(replace(app.extensions[KEY]), [HOST]).test_client()
    assert cookie is not None
    again.set_cookie(COOKIE, cookie.value)
    assert again.get("/").status_code == 200
