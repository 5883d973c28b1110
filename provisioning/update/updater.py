"""A unit's update: verified, installed beside the old release, switched to, watched, and taken back where it fails.

    offered -> verified -> installed, complete -> seen -> on trial: `bin` turned, daemon restarted
        -> it works: `good` turned
        -> else: known as bad, `bin` turned back, daemon restarted

Each arrow is one file or link that is there whole or not. `settle` goes on from wherever a kill or a power cut left it:
what was not complete is removed, a trial is judged again, one that is known as bad is taken back. The updater runs from
``good``, so that a release that cannot even start is taken back all the same. Must not obey a release that is not
signed.
"""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from edge.errors import UserError
from edge.text.whole_file import make_folder, sync_folder
from provisioning.software.verified import Manifest, copy_verified, read_manifest
from provisioning.update.admission import check, failed, here, seen
from provisioning.update.car import Car, Reading
from provisioning.update.config import UpdateConfig
from provisioning.update.memory import Memory, Trial, recall, remember
from provisioning.update.places import Places

BOUND_S: Final = 1_080.0
"""In which a new release must have worked for `STEADY_S`: a daemon may check a year's ledger for 900 s first."""

STEADY_S: Final = 60.0
MOST_RESTARTS: Final = 5
"""A daemon that ends by itself as often is not waited for: the car is without one meanwhile."""

LOOK_S: Final = 2.0
SPREAD: Final = 6
"""An installed release takes so many times the bytes of its wheels, with some to spare (3.9 for 0.1.0 on x86-64)."""

Install: TypeAlias = Callable[[Path, Mapping[str, str], Sequence[str], str, Path], None]
"""`provisioning.update.environment.install`."""


@dataclass(frozen=True, slots=True)
class Clock:
    """``utc``: POSIX seconds, which may be wrong; ``mono``: seconds that only grow."""

    utc: Callable[[], float] = time.time
    mono: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Updater:
    """Of one unit. Raises UserError where a release is refused, or does not work; the one before runs on."""

    def __init__(
        self, config: UpdateConfig, car: Car, install: Install, clock: Clock | None = None, target: str | None = None
    ) -> None:
        self._config = config
        self._car = car
        self._install = install
        self._clock = clock or Clock()
        self._target = target or here()
        self._places = Places(config.root)

    def settle(self) -> str | None:
        """Finish what was cut short; what came of it, None where nothing was. Call it first."""
        make_folder(self._config.state, "correct its owner and mode", 0o755)
        sync_folder(self._config.state.parent)
        memory, runs = recall(self._config.state), self._places.runs
        self._places.tidy()
        if runs == self._places.good:
            if memory.trial is not None:
                remember(self._config.state, memory.model_copy(update={"trial": None}))
            return None
        if runs in memory.bad:
            return self._back(runs, memory)
        return self._judged(memory, memory.trial or Trial(name=runs))

    def offer(self, folder: Path) -> str:
        """Install a release that lies in a folder, and switch to it; a sentence of how it went."""
        manifest = read_manifest(folder, self._config.release_key)
        name, memory = manifest.name, recall(self._config.state)
        if name == self._places.good:
            return f"Roundsman {name} is installed"
        check(manifest, memory, self._target, self._clock.utc())
        if not self._places.is_complete(name):
            self._make(manifest, folder, name, memory)
        memory = remember(self._config.state, seen(manifest, memory))
        before = self._car.reading()
        if before is not None and before.driving:
            return f"Roundsman {name} waits until the car is parked"
        trial = _trial(name, before)
        memory = remember(self._config.state, memory.model_copy(update={"trial": trial}))
        self._places.run(name)
        return self._judged(memory, trial)

    def _make(self, manifest: Manifest, folder: Path, name: str, memory: Memory) -> None:
        """Copy what was signed, and install the copies; a release that cannot be installed is not tried again."""
        names, staged = manifest.predicate.targets[self._target], self._places.staged
        self._places.remove_others()
        self._refuse_full(sum(manifest.predicate.sizes[one] for one in names))
        try:
            shutil.rmtree(staged, ignore_errors=True)
            staged.mkdir(mode=0o700)
            copy_verified(manifest, names, folder, staged)
            self._built(manifest, names, name, memory)
            self._places.finish(name)
        except OSError as error:
            msg = f"{self._places.releases / name}: cannot be written ({error.strerror or error}); free up disk space"
            raise UserError(msg) from error
        finally:
            self._places.tidy()

    def _built(self, manifest: Manifest, names: Sequence[str], name: str, memory: Memory) -> None:
        try:
            self._install(
                self._places.staged, manifest.statement.digests, names, manifest.version, self._places.begin(name)
            )
        except UserError:
            remember(self._config.state, failed(name, memory))
            raise

    def _refuse_full(self, wheels: int) -> None:
        free = shutil.disk_usage(self._places.releases).free
        if free < SPREAD * wheels:
            msg = f"{self._places.releases}: {free / 1e6:.0f} MB are free and {SPREAD * wheels / 1e6:.0f} are needed"
            raise UserError(msg)

    def _judged(self, memory: Memory, trial: Trial) -> str:
        """Start the daemon anew, and see whether it works. Raises UserError where it was taken back."""
        self._car.restart()
        if not self._works(trial):
            raise UserError(self._back(trial.name, memory))
        self._places.settle_on(trial.name)
        remember(self._config.state, memory.model_copy(update={"trial": None}))
        return f"Roundsman {trial.name} works"

    def _back(self, name: str, memory: Memory) -> str:
        """Back to the last one that worked; that the other does not is remembered first, so it is not tried again."""
        remember(self._config.state, failed(name, memory))
        good = self._places.good
        self._places.run(good)
        self._car.restart()
        return f"Roundsman {name} does not work here and is not tried again; {good} runs"

    def _works(self, trial: Trial) -> bool:
        """Whether one process of the daemon is well for `STEADY_S`, within `BOUND_S`."""
        until, since, process = self._clock.mono() + BOUND_S, 0.0, None
        while (now := self._clock.mono()) < until and self._car.restarts() < MOST_RESTARTS:
            reading = self._car.reading()
            if reading is None or not _well(reading, trial):
                process = None
            elif reading.process != process:
                since, process = now, reading.process
            elif now - since >= STEADY_S:
                return True
            self._clock.sleep(LOOK_S)
        return False


def _trial(name: str, before: Reading | None) -> Trial:
    """``before``: how the daemon was, None where it did not answer."""
    if before is None:
        return Trial(name=name)
    return Trial(name=name, recorded=before.recorded, heard=before.heard, faults=before.faults)


def _well(reading: Reading, trial: Trial) -> bool:
    """No fault but those of before; its start was recorded; and the receiver is heard where it was before."""
    faults = set(reading.faults) - set(trial.faults)
    return not faults and reading.recorded > trial.recorded and (reading.heard or not trial.heard)
