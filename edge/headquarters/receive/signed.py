"""Acknowledgements, signed before they are sent where headquarters has a key for them. Must not make one."""

import time
from collections.abc import Callable
from typing import Protocol

from edge.contract import signed_acks
from edge.contract.agency import Agency
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.role_key import RoleKey
from edge.text.words import say


class Sends(Protocol):
    """Where a message goes, with properties beside it."""

    def send(self, topic: str, payload: bytes, **properties: str) -> None:
        """Send it."""


class SignedAcks:
    """Sends acknowledgements, signed where ``keys.acks`` names a key."""

    def __init__(
        self, config: HeadquartersConfig, agency: Agency, link: Sends, now: Callable[[], float] = time.time
    ) -> None:
        """Raises UserError where the key cannot be read."""
        self._key = RoleKey(config, agency, signed_acks.ROLE)
        self._link = link
        self._now = now

    def send(self, topic: str, payload: bytes) -> None:
        """Send an acknowledgement."""
        if self._key.private is None:
            self._link.send(topic, payload)
        else:
            self._link.send(topic, payload, signature=signed_acks.signature_of(payload, self._key.private))

    @property
    def trouble(self) -> str | None:
        """Why vehicles refuse the acknowledgements; None where they take them."""
        if not self._key.in_bundle:
            return None  # vehicles take every acknowledgement, signed or not
        if self._key.private is None:
            return "keys.acks: not set, but the bundle lists a key for acknowledgments; vehicles reject unsigned ones"
        why = self._key.why_not(self._now())
        return f"keys.acks: it is {say(why)}; vehicles reject the acknowledgments" if why else None
