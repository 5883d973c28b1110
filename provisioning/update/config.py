"""``update.toml`` of a unit: whose releases it trusts, where they and bundles come from, what runs them."""

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_settings import SettingsConfigDict

from edge.contract.keys import PublicKey
from edge.text.config import Config
from edge.text.strictness import WRITTEN
from provisioning.device.config import Url

ROOT: Final = Path("/opt/roundsman")
Loopback = Annotated[str, Field(pattern=r"^http://(127\.0\.0\.1|localhost):[0-9]{1,5}$")]


class HeadquartersConfig(BaseModel):
    """``[headquarters]``: where releases and bundles are offered, and the unit's certificate.

    ``downloads``: the folder that releases come into; ``data``: the daemon's, which bundles come into.
    """

    model_config = WRITTEN
    service: Url
    ca: Path
    cert: Path
    key: Path
    downloads: Path
    data: Path = Path("/var/lib/roundsman")


class UpdateConfig(Config):
    """``release_key``: the public key that signs releases; None: no release is installed. ``folders``: where they lie.

    ``root``: where Roundsman is installed; ``state``: what is remembered of releases; ``screen``: where the daemon of
    ``service`` answers. ``headquarters``: None for a unit to which all comes on a stick.
    """

    model_config = SettingsConfigDict(env_prefix="ROUNDSMAN_UPDATE__")

    release_key: PublicKey | None = None
    folders: tuple[Path, ...] = ()
    root: Path = ROOT
    state: Path = Path("/var/lib/roundsman-update")
    screen: Loopback = "http://127.0.0.1:8600"
    headquarters: HeadquartersConfig | None = None
    service: str = Field("roundsman-vehicle.service", pattern=r"^[A-Za-z0-9@._-]{1,100}\.service$")

    @model_validator(mode="after")
    def _of_use(self) -> Self:
        if self.release_key is None and self.headquarters is None:
            msg = "must have release_key, [headquarters], or both; render the unit's files anew"
            raise ValueError(msg)
        return self
