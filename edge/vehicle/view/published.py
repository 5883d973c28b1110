"""Where the engine publishes and everybody else reads: the committed state, and how the link and the GPS stand.

Each value is immutable and replaced whole, so a reader needs no lock but to wait. Must not hold anything that is not on
disk.
"""

import threading
from collections.abc import Callable

from edge.contract.agency import Agency
from edge.domain.state import State
from edge.text.words import Notice
from edge.vehicle.view.explanation import explanation_of
from edge.vehicle.view.make import snapshot_of
from edge.vehicle.view.snapshot import BasemapView, DisplayView, Explanation, GpsView, LinkView, SignInView, Snapshot


class Published:
    """The latest published state. ``generation`` grows with each."""

    def __init__(self, agency: Agency, state: State, mono: Callable[[], float]) -> None:
        self.agency = agency
        self.state = state
        self.link = LinkView()
        self.notices: Callable[[], tuple[Notice, ...]] = tuple
        self.gps: Callable[[], GpsView] = GpsView
        self.taken: Callable[[], Notice | None] = lambda: None
        self.sign_in: Callable[[], SignInView] = SignInView
        self.display: Callable[[], DisplayView] = DisplayView
        self.basemap: Callable[[], BasemapView] = BasemapView
        self._mono = mono
        self._generation = 0
        self._changed = threading.Condition()

    def publish(self, state: State) -> None:
        """Show a committed state."""
        self.state = state
        self.touch()

    def show_link(self, link: LinkView) -> None:
        """Show how the link stands."""
        if link != self.link:
            self.link = link
            self.touch()

    def touch(self) -> None:
        """Wake whoever waits for news."""
        with self._changed:
            self._generation += 1
            self._changed.notify_all()

    def generation(self) -> int:
        """The number of the latest news."""
        return self._generation

    def wait(self, generation: int, timeout_s: float) -> int:
        """Wait until there is news after ``generation``; returns the latest number."""
        with self._changed:
            self._changed.wait_for(lambda: self._generation != generation, timeout_s)
            return self._generation

    def snapshot(self) -> Snapshot:
        """The snapshot for now."""
        seen = self.link, self.gps(), self.notices(), self.display(), self.sign_in(), self.basemap()
        return snapshot_of(self.agency, self.state, self._mono(), *seen)

    def explanation(self, box: str) -> Explanation | None:
        """Why a box, as far as plan and forecast in force say. Raises ValueError where the text is no box id."""
        return explanation_of(self.agency, self.state, box, self._mono())
