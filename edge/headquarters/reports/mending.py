"""UTC mended after the fact: what a vehicle recorded by an untrusted clock is moved by the step that set it right.

A record made by an untrusted clock takes the next step of its own boot. Of its instants (`EventKind.INSTANTS`), those
up to the boot's first record were read off an earlier, trusted life and stay. A clock that was trusted and is stepped
all the same moves no record, for nobody knows which time was right; `leap` tells it, so that nothing lasts longer
by it. Must not change a record that was stored.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from edge.domain.events import ClockStepped, Event
from edge.domain.state import TRUSTED


def mend(ledger: Sequence[Event]) -> list[Event]:
    """One ledger's records, in order, with their instants mended."""
    began = {event.boot: event.time for event in reversed(ledger)}
    step: dict[str, float] = {}
    mended = []
    boots_before = ["", *(event.boot for event in ledger)]
    for event, boot_before in zip(reversed(ledger), reversed(boots_before[:-1]), strict=True):
        shifted = event
        if event.clock not in TRUSTED and event.boot in step:
            shifted = _moved(event, step[event.boot], began[event.boot], new_boot=event.boot != boot_before)
        if isinstance(event.data, ClockStepped):
            step[event.boot] = event.data.step_s
        mended.append(shifted)
    return mended[::-1]


def leap(event: Event) -> timedelta | None:
    """By how much a record says that a trusted clock was stepped: so much later began what is under way by then."""
    data = event.data
    return timedelta(seconds=data.step_s) if isinstance(data, ClockStepped) and data.before in TRUSTED else None


def _moved(event: Event, step_s: float, boot_began: datetime, *, new_boot: bool) -> Event:
    by, data = timedelta(seconds=step_s), event.data
    values = ((name, getattr(data, name)) for name in data.INSTANTS)
    moved: dict[str, Any] = {name: value + by for name, value in values if value > boot_began}
    if new_boot:  # measured from an instant that stays
        gaps = ((name, getattr(data, name)) for name in data.GAPS)
        moved |= {name: max(0.0, gap_s + step_s) for name, gap_s in gaps if gap_s is not None}
    return replace(event, time=event.time + by, data=replace(data, **moved) if moved else data)
