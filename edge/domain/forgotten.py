"""A pause that its officer may have forgotten: when to ask whether it lasts, and since when it may have been over.

It is asked about after 20 min, once the car was driven for 2 min, or when dispatch's word for it holds no more. Who
says that it lasts is asked again after 20 min more, or when the car has stood and is driven again. Must not end it.
"""

from dataclasses import dataclass
from typing import Final

from edge.domain.events import PauseReason, Unknown
from edge.domain.values import evolve

ASK_S: Final = 1200.0
DRIVEN_S: Final = 120.0


@dataclass(frozen=True)  # no slots: it evolves
class PauseState:
    """Metering rests, since a monotonic second, for a reason. ``carried``: it was tapped in an earlier boot.

    ``answered``: when it was said that it lasts; ``drove``: when the car was driven first, ``driven_s``: for how long
    it was driven since it was asked about, None where it has not stood since; ``lapses``: until when dispatch's word
    for it holds, None where it is the officer's; ``mono`` and seconds.
    """

    reason: PauseReason | Unknown
    since: float
    carried: bool = False
    answered: float | None = None
    drove: float | None = None
    driven_s: float | None = 0.0
    lapses: float | None = None

    def moved(self, by: float, *, carried: bool) -> "PauseState":
        """The same pause by the monotonic seconds of another life."""
        answered = None if self.answered is None else self.answered + by
        drove = None if self.drove is None else self.drove + by
        lapses = None if self.lapses is None else self.lapses + by
        return evolve(self, since=self.since + by, carried=carried, answered=answered, drove=drove, lapses=lapses)

    def driven(self, mono: float, seconds: float, *, driving: bool) -> "PauseState":
        """The same pause after some more trusted seconds up to a fix; ``driving``: the car is driven at it."""
        if not driving:
            return self if self.driven_s is not None else evolve(self, driven_s=0.0)
        so_far = None if self.driven_s is None else self.driven_s + seconds
        return evolve(self, drove=mono if self.drove is None else self.drove, driven_s=so_far)

    def lasts(self, mono: float) -> "PauseState":
        """The same pause once it was said that it lasts."""
        return evolve(self, answered=mono, driven_s=None if self.driven_s is None or self.driven_s > 0.0 else 0.0)

    def lapsed(self, mono: float) -> bool:
        """Whether dispatch's word for it holds no more."""
        return self.lapses is not None and mono >= self.lapses

    def asks(self, mono: float) -> bool:
        """Whether to ask about it at an instant."""
        since = self.since if self.answered is None else self.answered
        unsure = self.lapsed(mono) and self.answered is None
        return unsure or mono - since >= ASK_S or (self.driven_s or 0.0) >= DRIVEN_S
