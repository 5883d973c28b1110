"""Why there is no connection, or the broker refuses something: a code with its values, the same at both ends.

Must not decide anything; our own certificate is read only to say what is wrong with it.
"""

import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.limits import TooLongError
from edge.service.tcp import NoNameServerError
from edge.text.coded import why_of
from edge.text.plain import plain
from edge.text.words import Notice, os_error, say

NOT_YET_VALID, EXPIRED = 9, 10
WRONG_NAME: Final = (62, 64)
OTHER_AUTHORITY: Final = (2, 18, 19, 20, 21, 24)
"""Numbers of OpenSSL's verification (``openssl verify`` lists them)."""

ALERT: Final = re.compile(r"_ALERT_([A-Z_]+)")
OF_DATES: Final = ("CERTIFICATE_EXPIRED", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN")

LOST: Final[Mapping[MQTTErrorCode, str]] = {
    MQTTErrorCode.MQTT_ERR_KEEPALIVE: "broker.stopped",
    MQTTErrorCode.MQTT_ERR_PROTOCOL: "broker.not_mqtt",
}
STARVED: Final = Notice("broker.starved")
CLOSED_IN_SETUP: Final = Notice("broker.closed_in_setup")

TAKEN_OVER: Final = 0x8E
SHUTTING_DOWN: Final = 0x8B
PASSING: Final = (0x88, 0x89, SHUTTING_DOWN, 0x9F)
"""Reasons of the broker's that pass by themselves: unavailable, busy, shutting down, too many connections at a time."""


class LostError(ConnectionError):
    """The connection has ended; the text is the whole sentence."""

    def __init__(self, why: Notice) -> None:
        super().__init__(say(why))
        self.why = why


class StarvedError(LostError):
    """A session is given up for a new one, though the broker is there: lost confirmations leave no room in it."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who has the trouble: ``key`` of the catalogue's groups ``party``, ``party_own`` and ``advice``.

    ``name``: of one process of several, whose name at the broker another may have; empty: it is the only one.
    """

    key: str
    name: str = ""


def reason_key(reason: ReasonCode) -> str:
    """A reason of the broker's, as a key of the group ``broker_reason``."""
    return str(reason).lower().replace(" ", "_")


class Faults:
    """What one end of the wire has to say, as codes of the group ``broker`` with their values."""

    def __init__(self, broker: BrokerConfig, party: Party) -> None:
        self._broker = broker
        self._where = f"{broker.host}:{broker.port}"
        self._party = party

    def of_connecting(self, error: OSError | UserError) -> Notice:
        """Why there is no connection."""
        if isinstance(error, LostError):
            return error.why
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._of_broker_certificate(error)
        if isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLEOFError):
            return CLOSED_IN_SETUP
        if isinstance(error, ssl.SSLError):
            return self._of_alert(str(error)) or self._one("no_tls", where=self._where)
        return Notice("broker.unreachable", {"why": self._cause(error)})

    def of_refusal(self, reason: ReasonCode) -> Notice:
        """Why the broker will not have us, before or after it had."""
        if reason.value == TAKEN_OVER:
            return Notice("broker.twin", {"name": self._party.name}) if self._party.name else self._one("taken_over")
        if reason.value == SHUTTING_DOWN:
            return Notice("broker.shutting_down")
        return self._one("refused_for_now" if reason.value in PASSING else "refused", reason=reason_key(reason))

    def of_loss(self, code: MQTTErrorCode, *, welcomed: bool = True) -> Notice:
        """Why a connection ended."""
        if code in LOST:
            return Notice(LOST[code])
        return Notice("broker.lost") if welcomed else CLOSED_IN_SETUP

    def of_publishing(self, what: str, reason: ReasonCode) -> Notice:
        """The broker received something and threw it away."""
        return self._one("rejected", what=what, reason=reason_key(reason))

    def of_listening(self, whom: Sequence[Notice], reason: str) -> Notice:
        """The broker will not let us receive something. ``reason``: a key of the group ``broker_reason``."""
        return self._one("deaf", whom=tuple(whom), reason=reason)

    def of_length(self, what: str | Notice, error: TooLongError) -> Notice:
        """Something is not even sent, for it has more bytes than the broker accepts."""
        return self._one("too_large", what=what, length=error.length, largest=error.largest)

    def _one(self, key: str, **values: object) -> Notice:
        return Notice(f"broker.{key}", {"party": self._party.key, **values})

    def _cause(self, error: OSError | UserError) -> Notice:
        if isinstance(error, UserError):
            return why_of(error)  # what is wrong with a file
        if isinstance(error, socket.gaierror):
            return Notice("broker.no_address", {"host": self._broker.host})
        if isinstance(error, NoNameServerError):
            return Notice("broker.no_name_server", {"host": self._broker.host})
        if isinstance(error, ConnectionRefusedError):
            return Notice("broker.not_listening", {"where": self._where})
        if isinstance(error, TimeoutError):
            return Notice("broker.no_answer", {"where": self._where})
        return Notice("broker.refused_by_system", {"error": os_error(error)})

    def _of_broker_certificate(self, error: ssl.SSLCertVerificationError) -> Notice:
        if error.verify_code == NOT_YET_VALID:
            return self._one("not_valid_yet", now=_minute(datetime.now(UTC)))
        if error.verify_code == EXPIRED:
            return self._one("expired", now=_minute(datetime.now(UTC)))
        if error.verify_code in WRONG_NAME:
            return self._one("wrong_name", host=self._broker.host)
        if error.verify_code in OTHER_AUTHORITY:
            return self._one("other_authority")
        return self._one("not_accepted", detail=plain(error.verify_message, 200))

    def _of_alert(self, text: str) -> Notice | None:
        """What the broker said against our certificate, from the text of a TLS error; None where nothing."""
        found = ALERT.search(text)
        if found is None:
            return None
        if self._broker.cert is None:
            return self._one("wants_certificate")
        why = self._own_dates(self._broker.cert) if found[1] in OF_DATES else None
        return self._one("own_certificate", why=why or Notice("own_certificate.alert", {"alert": found[1].lower()}))

    def _own_dates(self, path: Path) -> Notice | None:
        """What our clock says against our own certificate; None where nothing."""
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        except (OSError, ValueError):
            return Notice("own_certificate.unreadable")
        now, starts, ends = datetime.now(UTC), certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if now < starts:
            values = {"starts": _minute(starts), "party": self._party.key, "now": _minute(now)}
            return Notice("own_certificate.not_valid_until", values)
        return Notice("own_certificate.expired_on", {"ends": _minute(ends)}) if now > ends else None


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
