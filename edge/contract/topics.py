"""MQTT topics. A vehicle writes only below its own name; headquarters writes below ``hq``.

The broker's access list is made of these same names. Must not contain anything but names.
"""

from dataclasses import dataclass

ROOT = "roundsman/v1"


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one agency."""

    agency: str

    @property
    def base(self) -> str:
        """What all the agency's topics begin with."""
        return f"{ROOT}/{self.agency}"

    def events(self, unit: str = "+") -> str:
        """The vehicle's ledger records, one a message, in order. Not retained."""
        return f"{self.base}/vehicles/{unit}/events"

    def of_vehicle(self, name: str, unit: str = "+") -> str:
        """What the vehicle says of itself, by the name of its row in `edge.contract.vehicle_messages`. Retained."""
        return f"{self.base}/vehicles/{unit}/{name}"

    def status(self, unit: str = "+") -> str:
        """The vehicle's standing."""
        return self.of_vehicle("status", unit)

    def visits(self, unit: str = "+") -> str:
        """The vehicle's own visits."""
        return self.of_vehicle("visits", unit)

    def hq(self, below: str) -> str:
        """What headquarters publishes: a signed document's topic, as its kind's row has it. Retained."""
        return f"{self.base}/hq/{below}"

    def acks(self, unit: str) -> str:
        """How far headquarters holds a vehicle's ledger. Not retained."""
        return f"{self.base}/hq/acks/{unit}"


def unit_of(topic: str) -> str:
    """The vehicle a vehicles topic belongs to."""
    return topic.split("/")[4]
