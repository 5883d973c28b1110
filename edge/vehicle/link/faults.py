"""What only the vehicle's link has to say of its troubles; `edge.mqtt.faults` has the rest."""

from typing import Final

from edge.contract.messages import Ack
from edge.mqtt.faults import Party

VEHICLE: Final = Party("this vehicle", "contact your fleet admin")

HEADQUARTERS_SILENT: Final = "no answer from headquarters"


def of_record(ack: Ack) -> str:
    """A record does not get through, whatever we do."""
    return f"headquarters rejected record {ack.seq + 1} ({ack.problem}); {VEHICLE.advice}"


def of_other_record(ack: Ack) -> str:
    """The ledgers of the two ends differ."""
    return f"record {ack.seq} at headquarters differs from this vehicle's; {VEHICLE.advice}"


def of_skipped(why: str) -> str:
    """A message could not be read."""
    return f"skipped an unreadable message ({why})"
