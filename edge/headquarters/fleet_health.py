"""What is wrong with a vehicle as far as headquarters was told, and what to do about it: one sentence for each thing.

Values in, values out. Must not read a clock or the database, and must not name an officer or a position.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from edge.contract.wire import VERSION
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.store import Behind
from edge.text.plain import plain

SILENT_S: Final = 120.0
"""A vehicle with a link reports every 15 s: one that is online and silent for so long is not heard."""

LONG_S: Final = 7 * 86_400.0
"""A vehicle that is off for so long is somebody's business."""

DAY_S: Final = 86_400.0

LONGEST: Final = 63
"""Characters of a ledger's name: its vehicle chose them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A vehicle's last status, when it came (POSIX seconds), and its ledgers that are not held to their end."""

    status: HeldStatus
    received: float
    behind: tuple[Behind, ...] = ()
    retired: bool = False

    @property
    def missing(self) -> int:
        """Records of all its ledgers that were reported and are not held."""
        return sum(one.missing for one in self.behind)

    @property
    def queue(self) -> int:
        """Records that wait in the vehicle, as it last said itself."""
        return max(0, self.status.recorded - self.status.acknowledged)

    def age_s(self, now: float) -> float:
        """Seconds since it was last heard."""
        return max(0.0, now - self.received)

    def heard(self, now: float) -> bool:
        """Whether it is online, and is heard as one that is."""
        return self.status.online and self.age_s(now) < SILENT_S


def advice(unit: Unit, now: float, bundle: str) -> tuple[str, ...]:
    """What is wrong and what to do; nothing of a retired vehicle. ``bundle``: the hash of headquarters' own."""
    if unit.retired:
        return ()
    standing = _of_now(unit.status) if unit.heard(now) else _unheard(unit, now)
    return (*standing, *_records(unit, now), *_software(unit.status, bundle))


def _of_now(status: HeldStatus) -> Iterator[str]:
    if status.gps in ("none", "lost"):
        yield "No GPS position. Normal under a roof; under open sky check the antenna and its cable."
    if status.clock in ("none", "saved"):
        yield "The clock is not set, so shifts may not change on time. It sets itself with a GPS position or a network."


def _unheard(unit: Unit, now: float) -> Iterator[str]:
    age = unit.age_s(now)
    if unit.status.online:
        yield "It was online and is silent. Check the broker and headquarters' receiver, then the vehicle's modem."
    elif age >= LONG_S:
        yield f"Offline for {age // DAY_S:.0f} days. Switch it on, or retire it with roundsman hq retire."


def _records(unit: Unit, now: float) -> Iterator[str]:
    """The missing records by name; those of a vehicle that is heard and of its present ledger are on their way."""
    for one in unit.behind:
        which = f"Records {one.held + 1:,} to {one.recorded:,} of ledger {plain(one.ledger, LONGEST)} are missing."
        if one.ledger != unit.status.ledger:
            yield f"{which} The vehicle has begun another ledger: look for the storage that was replaced."
        elif not unit.heard(now):
            yield f"{which} They are still in the vehicle: switch it on where it has a network."


def _software(status: HeldStatus, bundle: str) -> Iterator[str]:
    if status.agency_hash and status.agency_hash != bundle:
        yield "Its agency bundle is not headquarters' own. Let it download the newest one, or bring it on a USB stick."
    if status.wire < VERSION:
        yield "Its software is older than headquarters'. Update it."
