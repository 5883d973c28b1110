"""The link's troubles in words: one plain sentence each, for an officer to read and a fleet admin to act on.

Must not decide anything; the certificate of the vehicle itself is read only to say what is wrong with it.
"""

import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.contract.messages import Ack
from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig

TELL: Final = "tell your fleet admin"
OUT_OF_REACH: Final = "the broker cannot be reached"
HEADQUARTERS_SILENT: Final = "headquarters does not answer"

NOT_YET_VALID, EXPIRED = 9, 10
WRONG_NAME: Final = (62, 64)
OTHER_AUTHORITY: Final = (2, 18, 19, 20, 21, 24)
"""Numbers of OpenSSL's verification (``openssl verify`` lists them)."""

ALERT: Final = re.compile(r"_ALERT_([A-Z_]+)")
ALERTS: Final[Mapping[str, str]] = {
    "CERTIFICATE_REVOKED": "it is revoked",
    "CERTIFICATE_EXPIRED": "it has expired there; the broker's clock or its list of revoked ones may be out of date",
    "UNKNOWN_CA": "it is signed by another authority",
    "BAD_CERTIFICATE": "it is not valid there; the broker's clock may be wrong",
    "CERTIFICATE_UNKNOWN": "it is not valid there",
}

OF_DATES: Final = ("CERTIFICATE_EXPIRED", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN")

LOST: Final[Mapping[MQTTErrorCode, str]] = {
    MQTTErrorCode.MQTT_ERR_KEEPALIVE: "it does not answer any more",
    MQTTErrorCode.MQTT_ERR_PROTOCOL: "what it sends is no MQTT 5",
}

TAKEN_OVER: Final = 0x8E
SHUTTING_DOWN: Final = 0x8B
PASSING: Final = (0x88, 0x89, SHUTTING_DOWN, 0x9F)
"""Reasons of the broker's that pass by themselves: unavailable, busy, shutting down, too many connections at a time."""


def of_connecting(error: OSError | UserError, broker: BrokerConfig) -> str:
    """Why there is no connection."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_broker_certificate(error, broker.host)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return of_alert(str(error), broker) or f"{OUT_OF_REACH}: no TLS at {broker.host}:{broker.port}; {TELL}"
    return f"{OUT_OF_REACH}: {_cause(error, broker)}"


def _cause(error: OSError | UserError, broker: BrokerConfig) -> str:
    if isinstance(error, socket.gaierror):
        return f"no address is known for {broker.host!r}; there may be no network"
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {broker.host}:{broker.port}"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLEOFError):
        return "it hung up"
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _of_broker_certificate(error: ssl.SSLCertVerificationError, host: str) -> str:
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    if error.verify_code == NOT_YET_VALID:
        return f"the broker's certificate is not valid yet: this vehicle's clock says {now} and is probably wrong"
    if error.verify_code == EXPIRED:
        return f"the broker's certificate has expired, if this vehicle's clock ({now}) is right; {TELL}"
    if error.verify_code in WRONG_NAME:
        return f"the broker's certificate is not for {host!r}; {TELL}"
    if error.verify_code in OTHER_AUTHORITY:
        return f"the broker's certificate is signed by another authority; {TELL}"
    return f"the broker's certificate is refused: {error.verify_message}; {TELL}"


def of_alert(text: str, broker: BrokerConfig) -> str:
    """What the broker said against this vehicle's certificate, from the text of a TLS error; empty where nothing."""
    found = ALERT.search(text)
    if found is None:
        return ""
    if broker.cert is None:
        return f"the broker asks for a certificate and this vehicle has none; {TELL}"
    why = _own_dates(broker.cert) if found[1] in OF_DATES else ""
    why = why or ALERTS.get(found[1], found[1].lower().replace("_", " "))
    return f"the broker refused this vehicle's certificate: {why}; {TELL}"


def _own_dates(path: Path) -> str:
    """What this vehicle's clock says against its own certificate; empty where nothing."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return "it cannot be read"
    now, starts, ends = datetime.now(UTC), certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < starts:
        return f"it is valid from {starts:%Y-%m-%d %H:%M} UTC, and this vehicle's clock says {now:%Y-%m-%d %H:%M}"
    if now > ends:
        return f"it has expired on {ends:%Y-%m-%d %H:%M} UTC"
    return ""


def of_refusal(reason: ReasonCode) -> str:
    """Why the broker will not have us, before or after it had."""
    if reason.value == TAKEN_OVER:
        return f"another device is connected under this vehicle's name; {TELL}"
    if reason.value == SHUTTING_DOWN:
        return f"{OUT_OF_REACH}: it is shutting down"
    advice = "" if reason.value in PASSING else f"; {TELL}"
    return f"the broker refused the connection ({reason}){advice}"


def of_loss(code: MQTTErrorCode, *, welcomed: bool = True) -> str:
    """Why a connection ended."""
    other = "the connection was lost" if welcomed else "it hung up before it said a word"
    return LOST.get(code, other)


def of_publishing(what: str, reason: ReasonCode) -> str:
    """The broker took something and threw it away."""
    return f"the broker refuses this vehicle's {what} ({reason}); {TELL}"


def of_listening(reason: ReasonCode) -> str:
    """The broker will not let us hear something."""
    return f"the broker does not let this vehicle hear headquarters and fleet ({reason}); {TELL}"


def of_record(ack: Ack) -> str:
    """A record does not get through, whatever we do."""
    return f"headquarters does not take record {ack.seq + 1} ({ack.problem}); {TELL}"
