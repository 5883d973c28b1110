"""What the daemon asks its scoring process, and what that answers: JSON over stdin and stdout, checked at both ends.

The daemon never loads a model, numpy or onnxruntime; the process never sees the ledger. Must not compute anything.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from edge.contract.context import ContextDoc
from edge.contract.fields import PartOne
from edge.contract.messages import BoxId, ShiftId
from edge.domain.events import ForecastMade, PlanComputed
from edge.domain.outlook import Outlook
from edge.domain.policy import Prescription
from edge.text.strictness import SENT
from edge.text.words import Notice


class ScoringRequest(BaseModel):
    """Score one shift for one district. ``directory``: the verified bundle; ``key``: the public key it is signed with.

    ``boxes``: those to explain whatever their risk, such as the approved plan's; ``draw``: whether a plan is wanted;
    ``visits``: the fleet's counted visits of a box in the seven days before the shift starts, as far as known here.
    """

    model_config = SENT
    directory: Path
    key: str
    district: str
    shift: ShiftId
    context: ContextDoc | None
    context_digest: str
    boxes: tuple[BoxId, ...] = ()
    draw: bool
    visits: tuple[tuple[BoxId, Annotated[int, Field(ge=1)]], ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPatrol:
    """One box of the plan drawn: what for, and what is prescribed. The forecast says why."""

    box: BoxId
    crime_types: Annotated[tuple[PartOne, ...], Field(min_length=1)]
    prescription: Prescription


@dataclass(frozen=True, slots=True)
class ScoringReply:
    """A forecast, or the ``problem`` for which there is none; ``remarks``: what to warn of.

    ``plan`` and ``computed`` come together, where a plan was wanted and could be drawn.
    """

    problem: Notice | None = None
    made: ForecastMade | None = None
    outlook: Outlook | None = None
    plan: tuple[DrawnPatrol, ...] = ()
    computed: PlanComputed | None = None
    remarks: tuple[Notice, ...] = ()


@cache
def reply_form() -> TypeAdapter[ScoringReply]:
    """How a reply is written and read: made when it is first needed, which no car's start waits for."""
    return TypeAdapter(ScoringReply)
