"""A unit for tests: its disk in a folder, with a token, and whoever answers it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from edge.errors import UserError
from provisioning.device import enrolment
from provisioning.device.config import EnrolmentConfig
from provisioning.device.identity import Identity, Pair
from provisioning.device.service import Ask, asking
from provisioning.enrol.desk import Desk
from provisioning.enrol.requests import RefusedError
from provisioning.exchange import EnrolRequest, Issued, RenewRequest, TokenFile
from provisioning.fleet.folder import Fleet
from provisioning.fleet.tokens import admit, new_token


def asking_at(desk: Desk) -> Ask:
    """How to ask a desk without a network."""

    def ask(_path: str, request: BaseModel) -> Issued:
        try:
            if isinstance(request, EnrolRequest):
                return desk.enrol(request, "test")
            assert isinstance(request, RenewRequest)
            return desk.renew(request, "test")
        except RefusedError as error:
            raise UserError(str(error)) from error

    return ask


def losing(ask: Ask) -> Ask:
    """Who is asked, and whose answer never comes."""

    def ask_and_lose(path: str, request: BaseModel) -> Issued:
        ask(path, request)
        msg = "the answer was lost"
        raise UserError(msg)

    return ask_and_lose


@dataclass
class Device:
    """A unit. ``name``: its id; ``folder``: its disk."""

    fleet: Fleet
    name: str
    folder: Path

    @property
    def config(self) -> EnrolmentConfig:
        """Its enrolment.toml."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "ca.pem").write_text(self.fleet.authority.root_pem())
        return EnrolmentConfig(
            unit=self.name,
            service=self.fleet.settings.enrolment.url,
            ca=self.folder / "ca.pem",
            identity=self.folder / "identity",
            token=self.folder / "enrolment.json",
        )

    def toml(self) -> Path:
        """Its enrolment.toml as a file."""
        rows = (f'{key} = "{value}"\n' for key, value in self.config.model_dump(mode="json").items())
        (self.folder / "enrolment.toml").write_text("".join(rows))
        return self.folder / "enrolment.toml"

    def given(self, token: TokenFile) -> "Device":
        """With a token on its disk."""
        self.config.token.write_text(token.model_dump_json())
        return self

    def with_token(self, days: float = 7.0) -> "Device":
        """With a new token of its own."""
        token = new_token(self.name, days, self.fleet.utc())
        with self.fleet.registry() as registry:
            admit(registry, token)
        return self.given(token)

    def enrol(self, ask: Ask | None = None) -> str:
        """As the command does; ``ask``: whom, else the service."""
        return enrolment.enrol(self.config, ask or self._service())

    def renew(self, ask: Ask | None = None) -> str:
        """As the command does."""
        return enrolment.renew(self.config, self.fleet.utc(), ask or self._service())

    def copied(self, other: "Device") -> "Device":
        """Another device with a copy of this one's disk."""
        shutil.copytree(self.config.identity, other.config.identity, symlinks=True)
        return other

    @property
    def pair(self) -> Pair:
        """Its identity."""
        held = Identity(self.config.identity).current
        assert held is not None
        return held

    def _service(self) -> Ask:
        return asking(self.config.service, self.config.ca, self.fleet.utc)
