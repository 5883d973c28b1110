"""What the registry holds of a token and of a certificate. Values alone."""

from dataclasses import dataclass
from typing import Final

TOKEN_DAYS: Final = 7
"""A token is good for at most so long."""

ADMIN: Final = "admin"
"""The basis of a certificate that an admin issued by hand."""


@dataclass(frozen=True, slots=True)
class Token:
    """A one-time token. Times are POSIX seconds."""

    digest: str
    unit: str
    expires: float
    used: float | None = None
    voided: float | None = None

    def open(self, utc: float) -> bool:
        """Whether a unit may still enrol with it."""
        return self.used is None and self.voided is None and utc < self.expires


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that was issued. ``pem``: with the certificates between it and the root; ``basis``: what for."""

    serial: str
    name: str
    issuer: int
    starts: float
    ends: float
    public_key: str
    pem: str
    basis: str
    revoked: float | None = None

    def valid(self, utc: float) -> bool:
        """Whether it is neither expired nor revoked."""
        return self.revoked is None and utc < self.ends


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit. ``name``: whom it concerns; ``source``: a network address, or ``admin``."""

    number: int
    utc: float
    what: str
    name: str
    source: str
    detail: str
