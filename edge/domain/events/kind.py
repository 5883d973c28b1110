"""What is known of a kind of record whatever it says: facts that whoever stores or reports records asks for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Literal, NewType, TypeAlias

Unknown = NewType("Unknown", str)
"""A value that only newer software knows, as it came."""

ClockState: TypeAlias = Literal["none", "saved", "ntp", "gps"]
"""Where UTC comes from, least trusted first. ``none`` and ``saved`` are not trusted."""

Role: TypeAlias = Literal["officer", "supervisor", "analyst"]
"""What somebody may do, by the signed roster."""


class EventKind:
    """A kind of record. Each states what differs from these facts, and a ``type``, its name on the wire.

    ``OF_INSTANT``: it belongs to its instant, so it is of no shift while time is not trusted (any other is of the shift
    it was in).
    ``ON_DUTY``: it shows its officer at work; False where it is only recorded in the name of who was signed in before.
    ``INSTANTS``: its fields read off the car's clock, which are repaired when a step of the clock shows that it was
    wrong. ``GAPS``: its fields that are seconds since an instant of an earlier boot, which a step changes likewise.
    ``SPARSE``: its fields that are not written while they are empty, as software that did not know them wrote it.
    """

    __slots__ = ()
    OF_INSTANT: ClassVar[bool] = False
    ON_DUTY: ClassVar[bool] = True
    INSTANTS: ClassVar[tuple[str, ...]] = ()
    GAPS: ClassVar[tuple[str, ...]] = ()
    SPARSE: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class FlaggedTime:
    """Counted seconds whose positions had a flag, such as ``accuracy_assumed``."""

    flag: str
    seconds: float


def instant(utc: float) -> datetime:
    """POSIX seconds as an aware datetime, to the millisecond."""
    return datetime.fromtimestamp(round(utc, 3), UTC)
