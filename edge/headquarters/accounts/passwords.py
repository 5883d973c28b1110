"""Passwords: which are refused, their Argon2id hashes, and one-time codes. Must not store or print a password."""

import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from edge.errors import UserError

LEAST: Final = 12
MOST: Final = 128
LEAST_DIFFERENT: Final = 6
"""Characters, and how many of them must differ (NIST SP 800-63B asks for length, not for kinds of characters)."""

COMMON: Final = ("password", "passw0rd", "qwerty", "roundsman", "letmein", "welcome", "123456", "abcdef", "iloveyou")
"""Words around which people build their passwords: what is left without them must be long enough by itself."""

LEFT: Final = 8
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_GROUPS, _GROUP = 4, 5

_HASHER: Final = PasswordHasher()  # RFC 9106's second recommended option: 64 MiB, 3 passes, 4 lanes
NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$bm8gc2FsdCBvZiBvdXJzIQ$bm8gaGFzaCBvZiBvdXJzIQ"
"""No password's hash: a name that is not known takes as long as one that is."""


def hash_password(password: str, account: str) -> str:
    """The Argon2id hash of a new password. Raises UserError for one that is too short or easily guessed."""
    if why := refusal(password, account):
        msg = f"password not accepted: {why}; choose another"
        raise UserError(msg)
    return _HASHER.hash(_form(password))


def is_right(password: str, hashed: str) -> bool:
    """Whether it is the password of a hash."""
    try:
        return len(password) <= MOST and _HASHER.verify(hashed, _form(password))
    except (VerifyMismatchError, InvalidHashError):
        return False


def refusal(password: str, account: str) -> str | None:
    """Why a password is refused for an account; None where it may be used."""
    if not LEAST <= len(password) <= MOST:
        return f"a password has {LEAST} to {MOST} characters"
    if len(set(password)) < LEAST_DIFFERENT:
        return f"it has fewer than {LEAST_DIFFERENT} different characters"
    rest = password.casefold()
    for word in (*COMMON, account.casefold()):
        rest = rest.replace(word, "")
    if len(rest) < LEFT:
        return "it is built on a common word or on the account's name"
    return None


def one_time_code() -> str:
    """A random code of 98 bits, easy to read out: ``k7m2p-…``."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def hash_code(code: str) -> str:
    """The hash of a one-time code."""
    return _HASHER.hash(code)


def _form(password: str) -> str:
    """One form for what two keyboards write differently."""
    return unicodedata.normalize("NFKC", password)
