"""What a day writes to the disk: the real engine and vault, on a recording's clock, by source.

86,400 fixes at 1 Hz (an hour's drive of the demo city, again and again), the drive's own events, and taps (call for
service, back on patrol) that bring them to 5,000; each is acknowledged. Checkpoints, breadcrumbs and each shift's plan
come as they do in the car. Bytes are ``write_bytes`` of ``/proc/self/io``: what the process had the file system write,
in whole pages; a file system in memory counts none. Must not judge a figure.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from edge.contract.messages import Signed
from edge.contract.signed_documents import Verified
from edge.domain.events import Event
from edge.domain.inputs import Fix, Pause, Resume, SignIn, Start
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.vehicle.clock import StepClock
from edge.vehicle.engine import Engine
from edge.vehicle.inbox import Acknowledged, PlanVerified
from edge.vehicle.store.vault import Vault
from tests.benchmarks.rules import no_plan
from tests.benchmarks.town import BEGAN, DRIVE_S, Town

EVENTS: Final = 5_000
HOURS: Final = 24
SHIFT_H: Final = 8
DAY_S: Final = HOURS * DRIVE_S
IO: Final = Path("/proc/self/io")


def measure(town: Town) -> Counter[str]:
    """Bytes by source."""
    plans = [town.plan(BEGAN + hour * DRIVE_S) for hour in range(0, HOURS + SHIFT_H, SHIFT_H)]
    with tempfile.TemporaryDirectory() as folder:
        keeper = Keeper(Vault(Path(folder), "car-1"))
        _patrol(town, keeper, plans)
        keeper.close()
        return keeper.written


class Keeper:
    """The vault, with a count of what each kind of call writes."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._before = written()
        self.written: Counter[str] = Counter()
        self.empty, _ = vault.load(no_plan)
        self._count("opening and closing")

    def commit(self, events: tuple[Event, ...], state: State) -> None:
        """See `Vault`."""
        self._vault.commit(events, state)
        self._count("events" if events else "checkpoints")

    def begin_anew(self, state: State, common: int) -> State:
        """See `Vault`."""
        return self._vault.begin_anew(state, common)

    def replace_damaged(self, path: Path, state: State, why: str) -> State:
        """See `Vault`."""
        return self._vault.replace_damaged(path, state, why)

    def acknowledge(self, seq: int) -> None:
        """See `Vault`."""
        self._vault.acknowledge(seq)

    def keep_plan(self, signed: Signed, plan: Plan) -> None:
        """See `Vault`."""
        self._vault.keep_plan(signed, plan)
        self._count("documents")

    def keep_document(self, document: Verified[Any]) -> None:
        """See `Vault`."""
        self._vault.keep_document(document)
        self._count("documents")

    def add_fix(self, fix: Fix, past: float) -> None:
        """See `Vault`."""
        self._vault.add_fix(fix, past)
        self._count("breadcrumbs")

    def close(self) -> None:
        """See `Vault`."""
        self._vault.close()
        self._count("opening and closing")

    def _count(self, source: str) -> None:
        now = written()
        self.written[source] += now - self._before
        self._before = now


def written() -> int:
    """Bytes that this process has had written so far."""
    fields = dict(line.split(": ") for line in IO.read_text().splitlines())
    return int(fields["write_bytes"])


def _patrol(town: Town, keeper: Keeper, plans: list[PlanVerified]) -> None:
    engine = Engine(town.setting, keeper.empty, keeper, StepClock(), lambda _: None)
    engine.take(Start(0.0, "boot", BEGAN, "benchmark"))
    engine.take(SignIn(0.0, "4711"))
    for plan in plans:
        engine.take(plan)
    for fix in _day(town):
        engine.take(fix)
        if engine.state.seq < EVENTS * fix.mono / DAY_S:
            engine.take(Pause(fix.mono, "call") if engine.state.pause is None else Resume(fix.mono))
        engine.take(Acknowledged(engine.state.seq))


def _day(town: Town) -> Iterator[Fix]:
    for hour in range(HOURS):
        for fix in town.fixes:
            yield replace(fix, utc=fix.utc + hour * DRIVE_S, mono=fix.mono + hour * DRIVE_S)
