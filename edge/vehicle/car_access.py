"""Access made of what a car has: the roster in force, the documents of its disk, the computer's own clock.

Locks run by the computer's clock in a replay, too: a recording's may leap.
"""

from collections.abc import Callable

from edge.contract.agency import Agency
from edge.contract.signed_kinds import ROSTER
from edge.domain.state import State
from edge.vehicle.access.access import Access
from edge.vehicle.access.listed import InForceRoster
from edge.vehicle.access.lock_out import LockOut
from edge.vehicle.clock import SystemClock
from edge.vehicle.disk import Disk
from edge.vehicle.in_force import SURE_S


def make_access(agency: Agency, disk: Disk, state: Callable[[], State]) -> Access:
    """Who may use the screen of a car."""
    clock = SystemClock()

    def sure() -> float | None:
        """The time at the least, POSIX seconds: a clock that has just leapt ahead ends nobody's role."""
        now = state()
        return now.sure_utc(SURE_S) if now.clock.trusted else None

    return Access(
        InForceRoster(lambda: disk.in_force.get(ROSTER)),
        LockOut(disk.vault.access, clock.boot, clock.mono),
        sure,
        any_id=agency.policy.any_id,
    )
