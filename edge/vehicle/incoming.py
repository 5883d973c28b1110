"""What comes in without a link: signed documents from the drop folder and from a USB stick, handed to the engine.

A thread of its own looks; each place is looked into by a call that may hang, so a stick that is stuck keeps nobody
waiting, and nothing else that comes. Must not verify or obey anything.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from edge.contract.signed_documents import Verified
from edge.domain.shift import Calendar
from edge.domain.state import State
from edge.service.aside import Aside
from edge.text.words import Notice
from edge.vehicle.in_force import InForce, why_ignored
from edge.vehicle.inbox import DocumentVerified, Item, PlanVerified

LOOK_S: Final = 0.1
"""A shot heard must be known within seconds, and a look into the drop folder costs next to nothing."""

PATIENCE_S: Final = 5.0
"""How long a look into a place may take; with a stick that is stuck it takes for ever."""

Taken: TypeAlias = list[PlanVerified | DocumentVerified]


class Source(Protocol):
    """Where documents come in: `edge.vehicle.documents.drop_folder`. ``trouble``: what was refused.

    ``stuck``: the code of what to say where it does not answer; ``rest_s``: how long it is left alone after a look.
    """

    trouble: Notice | None
    stuck: str
    rest_s: float

    def take(self) -> Iterable[PlanVerified | DocumentVerified]:
        """What has come."""


@dataclass(slots=True)
class _Place:
    """A source, the calls into it, whether the last one hung, and when it is to be looked into again (monotonic)."""

    source: Source
    calls: Aside[Taken] = field(init=False)
    stuck: Notice | None = None
    due: float = 0.0

    def trouble(self) -> Notice | None:
        return self.stuck or self.source.trouble


class Incoming:
    """Looks into each source. ``state``: the latest committed one; ``post``: the engine's inbox.

    ``taken``: the last document that is in force by it, for whoever reads the car's status; None before the first.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        *,
        calendar: Calendar,
        state: Callable[[], State],
        in_force: InForce,
        post: Callable[[Item], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._places = [_Place(one) for one in sources]
        for place in self._places:
            place.calls = Aside[Taken](self._hand_on, "drop folder")
        self._calendar = calendar
        self._state = state
        self._in_force = in_force
        self._post = post
        self._patience_s = patience_s
        self._ignored: tuple[Notice, Verified[Any] | None, PlanVerified | DocumentVerified] | None = None
        self.taken: Notice | None = None

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop``, into each place when it is due."""
        while not stop.wait(LOOK_S):
            self._look(stop, [place for place in self._places if time.monotonic() >= place.due])

    def look(self, stop: threading.Event) -> None:
        """Hand on what has come in, wherever; what a source that hangs brings late is good."""
        self._look(stop, self._places)

    def _look(self, stop: threading.Event, places: Iterable[_Place]) -> None:
        for place in places:
            place.due = time.monotonic() + place.source.rest_s
            try:
                source = place.source
                self._hand_on(place.calls.call(lambda: [*source.take()], stop, self._patience_s) or [])  # noqa: B023 - called before the next
                place.stuck = None
            except TimeoutError:
                place.stuck = Notice(place.source.stuck, severity="warning")

    def notices(self) -> tuple[Notice, ...]:
        """What to warn of."""
        ignored = None
        if self._ignored is not None:  # of no interest once there is another than it was held against
            why, held, item = self._ignored
            ignored = Notice("incoming.older", {"why": why}, "warning") if held is self._held(item) else None
        return tuple(one for one in (ignored, *(place.trouble() for place in self._places)) if one is not None)

    def _hand_on(self, items: Taken) -> None:
        for item in items:
            why = self._why_ignored(item)
            self._ignored = None if why is None else (why, self._held(item), item)
            if why is None:
                self.taken = _named(item)
            self._post(item)

    def _why_ignored(self, item: PlanVerified | DocumentVerified) -> Notice | None:
        if isinstance(item, PlanVerified):
            return why_ignored(item.plan, self._state(), self._calendar)
        return self._in_force.why_older(item.document)

    def _held(self, item: PlanVerified | DocumentVerified) -> Any:
        """What an item is held against: the document of its kind in force, the plan of the shift that runs."""
        if isinstance(item, PlanVerified):
            return self._state().issued
        return self._in_force.get(item.document.kind, item.document.slot)


def _named(item: PlanVerified | DocumentVerified) -> Notice:
    if isinstance(item, PlanVerified):
        return Notice("incoming.taken_plan", {"version": item.plan.version, "shift": item.plan.shift})
    which = item.document.kind.named(item.document.order)
    return Notice("incoming.taken", {"kind": item.document.kind.name, "which": which})
