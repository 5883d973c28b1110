"""What the tests' own broker allows, and what it makes of a client that does more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Fate = Literal["", "unconfirmed", "lost"]
"""Of a publication: all is well; passed on, but not confirmed; neither."""


CONFIRM_S = 0.01


def all_is_well(_client: str, _topic: str, _count: int) -> Fate:
    """For each publication at QoS 1."""
    return ""


@dataclass(frozen=True)
class Rules:
    """What a broker allows; without a value it is not limited. ``stated``: whether its welcome says so.

    ``filters``: of a SUBSCRIBE; ``levels``: of a topic or filter; ``rate``: publications a second and client, of which
    ``burst`` at once; ``over``: what becomes of those above; ``slow_s``: for each packet; ``fate``: by client, topic
    and how many publications that client has sent. With ``under_way`` a confirmation takes ``CONFIRM_S``, so that it is
    seen how many are sent meanwhile. ``deaf_to``: what no filter may hold.
    """

    under_way: int | None = None
    largest: int | None = None
    keepalive_s: int | None = None
    qos: int = 2
    retains: bool = True
    wildcards: bool = True
    shared: bool = True
    levels: int | None = None
    filters: int | None = None
    alias_maximum: int | None = None
    expiry_s: int | None = None
    assigned: bytes | None = None
    stated: bool = True
    hangs_up: bool = True
    rate: float | None = None
    burst: int = 1
    over: Literal["drop", "delay", "hang_up"] = "drop"
    slow_s: float = 0.0
    fate: Callable[[str, str, int], Fate] = all_is_well
    deaf_to: str | None = None

    def welcome(self) -> dict[int, Any]:
        """CONNACK's properties."""
        limited: dict[int, Any] = {
            33: self.under_way,
            39: self.largest,
            19: self.keepalive_s,
            36: self.qos if self.qos < 2 else None,
            37: None if self.retains else 0,
            40: None if self.wildcards else 0,
            42: None if self.shared else 0,
        }
        always: dict[int, Any] = {34: self.alias_maximum, 17: self.expiry_s, 18: self.assigned}
        stated = {**limited, **always} if self.stated else always
        return {number: value for number, value in stated.items() if value is not None}


class BreachError(Exception):
    """A client did what it may not. ``reason``: MQTT 5's for it."""

    def __init__(self, reason: int, what: str) -> None:
        super().__init__(what)
        self.reason = reason
