"""What is to be read of messages of newer software: what is known here, and unknown values as text.

The files are made by hand: each is one of version 1, with fields and values that nobody knows yet.
"""

from dataclasses import replace
from typing import Any, Final, cast

from edge.contract.manifest import Manifest
from edge.domain.events import MeteringPaused, OtherRecord, Unknown
from tests.contract.golden.version_1 import ACK, CONTEXT, DATA, HEADERS, MANIFEST, PLAN, STATUS, VISITS, event

_CLOSED: Final = cast(Any, DATA["visit_closed"])

VALUES: Final = {
    "status": STATUS.model_copy(update={"gps": "jammed", "clock": "ptp"}),
    "visits": VISITS,
    "ack": ACK,
    "headers": HEADERS.model_copy(update={"wire": "9"}),
    "plan": PLAN,
    "context": CONTEXT,
    "bundle": Manifest.model_validate({**MANIFEST.model_dump(), "mirror": "east"}),
    "event.paused": replace(event(MeteringPaused(Unknown("laundry"))), clock=Unknown("ptp")),
    "event.visit_closed": event(replace(_CLOSED, reason="towed")),
    "event.door_opened": event(cast(Any, OtherRecord("door_opened", {"door": 2, "by": {"role": "officer"}}))),
}
