"""Asks the enrolment service, over HTTPS that trusts the fleet's root alone. Must not read or write a file of ours."""

import http.client
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from edge.errors import UserError
from edge.mqtt.tls_files import context_of
from edge.text.plain import plain
from provisioning.exchange import LARGEST, Issued, Refusal

PATIENCE_S: Final = 30.0
_OK: Final = 200

Ask: TypeAlias = Callable[[str, BaseModel], Issued]
"""Send a request to a path; the answer. Raises UserError where it is refused, or nobody answers."""


def asking(url: str, ca: Path, utc: Callable[[], float]) -> Ask:
    """How to ask the service at ``url``. Raises UserError where ``ca`` cannot be used."""
    context = context_of(ca, None, None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2

    def ask(path: str, request: BaseModel) -> Issued:
        try:
            status, body = _posted(url, context, path, request.model_dump_json().encode())
        except ssl.SSLCertVerificationError as error:
            raise UserError(_not_trusted(url, error, utc())) from error
        except (OSError, http.client.HTTPException) as error:
            msg = (
                f"{url}: the enrolment service does not answer ({_said(error)}); is there a network? It is tried again"
            )
            raise UserError(msg) from error
        return _answer(url, status, body)

    return ask


def _posted(url: str, context: ssl.SSLContext, path: str, body: bytes) -> tuple[int, bytes]:
    place = urlsplit(url)
    connection = http.client.HTTPSConnection(place.hostname or "", place.port, timeout=PATIENCE_S, context=context)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", "Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read(LARGEST)
    finally:
        connection.close()


def _answer(url: str, status: int, body: bytes) -> Issued:
    try:
        if status == _OK:
            return Issued.model_validate_json(body)
        why = plain(Refusal.model_validate_json(body).error, 300)
    except ValidationError as error:
        msg = f"{url}: not an enrolment service's answer (status {status}); correct `service` in enrolment.toml"
        raise UserError(msg) from error
    msg = f"{url}: refused: {why}"
    raise UserError(msg)


def _not_trusted(url: str, error: ssl.SSLCertVerificationError, utc: float) -> str:
    clock = f"{datetime.fromtimestamp(utc, UTC):%Y-%m-%d %H:%M} UTC"
    return (
        f"{url}: the enrolment service's certificate is not valid here ({plain(error.verify_message, 120)}); "
        f"the clock of this unit says {clock}: if that is wrong, wait for GPS or the network to set it"
    )


def _said(error: Exception) -> str:
    return plain(str(getattr(error, "strerror", None) or error or type(error).__name__), 120)
