"""The key that plans and contexts are signed with: it must be the one that vehicles trust."""

from collections.abc import Iterator
from contextlib import suppress

from edge.contract.agency import load_agency
from edge.contract.signing import load_private_key, public_key_of
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig


def problems(config: HeadquartersConfig) -> Iterator[str]:
    """Why the key cannot be read, or that vehicles would refuse what it signs."""
    path = config.signing_key
    if path is None:
        return
    try:
        key = load_private_key(path)
    except UserError as error:
        yield f"signing_key: {error}"
        return
    with suppress(UserError):  # the check of the agency reports it
        if public_key_of(key) != load_agency(config.agency).public_key:
            yield f"signing_key: {path} is not the key of the agency's public_key; vehicles would refuse its plans"
