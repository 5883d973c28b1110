"""One of everything that crosses the wire: a record of each kind, and each message."""

from datetime import date
from typing import Any, get_args

from edge.contract.context import ContextDoc, GunfireDoc, WeatherDoc
from edge.contract.messages import Ack, PatrolDoc, PlanDoc, Signed, Status, VisitDoc, Visits
from edge.domain import events as kinds
from edge.domain.events import Event, EventData, Segment, instant
from tests.contract.golden import version_2, version_4, version_5

T = instant(1_792_000_000.25)
BOX, OTHER = "1784-18561", "1784-18562"
SHIFT = "2026-10-13/night"
VISIT = "car-1:9f86d081884c:12"

DATA: tuple[EventData, ...] = (
    kinds.Started("0.1.0"),
    kinds.Started("0.1.0", 12.5),
    kinds.Stopped(),
    kinds.ClockStepped("none", "gps", -3600.125),
    kinds.ShiftBegan(T, T),
    kinds.PlanAdopted(SHIFT, "1", 2, "approved", "ab" * 32, (BOX,), ((OTHER, "a vigil"),)),
    kinds.SignedIn(),
    kinds.SignedOut(),
    kinds.MeteringPaused("call"),
    kinds.MeteringResumed(61.0),
    kinds.GpsLost(T),
    kinds.GpsFound(None),
    kinds.GpsFound(33.3),
    kinds.VisitOpened(BOX, T, ("robbery", "theft"), 900.0, early=False),
    kinds.VisitCounted(VISIT, BOX),
    kinds.PrescribedReached(VISIT, BOX),
    kinds.Overstayed(VISIT, BOX),
    kinds.VisitLeft(VISIT, BOX, T, "left"),
    kinds.VisitResumed(VISIT, BOX, T, 20.0),
    kinds.VisitClosed(
        VISIT, BOX, T, T, 905.25, counted=True, early=False, reason="moved_on", segments=(Segment("4711", 905.25),)
    ),
    kinds.VisitClosed(
        VISIT,
        BOX,
        T,
        T,
        60.0,
        counted=True,
        early=False,
        reason="lost",
        segments=(),
        flags=(kinds.FlaggedTime("accuracy_assumed", 12.5),),
    ),
    kinds.GpsLost(T, ("dead_reckoning", "no_satellites")),
    kinds.TacticUsed(VISIT, BOX, "foot-patrol"),
    kinds.TacticUndone(VISIT, "foot-patrol", "car-1:9f86d081884c:14"),
    kinds.PresenceRecorded(BOX, T, T, 12.0, at_cap=False),
    kinds.PresenceRecorded(None, T, T, 0.5, at_cap=True),
    kinds.ForecastMade(SHIFT, (("robbery", "ab" * 32),), 7, "cd" * 32, "ef" * 32, ("theft: no card; not loaded",)),
    kinds.PlanComputed(SHIFT, "1", "12" * 32, "34" * 32, ((BOX, 412_345), (OTHER, 1_000_000))),
    *version_2.DATA.values(),
    *version_4.DATA.values(),
    *version_5.DATA.values(),
)


def event(data: EventData, seq: int = 1, unit: str = "car-1", ledger: str = "9f86d081884c") -> Event:
    """A record of some data."""
    return Event(
        id=f"{unit}:{ledger}:{seq}",
        unit=unit,
        ledger=ledger,
        seq=seq,
        boot="7c2c9f2e-2f0d-4f5e-8f0e-1f4a6c1f3b11",
        mono=1234.5,
        time=T,
        clock="gps",
        shift=SHIFT,
        officer="4711",
        data=data,
    )


EVENTS = tuple(event(data, seq) for seq, data in enumerate(DATA, 1))


def test_samples_miss_no_kind_of_record() -> None:
    """A kind that is added to the ledger is added to the newest golden files, and so is here."""
    assert {type(data) for data in DATA} == set(get_args(EventData))


STATUS = Status(unit="car-1", online=True, software="0.1.0", ledger="9f86d081884c", box=BOX, plan_version=3, time=T)
VISITS = Visits(
    unit="car-1",
    shift=SHIFT,
    visits=(
        VisitDoc(
            id=VISIT, box=BOX, shift=SHIFT, opened=T, ended=None, dosage_s=61.5, counted=True, early=False
        ),
    ),
)  # fmt: skip
ACK = Ack(unit="car-1", ledger="9f86d081884c", seq=24, head="ab" * 32)
PATROL = PatrolDoc(
    box=BOX, crime_types=("robbery",), minutes=15, visits=3, spacing_s=7200, cap_shift=3, cap_7_days=7, why="café ☕"
)
PLAN = PlanDoc(
    agency="squaretown",
    shift=SHIFT,
    district="1",
    version=1,
    role="analyst",
    reason="a first plan",
    approved=T,
    patrols=(PATROL,),
)
SIGNED = Signed(kind="plan", body=PLAN.model_dump(mode="json"), signature="ab" * 64)
CONTEXT = ContextDoc(
    agency="squaretown",
    base="ab" * 32,
    number=7,
    date=date(2026, 10, 13),
    counts=((3, 12, 1, 1, 1, 256), (6, 4, 2, 0, 1, -128)),
    events=((0, 2, -1, 5, 3),),
    weather=(WeatherDoc(ahead=0, values={"tmax": 12.5}),),
    visits=((12, 0, 2),),
    gunfire=(GunfireDoc(box=12, at=T),),
)
SIGNED_CONTEXT = Signed(kind="context", body=CONTEXT.model_dump(mode="json"), signature="ab" * 64)
MESSAGES: tuple[Any, ...] = (STATUS, VISITS, ACK, PLAN, SIGNED, CONTEXT, SIGNED_CONTEXT)
