"""What the touchscreen needs of the vehicle: a snapshot, to hear when it changes, and a place to put taps.

Must not give the touchscreen anything it could change; the daemon implements it over the engine.
"""

from collections.abc import Callable
from typing import Any, Protocol

from edge.contract.agency import Agency
from edge.domain.inputs import Input
from edge.domain.roles import Who
from edge.plans.briefing import Briefing
from edge.vehicle.admitted import Admitted
from edge.vehicle.own_record import OwnRecord
from edge.vehicle.view.snapshot import Explanation, Snapshot
from edge.vehicle.view.status import StatusLine


class Screen(Protocol):
    """The vehicle as its touchscreen sees it. Every method may be called from any thread."""

    @property
    def agency(self) -> Agency:
        """The agency in force."""

    def snapshot(self) -> Snapshot:
        """The view of the last committed state, made for now."""

    def explanation(self, box: str) -> Explanation | None:
        """Why a box, as far as a forecast says. Raises ValueError where the text is no box id."""

    def briefing(self) -> Briefing | None:
        """The briefing of the shift that runs; None while it is not known which one that is."""

    def status(self) -> tuple[StatusLine, ...]:
        """How each part of the car stands, and what to do."""

    def generation(self) -> int:
        """The number of the last published state."""

    def wait(self, generation: int, timeout_s: float) -> int:
        """Wait until the published state is another than ``generation``, at most ``timeout_s``; the current number."""

    def admit(self, officer: str, pin: str | None) -> Admitted:
        """Who an id and a PIN are; it may take a second. Raises CodedError with why nobody is let in by them."""

    def own_records(self) -> tuple[OwnRecord, ...]:
        """The records of the shift of who is signed in. Raises CodedError where a PIN is to be entered first."""

    def who(self) -> Who:
        """Who uses the screen now, in the role that the roster in force gives them."""

    def post(self, make: Callable[[float], Input]) -> None:
        """Put an input into the engine's inbox, made from the monotonic second of its receipt."""

    def touch(self) -> None:
        """Somebody touches the screen: it is on."""

    def choose(self, name: str, value: Any) -> None:
        """Obey a choice, one of `CHOICES`, from now on."""
