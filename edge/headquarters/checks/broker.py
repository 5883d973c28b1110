"""The broker's settings: certificates and key that fit together."""

from collections.abc import Iterator

from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig
from edge.mqtt.broker import make_client


def problems(config: HeadquartersConfig) -> Iterator[str]:
    """Why no client can be made of the settings."""
    for name, broker in (("broker", config.broker), ("publisher", config.publisher)):
        try:
            if broker is not None:
                make_client("config-check", broker)
        except UserError as error:
            yield str(error).replace("broker.", f"{name}.", 1)
