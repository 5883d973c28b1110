"""What version 2 of the wire brought: made-up values, one file each. What is not here is as in version 1.

Must not change, as in `version_1`.
"""

from datetime import UTC, datetime
from typing import Final

from edge.contract.headers import AckHeaders
from edge.contract.keys import DailyKey
from edge.contract.retirement import LedgerStanding, RetirementDoc
from edge.domain import events as kinds
from edge.domain.events import EventData
from tests.contract.golden.version_1 import BOX, CONTEXT, HEADERS, LATER, LEDGER, MANIFEST, OTHER, PLAN, SHIFT, event

DATA: Final[dict[str, EventData]] = {
    "patrol_added": kinds.PatrolAdded(SHIFT, BOX, ("robbery", "theft"), "recent_crime", "supervisor", LATER, "ab" * 32),
    "patrol_suppressed": kinds.PatrolSuppressed(SHIFT, OTHER, "road_closed", "analyst", LATER, "cd" * 32),
    "change_ended": kinds.ChangeEnded(f"car-1:{LEDGER}:27", BOX, "decided"),
}
"""Of each kind of record that version 2 brought."""

VALUES: Final = {
    **{f"event.{kind}": event(data) for kind, data in DATA.items()},
    "ack_headers": AckHeaders(
        wire="2",
        signature=(
            "89276f69de82122b54a8bdf8a90f470fd98758cc48272a942a5a653455adf1d7"
            "9363d2fcee52efbc8c83a27d03f08be976d1b82426c2f42b9b66e62dfea3eb06"
        ),
    ),
    "event.paused": event(kinds.MeteringPaused("fuel")),
    "event.gps_lost": event(kinds.GpsLost(LATER, ("dead_reckoning", "no_satellites"))),
    "event.visit_closed": event(
        kinds.VisitClosed(
            f"car-1:{LEDGER}:20",
            BOX,
            LATER,
            LATER,
            905.25,
            counted=True,
            early=False,
            reason="lost",
            segments=(),
            flags=(kinds.FlaggedTime("accuracy_assumed", 12.5), kinds.FlaggedTime("accuracy_over_10_m", 905.25)),
        )
    ),
    "event.presence": event(
        kinds.PresenceRecorded(BOX, LATER, LATER, 12.5, at_cap=False, flags=(kinds.FlaggedTime("few_satellites", 3.0),))
    ),
    "headers": HEADERS.model_copy(update={"wire": "2"}),
    "plan": PLAN.model_copy(update={"must_understand": ("patrols", "district")}),
    "context": CONTEXT.model_copy(update={"must_understand": ("counts",)}),
    "retirement": RetirementDoc(
        agency="squaretown",
        unit="car-9",
        number=2,
        retired=True,
        role="fleet",
        reason="scrapped after a crash",
        at=LATER,
        ledgers=(LedgerStanding(ledger=LEDGER, held=58, recorded=301),),
    ),
    "bundle": MANIFEST.model_copy(
        update={
            "keys": {
                "plan": (
                    DailyKey(key="0a" * 32, expires=datetime(2026, 12, 1, 6, tzinfo=UTC)),
                    DailyKey(key="0b" * 32, expires=datetime(2027, 2, 1, 6, tzinfo=UTC)),
                ),
                "acks": (DailyKey(key="0c" * 32, expires=datetime(2027, 2, 1, 6, tzinfo=UTC)),),
            },
            "must_understand": ("keys",),
        }
    ),
}
