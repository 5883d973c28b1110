"""Agency bundles that come by hand: a folder with a manifest, in the drop folder or on a stick, is verified and stored.

It is in force from the daemon's next start: nothing that runs is changed. One that is still being copied is left alone;
one that is refused is named, and in the car's own folder it is marked. `look` may hang where a
folder is on a stick. Must not decide what a good bundle is.
"""

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from edge.contract.manifest import MANIFEST, SIGNATURE, Manifest
from edge.service.aside import Aside
from edge.text.coded import CodedError, why_of
from edge.text.words import Notice

LOOK_S: Final = 2.0
PATIENCE_S: Final = 300.0
"""A slow stick takes a minute for the largest, an SD card three."""

MOST_FILES: Final = 200
"""Of a folder whose state is looked at; a bundle has thirty."""

REFUSED: Final = "refused"
"""The file that marks it in the car's own folder, for who downloaded it; what the disk did not take is not marked."""

State: TypeAlias = tuple[tuple[str, int, int], ...]
"""By which a folder is known to be as it was: each file's name, size and time of its last change."""

Adopt: TypeAlias = Callable[[Path], Manifest | None]
"""Verify and store a bundle; None where it is the one that is stored already. Raises CodedError where it is refused."""


class BundleDrop:
    """Looks below some folders. ``own``: those whose bundles are removed once they are stored."""

    def __init__(
        self, own: Iterable[Path], others: Iterable[Path], adopt: Adopt, patience_s: float = PATIENCE_S
    ) -> None:
        self._folders = [*((one, True) for one in own), *((one, False) for one in others)]
        self._adopt = adopt
        self._seen: dict[Path, State] = {}
        self._done: dict[Path, State] = {}
        self._calls = Aside[None](lambda _late: None, "bundles")
        self._patience_s = patience_s
        self.trouble: Notice | None = None
        self.stored: Notice | None = None

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop``; a stick that hangs is left to itself."""
        while not stop.wait(LOOK_S):
            try:
                self._calls.call(self.look, stop, self._patience_s)
            except TimeoutError:
                self.trouble = Notice("stick.stuck", severity="warning")

    def notices(self) -> tuple[Notice, ...]:
        """What to say: a bundle that waits for the next start, one that was refused."""
        return tuple(one for one in (self.trouble, self.stored) if one is not None)

    def look(self) -> None:
        """Store what lies there whole."""
        before, self._seen = self._seen, dict(self._found())
        for path, now in self._seen.items():
            if self._done.get(path) != now:
                self._take(path, now, whole=before.get(path) == now)

    def _take(self, path: Path, now: State, *, whole: bool) -> None:
        """``whole``: it has not changed between two looks, so that what is wrong with it stays so."""
        try:
            manifest = self._adopt(path)
        except (CodedError, OSError) as error:
            if whole:
                self._done[path] = now
                self.trouble = Notice("bundle.dropped_refused", {"why": why_of(error)}, "warning")
                if (path.parent, True) in self._folders and not _of_disk(error):
                    _mark(path)
            return
        self._done[path] = now
        self.trouble = None
        if manifest is not None:
            self.stored = Notice("bundle.stored", {"version": manifest.version}, "info")
        if (path.parent, True) in self._folders:
            shutil.rmtree(path, ignore_errors=True)

    def _found(self) -> Iterator[tuple[Path, State]]:
        for folder, _ in self._folders:
            try:
                paths = sorted(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
            except OSError:
                continue
            for path in paths:
                if (path / MANIFEST).is_file() and (path / SIGNATURE).is_file():
                    yield path, tuple(_state(path))


def _of_disk(error: CodedError | OSError) -> bool:
    """Whether it is no fault of the bundle's: another time the disk may take it."""
    return isinstance(error, OSError) or isinstance(error.__cause__, OSError)


def _mark(path: Path) -> None:
    with contextlib.suppress(OSError):
        (path / REFUSED).touch()


def _state(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Every file below a folder, as far as one bundle goes."""
    count = 0
    for above, _, names in os.walk(folder):
        for name in sorted(set(names) - {REFUSED}):
            count += 1
            if count > MOST_FILES:
                return
            try:
                found = os.lstat(os.path.join(above, name))
            except OSError:
                continue
            yield name, found.st_size, found.st_mtime_ns
