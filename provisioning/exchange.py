"""What a unit and the enrolment service say to each other, and the token file that a unit starts with.

JSON over HTTPS. Must not know either of them.
"""

import hashlib
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field

from edge.contract.fields import UnitName
from edge.text.strictness import SENT

ENROL: Final = "/v1/enrol"
RENEW: Final = "/v1/renew"
LARGEST: Final = 32_768
"""Bytes of a request or an answer: a chain of two certificates has 2,000."""

Pem = Annotated[str, Field(max_length=16_384)]


def digest_of(token: str) -> str:
    """How a token is stored: it has 256 random bits, so that a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


class TokenFile(BaseModel):
    """``enrolment.json``: a one-time token for a unit. ``serial``: tells one image of a unit from the next."""

    model_config = SENT
    unit: UnitName
    token: str = Field(min_length=32, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")
    expires: AwareDatetime
    serial: str


class EnrolRequest(BaseModel):
    """``POST /v1/enrol``. ``csr``: PKCS #10 in PEM, signed by the key that the unit has made."""

    model_config = SENT
    unit: UnitName
    token: str = Field(max_length=128)
    csr: Pem


class RenewRequest(BaseModel):
    """``POST /v1/renew``. ``signature``: of the CSR's PEM, by the key of the present ``certificate``."""

    model_config = SENT
    certificate: Pem
    csr: Pem
    signature: str = Field(pattern=r"^([0-9a-f]{2}){8,100}$")


class Issued(BaseModel):
    """The answer: the new certificate, and those between it and the root, in PEM."""

    model_config = SENT
    certificate: Pem


class Refusal(BaseModel):
    """The answer where there is none: why, in a sentence."""

    model_config = SENT
    error: str = Field(max_length=500)
