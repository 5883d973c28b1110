"""Whether a PIN is the one whose hash the roster has. It takes some tenths of a second: never the engine's thread."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from edge.contract.roster import HASH_BYTES, LANES, MEMORY_KIB, SALT_BYTES, TIME_COST
from edge.text.coded import CodedError

NOBODYS: Final = f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={LANES}$bm8gc2FsdCBvZiBvdXJzIQ$bm8gaGFzaCBvZiBvdXJzIQ"
"""No PIN's hash: an id that is not listed takes as long as one that is."""

_HASHER: Final = PasswordHasher(TIME_COST, MEMORY_KIB, LANES, HASH_BYTES, SALT_BYTES)


def is_right(pin: str, hashed: str) -> bool:
    """Whether it is. Raises CodedError where it cannot be found out, for want of memory."""
    try:
        return _HASHER.verify(hashed, pin)
    except (VerifyMismatchError, InvalidHashError):
        return False
    except VerificationError as error:
        raise CodedError("not_admitted.not_verified", detail=str(error)) from error
