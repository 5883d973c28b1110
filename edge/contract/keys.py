"""Which key may sign what: the agency's key, and the daily keys by role that a bundle names.

As in The Update Framework the offline key delegates: it signs bundles, and each bundle names the keys in force for the
rest, each with its expiry. A bundle that names none is in the form of before there were roles: there, the agency's key
signs everything. One signature is enough for any role, so there is no threshold.

**Expiry.** A daily key signs nothing new once it has expired, as far as the time is known; what was adopted before
stays in force. What is signed by a key that the bundle in force does not name is refused, adopted before or not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from edge.contract.fields import ShortName
from edge.contract.signing import verify
from edge.text.coded import CodedError
from edge.text.words import Notice

AGENCY: Final = "agency"
"""The role of the agency's own key: bundles."""

ROLES: Final = ("plan", "context", "roster", "acks", "fleet")
"""The roles of daily keys. A bundle may name others: who does not know one has no use for its keys."""

PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SHORT: Final = 8
"""Digits of a key that are shown: enough to tell one from another."""


class DailyKey(BaseModel):
    """A public key that a bundle names for a role, and from when on it signs nothing new."""

    model_config = ConfigDict(extra="allow", frozen=True)  # what a newer bundle says of a key stays in its manifest
    key: PublicKey
    expires: Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]

    def expired(self, utc: float) -> bool:
        """Whether it is, at an instant."""
        return utc >= self.expires.timestamp()

    def why_expired(self, role: str) -> Notice:
        """That it is."""
        date = f"{self.expires.astimezone(UTC):%Y-%m-%d}"
        return Notice("key.expired", {"role": role, "key": self.key[:SHORT], "date": date})


def _not_the_agencys(role: str) -> str:
    """Raises ValueError for the role of the agency's own key: a bundle cannot say who may sign bundles."""
    if role == AGENCY:
        msg = f"{role!r} is not a role for daily keys"
        raise ValueError(msg)
    return role


DailyKeys = dict[Annotated[ShortName, AfterValidator(_not_the_agencys)], tuple[DailyKey, ...]]
"""By role. The newest is named last; one that it replaces may be named until it expires."""

DAILY_KEYS: Final[TypeAdapter[DailyKeys]] = TypeAdapter(DailyKeys)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that are trusted. ``agency``: the agency's public key; None trusts nobody. ``daily``: by role."""

    agency: str | None
    daily: Mapping[str, tuple[DailyKey, ...]] = field(default_factory=dict)

    def check(self, role: str, payload: bytes, signature: str, utc: float | None = None) -> None:
        """Raises CodedError where a signature is not that of a key that may sign for a role.

        ``utc``: the instant at which the key must not have expired; None where that does not matter, or is not known.
        """
        signer = next((key for key in self._keys(role) if verify(key, payload, signature)), None)
        if signer is None:
            raise self._by_nobody(role)
        if why := self.why_not(role, signer, utc):
            raise CodedError("signature.wrong_key", why=why)

    def why_not(self, role: str, public: str, utc: float | None) -> Notice | None:
        """Which key it is and why it may not sign for a role, to follow *it is*; None where it may."""
        own = next((one for one in self._named(role) if one.key == public), None)
        if own is not None:
            return own.why_expired(role) if utc is not None and own.expired(utc) else None
        if public == self.agency:
            return None if role == AGENCY or not self.daily else Notice("key.bundles_only")
        other = next((other for other, keys in self.daily.items() for one in keys if one.key == public), None)
        if other is None:
            return Notice("key.unknown", {"key": public[:SHORT]})
        return Notice("key.other_role", {"role": other, "key": public[:SHORT]})

    def _named(self, role: str) -> tuple[DailyKey, ...]:
        """The daily keys of a role. The agency's has none, whatever a bundle names that is not verified yet."""
        return () if role == AGENCY else self.daily.get(role, ())

    def _keys(self, role: str) -> Iterator[str]:
        """Every public key that is known, those of a role first."""
        yield from (one.key for one in self._named(role))
        if self.agency is not None:
            yield self.agency
        yield from (one.key for keys in self.daily.values() for one in keys)

    def _by_nobody(self, role: str) -> CodedError:
        """The refusal of a signature that is nobody's known here."""
        if role == AGENCY:
            return CodedError("signature.not_agency_key")
        if not self.daily:
            return CodedError("signature.not_agencys")
        return CodedError("signature.not_role" if role in self.daily else "signature.no_role", role=role)
