"""An analyst's desk for the tests of publishing: the agency, its key, and a broker in memory."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.domain.plan import Plan
from edge.errors import UserError
from tests.headquarters.drives import plan_of_night, plan_toml


@dataclass
class Desk:
    """An analyst's desk: the agency, its key, a broker that retains, or refuses."""

    agency: Agency
    key: Ed25519PrivateKey
    folder: Path
    retained: dict[str, bytes] = field(default_factory=dict)
    refuses: bool = False

    def publish(self, topic: str, payload: bytes) -> None:
        """Retain, or refuse."""
        if self.refuses:
            msg = "the broker has not confirmed"
            raise UserError(msg)
        self.retained[topic] = payload

    def plan(self, version: int) -> tuple[Path, Plan]:
        """A plan file of three boxes, and what it says."""
        cells = [box.cell for box in self.agency.grid.boxes.values() if box.district == "1" and not box.opt_out]
        plan = plan_of_night(self.agency, cells[:3], version)
        path = self.folder / "plan.toml"
        path.write_text(plan_toml(plan, self.agency), encoding="utf-8")
        return path, plan
