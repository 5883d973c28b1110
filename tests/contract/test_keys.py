"""Keys by role: whose signature holds for what; a key that is rotated, expired, lost or of another role is named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.keys import AGENCY, DAILY_KEYS, DailyKey, Keyring
from edge.contract.signing import public_key_of, sign
from edge.text.coded import CodedError

NOW = datetime(2026, 11, 29, tzinfo=UTC)
UTC_NOW = NOW.timestamp()


def key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


OLD, PLAN, CONTEXT, OFFLINE, STRANGER = map(key, range(1, 6))


def daily(private: Ed25519PrivateKey, days: int = 30) -> DailyKey:
    return DailyKey(key=public_key_of(private), expires=NOW + timedelta(days=days))


RING = Keyring(public_key_of(OFFLINE), {"plan": (daily(OLD, 5), daily(PLAN)), "context": (daily(CONTEXT),)})


def refusal(ring: Keyring, role: str, private: Ed25519PrivateKey, utc: float | None = UTC_NOW) -> str:
    """Why a signature is refused; empty where it holds."""
    try:
        ring.check(role, b"a plan", sign(private, b"a plan"), utc)
    except CodedError as error:
        return str(error)
    return ""


def short(private: Ed25519PrivateKey) -> str:
    return public_key_of(private)[:8]


def test_a_role_is_signed_for_with_its_own_key() -> None:
    """And a bundle with the agency's."""
    assert refusal(RING, "plan", PLAN) == refusal(RING, "context", CONTEXT) == refusal(RING, AGENCY, OFFLINE) == ""


def test_a_wrong_role_is_refused_by_the_keys_name() -> None:
    """Neither the agency key for a plan, nor a daily key for a bundle or for another role."""
    assert refusal(RING, "plan", OFFLINE) == "it is signed with the agency key, which signs bundles only"
    wrong = f"it is signed with the context key {short(CONTEXT)}, which may not sign this"
    assert refusal(RING, "plan", CONTEXT) == refusal(RING, AGENCY, CONTEXT) == wrong
    assert refusal(RING, AGENCY, PLAN) == f"it is signed with the plan key {short(PLAN)}, which may not sign this"


def test_no_daily_key_signs_for_the_agency() -> None:
    """Not even one that is named for that role: else whoever makes a bundle could say who may sign it."""
    forged = Keyring(RING.agency, {**RING.daily, AGENCY: (daily(STRANGER),)})
    assert "which may not sign this" in refusal(forged, AGENCY, STRANGER)
    assert refusal(forged, AGENCY, OFFLINE) == ""


def test_a_rotated_key_holds_beside_the_new_one_until_it_expires() -> None:
    """While cars still have the bundle of before; then only the new one does."""
    assert refusal(RING, "plan", OLD) == ""
    after = UTC_NOW + 6 * 86_400.0
    assert refusal(RING, "plan", OLD, after) == (
        f"it is signed with the plan key {short(OLD)}, which expired on 2026-12-04"
    )
    assert refusal(RING, "plan", PLAN, after) == ""


def test_a_key_expires_to_the_second_and_only_where_the_time_is_known() -> None:
    """A car without a clock must not be stopped by a date."""
    ends = (NOW + timedelta(days=5)).timestamp()
    assert refusal(RING, "plan", OLD, ends - 1.0) == ""
    assert "expired on" in refusal(RING, "plan", OLD, ends)
    assert refusal(RING, "plan", OLD, None) == ""


def test_a_lost_key_is_nobodys_once_the_bundle_does_not_name_it() -> None:
    """Whoever found it can sign nothing that is obeyed."""
    bereft = Keyring(RING.agency, {"plan": (daily(PLAN),), "context": (daily(CONTEXT),)})
    nobodys = "not signed with a plan key listed in the current bundle"
    assert refusal(bereft, "plan", OLD) == refusal(bereft, "plan", STRANGER) == nobodys
    assert refusal(Keyring(RING.agency, {"context": (daily(CONTEXT),)}), "plan", OLD) == (
        "the current bundle lists no plan key"
    )


def test_a_bundle_that_names_no_keys_is_in_the_form_of_before() -> None:
    """The agency's key signs everything."""
    before = Keyring(public_key_of(OFFLINE))
    assert refusal(before, "plan", OFFLINE) == refusal(before, AGENCY, OFFLINE) == ""
    assert refusal(before, "plan", PLAN) == "not signed with this agency's key"
    assert refusal(before, AGENCY, PLAN) == "not signed with the trusted agency key"
    assert refusal(Keyring(None), "plan", OFFLINE) == "not signed with this agency's key"


def test_roles_that_are_not_known_are_no_matter() -> None:
    """A newer bundle may name keys for what this software has no use for."""
    newer = Keyring(RING.agency, {**RING.daily, "drones": (daily(STRANGER),)})
    assert refusal(newer, "plan", PLAN) == ""
    named = f"the drones key {short(STRANGER)}"
    assert refusal(newer, "plan", STRANGER) == f"it is signed with {named}, which may not sign this"


@pytest.mark.parametrize(
    "given",
    [
        {"plan": [{"key": "00", "expires": "2027-01-01T00:00:00Z"}]},
        {"plan": [{"key": "00" * 32}]},
        {"plan": [{"key": "00" * 32, "expires": "2027-01-01"}]},
        {"plan": [{"key": "00" * 32, "expires": "0001-01-01T00:00:00+23:00"}]},
        {"plan": {"key": "00" * 32}},
        {"../plan": []},
        {AGENCY: []},
    ],
)
def test_keys_out_of_form_are_refused(given: dict[str, Any]) -> None:
    """A key that is none, one without an expiry, a role that is no name or the agency's own."""
    with pytest.raises(ValidationError):
        DAILY_KEYS.validate_python(given)
