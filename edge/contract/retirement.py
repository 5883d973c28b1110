"""A vehicle out of service for good, as headquarters records it: signed, numbered, and undone by the next number.

It says how far each of the vehicle's ledgers was held and reported then, so that whoever reads it knows what was never
received, and whether anything came since. It stays at headquarters.
"""

from typing import Annotated

from pydantic import BaseModel, Field

from edge.contract.messages import Instant, Seq
from edge.contract.signed_body import Name, SignedBody
from edge.text.strictness import SENT

MOST_LEDGERS = 1_000

Unit = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]


class LedgerStanding(BaseModel):
    """One of its ledgers: up to which record it is held, and had been reported."""

    model_config = SENT
    ledger: Unit
    held: Seq
    recorded: Seq

    @property
    def missing(self) -> int:
        """Records that were reported and not received."""
        return max(0, self.recorded - self.held)


class RetirementDoc(SignedBody):
    """``retired``: false where it is in service again."""

    agency: Name
    unit: Unit
    number: int = Field(ge=1)
    retired: bool
    role: Annotated[str, Field(min_length=1, max_length=63)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    at: Instant
    ledgers: tuple[LedgerStanding, ...] = Field(max_length=MOST_LEDGERS)

    @property
    def missing(self) -> int:
        """Records of all its ledgers that were reported and not received."""
        return sum(one.missing for one in self.ledgers)
