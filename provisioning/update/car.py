"""The car's daemon as the updater sees it: restarted by systemd, and asked on its own screen's port how it is.

Must not judge.
"""

import subprocess
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol

from provisioning.update.daemon import NO_ANSWER, answered, asked

RESTART_S: Final = 1_000.0
"""A unit's own TimeoutStartSec is 900."""

FIXED: Final = "gps.receiving"
HEARD: Final = (FIXED, "gps.searching")
"""States of a receiver (`edge.vehicle.gps.health`) in which it works, under the sky or in a garage."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a daemon is. ``process``: its id. ``recorded``: the records in its ledger.

    ``faults``: why no visit is recorded. ``heard``: its receiver speaks, with or without a position. ``fixed``: it
    reports a position that is good enough to meter by. ``driving``: the car moves.
    """

    process: int
    recorded: int
    faults: tuple[str, ...] = ()
    heard: bool = False
    fixed: bool = False
    driving: bool = False


class Car(Protocol):
    """A daemon that can be started anew."""

    def restart(self) -> None:
        """Start it anew, from what is installed now; whether it comes up, a reading says."""

    def restarts(self) -> int:
        """How many times it has ended by itself since."""

    def reading(self) -> Reading | None:
        """How it is; None where it does not answer."""


def read(process: int, health: Any, ready: Any, state: Any) -> Reading:
    """What a daemon's answers come to. Raises KeyError, TypeError or ValueError where they are no such answers."""
    faults = tuple(str(one["code"]) for one in ready["lacking"] if one["severity"] == "fault")
    code = state["gps"]["notice"]["code"] if state["gps"]["notice"] is not None else None
    fixed = code == FIXED and state["position"]["quality"] == "good"
    return Reading(process, int(health["recorded"]), faults, code in HEARD, fixed, state["driving"] != "parked")


@dataclass(frozen=True, slots=True)
class SystemdCar:
    """The daemon of a systemd service. ``screen``: its address."""

    service: str
    screen: str

    def restart(self) -> None:
        """See `Car`."""
        _systemctl("reset-failed", self.service)
        _systemctl("restart", self.service)

    def restarts(self) -> int:
        """See `Car`."""
        return int(self._property("NRestarts"))

    def reading(self) -> Reading | None:
        """See `Car`."""
        process = int(self._property("MainPID"))
        try:
            if answered(self.screen, "/")[0] != HTTPStatus.OK:
                return None  # the officer has no page
            return read(process, *(asked(self.screen, path) for path in ("/healthz", "/readyz", "/api/state")))
        except (*NO_ANSWER, KeyError, TypeError):
            return None  # whatever it answers: it is not a daemon that is well

    def _property(self, name: str) -> str:
        """What systemd says of the service; 0 where it says nothing."""
        return _systemctl("show", f"--property={name}", "--value", self.service).strip() or "0"


def _systemctl(*words: str) -> str:
    """What it prints; a unit that does not start is no fault of ours."""
    try:
        done = subprocess.run(  # noqa: S603 - words of ours
            ["/usr/bin/systemctl", "--no-ask-password", *words],
            capture_output=True, text=True, check=False, timeout=RESTART_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout
