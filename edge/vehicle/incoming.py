"""Documents that come without a link: signed contexts dropped into ``{data}/incoming/`` as JSON files.

A file that is taken is removed; one that is refused is renamed, and the sentence says why. Must not obey anything: a
context is checked here as one that came off the wire.
"""

import stat
from collections.abc import Iterator
from pathlib import Path

from edge.contract.agency import Agency
from edge.contract.context import verified_context
from edge.contract.messages import LARGEST, Signed, decode, shortened
from edge.errors import UserError
from edge.vehicle.inbox import ContextVerified

FOLDER = "incoming"
REFUSED = ".refused"


class Incoming:
    """The folder. ``trouble``: why the last file was refused, in a sentence; empty where it was not."""

    def __init__(self, data: Path, agency: Agency) -> None:
        self._folder = data / FOLDER
        self._agency = agency
        self._sizes: dict[Path, int] = {}
        self.trouble = ""

    def take(self) -> Iterator[ContextVerified]:
        """The contexts that lie there whole: a file is read once it has the same size as the time before."""
        sizes = dict(_files(self._folder))
        whole = [path for path, size in sizes.items() if self._sizes.get(path) == size]
        self._sizes = sizes
        for path in sorted(whole):
            try:
                signed = decode(Signed, _read(path))
                said = ContextVerified(verified_context(signed, self._agency), signed)
            except (UserError, OSError) as error:
                self.trouble = shortened(f"{FOLDER}/{path.name}: {error}")
                _away(path, keep=True)
            else:
                self.trouble = ""
                _away(path, keep=False)
                yield said


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Every regular file with its size; none where there is no folder, or it cannot be read."""
    try:
        for path in folder.iterdir():
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and path.suffix == ".json":
                yield path, found.st_size
    except OSError:
        return


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _away(path: Path, *, keep: bool) -> None:
    """Have the file not looked at again; where the disk refuses, it is: the same context is ignored."""
    try:
        if keep:
            path.rename(path.with_suffix(REFUSED))
        else:
            path.unlink()
    except OSError:
        return
