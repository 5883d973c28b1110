"""The pages over real servers: TLS of our own, a proxy before waitress and before gunicorn; who is believed."""

import http.client
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from edge.agency.build import build_agency
from edge.contract.agency import Agency
from edge.demo.broker import free_port
from edge.errors import UserError
from edge.headquarters.access.changes import KEYBOARD, add_account
from edge.headquarters.accounts.lock_out import TRIES
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.store import Store
from edge.headquarters.web_tls import server_context
from edge.service.tls_server import TlsServer
from edge.service.web_server import WebServer
from edge.text.config import load
from tests.agency.square import write_square
from tests.certificates import Authority
from tests.service.serving import serving
from tests.waiting import PATIENCE_S

HOST: Final = "localhost"
PASSWORD: Final = "marble otter 19 lanterns"
TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')

Connect = Callable[[], http.client.HTTPConnection]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One analyst."""
    with Store(tmp_path / "hq.sqlite") as store:
        add_account(store, "meyer", "analyst", PASSWORD, KEYBOARD, time.time())
    return tmp_path / "hq.sqlite"


class Client:
    """A browser of the plainest kind, with its cookies; ``headers``: what it or a proxy adds."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self.cookies = SimpleCookie()

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, list[str]]:
        """A request; status, text, and the cookies as they were set."""
        connection = self._connect()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        text, given = answer.read().decode(), answer.headers.get_all("Set-Cookie") or []
        for one in given:
            self.cookies.load(one)
        connection.close()
        return answer.status, text, given

    def log_in(self, name: str, password: str, **headers: str) -> int:
        """Open the form, and send it filled in."""
        found = TOKEN.search(self.ask("GET", "/login", **headers)[1])
        assert found is not None
        body = urlencode({"csrf_token": found[1], "name": name, "password": password})
        return self.ask("POST", "/login", body, **headers)[0]


def test_a_small_agency_has_tls_of_its_own(square_agency: Agency, database: Path, tmp_path: Path) -> None:
    """A login, a page and a logout; the cookie is for TLS alone; two clients that say nothing keep nobody waiting."""
    authority = Authority(tmp_path)
    own = authority.issue("hq", host=HOST)
    app = create_app(Context(square_agency, database), [HOST])
    server = TlsServer(app, "127.0.0.1", 0, server_context(own.cert, own.key), section="web", answer_s=60.0)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=[stop])
    thread.start()
    trusted = ssl.create_default_context(cafile=str(authority.ca))
    try:
        silent = [http.client.HTTPConnection("127.0.0.1", server.port) for _ in range(2)]
        for one in silent:
            one.connect()
        client = Client(lambda: http.client.HTTPSConnection(HOST, server.port, context=trusted, timeout=PATIENCE_S))
        headers = {"Referer": f"https://{HOST}:{server.port}/login"}
        assert client.log_in("meyer", PASSWORD, **headers) == 303
        status, page, given = client.ask("GET", "/")
        assert (status, "meyer · analyst" in page) == (200, True)
        assert all("Secure" in one for one in given)
        for one in silent:
            one.close()
    finally:
        stop.set()
        thread.join(PATIENCE_S)


@pytest.mark.parametrize("proxies", [0, 1])
def test_waitress_hands_on_what_a_proxy_of_ours_says(proxies: int, square_agency: Agency, database: Path) -> None:
    """With none configured the header is nobody's word: thirty made-up addresses are the one that they came from."""
    app = create_app(Context(square_agency, database), ["127.0.0.1"], proxies)
    with serving(WebServer(app, "127.0.0.1", 0, section="web", forwarded=proxies > 0)) as port:
        _locks_out(Client(lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)), proxies)


def test_gunicorn_serves_the_pages_behind_a_proxy(tmp_path: Path) -> None:
    """As the README says: the same configuration, the same locks; a report is made there as well."""
    build_agency(write_square(tmp_path), tmp_path / "agency")
    Store(tmp_path / "hq.sqlite").close()
    config = tmp_path / "hq.toml"
    config.write_text(f'agency = "{tmp_path / "agency"}"\ndatabase = "{tmp_path / "hq.sqlite"}"\n[web]\nproxies = 1\n')
    with _gunicorn(config, tmp_path) as port:
        client = Client(lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S))
        assert client.ask("GET", "/tactics")[0] == 200
        assert client.ask("GET", "/reports/presence")[0] == 303
        (cookie,) = client.ask("GET", "/login", X_Forwarded_For="192.0.2.1", X_Forwarded_Proto="https")[2]
        assert "Secure" in cookie
        _locks_out(client, 1)


def _locks_out(client: Client, proxies: int) -> None:
    """Thirty failed logins of one address, as a proxy sees it, lock that address alone."""
    for number in range(TRIES["address"]):
        said = f"203.0.113.{number}, 192.0.2.1" if proxies else f"203.0.113.{number}"
        assert client.log_in(f"somebody{number}", "x", X_Forwarded_For=said) == 401
    assert client.log_in("somebody", "x", X_Forwarded_For="203.0.113.99, 192.0.2.1") == 429
    assert client.log_in("somebody", "x", X_Forwarded_For="192.0.2.2") == (401 if proxies else 429)


@contextmanager
def _gunicorn(config: Path, folder: Path) -> Iterator[int]:
    port = free_port()
    called = f'edge.headquarters.console.wsgi:pages("{config}")'
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", called]
    with (folder / "gunicorn.log").open("w") as log:
        at_home = {**os.environ, "HOME": str(folder)}  # its control socket
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=at_home)
        try:
            until = time.monotonic() + PATIENCE_S
            while "Listening at" not in (folder / "gunicorn.log").read_text():
                assert process.poll() is None, (folder / "gunicorn.log").read_text()
                assert time.monotonic() < until
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@pytest.mark.parametrize(
    ("web", "why"),
    [
        ('host = "0.0.0.0"', "passwords would cross the network in the clear"),
        ('cert = "a.pem"', "cert and key belong together"),
        ("proxies = -1", "proxies"),
    ],
)
def test_a_configuration_that_would_give_passwords_away_is_refused(web: str, why: str, tmp_path: Path) -> None:
    """In one sentence, before anything is served."""
    path = tmp_path / "hq.toml"
    path.write_text(f'agency = "a"\ndatabase = "b"\n[web]\n{web}\n')
    with pytest.raises(UserError, match=why):
        load(HeadquartersConfig, path)


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Not there, not a certificate, another's key."""
    own, others = (Authority(tmp_path).issue(name) for name in ("hq", "other"))
    none = tmp_path / "none.pem"
    none.write_text("no certificate")
    for one, other in ((tmp_path / "gone.pem", own.key), (none, own.key), (own.cert, none), (own.cert, others.key)):
        with pytest.raises(UserError, match=r"web\.cert, web\.key"):
            server_context(one, other)
