"""How far a vehicle's ledgers were held on a day, signed and kept outside of headquarters' database.

Whoever has the database can rewrite a record and the chain after it; not what was signed, written to a file and
retained by the broker before. One a vehicle and day in which its ledgers grew.
"""

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, Field

from edge.contract.messages import Hash, Instant, Seq
from edge.contract.retirement import Unit
from edge.contract.signed_body import Name, SignedBody
from edge.text.strictness import SENT

MOST_LEDGERS: Final = 1_000

Day = Annotated[int, Field(ge=1, le=date.max.toordinal())]
"""The UTC date's ordinal: what makes one newer, whatever file was lost."""


class AnchoredHead(BaseModel):
    """The last record held of a ledger, and the chain's hash after it."""

    model_config = SENT
    ledger: Unit
    seq: Seq
    head: Hash


class AnchorsDoc(SignedBody):
    """One vehicle's. ``previous``: the day of the line before it in the same file, None in the first."""

    agency: Name
    unit: Unit
    day: Day
    previous: Day | None
    at: Instant
    heads: tuple[AnchoredHead, ...] = Field(min_length=1, max_length=MOST_LEDGERS)

    @property
    def date(self) -> date:
        """The day."""
        return date.fromordinal(self.day)
