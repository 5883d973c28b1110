"""Headquarters' configuration: what its TOML file and its ``ROUNDSMAN_HQ__…`` variables may say.

Must not read a file: `edge.text.config.load` does.
"""

from pathlib import Path
from typing import Annotated, Final, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_settings import SettingsConfigDict

from edge.headquarters.address import Address, DatabaseAddress
from edge.mqtt.broker import BrokerConfig
from edge.text.config import Config
from edge.text.names import not_reserved
from edge.text.strictness import WRITTEN

ProcessName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$"), AfterValidator(not_reserved)
]


def anchors_beside(database: Address) -> Path:
    """The file of anchors of a database where the configuration names none; a server's is in the working directory."""
    return database.with_name(f"{database.name}.anchors") if isinstance(database, Path) else Path("roundsman.anchors")


LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class WebConfig(BaseModel):
    """``[web]``: where the pages are served. ``trusted_hosts``: the names they may be asked for by.

    ``cert``, ``key``: for TLS of its own. ``proxies``: how many of the agency's own stand before it and say who asks.
    """

    model_config = WRITTEN
    host: str = "127.0.0.1"
    port: int = Field(8700, ge=1, le=65535)
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    cert: Path | None = None
    key: Path | None = None
    proxies: int = Field(0, ge=0, le=5)

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> Self:
        """Passwords cross no network without TLS."""
        if (self.cert is None) != (self.key is None):
            msg = "cert and key belong together; give both, or neither"
            raise ValueError(msg)
        if self.host not in LOOPBACK and self.cert is None and not self.proxies:
            msg = f"host {self.host}: passwords would cross the network in the clear; give cert and key, or keep to the"
            raise ValueError(f"{msg} loopback with proxies = 1 behind a proxy that has TLS")
        return self


class KeysConfig(BaseModel):
    """The private keys of the roles that the bundle names; a role without one signs with ``signing_key``, if it may.

    ``acks``: acknowledgements are signed only where it is given.
    """

    model_config = WRITTEN
    plan: Path | None = None
    context: Path | None = None
    roster: Path | None = None
    acks: Path | None = None
    fleet: Path | None = None


class DispatchConfig(BaseModel):
    """``[dispatch]``: the agency's dispatch system. ``mapping``: how it names units and statuses; ``file``: its CSV."""

    model_config = WRITTEN
    mapping: Path
    file: Path | None = None


class NightlyConfig(BaseModel):
    """``[nightly]``: what `roundsman hq nightly` works on.

    ``incidents``: the agency's export, or a folder whose newest file it is; ``mapping``: the importer's, a file or a
    built-in one's name; ``imported``: all incidents so far (those that the bundle was built from, at first), to which
    the night's are added; ``events``: upcoming ones, an events.npz.
    """

    model_config = WRITTEN
    incidents: Path
    mapping: Path
    imported: Path
    events: Path | None = None


class HeadquartersConfig(Config):
    """All of headquarters' configuration. Relative paths start at the working directory.

    ``anchors``: the file of the ledgers' heads day by day; none: beside the database.

    ``name``: of this process at the broker, of several side by side. ``publisher``: how the commands that publish reach
    the broker, where their certificate is another than the receiver's; none: as the receiver does.
    """

    model_config = SettingsConfigDict(env_prefix="ROUNDSMAN_HQ__")
    name: ProcessName = "receiver-1"
    agency: Path
    database: DatabaseAddress
    anchors: Path | None = None
    broker: BrokerConfig = BrokerConfig()
    publisher: BrokerConfig | None = None
    web: WebConfig = WebConfig()
    signing_key: Path | None = None
    keys: KeysConfig = KeysConfig()
    dispatch: DispatchConfig | None = None
    nightly: NightlyConfig | None = None

    @property
    def publishing(self) -> BrokerConfig:
        """How the commands that publish reach the broker."""
        return self.publisher or self.broker

    @property
    def anchors_file(self) -> Path:
        """Where the ledgers' heads are anchored."""
        return self.anchors or anchors_beside(self.database)

    def key_of(self, role: str) -> tuple[str, Path] | None:
        """The setting that names the private key of a role, and what it says; None where there is none."""
        own: Path | None = getattr(self.keys, role)
        if own is not None:
            return f"keys.{role}", own
        return ("signing_key", self.signing_key) if self.signing_key is not None and role != "acks" else None
