"""Made-up accounts of the demo's headquarters: one of each role, with one password that nobody has had before."""

import time

from edge.demo.site import OFFICERS
from edge.headquarters.access.changes import KEYBOARD, add_account
from edge.headquarters.accounts.passwords import one_time_code
from edge.headquarters.accounts.roles import ROLES
from edge.headquarters.address import Address
from edge.headquarters.store import Store


def make_accounts(database: Address) -> str:
    """An account of each role, named as its role; their password."""
    password = one_time_code()
    with Store(database) as store:
        for role in ROLES:
            officer = next(iter(OFFICERS.values())) if role == "officer" else None
            add_account(store, role, role, password, KEYBOARD, time.time(), officer)
    return password
