"""Why there is no connection, in words: the same sentences for a car's officer and for headquarters' administrator."""

import errno
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
from edge.mqtt.faults import Faults, LostError, reason_key
from edge.text.coded import CodedError
from edge.text.words import Notice, say
from edge.vehicle.link.faults import VEHICLE
from tests.words import sentences_in

BROKER = BrokerConfig(host="broker.example", port=8883)
ENDS = (Faults(BROKER, VEHICLE), Faults(BROKER, receiver("receiver-1")))


NO_CA = CodedError("tls_file.unreadable", role="ca", path="ca.pem", error="enoent")


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
        (OSError(errno.ENETUNREACH, "?"), "cannot reach the broker: Network is unreachable"),
        (ConnectionResetError(), "the broker closed the connection during setup"),
        (ssl.SSLEOFError(8, "EOF"), "the broker closed the connection during setup"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "cannot reach the broker: no TLS at broker.example:8883; "),
        (NO_CA, "cannot reach the broker: broker.ca: ca.pem: cannot be read (No such file or directory)"),
        (LostError(Notice("broker.stopped")), "the broker stopped answering"),
        (verification(62), "the broker's certificate is not for 'broker.example'; "),
        (verification(77), "the broker's certificate is not accepted: odd; "),
    ],
)
def test_both_ends_say_the_same(error: OSError | UserError, sentence: str) -> None:
    """Up to what to do about it, which is another person's."""
    for faults in ENDS:
        notice = faults.of_connecting(error)
        assert say(notice).startswith(sentence)
        assert not [*sentences_in(notice)]


REASONS = ReasonCode(PacketTypes.CONNACK, "Success").names
FAILURES = [(name, packets[0]) for value, names in REASONS.items() if value >= 0x80 for name, packets in names.items()]


@pytest.mark.parametrize(("name", "packet"), FAILURES)
def test_every_reason_of_a_broker_has_its_words(name: str, packet: int) -> None:
    """As MQTT 5 names it; and none is a sentence in a value."""
    reason = ReasonCode(packet, name)
    for faults in ENDS:
        for notice in (
            faults.of_publishing("visits", reason),
            faults.of_listening((Notice("source.others"),), reason_key(reason)),
        ):
            assert f"({name}); " in say(notice)
            assert not [*sentences_in(notice)]
        assert not [*sentences_in(faults.of_refusal(reason))]


def test_each_end_is_named_and_told_what_to_do() -> None:
    """An officer calls the fleet admin; an administrator looks at the configuration."""
    alert = ssl.SSLError(1, "[SSL: SSLV3_ALERT_CERTIFICATE_REVOKED]")
    mine = BrokerConfig(ca=Path("ca.pem"), cert=Path("own.pem"), key=Path("own.key"))
    assert say(Faults(mine, VEHICLE).of_connecting(alert)) == (
        "the broker refused this vehicle's certificate: it was revoked; contact your fleet admin"
    )
    assert say(Faults(mine, receiver("receiver-1")).of_connecting(alert)).startswith(
        "the broker refused headquarters' certificate: it was revoked; check [broker]"
    )


def test_what_passes_by_itself_asks_for_no_help() -> None:
    """A busy broker, or one that shuts down, is nobody's to put right; a refusal is."""
    vehicle = ENDS[0]
    assert say(vehicle.of_refusal(ReasonCode(PacketTypes.CONNACK, "Server busy"))) == (
        "the broker refused the connection (Server busy)"
    )
    refusal = say(vehicle.of_refusal(ReasonCode(PacketTypes.CONNACK, "Not authorized")))
    assert refusal.endswith("; contact your fleet admin")
    assert say(vehicle.of_loss(MQTTErrorCode.MQTT_ERR_CONN_LOST, welcomed=False)) == (
        "the broker closed the connection during setup"
    )
