"""``enrolment.toml`` of a unit: who it is, where the enrolment service is, where its key and certificate go."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from edge.contract.fields import UnitName
from edge.text.config import Config

Url = Annotated[str, Field(pattern=r"^https://[A-Za-z0-9._-]+:[0-9]{1,5}$")]


class EnrolmentConfig(Config):
    """``service``: such as https://enrol.example:8443. ``ca``: the fleet's root certificate, which alone is trusted.

    ``identity``: the folder of key and certificate; ``token``: the one-time token, wiped once it was used.
    """

    model_config = SettingsConfigDict(env_prefix="ROUNDSMAN_ENROLMENT__")

    unit: UnitName
    service: Url
    ca: Path
    identity: Path
    token: Path
