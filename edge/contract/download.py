"""What a unit can download: the newest bundle and release that headquarters has, announced to all cars alike.

It gives nobody a right to them: a car that hears of a new one asks headquarters at once, and the download server
decides what this unit may have (`provisioning.rollout`). Must not carry a file, nor where one is.
"""

from typing import Annotated

from pydantic import BaseModel, Field

from edge.contract.messages import Hash, Instant
from edge.contract.signed_body import Name, SignedBody
from edge.text.strictness import SENT


class NamedBundle(BaseModel):
    """An agency bundle. ``sha256``: of its manifest."""

    model_config = SENT
    version: int = Field(ge=1, le=2**53)
    sha256: Hash


class NamedRelease(BaseModel):
    """A release of the software. ``sha256``: of what its key signed."""

    model_config = SENT
    version: Annotated[str, Field(pattern=r"^[0-9]{1,5}(\.[0-9]{1,5}){2}$")]
    sha256: Hash


class DownloadDoc(SignedBody):
    """The newest bundle and release that headquarters has; None where it has none."""

    agency: Name
    number: int = Field(ge=1, le=2**53)
    role: Annotated[str, Field(min_length=1, max_length=63)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    at: Instant
    bundle: NamedBundle | None = None
    release: NamedRelease | None = None
