"""Why there is no connection, or the broker refuses something: one plain sentence each, the same at both ends.

Must not decide anything; our own certificate is read only to say what is wrong with it.
"""

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig
from edge.service.tcp import NoNameServerError

UNREACHABLE: Final = "cannot reach the broker"

NOT_YET_VALID, EXPIRED = 9, 10
WRONG_NAME: Final = (62, 64)
OTHER_AUTHORITY: Final = (2, 18, 19, 20, 21, 24)
"""Numbers of OpenSSL's verification (``openssl verify`` lists them)."""

ALERT: Final = re.compile(r"_ALERT_([A-Z_]+)")
ALERTS: Final[Mapping[str, str]] = {
    "CERTIFICATE_REVOKED": "it was revoked",
    "CERTIFICATE_EXPIRED": "the broker says it has expired; its clock or revocation list may be out of date",
    "UNKNOWN_CA": "the broker does not trust the authority that issued it",
    "BAD_CERTIFICATE": "the broker says it is not valid; its clock may be wrong",
    "CERTIFICATE_UNKNOWN": "the broker says it is not valid",
}
OF_DATES: Final = ("CERTIFICATE_EXPIRED", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN")

LOST: Final[Mapping[MQTTErrorCode, str]] = {
    MQTTErrorCode.MQTT_ERR_KEEPALIVE: "the broker stopped answering",
    MQTTErrorCode.MQTT_ERR_PROTOCOL: "the broker sent something that is not MQTT 5",
}
STARVED: Final = "the broker does not confirm what it is sent"
CLOSED_IN_SETUP: Final = "the broker closed the connection during setup"

TAKEN_OVER: Final = 0x8E
SHUTTING_DOWN: Final = 0x8B
PASSING: Final = (0x88, 0x89, SHUTTING_DOWN, 0x9F)
"""Reasons of the broker's that pass by themselves: unavailable, busy, shutting down, too many connections at a time."""


class LostError(ConnectionError):
    """The connection has ended; the text is the whole sentence."""


class StarvedError(LostError):
    """A session is given up for a new one, though the broker is there: lost confirmations leave no room in it."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who has the trouble and who reads of it: a name, and whom or what to turn to.

    ``twin``: what to say where another has its name at the broker; else a sentence made of both.
    """

    name: str
    advice: str
    twin: str = ""

    @property
    def possessive(self) -> str:
        """As in "this vehicle's clock"."""
        return f"{self.name}'" if self.name.endswith("s") else f"{self.name}'s"


class Faults:
    """The sentences of one end of the wire."""

    def __init__(self, broker: BrokerConfig, party: Party) -> None:
        self._broker = broker
        self._where = f"{broker.host}:{broker.port}"
        self._party = party

    def of_connecting(self, error: OSError | UserError) -> str:
        """Why there is no connection."""
        if isinstance(error, LostError):
            return str(error)
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._of_broker_certificate(error)
        if isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLEOFError):
            return CLOSED_IN_SETUP
        if isinstance(error, ssl.SSLError):
            other = f"{UNREACHABLE}: no TLS at {self._where}; {self._party.advice}"
            return self._of_alert(str(error)) or other
        return f"{UNREACHABLE}: {self._cause(error)}"

    def of_refusal(self, reason: ReasonCode) -> str:
        """Why the broker will not have us, before or after it had."""
        if reason.value == TAKEN_OVER:
            return (
                self._party.twin
                or f"another device is connected under {self._party.possessive} name; {self._party.advice}"
            )
        if reason.value == SHUTTING_DOWN:
            return "the broker is shutting down"
        advice = "" if reason.value in PASSING else f"; {self._party.advice}"
        return f"the broker refused the connection ({reason}){advice}"

    def of_loss(self, code: MQTTErrorCode, *, welcomed: bool = True) -> str:
        """Why a connection ended."""
        return LOST.get(code, "the connection to the broker was lost" if welcomed else CLOSED_IN_SETUP)

    def of_publishing(self, what: str, reason: ReasonCode) -> str:
        """The broker received something and threw it away."""
        return f"the broker rejected {self._party.possessive} {what} ({reason}); {self._party.advice}"

    def of_listening(self, whom: str, reason: str) -> str:
        """The broker will not let us receive something."""
        return f"the broker does not allow {self._party.name} to receive from {whom} ({reason}); {self._party.advice}"

    def of_length(self, what: str, sizes: object) -> str:
        """Something is not even sent, for it has more bytes than the broker accepts."""
        return f"{self._party.possessive} {what} is too large to send: {sizes}; {self._party.advice}"

    def _cause(self, error: OSError | UserError) -> str:
        if isinstance(error, socket.gaierror):
            return f"no address found for {self._broker.host!r}; check the network"
        if isinstance(error, NoNameServerError):
            return str(error)
        if isinstance(error, ConnectionRefusedError):
            return f"nothing is listening at {self._where}"
        if isinstance(error, TimeoutError):
            return f"no answer from {self._where}"
        return (isinstance(error, OSError) and error.strerror) or str(error)

    def _of_broker_certificate(self, error: ssl.SSLCertVerificationError) -> str:
        now, clock = _minute(datetime.now(UTC)), f"{self._party.possessive} clock"
        if error.verify_code == NOT_YET_VALID:
            return f"the broker's certificate is not valid yet: {clock} says {now} and is probably wrong"
        return f"the broker's certificate {self._flaw(error, f'{clock} ({now})')}; {self._party.advice}"

    def _flaw(self, error: ssl.SSLCertVerificationError, clock: str) -> str:
        if error.verify_code == EXPIRED:
            return f"has expired, if {clock} is right"
        if error.verify_code in WRONG_NAME:
            return f"is not for {self._broker.host!r}"
        if error.verify_code in OTHER_AUTHORITY:
            return f"was issued by an authority that {self._party.name} does not trust"
        return f"is not accepted: {error.verify_message}"

    def _of_alert(self, text: str) -> str:
        """What the broker said against our certificate, from the text of a TLS error; empty where nothing."""
        found = ALERT.search(text)
        if found is None:
            return ""
        if self._broker.cert is None:
            return f"the broker requires a certificate and {self._party.name} has none; {self._party.advice}"
        why = self._own_dates(self._broker.cert) if found[1] in OF_DATES else ""
        why = why or ALERTS.get(found[1], found[1].lower().replace("_", " "))
        return f"the broker refused {self._party.possessive} certificate: {why}; {self._party.advice}"

    def _own_dates(self, path: Path) -> str:
        """What our clock says against our own certificate; empty where nothing."""
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        except (OSError, ValueError):
            return "it cannot be read"
        now, starts, ends = datetime.now(UTC), certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if now < starts:
            return f"it is not valid until {_minute(starts)}, and {self._party.possessive} clock says {_minute(now)}"
        return f"it expired on {_minute(ends)}" if now > ends else ""


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
