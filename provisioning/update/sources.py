"""Releases that lie in folders of a unit: a stick's, or one that was copied there. Must not trust any of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from provisioning.software.verified import MANIFEST

MOST: Final = 100
"""Of a folder's entries that are looked at."""


def releases_in(folders: Iterable[Path]) -> Iterator[Path]:
    """Each folder, or folder in it, that has a manifest; the last by name first."""
    for folder in folders:
        try:
            inside = sorted(islice(folder.iterdir(), MOST), reverse=True)
        except OSError:
            continue  # no stick
        for path in (folder, *inside):
            if not path.is_symlink() and (path / MANIFEST).is_file():
                yield path
