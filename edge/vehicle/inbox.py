"""What may be posted to the engine: the domain's inputs, and three things that concern the store as well.

The parts of the vehicle share this and `edge.vehicle.view.snapshot`, and nothing else of each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from edge.contract.context import Context
from edge.contract.messages import Signed
from edge.domain.inputs import Input
from edge.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Headquarters holds the ledger up to ``seq``."""

    seq: int


@dataclass(frozen=True, slots=True)
class PlanVerified:
    """A plan of this agency and district whose signature holds, with its document."""

    plan: Plan
    signed: Signed


@dataclass(frozen=True, slots=True)
class ContextVerified:
    """A context of this agency whose signature holds, with its document."""

    context: Context
    signed: Signed


Item: TypeAlias = Input | Acknowledged | PlanVerified | ContextVerified
Post: TypeAlias = Callable[[Item], None]
