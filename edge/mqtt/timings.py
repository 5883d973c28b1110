"""How patient a connection is. A frozen value, so that a test or a slow network gives its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds."""

    keepalive_s: int = 20
    """A frozen broker is noticed after twice this at the latest, a client that is gone after one and a half times."""

    attempt_s: float = 20.0
    """For TLS and the broker's welcome together, at the last address of its name."""

    address_s: float = 5.0
    """For TCP, for each step of TLS, and, at an address with others to try yet, for all of it."""

    poll_s: float = 0.1
    """The longest turn of a connection: how soon it sees that it must stop."""

    steady_s: float = 30.0
    """A connection that lasted this long was a good one: the next failure is a first one."""

    back_off_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    """Before the second attempt, the third and so on; each times a random 0.5 to 1.5."""


TIMINGS = Timings()
