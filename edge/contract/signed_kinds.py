"""The table of signed kinds: a row for each, and nothing of a kind anywhere else but its model and who obeys it.

To add one: its model, its row here, and who obeys it (in a car `edge.vehicle.inbox.item_of` or whoever reads what is in
force; at headquarters who makes it).
"""

from datetime import UTC, date, datetime
from typing import Any, Final

from edge.contract.anchors import AnchorsDoc
from edge.contract.context import ContextDoc, check_context
from edge.contract.dispatch import DispatchDoc
from edge.contract.download import DownloadDoc
from edge.contract.grid_file import LARGE_GRID
from edge.contract.keys import AGENCY
from edge.contract.manifest import Manifest
from edge.contract.messages import PlanDoc
from edge.contract.plan_bounds import check_plan
from edge.contract.retirement import RetirementDoc
from edge.contract.roster import RosterDoc
from edge.contract.signed_documents import Order, SignedKind
from edge.contract.void import VoidDoc
from edge.text.words import Notice


def _version(order: Order) -> Notice:
    return Notice("order.version", {"version": order[0]})


def _number(order: Order) -> Notice:
    return Notice("order.number", {"number": order[0]})


def _made(order: Order) -> Notice:
    made = f"{datetime.fromtimestamp(order[1], UTC):%Y-%m-%d %H:%M:%S} UTC"
    return Notice("order.made", {"version": order[0], "made": made})


PLAN: Final = SignedKind(
    name="plan",
    model=PlanDoc,
    role="plan",
    topic="plan/{district}/{shift}",
    key=("shift", "district"),
    order=lambda doc: (doc.version,),
    named=_version,
    kept=True,
    check=check_plan,
)
CONTEXT: Final = SignedKind(
    name="context",
    model=ContextDoc,
    role="context",
    topic="context",
    key=(),
    order=lambda doc: (doc.number,),
    named=_number,
    kept=True,
    check=check_context,
)
RETIREMENT: Final = SignedKind(
    name="retirement",
    model=RetirementDoc,
    role="fleet",
    topic=None,
    key=("unit",),
    order=lambda doc: (doc.number,),
    named=_number,
    kept=False,
    for_vehicles=False,
)
ANCHORS: Final = SignedKind(
    name="anchors",
    model=AnchorsDoc,
    role="fleet",
    topic="anchors/{unit}",
    key=("unit",),
    order=lambda doc: (doc.day,),
    named=lambda order: Notice("order.day", {"day": date.fromordinal(order[0]).isoformat()}),
    kept=False,  # but in a file beside the database
    for_vehicles=False,
)
VOID: Final = SignedKind(
    name="void",
    model=VoidDoc,
    role="fleet",
    topic="void",
    key=(),
    order=lambda doc: (doc.number,),
    named=_number,
    kept=True,
)
ROSTER: Final = SignedKind(
    name="roster",
    model=RosterDoc,
    role="roster",
    topic="roster",
    key=(),
    order=lambda doc: (doc.number,),
    named=_number,
    kept=True,
)
DOWNLOAD: Final = SignedKind(
    name="download",
    model=DownloadDoc,
    role="fleet",
    topic="download",
    key=(),
    order=lambda doc: (doc.number,),
    named=_number,
    kept=True,
)
DISPATCH: Final = SignedKind(
    name="dispatch",
    model=DispatchDoc,
    role="fleet",
    topic="dispatch/{unit}",
    key=("unit",),
    order=lambda doc: (doc.number,),
    named=_number,
    kept=False,  # it holds for ten minutes, and is signed anew
)
BUNDLE: Final = SignedKind(
    name="bundle",
    model=Manifest,
    role=AGENCY,
    topic=None,  # it travels as a directory, and is stored as one
    key=(),
    order=lambda manifest: (manifest.version, int(manifest.created.timestamp())),
    named=_made,
    kept=False,
    rules=frozenset({LARGE_GRID}),
)

KINDS: dict[str, SignedKind[Any]] = {
    kind.name: kind for kind in (PLAN, CONTEXT, ROSTER, RETIREMENT, VOID, ANCHORS, DOWNLOAD, DISPATCH, BUNDLE)
}
"""Every kind, by its name."""
