"""The void list: visits that headquarters has found not to be so. Cars drop them, and do not count them again.

It is whole each time: a car that missed some needs the last alone. A visit stays on it for as long as a cap may ask for
visits, so it cannot grow for ever.
"""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from edge.contract.messages import Instant
from edge.contract.retirement import Unit
from edge.contract.signed_body import Name, SignedBody
from edge.domain.visits import Void, VoidSpan
from edge.text.strictness import SENT

MOST_VISITS: Final = 3_000
MOST_SPANS: Final = 500

VisitId = Annotated[str, Field(pattern=r"^[^\s]{1,200}$")]


class VoidVisitDoc(BaseModel):
    """One visit. ``at``: when it was found."""

    model_config = SENT
    id: VisitId
    at: Instant


class VoidSpanDoc(BaseModel):
    """Every visit of a vehicle that opened within a time, the ends included."""

    model_config = SENT
    unit: Unit
    since: Instant
    until: Instant


class VoidDoc(SignedBody):
    """``role``, ``reason``: of what is new in this one."""

    agency: Name
    number: int = Field(ge=1, le=2**53)
    role: Annotated[str, Field(min_length=1, max_length=63)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    at: Instant
    visits: tuple[VoidVisitDoc, ...] = Field((), max_length=MOST_VISITS)
    spans: tuple[VoidSpanDoc, ...] = Field((), max_length=MOST_SPANS)

    def value(self) -> Void:
        """The domain's value."""
        spans = (VoidSpan(one.unit, one.since.timestamp(), one.until.timestamp()) for one in self.spans)
        return Void(frozenset(one.id for one in self.visits), tuple(spans))

    def since(self, earliest: datetime) -> "VoidDoc":
        """Without what no cap asks for any more, which is from before an instant."""
        visits = tuple(one for one in self.visits if one.at >= earliest)
        spans = tuple(one for one in self.spans if one.until >= earliest)
        return self.model_copy(update={"visits": visits, "spans": spans})
