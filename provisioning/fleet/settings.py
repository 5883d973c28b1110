"""``fleet.toml``: where the broker and the enrolment service are. Must not hold a secret: it is copied into images."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pydantic_settings import SettingsConfigDict

from edge.contract.keys import PublicKey
from edge.mqtt.broker import HostName
from edge.text.config import Config
from edge.text.strictness import WRITTEN

FILES: Final = Path("/etc/mosquitto/roundsman")
"""Where the broker reads its certificates and lists, unless another folder is set."""


ReachedHost = Annotated[HostName, Field(pattern=r"^[A-Za-z0-9._-]{1,253}$")]
"""A name or an IPv4 address, as a car's configuration holds it."""


class BrokerSettings(BaseModel):
    """``[broker]``: where cars reach it, the folder of its files, and the command that has it read them anew."""

    model_config = WRITTEN
    host: ReachedHost
    port: int = Field(8883, ge=1, le=65535)
    files: Path = FILES
    reload: tuple[str, ...] = Field(("systemctl", "reload", "mosquitto"), min_length=1)


class EnrolmentSettings(BaseModel):
    """``[enrolment]``: where cars reach the service, and the address it listens on."""

    model_config = WRITTEN
    host: ReachedHost
    port: int = Field(8443, ge=1, le=65535)
    listen: str = "0.0.0.0"  # noqa: S104 - cars come from outside; it asks each for a token or a certificate

    @property
    def url(self) -> str:
        """As a car has it."""
        return f"https://{self.host}:{self.port}"


class FleetSettings(Config):
    """A fleet. ``agency``: its bundle, which goes onto every image.

    ``release_key``: the public key whose releases its units install; None: they install none by themselves.
    """

    model_config = SettingsConfigDict(env_prefix="ROUNDSMAN_FLEET__")

    agency: Path
    release_key: PublicKey | None = None
    broker: BrokerSettings
    enrolment: EnrolmentSettings


def first_settings(agency: Path, host: str) -> str:
    """The text of a new ``fleet.toml``: all of headquarters on one host."""
    return (
        f"# What every car of the fleet is told. No secret belongs here.\n"
        f'agency = "{agency}"\n\n'
        f'[broker]\nhost = "{host}"\nport = 8883\nfiles = "{FILES}"\n'
        f'reload = ["systemctl", "reload", "mosquitto"]\n\n'
        f'[enrolment]\nhost = "{host}"\nport = 8443\n'
    )
