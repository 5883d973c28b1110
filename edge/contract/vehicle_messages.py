"""The table of what vehicles say of themselves: a row for each retained message that a vehicle alone writes.

To add one: its model, its row here, what a car makes it of (`edge.vehicle.link.outbound.OF_STATE`), and who obeys it
(at headquarters, whoever reads it in the table of documents). It is subscribed to, checked, stored and described by its
row. Ledger records are no state, and go another way.
"""

from dataclasses import dataclass
from typing import Final

from edge.contract.messages import OfVehicle, Status, Visits


@dataclass(frozen=True, slots=True)
class VehicleMessage:
    """One row. ``name``: its topic's last level; ``description``: one sentence; ``fleet``: other vehicles read it."""

    name: str
    model: type[OfVehicle]
    description: str
    fleet: bool = False


VISITS: Final = VehicleMessage("visits", Visits, "The vehicle's own visits that a cap may ask for.", fleet=True)
STATUS: Final = VehicleMessage("status", Status, "The vehicle's standing, with a last will.")

MESSAGES: dict[str, VehicleMessage] = {message.name: message for message in (VISITS, STATUS)}
"""Every message, by its name."""
