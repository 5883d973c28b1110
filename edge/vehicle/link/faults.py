"""What only the vehicle's link has to say of its troubles; `edge.mqtt.faults` has the rest."""

import re
from typing import Final

from edge.contract.messages import Ack
from edge.mqtt.faults import Party

VEHICLE: Final = Party("this vehicle", "contact your fleet admin")

PROBLEM: Final = re.compile(
    r"missing: record [0-9]{1,16}|(?:missing|chain|conflict|malformed|mismatch|too_long|unreadable)\b"
)
"""What headquarters' acknowledgments begin with: a kind of finding, or which record it lacks."""

HEADQUARTERS_SILENT: Final = "no answer from headquarters"


def of_record(ack: Ack) -> str:
    """A record does not get through, whatever we do. Of headquarters' problem only words that we know are repeated."""
    known = PROBLEM.match(ack.problem or "")
    why = f" ({known[0]})" if known is not None else ""
    return f"headquarters rejected record {ack.seq + 1}{why}; {VEHICLE.advice}"


def of_other_record(ack: Ack) -> str:
    """The ledgers of the two ends differ."""
    return f"record {ack.seq} at headquarters differs from this vehicle's; {VEHICLE.advice}"


def of_skipped(why: str) -> str:
    """A message could not be read."""
    return f"skipped an unreadable message ({why})"
