"""Who was let in: what the touchscreen is told of the roster. The parts of the vehicle share it, as `inbox`."""

from dataclasses import dataclass

from edge.domain.events import Role


@dataclass(frozen=True, slots=True)
class Admitted:
    """An officer as the roster spells the id, and the role that holds now; None without a roster."""

    officer: str
    role: Role | None
