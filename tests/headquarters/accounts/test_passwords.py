"""Which passwords are accepted, and what is held of them."""

import pytest

from edge.errors import UserError
from edge.headquarters.accounts.passwords import LEAST, hash_password, is_right, one_time_code

GOOD = "marble otter 19 lanterns"


def test_a_hash_tells_its_password_from_every_other() -> None:
    """And holds nothing of it."""
    hashed = hash_password(GOOD, "meyer")
    assert is_right(GOOD, hashed)
    assert not is_right(GOOD.upper(), hashed)
    assert not is_right("", hashed)
    assert not is_right(GOOD, "no hash")
    assert hashed.startswith("$argon2id$")
    assert not any(word in hashed for word in GOOD.split() if len(word) > 2)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short one", "12 to 128"),
        ("x" * 129, "12 to 128"),
        ("abababababababab", "different"),
        ("Password123456", "common word"),
        ("meyer-Meyer-19-meyer", "common word"),
        ("", "12 to 128"),
    ],
)
def test_what_is_short_or_easily_guessed_is_refused(password: str, why: str) -> None:
    """In a sentence that says why."""
    with pytest.raises(UserError, match=why):
        hash_password(password, "meyer")


def test_two_keyboards_write_one_password() -> None:
    """An é as one character and as two."""
    assert is_right("cafe\u0301 am see 1997", hash_password("caf\u00e9 am see 1997", "meyer"))


def test_a_one_time_code_is_never_the_same() -> None:
    """Nor shorter than a password must be, nor of letters that are taken for others."""
    codes = {one_time_code() for _ in range(200)}
    assert len(codes) == 200
    for one in codes:
        assert len(one) >= LEAST
        assert not set(one) & set("0o1il")
