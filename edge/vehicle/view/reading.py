"""What is read of this car before a patrol, and by whoever looks after it: the shift's briefing, how each part stands.

Must not compute: `edge.plans.briefing` and `edge.vehicle.view.status` make the values.
"""

from collections.abc import Callable
from functools import cached_property

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.manifest import Manifest
from edge.contract.signed_kinds import CONTEXT, ROSTER
from edge.domain.state import State
from edge.plans.briefing import Briefing, Sources, briefing_of
from edge.plans.ground import Layers, project_layers
from edge.text.words import Notice
from edge.vehicle.in_force import InForce
from edge.vehicle.view.published import Published
from edge.vehicle.view.status import StatusLine, status_of


class Reading:
    """Makes each page's values when it is asked for. ``mono``: monotonic seconds."""

    def __init__(
        self,
        agency: Agency,
        manifest: Manifest,
        district: str,
        in_force: InForce,
        published: Published,
        mono: Callable[[], float],
    ) -> None:
        self._agency = agency
        self._manifest = manifest
        self._district = district
        self._in_force = in_force
        self._published = published
        self._mono = mono

    @cached_property
    def _layers(self) -> Layers:
        return project_layers(self._agency)

    def briefing(self) -> Briefing | None:
        """The briefing of the shift that runs; None while the car does not know which one that is."""
        state = self._published.state
        if state.shift is None:
            return None
        return briefing_of(
            Sources(
                agency=self._agency,
                manifest=self._manifest,
                layers=self._layers,
                shift=state.shift,
                district=self._district,
                utc=_utc(state, self._mono()),
                plan=state.plan,
                visits=state.visits,
                outlook=state.outlook,
                context=self._context(),
                doubts=(Notice("briefing.no_link"),) if self._published.link.state == "offline" else (),
            )
        )

    def status(self) -> tuple[StatusLine, ...]:
        """How each part of the car stands."""
        roster = self._in_force.get(ROSTER)
        return status_of(
            self._published.snapshot(),
            self._manifest,
            self._context(),
            self._published.taken(),
            None if roster is None else roster.body,
        )

    def _context(self) -> ContextDoc | None:
        found = self._in_force.get(CONTEXT)
        return None if found is None else found.body


def _utc(state: State, mono: float) -> float | None:
    return None if state.clock.state == "none" else state.utc(mono)
