"""Who may sign in: by the roster in force with a PIN, or without one as the agency's policy has it.

Called in the web server's threads. Must not post anything: who asks does, with what it is answered.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from edge.domain.events import Role
from edge.text.coded import CodedError
from edge.text.words import Notice
from edge.vehicle.access.listed import Listed
from edge.vehicle.access.lock_out import LockOut
from edge.vehicle.access.pin import NOBODYS, is_right
from edge.vehicle.admitted import Admitted
from edge.vehicle.view.snapshot import SignInView

PATIENCE_S: Final = 2.0
"""So long one PIN waits for another to be verified: each takes 64 MiB, so they go one by one."""


FRESH_S: Final = 1800.0
"""A PIN opens roles and details for so long; then it is asked for again (CJIS Security Policy, *Session Lock*: at most
30 min). Calls, tactics and resume never ask: an officer is not logged out."""


class Access:
    """``roster``: the one in force; ``any_id``: what policy says without one; ``utc``: POSIX seconds, None if unsure.

    Of a roster that has expired, as far as that is sure, the ids and PINs hold, and no role above officer.
    ``verify``: whether a PIN is that of a hash.
    """

    def __init__(
        self,
        roster: Callable[[], Listed | None],
        lock_out: LockOut,
        utc: Callable[[], float | None],
        *,
        any_id: bool,
        verify: Callable[[str, str], bool] = is_right,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._roster = roster
        self._lock_out = lock_out
        self._utc = utc
        self._any_id = any_id
        self._verify = verify
        self._patience_s = patience_s
        self._one = threading.Lock()
        self._entered: dict[str, float] = {}

    def admit(self, officer: str, pin: str | None) -> Admitted:
        """Who an id and a PIN are. Raises CodedError with why nobody is let in by them."""
        roster = self._roster()
        if roster is None:
            if not self._any_id:
                raise CodedError("not_admitted.no_roster")
            return Admitted(officer, None)
        if pin is None:
            raise CodedError("not_admitted.pin_needed")
        if not self._one.acquire(timeout=self._patience_s):
            raise CodedError("not_admitted.busy")
        try:
            return self._verified(roster, officer.upper(), pin)
        finally:
            self._one.release()

    def _verified(self, roster: Listed, officer: str, pin: str) -> Admitted:
        member = roster.by_id.get(officer)
        if member is None:
            self._verify(pin, NOBODYS)
            raise CodedError("not_admitted.wrong")
        self._refuse_locked(officer)
        self._lock_out.count(officer, roster.by_id)
        try:
            right = self._verify(pin, member.pin_hash)
        except CodedError:
            self._lock_out.take_back(officer, right=False)
            raise
        if not right:
            self._refuse_locked(officer)
            raise CodedError("not_admitted.wrong")
        self._lock_out.take_back(officer, right=True)
        self._entered[officer] = self._lock_out.now()
        return Admitted(member.id, roster.role(member, self._utc()))

    def _refuse_locked(self, officer: str) -> None:
        if left := self._lock_out.left_s(officer):
            raise CodedError("not_admitted.locked", officer=officer, left_s=left)

    def role_of(self, officer: str | None) -> Role | None:
        """The role that an id has now; None without a roster, and for whom it does not list.

        An officer's, once the PIN was entered too long ago.
        """
        roster = self._roster()
        member = None if roster is None or officer is None else roster.by_id.get(officer.upper())
        if roster is None or officer is None or member is None:
            return None
        return roster.role(member, self._utc()) if self.fresh(officer) else "officer"

    def fresh(self, officer: str) -> bool:
        """Whether details may be shown to an officer: the PIN was entered of late, or the car has no roster."""
        if self._roster() is None:
            return True
        entered = self._entered.get(officer.upper())
        return entered is not None and self._lock_out.now() - entered < FRESH_S

    def view(self) -> SignInView:
        """What the screen asks of who signs in."""
        roster = self._roster()
        return SignInView(self._any_id) if roster is None else SignInView(True, True, roster.letters)

    def notices(self) -> tuple[Notice, ...]:
        """What is to be warned of."""
        roster = self._roster()
        said = [] if self._lock_out.stored else [Notice("access.not_stored", severity="warning")]
        if roster is not None and roster.expired(self._utc()):
            date = f"{datetime.fromtimestamp(roster.expires, UTC):%Y-%m-%d}"
            said.append(Notice("access.roster_expired", {"date": date}, "warning"))
        return tuple(said)
