"""What may be posted to the engine: the domain's inputs, and what concerns the store as well.

The parts of the vehicle share this, `edge.vehicle.in_force` and `edge.vehicle.view.snapshot`, and nothing else of each
other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from edge.contract.messages import PlanDoc, Signed
from edge.contract.signed_documents import Verified
from edge.domain.inputs import Input
from edge.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Headquarters holds the ledger up to ``seq``."""

    seq: int


@dataclass(frozen=True, slots=True)
class Diverged:
    """Headquarters holds another ledger under this one's id; ``common``: the last record that is the same in both.

    Who posts it has closed the ledger's file, and reads it again once the state is another ledger's.
    """

    ledger: str
    common: int


@dataclass(frozen=True, slots=True)
class Damaged:
    """A database that is in use has broken pages; ``file``: its inode, ``why``: what was found."""

    path: Path
    file: int
    why: str


@dataclass(frozen=True, slots=True)
class PlanVerified:
    """A plan of this agency and district whose signature holds, with its document: the rules decide whether to obey."""

    plan: Plan
    signed: Signed


@dataclass(frozen=True, slots=True)
class DocumentVerified:
    """Any other signed document whose signature holds: it takes force where it is newer than the one that has it."""

    document: Verified[Any]


Item: TypeAlias = Input | Acknowledged | Diverged | Damaged | PlanVerified | DocumentVerified
Post: TypeAlias = Callable[[Item], None]


def item_of(document: Verified[Any]) -> PlanVerified | DocumentVerified:
    """What the engine is posted of a verified document."""
    if isinstance(document.body, PlanDoc):
        return PlanVerified(document.body.value(document.digest), document.signed)
    return DocumentVerified(document)
