"""How often an address may be refused. Counted are refusals alone: a whole fleet may enrol behind one address at once.

Must not read a clock.
"""

from collections import OrderedDict, deque
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Final

MOST: Final = 20
WITHIN_S: Final = 600.0
"""So many refusals in so long, and an address has to wait."""

SOURCES: Final = 10_000
"""Addresses that are kept in mind; beyond, the one not heard of for longest is forgotten."""


def source_of(address: str) -> str:
    """An address, or of IPv6 the network that one customer has: he may have a billion addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


class Refusals:
    """Of all addresses; several threads use it. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_source: OrderedDict[str, deque[float]] = OrderedDict()

    def note(self, source: str, now: float) -> None:
        """An address was refused."""
        with self._lock:
            self._by_source.setdefault(source, deque(maxlen=MOST)).append(now)
            self._by_source.move_to_end(source)
            while len(self._by_source) > SOURCES:
                self._by_source.popitem(last=False)

    def wait_s(self, source: str, now: float) -> float:
        """How long an address has to wait; 0 for one that may ask."""
        with self._lock:
            times = self._by_source.get(source)
            if times is None or len(times) < MOST:
                return 0.0
            return max(0.0, times[0] + WITHIN_S - now)
