"""A unit enrols, and renews its certificate at two thirds of its life. Each may be killed anywhere and run again.

Must not decide anything: the enrolment service does.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.whole_file import sync_folder
from provisioning.authority.pem import certificate_pem, common_name, read_chain, serial_of
from provisioning.device.config import EnrolmentConfig
from provisioning.device.identity import Identity, Pair
from provisioning.device.service import Ask
from provisioning.exchange import ENROL, RENEW, EnrolRequest, RenewRequest, TokenFile, digest_of

DUE: Final = 2 / 3
"""Of a certificate's life."""

_CA: Final = "copy the fleet's root.pem there"


def enrol(config: EnrolmentConfig, ask: Ask) -> str:
    """Have a certificate for the token that is there; a sentence of how it went. Raises UserError where it cannot.

    Where the token was used for the present identity it is wiped, and nothing else is done.
    """
    identity = Identity(config.identity)
    token = _token(config)
    if token is None:
        if identity.current is None or common_name(identity.current.certificate) != config.unit:
            msg = f"{config.token}: no token; write the unit's image files onto its boot partition"
            raise UserError(msg)
        return f"{config.unit} is enrolled"
    purpose = f"token {digest_of(token.token)}"
    held = identity.current
    if held is None or held.purpose != purpose:
        pair = identity.under_way(purpose)
        issued = ask(ENROL, EnrolRequest(unit=config.unit, token=token.token, csr=pair.request(config.unit)))
        held = identity.complete(pair, config.unit, issued.certificate, read_chain(config.ca, _CA)[0])
    wipe(config.token)
    return f"{config.unit} is enrolled until {_until(held)}"


def renew(config: EnrolmentConfig, utc: float, ask: Ask) -> str:
    """Have the next certificate where it is due; a sentence of how it went. Raises UserError where it cannot."""
    identity = Identity(config.identity)
    held = identity.current
    if held is None or common_name(held.certificate) != config.unit:
        msg = f"{config.identity}: {config.unit} is not enrolled; run `roundsman provision enrol` with a token first"
        raise UserError(msg)
    due = due_at(held)
    if utc < due:
        return f"{config.unit} is enrolled until {_until(held)}; the next certificate is due {_day(due)}"
    pair = identity.under_way(f"certificate {serial_of(held.certificate)}")
    csr = pair.request(config.unit)
    signature = held.key.sign(csr.encode(), ec.ECDSA(hashes.SHA256())).hex()
    shown = certificate_pem(held.certificate).decode()
    issued = ask(RENEW, RenewRequest(certificate=shown, csr=csr, signature=signature))
    done = identity.complete(pair, config.unit, issued.certificate, read_chain(config.ca, _CA)[0])
    return f"{config.unit} is enrolled until {_until(done)}"


def due_at(pair: Pair) -> float:
    """When a pair's certificate is to be renewed, POSIX seconds."""
    starts = pair.certificate.not_valid_before_utc.timestamp()
    return starts + DUE * (pair.certificate.not_valid_after_utc.timestamp() - starts)


def wipe(path: Path) -> None:
    """Overwrite a file and remove it. On flash the old bytes may stay: what was in it must be worthless by now."""
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        msg = f"{path}: the used token cannot be removed ({error.strerror}); correct the owner of its folder"
        raise UserError(msg) from error


def _token(config: EnrolmentConfig) -> TokenFile | None:
    """The token; None where there is none, or only what a wipe that was cut short has left."""
    try:
        content = config.token.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{config.token}: cannot be read ({error.strerror}); correct its owner and mode"
        raise UserError(msg) from error
    if not content.strip(b"\0"):
        with suppress(FileNotFoundError):
            wipe(config.token)
        return None
    try:
        token = TokenFile.model_validate_json(content)
    except ValidationError as error:
        msg = f"{config.token}: not a token ({explain(error)}); make new image files for {config.unit}"
        raise UserError(msg) from error
    if token.unit != config.unit:
        msg = f"{config.token}: is for {token.unit}, and this is {config.unit}; use the image files of {config.unit}"
        raise UserError(msg)
    return token


def _until(pair: Pair) -> str:
    return _day(pair.certificate.not_valid_after_utc.timestamp())


def _day(utc: float) -> str:
    return f"{datetime.fromtimestamp(utc, UTC):%Y-%m-%d}"
