"""The broker's settings: half a certificate and a missing file are named before anything is connected."""

from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import MQTTv5
from pydantic import ValidationError

from edge.contract.broker import BrokerConfig, make_client
from edge.errors import UserError


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"cert": "car.pem"}, "cert and key belong together"),
        ({"key": "car.key"}, "cert and key belong together"),
        ({"cert": "car.pem", "key": "car.key"}, "give ca"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"tls": True}, "tls"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any], named: str) -> None:
    """Each with what is the matter."""
    with pytest.raises(ValidationError, match=named):
        BrokerConfig.model_validate(given)


def test_a_certificate_that_cannot_be_read_is_a_users_error(tmp_path: Path) -> None:
    """Missing, and no certificate at all: one sentence that names the three settings."""
    with pytest.raises(UserError, match=r"broker\.ca, broker\.cert or broker\.key cannot be used"):
        make_client("car-1", BrokerConfig(ca=tmp_path / "none.pem"))
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(UserError, match=r"broker\.ca, broker\.cert or broker\.key cannot be used"):
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
