"""A unit's update: verified, installed beside the old release, switched to, watched, and taken back where it fails.

    offered -> verified -> installed, complete -> seen -> on trial: `bin` turned, daemon restarted
        -> it works (`verdict`): `good` turned
        -> it fails: known as bad, `bin` turned back, daemon restarted
        -> it is well but has no fix: `bin` turned back, daemon restarted; known as bad once that one has a fix

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
from provisioning.update.car import Car
from provisioning.update.config import UpdateConfig
from provisioning.update.memory import Memory, Trial, recall, remember
from provisioning.update.places import Places
from provisioning.update.verdict import Verdict, before, finds_a_position, judged

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
    """Of one unit. ``key``: the public key that signs releases.

    Raises UserError where a release is refused, or does not work; the one before runs on.
    """

    def __init__(
        self,
        config: UpdateConfig,
        key: str,
        car: Car,
        install: Install,
        clock: Clock | None = None,
        target: str | None = None,
    ) -> None:
        self._config = config
        self._key = key
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
                self._end_trial(memory)
            return None
        if runs in memory.bad:
            return self._back(runs, memory)
        return self._judged(memory, memory.trial or Trial(name=runs))

    def offer(self, folder: Path) -> str:
        """Install a release that lies in a folder, and switch to it; a sentence of how it went."""
        manifest = read_manifest(folder, self._key)
        name, memory = manifest.name, recall(self._config.state)
        if name == self._places.good:
            return f"Roundsman {name} is installed"
        check(manifest, memory, self._target, self._clock.utc())
        if not self._places.is_complete(name):
            self._make(manifest, folder, name, memory)
        memory = remember(self._config.state, seen(manifest, memory))
        reading = self._car.reading()
        if reading is not None and reading.driving:
            return f"Roundsman {name} waits until the car is parked"
        trial = before(name, reading)
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
        """Start the daemon anew, and see whether it works. Raises UserError where it was taken back for good."""
        self._car.restart()
        verdict = judged(self._car, trial, self._clock)
        if verdict is Verdict.FAILS:
            raise UserError(self._back(trial.name, memory))
        if verdict is Verdict.BLIND:
            return self._witnessed(trial.name, memory)
        self._places.settle_on(trial.name)
        remember(self._config.state, memory.model_copy(update={"trial": None}))
        return f"Roundsman {trial.name} works"

    def _witnessed(self, name: str, memory: Memory) -> str:
        """Back to the last one that worked, which sees whether there is a position to be had.

        Raises UserError where it has one: then the other is at fault. Cut short anywhere, nothing is held against it.
        """
        good = self._places.good
        self._places.run(good)
        memory = self._end_trial(memory)
        if finds_a_position(self._car, self._clock):
            remember(self._config.state, failed(name, memory))
            msg = f"Roundsman {name} finds no position where {good} has one, and is not tried again; {good} runs"
            raise UserError(msg)
        return f"Roundsman {name} found no position, nor does {good}, which runs; it is tried again"

    def _back(self, name: str, memory: Memory) -> str:
        """Back to the last one that worked; that the other does not is remembered first, so it is not tried again."""
        memory = remember(self._config.state, failed(name, memory))
        good = self._places.good
        self._places.run(good)
        self._end_trial(memory)
        return f"Roundsman {name} does not work here and is not tried again; {good} runs"

    def _end_trial(self, memory: Memory) -> Memory:
        """Start the daemon anew from what ``bin`` leads to: only then is a trial over, else the tried one runs on."""
        self._car.restart()
        return remember(self._config.state, memory.model_copy(update={"trial": None}))
