"""A broker as headquarters' daemon sees it, which retains. A fake for tests."""

from dataclasses import dataclass, field


@dataclass
class Broker:
    """One that retains."""

    sessions: int = 1
    connected: bool = True
    retained: list[tuple[str, bytes]] = field(default_factory=list)

    def retain(self, topic: str, payload: bytes) -> None:
        """Retain."""
        self.retained.append((topic, payload))
