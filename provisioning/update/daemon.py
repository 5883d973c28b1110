"""Asks the unit's own daemon, on its screen's port. Must not judge what it answers."""

import http.client
import json
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from edge.contract.messages import Hash
from edge.text.strictness import SENT

ANSWER_S: Final = 5.0
LARGEST: Final = 4_000_000

NO_ANSWER: Final = (OSError, http.client.HTTPException, ValueError)
"""What is raised where nothing answers, or something else than JSON."""


class Health(BaseModel):
    """Of ``/healthz``."""

    model_config = SENT
    bundle: Hash


def asked(screen: str, path: str) -> Any:
    """What a page of the daemon at an address says, as JSON. Raises what is in `NO_ANSWER`."""
    return json.loads(answered(screen, path)[1])


def answered(screen: str, path: str) -> tuple[int, bytes]:
    """The status and the bytes of a page, as far as anybody reads them. Raises OSError or HTTPException."""
    place = urlsplit(screen)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(LARGEST)
    finally:
        connection.close()


def bundle_in_force(screen: str) -> str | None:
    """The bundle that the daemon uses: SHA-256 of its manifest; None where it does not answer, or does not say."""
    try:
        return Health.model_validate(asked(screen, "/healthz")).bundle
    except NO_ANSWER:
        return None
