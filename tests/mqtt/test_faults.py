"""Why there is no connection, in words: the same sentences for a car's officer and for headquarters' administrator."""

import socket
import ssl
from pathlib import Path

import pytest
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from edge.errors import UserError
from edge.headquarters.parties import receiver
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.faults import Faults, LostError
from edge.vehicle.link.faults import VEHICLE

BROKER = BrokerConfig(host="broker.example", port=8883)
ENDS = (Faults(BROKER, VEHICLE), Faults(BROKER, receiver("receiver-1")))


def verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "odd"
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ConnectionRefusedError(), "cannot reach the broker: nothing is listening at broker.example:8883"),
        (TimeoutError(), "cannot reach the broker: no answer from broker.example:8883"),
        (socket.gaierror(-2, "?"), "cannot reach the broker: no address found for 'broker.example'; check the network"),
        (OSError(101, "Network is unreachable"), "cannot reach the broker: Network is unreachable"),
        (ConnectionResetError(), "the broker closed the connection during setup"),
        (ssl.SSLEOFError(8, "EOF"), "the broker closed the connection during setup"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "cannot reach the broker: no TLS at broker.example:8883; "),
        (UserError("broker.ca: gone"), "cannot reach the broker: broker.ca: gone"),
        (LostError("the broker stopped answering"), "the broker stopped answering"),
        (verification(62), "the broker's certificate is not for 'broker.example'; "),
        (verification(77), "the broker's certificate is not accepted: odd; "),
    ],
)
def test_both_ends_say_the_same(error: OSError | UserError, sentence: str) -> None:
    """Up to what to do about it, which is another person's."""
    for faults in ENDS:
        assert faults.of_connecting(error).startswith(sentence)


def test_each_end_is_named_and_told_what_to_do() -> None:
    """An officer calls the fleet admin; an administrator looks at the configuration."""
    alert = ssl.SSLError(1, "[SSL: SSLV3_ALERT_CERTIFICATE_REVOKED]")
    mine = BrokerConfig(ca=Path("ca.pem"), cert=Path("own.pem"), key=Path("own.key"))
    assert Faults(mine, VEHICLE).of_connecting(alert) == (
        "the broker refused this vehicle's certificate: it was revoked; contact your fleet admin"
    )
    assert (
        Faults(mine, receiver("receiver-1"))
        .of_connecting(alert)
        .startswith("the broker refused headquarters' certificate: it was revoked; check [broker]")
    )


def test_what_passes_by_itself_asks_for_no_help() -> None:
    """A busy broker, or one that shuts down, is nobody's to put right; a refusal is."""
    vehicle = ENDS[0]
    assert vehicle.of_refusal(ReasonCode(PacketTypes.CONNACK, "Server busy")) == (
        "the broker refused the connection (Server busy)"
    )
    assert vehicle.of_refusal(ReasonCode(PacketTypes.CONNACK, "Not authorized")).endswith("; contact your fleet admin")
    assert vehicle.of_loss(MQTTErrorCode.MQTT_ERR_CONN_LOST, welcomed=False) == (
        "the broker closed the connection during setup"
    )
