"""PINs at headquarters: which are refused, and the hash that a roster has of one. Must not store or print a PIN."""

import itertools
import re
from typing import Final

from argon2 import PasswordHasher

from edge.contract.roster import HASH_BYTES, LANES, MEMORY_KIB, SALT_BYTES, TIME_COST
from edge.errors import UserError

LEAST: Final = 6
MOST: Final = 12
"""Digits: as many as the car's keypad takes."""

LEAST_DIFFERENT: Final = 3
"""Digits of which a PIN must be made: 121212 has two."""

_PART_OF_ID: Final = 4
"""An id with so many digits may not stand in its PIN."""


def hash_pin(pin: str, officer: str) -> str:
    """The Argon2id hash of a PIN for an id. Raises UserError for one that is too short or easily guessed."""
    if why := refusal(pin, officer):
        msg = f"PIN not accepted: {why}; choose another"
        raise UserError(msg)
    hasher = PasswordHasher(
        time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=HASH_BYTES, salt_len=SALT_BYTES
    )
    return hasher.hash(pin)


def refusal(pin: str, officer: str) -> str | None:
    """Why a PIN is refused for an id; None where it may be used."""
    if not re.fullmatch(rf"[0-9]{{{LEAST},{MOST}}}", pin):
        return f"a PIN has {LEAST} to {MOST} digits"
    if len(set(pin)) < LEAST_DIFFERENT:
        return f"it has fewer than {LEAST_DIFFERENT} different digits"
    if _is_run(pin) or _is_run(re.sub(r"(\d)\1+", r"\1", pin)):
        return "its digits count up or down"
    if any(_repeats(pin, length) for length in range(1, len(pin) // 2 + 1)):
        return "it is a repeated pattern"
    digits = re.sub(r"\D", "", officer)
    if len(digits) >= _PART_OF_ID and (digits in pin or digits[::-1] in pin):
        return "it contains the id"
    return None


def _is_run(digits: str) -> bool:
    """Whether every digit is one more, or one less, than the one before; 9 and 0 are neighbors."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(digits)}
    return steps in ({1}, {9})


def _repeats(pin: str, length: int) -> bool:
    """Whether the PIN is its first digits again and again, or those forwards and backwards (``123321``)."""
    part = pin[:length]
    return len(pin) % length == 0 and pin in (part * (len(pin) // length), part + part[::-1])
