"""The manifest of an agency bundle: what it is, for whom, until when, and the SHA-256 of each of its files.

The body of the signed kind ``bundle``. Whether the files are those, and who signed it, is `edge.contract.bundle`'s.
"""

import hashlib
import re
from datetime import UTC
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from edge.contract.agency import FILES
from edge.contract.fields import ShortName
from edge.contract.keys import DailyKeys
from edge.contract.messages import MOST_RECORDS, Hash, Instant, encode
from edge.contract.plain_file import MOST
from edge.contract.signed_body import SignedBody
from edge.text.strictness import SENT
from edge.text.words import Notice

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
COUNTERSIGNATURE: Final = "countersignature.json"
"""The same manifest, signed with the agency's key before: so a new key is announced to cars that pinned the old one."""

RISK_FILES: Final = ("counts.npz", "layers.npz", "days.npz")
"""What the models read; each is optional."""

MODEL_PARTS: Final = (".onnx", ".card.json", ".card.md", ".selftest.npz")
"""What belongs to a model: no model without its card and its self-test."""

PLOT: Final = ".calibration.svg"
"""What the card shows, where the model was measured."""

MOST_BYTES: Final = 10_000_000
"""A bundle should not be larger: it travels over a car's link."""

_MODEL: Final = re.compile(rf"models/([a-z0-9_]{{1,40}})({'|'.join(map(re.escape, (*MODEL_PARTS, PLOT)))})")


def model_file(name: str) -> tuple[str, str] | None:
    """The crime type and the part (such as ``.onnx``) that a file of a bundle is; None where it is of no model."""
    found = _MODEL.fullmatch(name)
    return (found[1], found[2]) if found else None


def _of_a_bundle(name: str) -> str:
    if name not in (*FILES, *RISK_FILES) and model_file(name) is None:
        msg = f"{name!r} is not a file of a bundle"
        raise ValueError(msg)
    return name


_OPTIONAL: Final = r"[a-z0-9][a-z0-9_-]{0,39}\.[a-z0-9]{1,10}"


def _not_needed(name: str) -> str:
    if not re.fullmatch(_OPTIONAL, name) or name in (*FILES, *RISK_FILES, MANIFEST, SIGNATURE, COUNTERSIGNATURE):
        msg = f"{name!r} is not a file that a bundle may have besides those it must"
        raise ValueError(msg)
    return name


class OptionalFile(BaseModel):
    """A file that a car can do without."""

    model_config = SENT
    sha256: Hash
    size: int = Field(ge=0, le=MOST)


class Manifest(SignedBody):
    """What a bundle is, for whom, until when, and the SHA-256 of each of its files.

    ``optional``: files that a car can do without, as ``places.json``. Software of before them does not read the field,
    and copies none of them; so one that is not there is no fault, and one that has other bytes is.
    ``keys``: the daily keys in force, by role. Where it names none, it is in the form of before there were roles, and
    has no ``sizes`` (bytes of each file) either: the oldest cars refuse a field that they do not know.
    """

    model_config = ConfigDict(extra="allow", frozen=True)  # what a newer one says is signed, too
    agency: ShortName
    version: int = Field(ge=1, le=MOST_RECORDS)
    created: Instant
    expires: Instant
    files: dict[Annotated[str, AfterValidator(_of_a_bundle)], Hash]
    keys: DailyKeys = Field({}, exclude_if=lambda keys: not keys)
    sizes: dict[str, Annotated[int, Field(ge=0, le=MOST)]] = Field({}, exclude_if=lambda sizes: not sizes)
    optional: dict[Annotated[str, AfterValidator(_not_needed)], OptionalFile] = Field(
        {}, exclude_if=lambda optional: not optional
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if lacking := [name for name in FILES if name not in self.files]:
            msg = f"files: {', '.join(lacking)} must be listed"
            raise ValueError(msg)
        if self.sizes and self.sizes.keys() != self.files.keys():
            msg = "sizes: must list the files, each with its bytes"
            raise ValueError(msg)
        if self.expires <= self.created:
            msg = "expires: must be after created"
            raise ValueError(msg)
        return self

    @property
    def crime_types(self) -> tuple[str, ...]:
        """The types of the models, by name, whether or not they are any that may be forecast."""
        found = (model_file(name) for name in sorted(self.files))
        return tuple(one[0] for one in found if one is not None and one[1] == ".onnx")

    def canonical(self) -> bytes:
        """The bytes of ``manifest.json``."""
        return encode(self) + b"\n"

    def digest(self) -> str:
        """SHA-256 of ``manifest.json``: the bundle's name, and `Agency.hash` of its agency."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def warning(self, utc: float) -> Notice | None:
        """The rule of expiry at an instant: the warning of a bundle that is past it."""
        if utc < self.expires.timestamp():
            return None
        date = f"{self.expires.astimezone(UTC):%Y-%m-%d}"
        return Notice("bundle.expired", {"version": self.version, "date": date}, "warning")
