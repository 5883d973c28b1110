"""The private keys that headquarters signs with: each must be the one that vehicles trust for its role."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from edge.contract import signed_acks
from edge.contract.agency import load_agency
from edge.contract.signed_kinds import RETIREMENT, ROSTER
from edge.contract.signing import load_private_key, public_key_of
from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig, KeysConfig
from edge.text.words import say

OPTIONAL: Final = (RETIREMENT.role, ROSTER.role)


def problems(config: HeadquartersConfig) -> list[str]:
    """Why a key cannot be read, or that vehicles would refuse what it signs; what is wrong with two roles once."""
    return list(dict.fromkeys(one for role in KeysConfig.model_fields for one in _problems(role, config)))


def _problems(role: str, config: HeadquartersConfig) -> Iterator[str]:
    setting = config.key_of(role)
    if role == signed_acks.ROLE:
        with suppress(UserError):  # the check of the agency reports it
            demanded = role in load_agency(config.agency).daily_keys
            if demanded and setting is None:
                yield "keys.acks: not set, but the bundle lists a key for acknowledgments; set it to the private key"
            if not demanded:
                return
    if setting is None or (role in OPTIONAL and _may_be_without(role, config)):
        return
    name, path = setting
    try:
        key = load_private_key(path)
    except UserError as error:
        yield f"{name}: {error}"
        return
    with suppress(UserError):  # the check of the agency reports it
        if why := load_agency(config.agency).keys.why_not(role, public_key_of(key), time.time()):
            yield f"{name}: {path} is {say(why)}; vehicles would reject what it signs"


def _may_be_without(role: str, config: HeadquartersConfig) -> bool:
    """Whether no key is named for a role that not everybody has, here or in a bundle that names keys by role."""
    with suppress(UserError):  # the check of the agency reports it
        daily = load_agency(config.agency).daily_keys
        return getattr(config.keys, role) is None and bool(daily) and role not in daily
    return True
