"""The table of roles: each permission for somebody, and what nobody may have together."""

from edge.headquarters.accounts.roles import MACHINES, PERMISSIONS, ROLES, may, permissions_of


def test_every_permission_has_a_role_and_words() -> None:
    """And every role has its own account."""
    assert all(row.roles and row.words for row in PERMISSIONS.values())
    assert all(may(role, "own") for role in ROLES)


def test_a_role_that_is_none_has_nothing() -> None:
    """Such as one that a newer version wrote."""
    assert permissions_of("chief") == frozenset()
    assert not may("", "own")


def test_who_makes_accounts_approves_no_plan_and_reads_no_log() -> None:
    """Nobody covers up alone: accounts and keys, plans and weights, the audit log lie in three hands."""
    kept_apart = ({"accounts.edit", "keys.edit"}, {"plans.approve", "weights.edit", "drafts.edit"}, {"audit.read"})
    for role in ROLES:
        assert sum(bool(permissions_of(role) & one) for one in kept_apart) <= 1, role


def test_no_machine_may_have_an_account_or_approve() -> None:
    """What programs send and read alone."""
    assert not MACHINES & {"own", "accounts.edit", "keys.edit", "plans.approve", "weights.edit", "roster.edit"}
