"""UTC repaired after the fact: what a vehicle recorded by an untrusted clock is moved by the step that set it right.

A record made by an untrusted clock takes the next step of its own boot. Of its instants (`EventKind.INSTANTS`), those
up to the boot's first record were read off an earlier, trusted life and stay. A clock that was trusted and is stepped
all the same moves no record, for nobody knows which time was right; `leap` tells it, so that nothing lasts longer
by it. Must not change a record that was stored.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from edge.domain.events import ClockStepped, Event, UnreadableRecord
from edge.domain.state import TRUSTED

REACH: Final = 1000
"""How many records back a step repairs. A vehicle records a few dozen before it knows the time."""


@dataclass(frozen=True, slots=True)
class Boot:
    """The boot under way: its id, and the instant of its first record as recorded."""

    id: str = ""
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class Repaired:
    """A record at its repaired time; ``boot``: the one it is of."""

    event: Event
    boot: Boot
    moved: bool


def repair(records: Sequence[Event], boot: Boot) -> tuple[list[Repaired], Counter[int], int]:
    """Records of one ledger in order, after a boot under way, with their instants repaired by the steps among them.

    Beside them: how many records each step moved, by its number, and how many of the records, from the first on, no
    later step can move any more.
    """
    boots = list(_boots(records, boot))
    out: list[Repaired] = []
    moved: Counter[int] = Counter()
    step: tuple[Boot, int, float] | None = None
    for at in range(len(records) - 1, -1, -1):
        event, own = records[at], boots[at]
        shifted = event
        near = step is not None and step[0] is own and step[1] - event.seq <= REACH
        if step is not None and near and _untrusted(event):
            before = boots[at - 1] if at else boot
            shifted = _moved(event, step[2], own.began or event.time, new_boot=own is not before)
            moved[step[1]] += shifted.time != event.time
        if isinstance(event.data, ClockStepped):
            step = (own, event.seq, event.data.step_s)
        out.append(Repaired(shifted, own, moved=shifted is not event))
    return out[::-1], moved, _settled(records, boots)


def leap(event: Event) -> float | None:
    """By how much a record says that a trusted clock was stepped: so much later began what is under way by then."""
    data = event.data
    return data.step_s if isinstance(data, ClockStepped) and data.before in TRUSTED else None


def _untrusted(event: Event) -> bool:
    """Whether a later step moves it; of a record that is unreadable, nobody knows the clock or the boot."""
    return event.clock not in TRUSTED and not isinstance(event.data, UnreadableRecord)


def _boots(records: Sequence[Event], boot: Boot) -> Iterator[Boot]:
    for event in records:
        if event.boot != boot.id and not isinstance(event.data, UnreadableRecord):
            boot = Boot(event.boot, event.time)
        yield boot


def _settled(records: Sequence[Event], boots: Sequence[Boot]) -> int:
    """How many records no later step can move: all before the first untrusted one of the last boot since its step."""
    count = len(records)
    for at in range(len(records) - 1, -1, -1):
        event = records[at]
        if boots[at] is not boots[-1] or records[-1].seq - event.seq >= REACH:
            break
        if _untrusted(event):
            count = at
        elif isinstance(event.data, ClockStepped):
            break
    return count


def _moved(event: Event, step_s: float, boot_began: datetime, *, new_boot: bool) -> Event:
    by, data = timedelta(seconds=step_s), event.data
    values = ((name, getattr(data, name)) for name in data.INSTANTS)
    moved: dict[str, Any] = {name: value + by for name, value in values if value > boot_began}
    if new_boot:  # measured from an instant that stays
        gaps = ((name, getattr(data, name)) for name in data.GAPS)
        moved |= {name: max(0.0, gap_s + step_s) for name, gap_s in gaps if gap_s is not None}
    return replace(event, time=event.time + by, data=replace(data, **moved) if moved else data)
