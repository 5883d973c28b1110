"""The broker's settings: certificates and key that fit together."""

from collections.abc import Iterator

from edge.errors import UserError
from edge.mqtt.broker import make_client
from edge.vehicle.config import VehicleConfig


def problems(config: VehicleConfig) -> Iterator[str]:
    """Why no client can be made of the settings."""
    if config.link == "off":
        return
    try:
        make_client("config-check", config.broker)
    except UserError as error:
        yield str(error)
