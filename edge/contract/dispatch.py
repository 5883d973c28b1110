"""A unit's status at dispatch, passed on by headquarters: whether it is busy, since when, and until when that holds.

Headquarters signs it anew every few minutes while it knows it, so it is numbered by the clock and stored nowhere. Must
not say what a call is about, nor where.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from edge.contract.messages import Instant
from edge.contract.retirement import Unit
from edge.contract.signed_body import Name, SignedBody
from edge.domain.unit_status import UnitStatus

HOLDS_S: Final = 600.0
"""How long a status holds unless it is repeated."""

DispatchStatus = Literal["busy", "available"]


class DispatchDoc(SignedBody):
    """``number``: milliseconds (POSIX) of ``at``, when it was passed on; ``since``: when the status began."""

    agency: Name
    unit: Unit
    number: int = Field(ge=1, le=2**53)
    at: Instant
    status: DispatchStatus | Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    since: Instant
    until: Instant

    def value(self) -> UnitStatus | None:
        """The domain's value; None for a status that only newer software knows."""
        if self.status not in ("busy", "available"):
            return None
        return UnitStatus(self.status == "busy", self.since.timestamp(), self.until.timestamp())
