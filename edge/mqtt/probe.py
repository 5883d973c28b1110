"""Asks the broker something when it owes confirmations and is quiet: its answer shows that it will not give them.

A subscription is asked for anew, which changes nothing, and which a broker answers after what it was sent before.
"""

from collections.abc import Callable
from typing import Any

from edge.mqtt.unconfirmed import Unconfirmed


class Probe:
    """For one end. ``ask``: has the broker answer under a number; ``quiet_s``: how long it may be quiet before."""

    def __init__(self, ask: Callable[[float], int | None], quiet_s: float) -> None:
        self._ask = ask
        self._quiet_s = quiet_s
        self._asked: tuple[int | None, int | None] = (None, None)
        self._at = float("-inf")

    def tend(self, unconfirmed: Unconfirmed[Any], now: float) -> None:
        """Ask, where it is time."""
        if unconfirmed.quiet_s(now) >= self._quiet_s and now - self._at >= self._quiet_s:
            self._at = now
            self._asked = (self._ask(now), unconfirmed.last)

    def answered(self, mid: int, unconfirmed: Unconfirmed[Any]) -> None:
        """The broker has answered something."""
        asked, last = self._asked
        if mid == asked:
            self._asked = (None, None)
            unconfirmed.probed(last)
