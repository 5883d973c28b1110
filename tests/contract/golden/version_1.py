"""What the golden files of version 1 say: made-up values, one file each. Commit 8f83bf7 wrote the files of them.

Must not change: a later version that reads other values than these cannot read version 1.
"""

from datetime import UTC, date, datetime
from typing import Final

from edge.contract.context import ContextDoc, GunfireDoc, WeatherDoc
from edge.contract.headers import RecordHeaders
from edge.contract.manifest import Manifest
from edge.contract.messages import Ack, PatrolDoc, PlanDoc, Status, VisitDoc, Visits
from edge.domain import events as kinds
from edge.domain.events import Event, EventData, Segment

T: Final = datetime(2026, 10, 14, 2, 46, 40, 250_000, UTC)
LATER: Final = datetime(2026, 10, 14, 3, 2, 0, 500_000, UTC)
BOX, OTHER = "1784-18561", "1785-18561"
SHIFT: Final = "2026-10-13/night"
LEDGER: Final = "9f86d081884c"
VISIT: Final = f"car-1:{LEDGER}:12"


def event(data: EventData) -> Event:
    """A record, all of whose envelope is set."""
    return Event(
        id=f"car-1:{LEDGER}:31",
        unit="car-1",
        ledger=LEDGER,
        seq=31,
        boot="7c2c9f2e-2f0d-4f5e-8f0e-1f4a6c1f3b11",
        mono=1234.5,
        time=LATER,
        clock="ntp",
        shift=SHIFT,
        officer="4711",
        data=data,
    )


DATA: Final[dict[str, EventData]] = {
    "started": kinds.Started("0.1.0", 12.5),
    "stopped": kinds.Stopped(),
    "clock_stepped": kinds.ClockStepped("saved", "gps", -3600.125),
    "shift_began": kinds.ShiftBegan(T, LATER),
    "plan_adopted": kinds.PlanAdopted(SHIFT, "1", 2, "approved", "ab" * 32, (BOX,), ((OTHER, "a vigil"),)),
    "signed_in": kinds.SignedIn(),
    "signed_out": kinds.SignedOut(),
    "paused": kinds.MeteringPaused("station"),
    "resumed": kinds.MeteringResumed(61.25),
    "gps_lost": kinds.GpsLost(T),
    "gps_found": kinds.GpsFound(33.5),
    "visit_opened": kinds.VisitOpened(BOX, T, ("robbery", "theft"), 900.0, early=True),
    "visit_counted": kinds.VisitCounted(VISIT, BOX),
    "prescribed_reached": kinds.PrescribedReached(VISIT, BOX),
    "overstayed": kinds.Overstayed(VISIT, BOX),
    "visit_left": kinds.VisitLeft(VISIT, BOX, T, "lost"),
    "visit_resumed": kinds.VisitResumed(VISIT, BOX, T, 20.75),
    "visit_closed": kinds.VisitClosed(
        VISIT, BOX, T, LATER, 905.25, True, True, "moved_on", (Segment("4711", 905.0), Segment("5", 0.25))
    ),
    "tactic_used": kinds.TacticUsed(VISIT, BOX, "foot-patrol"),
    "tactic_undone": kinds.TacticUndone(VISIT, "foot-patrol", f"car-1:{LEDGER}:14"),
    "presence": kinds.PresenceRecorded(BOX, T, LATER, 12.5, at_cap=True),
    "forecast_made": kinds.ForecastMade(
        SHIFT, (("robbery", "ab" * 32),), 7, "cd" * 32, "ef" * 32, ("theft: no card; not loaded",)
    ),
    "plan_computed": kinds.PlanComputed(SHIFT, "1", "12" * 32, "34" * 32, ((BOX, 412_345), (OTHER, 1_000_000))),
}
"""Of each kind of record, by its name on the wire."""

STATUS: Final = Status(
    unit="car-1",
    online=True,
    software="0.1.0",
    ledger=LEDGER,
    recorded=31,
    acknowledged=24,
    gps="uncertain",
    clock="ntp",
    box=BOX,
    plan_version=3,
    agency_hash="12" * 32,
    time=LATER,
)
VISITS: Final = Visits(
    unit="car-1",
    shift=SHIFT,
    visits=(
        VisitDoc(id=VISIT, box=BOX, shift=SHIFT, opened=T, ended=LATER, dosage_s=905.25, counted=True, early=True),
        VisitDoc(
            id=f"car-1:{LEDGER}:30",
            box=OTHER,
            shift=SHIFT,
            opened=LATER,
            ended=None,
            dosage_s=0.5,
            counted=False,
            early=False,
        ),
    ),
)
ACK: Final = Ack(unit="car-1", ledger=LEDGER, seq=24, head="ab" * 32, problem="missing: record 25 has not come")
PLAN: Final = PlanDoc(
    agency="squaretown",
    shift=SHIFT,
    district="1",
    version=3,
    role="analyst",
    reason="robberies near the bus stops",
    approved=T,
    patrols=(
        PatrolDoc(
            box=BOX,
            crime_types=("robbery", "gunfire"),
            minutes=12.5,
            visits=2,
            spacing_s=5400.0,
            cap_shift=4,
            cap_7_days=9,
            why="café ☕ closes at two",
            tactics=("foot-patrol", "business-check"),
        ),
        PatrolDoc(
            box=OTHER,
            crime_types=("theft",),
            minutes=15.0,
            visits=1,
            spacing_s=7200.0,
            cap_shift=3,
            cap_7_days=7,
            suppressed="a vigil",
        ),
    ),
)
CONTEXT: Final = ContextDoc(
    agency="squaretown",
    base="ab" * 32,
    number=7,
    date=date(2026, 10, 13),
    complete=2,
    counts=((3, 12, 1, 1, 1, 256), (6, 4, 2, 0, 1, -128)),
    events=((0, 2, -1, 5, 3),),
    weather=(WeatherDoc(ahead=1, values={"tmax": 12.5}),),
    visits=((12, 0, 2),),
    gunfire=(GunfireDoc(box=12, at=LATER),),
)
MANIFEST: Final = Manifest(
    agency="squaretown",
    version=5,
    created=T,
    expires=datetime(2027, 10, 14, tzinfo=UTC),
    files={
        "agency.json": "01" * 32,
        "grid.json": "02" * 32,
        "map.json": "03" * 32,
        "counts.npz": "04" * 32,
        "models/robbery.onnx": "05" * 32,
        "models/robbery.card.json": "06" * 32,
        "models/robbery.card.md": "07" * 32,
        "models/robbery.selftest.npz": "08" * 32,
    },
)
HEADERS: Final = RecordHeaders.model_validate(
    {
        "specversion": "1.0",
        "id": f"car-1:{LEDGER}:31",
        "source": "/vehicles/car-1",
        "type": "roundsman.paused",
        "time": "2026-10-14T03:02:00.500000Z",
        "ledger": LEDGER,
        "seq": "31",
        "hash": "56" * 32,
    }
)
"""The user properties of the record of a pause."""

VALUES: Final = {
    "status": STATUS,
    "visits": VISITS,
    "ack": ACK,
    "plan": PLAN,
    "context": CONTEXT,
    "bundle": MANIFEST,
    "headers": HEADERS,
    **{f"event.{kind}": event(data) for kind, data in DATA.items()},
}
"""By the name of the file."""
