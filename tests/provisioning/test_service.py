"""The enrolment service over real TLS: doors, limits, slow and foreign clients, and its own certificate."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.errors import UserError
from edge.service import tls_server
from edge.service.supervisor import Supervisor
from provisioning.enrol.app import create_app
from provisioning.enrol.desk import Desk
from provisioning.enrol.limit import MOST, SOURCES, WITHIN_S, Refusals, source_of
from provisioning.exchange import ENROL, LARGEST
from provisioning.fleet.folder import Fleet
from provisioning.fleet.tokens import new_token
from tests.certificates import Authority
from tests.provisioning.devices import Device
from tests.provisioning.fleets import HOST, Clock
from tests.provisioning.services import serving
from tests.waiting import wait_for


@pytest.fixture
def served(fleet: Fleet) -> Iterator[Fleet]:
    """A fleet whose service runs."""
    with serving(fleet):
        yield fleet


def context(ca: str) -> ssl.SSLContext:
    """As strict as Python 3.13 is by itself."""
    made = ssl.create_default_context(cadata=ca)
    made.verify_flags |= ssl.VERIFY_X509_STRICT
    return made


def asked(fleet: Fleet, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str] | str]:
    port, trusted = fleet.settings.enrolment.port, context(fleet.authority.root_pem())
    connection = http.client.HTTPSConnection(HOST, port, timeout=30, context=trusted)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        text = response.read().decode()
        return response.status, json.loads(text) if text.startswith("{") else text
    finally:
        connection.close()


def test_a_unit_enrols_over_tls_that_its_root_vouches_for(served: Fleet, tmp_path: Path, clock: Clock) -> None:
    """By the command's own way, host name and all."""
    unit = Device(served, "car-1", tmp_path / "disk").with_token()
    assert "car-1 is enrolled" in unit.enrol()
    assert "car-1 is enrolled" in unit.enrol()
    with pytest.raises(UserError, match="refused: the token is not known here"):
        Device(served, "car-2", tmp_path / "other").given(new_token("car-2", 7, clock())).enrol()


def test_a_unit_tells_its_token_to_nobody_else(fleet: Fleet, tmp_path: Path) -> None:
    """A server with another authority's certificate is not asked; the sentence names the unit's clock."""
    other = Authority(tmp_path).issue("enrolment")
    trap = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trap.load_cert_chain(other.cert, other.key)
    app = create_app(Desk(fleet), [HOST])
    heard: list[str] = []
    app.before_request(lambda: heard.append("asked"))
    with ExitStack() as stops:
        server = tls_server.TlsServer(app, HOST, fleet.settings.enrolment.port, trap, section="enrolment")
        Supervisor(stops).start("web", server.run)
        unit = Device(fleet, "car-1", tmp_path / "disk").with_token()
        with pytest.raises(UserError, match=r"certificate is not valid here .* the clock of this unit says 20"):
            unit.enrol()
    assert heard == []
    assert unit.config.token.exists()


def test_without_a_network_the_unit_says_so_and_goes_on_later(fleet: Fleet, tmp_path: Path) -> None:
    """The key that was made is used then."""
    unit = Device(fleet, "car-1", tmp_path / "disk").with_token()
    with pytest.raises(UserError, match=r"does not answer .*is there a network"):
        unit.enrol()
    key = (unit.config.identity / "1/key.pem").read_bytes()
    with serving(fleet):
        unit.enrol()
    assert (unit.pair.folder / "key.pem").read_bytes() == key


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", ENROL, b"", 400),
        ("POST", ENROL, b"{", 400),
        ("POST", ENROL, b'{"unit": "car 1", "token": "x", "csr": ""}', 400),
        ("POST", ENROL, b"[" * 20_000, 400),
        ("GET", ENROL, b"", 405),
        ("GET", "/", b"", 404),
        ("GET", "/healthz", b"", 200),
    ],
)
def test_what_is_no_request_is_refused(served: Fleet, method: str, path: str, body: bytes, status: int) -> None:
    """With a sentence in JSON, never a traceback."""
    given, answer = asked(served, method, path, body)
    assert given == status
    assert answer == "OK\n" if status == 200 else "error" in answer


def test_a_body_that_is_too_large_is_refused_before_it_is_read(served: Fleet) -> None:
    """By the length that is announced."""
    trusted = context(served.authority.root_pem())
    address = (HOST, served.settings.enrolment.port)
    with trusted.wrap_socket(socket.create_connection(address), server_hostname=HOST) as client:
        client.sendall(f"POST {ENROL} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {LARGEST + 1}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.0 413 ")


def test_an_address_that_is_refused_too_often_has_to_wait(served: Fleet) -> None:
    """The 21st time within ten minutes; a valid request counts for nothing."""
    body = json.dumps({"unit": "car-1", "token": "x" * 43, "csr": ""}).encode()
    statuses = [asked(served, "POST", ENROL, body)[0] for _ in range(MOST + 1)]
    assert statuses == [400] * MOST + [429]


def test_refusals_are_counted_by_address_and_forgotten() -> None:
    """Of one customer's IPv6 network together; after ten minutes anew; a flood of addresses takes no more room."""
    refusals = Refusals()
    for second in range(MOST):
        refusals.note("192.0.2.1", float(second))
    assert refusals.wait_s("192.0.2.1", 20.0) == WITHIN_S - 20.0
    assert refusals.wait_s("192.0.2.2", 20.0) == 0.0
    assert refusals.wait_s("192.0.2.1", WITHIN_S) == 0.0
    for number in range(SOURCES + 5):
        refusals.note(str(number), 30.0)
    assert refusals.wait_s("192.0.2.1", 20.0) == 0.0
    assert len(refusals._by_source) == SOURCES
    assert source_of("2001:db8::1") == source_of("2001:db8::ffff") != source_of("2001:db8:0:1::1")
    assert source_of("192.0.2.7") == "192.0.2.7"


def test_silent_and_trickling_clients_keep_nobody_waiting(served: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there is room for: each is closed at its deadline, and others are answered meanwhile and after."""
    monkeypatch.setattr(tls_server, "DEADLINE_S", 1.0)
    address = (HOST, served.settings.enrolment.port)
    silent = [socket.create_connection(address) for _ in range(tls_server.MOST - 4)]
    trusted = context(served.authority.root_pem())
    slow = trusted.wrap_socket(socket.create_connection(address), server_hostname=HOST)
    slow.sendall(b"POST /v1/enrol HTTP/1.1\r\nContent-Length: 1000\r\n\r\n{")
    assert asked(served, "GET", "/healthz")[0] == 200
    for one in (slow, *silent):
        one.settimeout(30)
        try:
            while one.recv(1000):
                pass
        except OSError:
            pass
        one.close()
    assert asked(served, "GET", "/healthz")[0] == 200


def test_above_its_limit_a_connection_is_closed_at_once(served: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a flood costs neither threads nor memory without end."""
    address = (HOST, served.settings.enrolment.port)
    held = [socket.create_connection(address) for _ in range(tls_server.MOST)]
    one = socket.create_connection(address)
    one.settimeout(30)
    assert one.recv(1) == b""
    for each in (*held, one):
        each.close()

    def answers() -> bool:
        try:
            return asked(served, "GET", "/healthz")[0] == 200
        except OSError:
            return False

    wait_for(answers)


def test_old_tls_is_refused(served: Fleet) -> None:
    """TLS 1.2 or newer."""
    old = context(served.authority.root_pem())
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((HOST, served.settings.enrolment.port)) as plain,
        pytest.raises(OSError, match=r"(?i)protocol|alert|reset|eof"),
    ):
        old.wrap_socket(plain, server_hostname=HOST)


def test_the_service_renews_its_own_certificate(fleet: Fleet, clock: Clock) -> None:
    """While it runs, a month before it ends."""
    with serving(fleet) as service:
        before = (fleet.folder / "service.pem").read_bytes()
        service.tend()
        assert (fleet.folder / "service.pem").read_bytes() == before
        clock.later(days=701)
        service.tend()
        assert (fleet.folder / "service.pem").read_bytes() != before
