"""A unit's key and certificate on its disk: always a pair, whenever the power goes.

    identity/3/         key.pem, purpose, cert.pem       current -> 3

A pair has a folder of its own, by a number that only grows. It begins with a key and what the key is for, in a folder
that appears whole; its certificate completes it; then ``current`` is turned to it, in one rename; then older folders
go. So the newest complete folder is the identity, one above it without a certificate is under way, and `settle` brings
any disk that a kill or a power cut leaves to that. Must not speak with anybody.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from edge.errors import UserError
from edge.text.private_file import read_private
from edge.text.whole_file import sync_folder
from provisioning.authority.pem import (
    PrivateKey,
    chain_of,
    common_name,
    key_pem,
    new_key,
    public_bytes,
    read_key,
)
from provisioning.private_file import write_private

CURRENT: Final = "current"
KEY: Final = "key.pem"
CERT: Final = "cert.pem"
PURPOSE: Final = "purpose"
_MAKING: Final = "making"
_ADVICE: Final = "remove its folder; the unit must enrol anew"


@dataclass(frozen=True, slots=True)
class Pair:
    """A folder with a key. ``purpose``: the token or certificate that its certificate is asked for with."""

    folder: Path

    @property
    def number(self) -> int:
        """Its place in the row."""
        return int(self.folder.name)

    @property
    def complete(self) -> bool:
        """Whether it has its certificate."""
        return (self.folder / CERT).exists()

    @property
    def purpose(self) -> str:
        """See the class."""
        return read_private(self.folder / PURPOSE, "what the key is for", _ADVICE).decode(errors="replace")

    @property
    def key(self) -> PrivateKey:
        """Its private key. Raises UserError where it cannot be read."""
        return read_key(self.folder / KEY, _ADVICE)

    @property
    def certificate(self) -> x509.Certificate:
        """Its certificate. Raises UserError where it cannot be read."""
        try:
            return chain_of(read_private(self.folder / CERT, "the certificate", _ADVICE))[0]
        except ValueError as error:
            msg = f"{self.folder / CERT}: not a certificate in PEM; {_ADVICE}"
            raise UserError(msg) from error

    def request(self, unit: str) -> str:
        """What its key asks to have signed: a CSR in PEM."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, unit)])
        made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self.key, hashes.SHA256())
        return made.public_bytes(Encoding.PEM).decode()


class Identity:
    """A unit's pairs. ``folder`` is made where it is missing. Raises UserError where it cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
            self.settle()
        except OSError as error:
            msg = f"{folder}: cannot be used ({error.strerror or error}); correct its owner and mode, or free up space"
            raise UserError(msg) from error

    def settle(self) -> None:
        """Turn ``current`` to the newest complete pair, and remove what is older, or was not begun as a whole."""
        shutil.rmtree(self._folder / _MAKING, ignore_errors=True)
        newest = self.current
        if newest is None:
            return
        if self._named() != newest.folder.name:
            beside = self._folder / f".{CURRENT}"
            beside.unlink(missing_ok=True)
            beside.symlink_to(newest.folder.name)
            beside.replace(self._folder / CURRENT)
            sync_folder(self._folder)
        for folder in self._numbered():  # also what is left of one whose removal was cut short
            if int(folder.name) < newest.number:
                shutil.rmtree(folder, ignore_errors=True)
        sync_folder(self._folder)

    @property
    def current(self) -> Pair | None:
        """The newest complete pair."""
        return max((one for one in self._pairs() if one.complete), key=lambda one: one.number, default=None)

    def under_way(self, purpose: str) -> Pair:
        """The pair that is to be completed for a purpose: the one that was begun, or a new one with a new key."""
        last = max(self._pairs(), key=lambda one: one.number, default=None)
        if last is not None and not last.complete and last.purpose == purpose:
            return last
        number = 1 if last is None else last.number + 1
        making = self._folder / _MAKING
        making.mkdir(mode=0o700)
        write_private(making / KEY, key_pem(new_key()))
        write_private(making / PURPOSE, purpose.encode())
        making.rename(self._folder / str(number))
        sync_folder(self._folder)
        return Pair(self._folder / str(number))

    def complete(self, pair: Pair, unit: str, issued: str, root: x509.Certificate) -> Pair:
        """Store a pair's certificate, which makes it the identity. Raises UserError for one that is not for it."""
        _check(pair, unit, issued, root)
        write_private(pair.folder / CERT, issued.encode())
        self.settle()
        return pair

    def _pairs(self) -> list[Pair]:
        return [Pair(one) for one in self._numbered() if (one / KEY).exists()]

    def _numbered(self) -> list[Path]:
        return [one for one in self._folder.iterdir() if one.name.isdigit()]

    def _named(self) -> str | None:
        try:
            return os.readlink(self._folder / CURRENT)
        except OSError:
            return None


def _check(pair: Pair, unit: str, issued: str, root: x509.Certificate) -> None:
    """Raises UserError where a chain is not for a pair's key and unit, or does not lead to the root."""
    msg = "the enrolment service sent a certificate that is not for this unit; see to its fleet folder and to our ca"
    try:
        leaf, issuing = chain_of(issued.encode())
        leaf.verify_directly_issued_by(issuing)
        issuing.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise UserError(msg) from error
    if public_bytes(leaf.public_key()) != public_bytes(pair.key.public_key()) or common_name(leaf) != unit:
        raise UserError(msg)
