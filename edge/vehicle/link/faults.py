"""What only the vehicle's link has to say of its troubles; `edge.mqtt.faults` has the rest."""

import re
from typing import Final

from edge.contract.messages import Ack
from edge.mqtt.faults import Party
from edge.text.coded import LONGEST
from edge.text.plain import plain
from edge.text.words import Notice

VEHICLE: Final = Party("vehicle")

PROBLEM: Final = re.compile(
    r"missing: record (?P<lacking>[0-9]{1,16})|(?:missing|chain|conflict|malformed|mismatch|too_long|unreadable)\b"
)
"""What headquarters' acknowledgments begin with: a kind of finding, or which record it lacks."""

HEADQUARTERS_SILENT: Final = Notice("records.no_answer")


def of_record(ack: Ack) -> Notice:
    """A record does not get through, whatever we do. Of headquarters' problem only words that we know are repeated."""
    known, values = PROBLEM.match(ack.problem or ""), {"seq": ack.seq + 1, "party": VEHICLE.key}
    if known is None:
        return Notice("records.rejected", values)
    if known["lacking"] is not None:
        return Notice("records.lacking", {**values, "lacking": int(known["lacking"])})
    return Notice("records.rejected_for", {**values, "problem": known[0]})


def of_other_record(ack: Ack) -> Notice:
    """The ledgers of the two ends differ."""
    return Notice("records.differs", {"seq": ack.seq, "party": VEHICLE.key})


def of_purged(ack: Ack, purged: int) -> Notice:
    """Headquarters lacks records that it once acknowledged, up to the last that is in the car no more."""
    return Notice("records.purged", {"first": ack.seq + 1, "last": purged, "party": VEHICLE.key})


def of_skipped(detail: str) -> Notice:
    """A message could not be read. ``detail``: paho's own words."""
    return Notice("records.skipped", {"detail": plain(detail, LONGEST)})
