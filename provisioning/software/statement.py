"""What the manifest of a release says: an in-toto Statement v1 with a predicate of ours.

Source: https://github.com/in-toto/attestation, spec/v1/statement.md. The subjects are the release's files by name and
SHA-256; the predicate says which version they are, since and until when, and which of them a platform installs.
Must not read a file.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge.errors import UserError
from edge.text.mistakes import explain_of_peer
from edge.text.strictness import SENT

PAYLOAD: Final = "application/vnd.in-toto+json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "urn:roundsman:release:1"
LARGEST: Final = 300_000_000
"""Bytes of a file of a release: onnxruntime, the largest, has 25,000,000."""

FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,150}$")]
"""A plain name: no folder, nothing hidden, nothing that a command could take for an option."""

TargetName = Annotated[str, Field(pattern=r"^cp3[0-9]{1,2}-(x86_64|aarch64)$")]
ReleaseName = Annotated[str, Field(pattern=r"^[0-9.]{5,20}-[0-9a-f]{12}$")]
"""The version, and the first digits of what was signed: its folder's name on a unit."""

Version = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,4})(\.(0|[1-9][0-9]{0,4})){2}$")]
Instant = Annotated[AwareDatetime, Field(ge=datetime(2020, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]


class Digest(BaseModel):
    """By SHA-256 alone."""

    model_config = SENT
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Subject(BaseModel):
    """A file of the release."""

    model_config = SENT
    name: FileName
    digest: Digest


class Predicate(BaseModel):
    """``sizes``: bytes of each file. ``targets``: the wheels that a platform installs, all of them.

    ``issued``: of two releases the one issued later is the newer. ``downgrade``: the signed order to go back to a
    version that is lower than the highest seen.
    """

    model_config = SENT
    version: Version
    issued: Instant
    expires: Instant
    sizes: dict[FileName, Annotated[int, Field(ge=0, le=LARGEST)]] = Field(min_length=1, max_length=1_000)
    targets: dict[TargetName, tuple[FileName, ...]] = Field(min_length=1, max_length=20)
    downgrade: bool = False


class Statement(BaseModel):
    """The whole manifest."""

    model_config = ConfigDict(populate_by_name=True, **SENT)
    type: Literal["https://in-toto.io/Statement/v1"] = Field(STATEMENT, alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1, max_length=1_000)
    predicate_type: Literal["urn:roundsman:release:1"] = Field(PREDICATE, alias="predicateType")
    predicate: Predicate

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [one.name for one in self.subject]
        if len(set(names)) < len(names) or set(names) != set(self.predicate.sizes):
            msg = "subject: must list each file of sizes once"
            raise ValueError(msg)
        if strange := {name for wheels in self.predicate.targets.values() for name in wheels} - set(names):
            msg = f"targets: {sorted(strange)[0]!r} is not a file of the release"
            raise ValueError(msg)
        if self.predicate.expires <= self.predicate.issued:
            msg = "expires: must be after issued"
            raise ValueError(msg)
        return self

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file, by its name."""
        return {one.name: one.digest.sha256 for one in self.subject}

    @property
    def order(self) -> tuple[int, ...]:
        """The version, to be compared."""
        return order_of(self.predicate.version)

    def payload(self) -> bytes:
        """What is signed."""
        return self.model_dump_json(by_alias=True, indent=1).encode()


def order_of(version: str) -> tuple[int, ...]:
    """A version, to be compared: 0.10.0 is above 0.9.1."""
    return tuple(int(part) for part in re.findall("[0-9]+", version))


def read_statement(payload: bytes) -> Statement:
    """The statement of a payload that is signed. Raises UserError where it is none of a release."""
    try:
        return Statement.model_validate_json(payload)
    except ValidationError as error:
        msg = f"is not a manifest of a release that this version can read ({explain_of_peer(error, Statement)[:300]})"
        raise UserError(msg) from error
