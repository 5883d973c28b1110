"""What the vehicle says: a ledger record, its status, its own visits of the shift. Values to messages, no network."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from paho.mqtt.packettypes import PacketTypes

from edge.contract.messages import BEYOND, EARLIEST, OfVehicle, Status, VisitDoc, Visits
from edge.contract.vehicle_messages import VISITS
from edge.contract.wire import ANNOUNCEMENT
from edge.domain.credible import MOST_OF_UNIT
from edge.domain.events import instant
from edge.domain.grid import box_id
from edge.domain.policy import Metering
from edge.domain.state import State
from edge.domain.visits import SEVEN_DAYS_S
from edge.mqtt.properties import Properties


def _common() -> Properties:
    properties = Properties(PacketTypes.PUBLISH)
    properties.ContentType = "application/json"
    return properties


COMMON: Final = _common()
"""What every record's message has. Copied: paho builds all its tables anew for each object that is made."""


def record_properties(unit: str, body: bytes, head: bytes) -> Properties:
    """CloudEvents 1.0 attributes of a ledger record, and its place in the chain, as MQTT 5 user properties."""
    record = json.loads(body)
    properties = copy(COMMON)
    properties.UserProperty = [
        ("specversion", "1.0"),
        ("id", record["id"]),
        ("source", f"/vehicles/{unit}"),
        ("type", f"roundsman.{record['data']['type']}"),
        ("time", record["time"]),
        ("ledger", record["ledger"]),
        ("seq", str(record["seq"])),
        ("hash", head.hex()),
        ANNOUNCEMENT,
    ]
    return properties


def status(
    state: State, rules: Metering, *, acknowledged: int, software: str, agency_hash: str, time: datetime
) -> Status:
    """How the vehicle stands, as far as headquarters may know: the box, never the position."""
    stay = state.track.stay
    return Status(
        unit=state.unit,
        online=True,
        software=software,
        ledger=state.ledger,
        recorded=state.seq,
        acknowledged=acknowledged,
        gps=state.track.quality(state.mono, rules),
        clock=state.clock.state,
        box=box_id(stay.cell) if stay else None,
        plan_version=state.issued.version if state.issued else None,
        agency_hash=agency_hash,
        time=time,
    )


def own_visits(state: State) -> Visits:
    """The visits of the vehicle itself that a cap may still ask for: who was off hears the last shift's end, too."""
    shift = state.shift.id if state.shift else None
    now = state.utc(state.mono)
    known = min(now, state.shift.ends) if state.shift else now  # a clock that is far ahead hides no visit
    since = known - SEVEN_DAYS_S
    own = (visit for visit in state.visits.of_unit(state.unit) if visit.opened > since)
    mine = [visit for visit in own if visit.counted or visit.ended is None]
    ordered = sorted(mine, key=lambda visit: (visit.opened, visit.id))
    return Visits(unit=state.unit, shift=shift, visits=tuple(VisitDoc.of(visit) for visit in ordered[-MOST_OF_UNIT:]))


@dataclass(frozen=True, slots=True)
class OfState:
    """How a message is made of the state; anew only where one of the values of ``parts`` is another object."""

    parts: Callable[[State], tuple[object, ...]]
    make: Callable[[State], OfVehicle]


OF_STATE: dict[str, OfState] = {VISITS.name: OfState(lambda state: (state.visits, state.shift), own_visits)}
"""What is said whenever it has changed, by the name of its row. The status alone is said by the clock."""


def now_of(state: State) -> datetime:
    """The vehicle's UTC at its latest input; of a clock beyond all that a message may say, the nearest that it may."""
    return instant(min(max(state.utc(state.mono), EARLIEST.timestamp()), BEYOND.timestamp() - 1.0))
