"""The briefing of the shift that runs, as this car knows it: its plan, forecast, visits and context.

Must not compute: `edge.plans.briefing` makes the page's values.
"""

from collections.abc import Callable
from functools import cached_property

from edge.contract.agency import Agency
from edge.contract.manifest import Manifest
from edge.contract.signed_kinds import CONTEXT
from edge.domain.state import State
from edge.plans.briefing import Briefing, Sources, briefing_of
from edge.plans.ground import Layers, project_layers
from edge.text.words import Notice
from edge.vehicle.in_force import InForce
from edge.vehicle.view.published import Published


class Briefings:
    """Makes the briefing when it is asked for. ``mono``: monotonic seconds."""

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

    def now(self) -> Briefing | None:
        """The briefing of the shift that runs; None while the car does not know which one that is."""
        state = self._published.state
        if state.shift is None:
            return None
        context = self._in_force.get(CONTEXT)
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
                context=context.body if context is not None else None,
                doubts=(Notice("briefing.no_link"),) if self._published.link.state == "offline" else (),
            )
        )


def _utc(state: State, mono: float) -> float | None:
    return None if state.clock.state == "none" else state.utc(mono)
