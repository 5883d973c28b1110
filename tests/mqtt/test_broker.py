"""The broker's settings: half a certificate and a missing file are named before anything is connected."""

import gc
import ssl
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import MQTTv5
from pydantic import ValidationError

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig, make_client
from tests.brokers import running
from tests.certificates import Authority


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"cert": "car.pem"}, "cert and key go together"),
        ({"key": "car.key"}, "cert and key go together"),
        ({"cert": "car.pem", "key": "car.key"}, "set ca to"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"tls": True}, "tls"),
        ({"host": ""}, "is not a host name or address"),
        ({"host": " broker"}, "is not a host name or address"),
        ({"host": "broker..example"}, "is not a host name or address"),
        ({"host": "a" * 64}, "is not a host name or address"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any], named: str) -> None:
    """Each with what is the matter."""
    with pytest.raises(ValidationError, match=named):
        BrokerConfig.model_validate(given)


def test_a_certificate_that_cannot_be_read_is_a_users_error(tmp_path: Path) -> None:
    """Missing, and no certificate at all: one sentence that names the setting and the file."""
    with pytest.raises(UserError, match=r"broker\.ca: .*none\.pem: cannot be read"):
        make_client("car-1", BrokerConfig(ca=tmp_path / "none.pem"))
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(UserError, match=r"broker\.ca: .*ca\.pem: "):
        make_client("car-1", BrokerConfig(ca=tmp_path / "ca.pem"))


def test_the_client_speaks_mqtt_5_under_its_name() -> None:
    """User properties need version 5."""
    client = make_client("car-1", BrokerConfig(username="car-1"))
    assert client.protocol == MQTTv5
    assert client.username == "car-1"


def test_a_password_is_never_shown() -> None:
    """Neither printed nor dumped."""
    broker = BrokerConfig.model_validate({"username": "car-1", "password": "open sesame"})
    assert "sesame" not in repr(broker)
    assert "sesame" not in broker.model_dump_json()


@pytest.mark.parametrize("host", ["broker.example", "broker", "192.0.2.7", "::1", "bücher.example"])
def test_names_and_addresses_are_taken(host: str) -> None:
    """As they are."""
    assert BrokerConfig(host=host).host == host


def test_a_handshake_that_fails_leaves_no_socket_open(tmp_path: Path) -> None:
    """A car tries for days: a socket each time would be the end of it. An open one warns, and that fails the test."""
    authority = Authority(tmp_path)
    own = Authority(tmp_path, "elsewhere").issue("broker")
    with running(tmp_path, f"certfile {own.cert}\nkeyfile {own.key}\n") as broker:
        for _ in range(3):
            client = make_client("car-1", BrokerConfig(port=broker.port, ca=authority.ca))
            with pytest.raises(ssl.SSLCertVerificationError):
                client.connect("127.0.0.1", broker.port)
        gc.collect()


def test_what_the_broker_says_to_a_certificate_is_heard(tmp_path: Path) -> None:
    """With TLS 1.3 it speaks after our handshake: each time its own word arrives, not a mere reset."""
    authority = Authority(tmp_path)
    own, revoked = authority.issue("broker"), authority.issue("car-1")
    authority.revoke([revoked])
    asked = f"cafile {authority.ca}\ncrlfile {authority.crl}\nrequire_certificate true\n"
    with running(tmp_path, f"certfile {own.cert}\nkeyfile {own.key}\n{asked}") as broker:
        for _ in range(20):
            config = BrokerConfig(port=broker.port, ca=authority.ca, cert=revoked.cert, key=revoked.key)
            with pytest.raises(ssl.SSLError, match="ALERT_CERTIFICATE_REVOKED"):
                make_client("car-1", config).connect("127.0.0.1", broker.port)
