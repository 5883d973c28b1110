"""Documents that come without a link: signed ones of every kind that a car stores, as JSON files in a folder.

In ``{data}/incoming/`` a file that is taken is removed, and one that is refused is renamed; a stick, which may be the
whole fleet's, is only read, and what is for other districts on it is passed over. The notice says why one is refused.
Must not obey anything: a document is checked here as one that came off the wire. `take` may hang where the folder is on
a stick.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST, Signed, decode
from edge.contract.plain_file import open_plain
from edge.contract.signed_documents import Arrival, long_ago, verify_here
from edge.contract.signed_kinds import KINDS
from edge.text.coded import LONGEST, CodedError
from edge.text.plain import plain
from edge.text.words import Notice, os_error
from edge.vehicle.inbox import DocumentVerified, PlanVerified, item_of

FOLDER: Final = "incoming"
ON_STICK: Final = "roundsman"
"""The folder of a stick that is looked into: its other files are nobody's business."""

REFUSED: Final = ".refused"

STICK_REST_S: Final = 3.0
"""Between two looks at a stick: who brings one waits a moment, and a slow one is asked nothing meanwhile."""

Stamp: TypeAlias = tuple[int, int, int]
"""By which a file is known to be as it was: inode, size, time of its last change."""


class DropFolder:
    """The folder below a vehicle's data, made where it is missing; or that of a stick, which is only read.

    ``trouble``: why the last file was refused; None where it was not. ``stuck``: what to say where it does not answer.
    ``rest_s``: as `edge.vehicle.incoming.Source`'s.
    """

    def __init__(
        self, data: Path, agency: Agency, district: str, now: Arrival = long_ago, *, stick: bool = False
    ) -> None:
        self._folder = data / (ON_STICK if stick else FOLDER)
        self._stick = stick
        self.stuck = "stick.stuck" if stick else "incoming.stuck"
        self.rest_s = STICK_REST_S if stick else 0.0
        self._agency = agency
        self._district = district
        self._now = now
        self._stamps: dict[Path, Stamp] = {}
        self._left: set[tuple[Path, Stamp]] = set()
        self.trouble: Notice | None = None
        if stick:
            return
        with contextlib.suppress(OSError):  # then nothing comes in this way
            os.mkdir(self._folder, mode=0o700)  # `Path.mkdir` would look into one that is there, and may hang

    def take(self) -> Iterator[PlanVerified | DocumentVerified]:
        """The documents that lie there whole: good at first sight, else once a file is as it was the time before."""
        before, self._stamps = self._stamps, dict(_files(self._folder))
        self._left.intersection_update(self._stamps.items())
        for path, stamp in sorted(self._stamps.items()):
            whole = before.get(path) == stamp
            if (whole or path not in before) and (path, stamp) not in self._left:
                said = self._said(path, whole=whole)
                if (said is not None or whole) and (self._stick or not _away(path, keep=said is None)):
                    self._left.add((path, stamp))
                if said is not None:
                    yield said

    def _said(self, path: Path, *, whole: bool) -> PlanVerified | DocumentVerified | None:
        """What a file says; None where it says nothing good, which is trouble only where it is ``whole``."""
        try:
            said = self._document(_read(path))
        except (CodedError, OSError) as error:
            if whole and not (self._stick and _for_others(error)):
                values = {"file": f"{self._folder.name}/{plain(path.name, LONGEST)}", "why": _reason(error)}
                self.trouble = Notice("incoming.refused", values, "warning")
            return None
        self.trouble = None
        return said

    def _document(self, content: bytes) -> PlanVerified | DocumentVerified:
        """What some bytes are. Raises CodedError where they are none of a kind that a car stores."""
        signed = decode(Signed, content)
        kind = KINDS.get(signed.kind)
        if kind is None or not kind.kept:
            raise CodedError("document.not_by_file", kind=signed.kind)
        return item_of(verify_here(kind, signed, self._agency, self._district, self._now))


def _for_others(error: CodedError | OSError) -> bool:
    """Whether a document is refused only because it is another district's."""
    why = error.why.values.get("why") if isinstance(error, CodedError) else None
    return isinstance(why, Notice) and why.code == "document.for_others"


def _reason(error: CodedError | OSError) -> Notice:
    return Notice("file.no_owner", {"error": os_error(error)}) if isinstance(error, OSError) else error.why


def _files(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """Every regular file; none where there is no folder, or it cannot be read."""
    try:
        for path in folder.iterdir():
            found = path.lstat()
            if stat.S_ISREG(found.st_mode) and path.suffix == ".json":
                yield path, (found.st_ino, found.st_size, found.st_mtime_ns)
    except OSError:
        return


def _read(path: Path) -> bytes:
    with open_plain(path.parent, path.name) as file:
        return file.read(LARGEST + 1)


def _away(path: Path, *, keep: bool) -> bool:
    """Have the file not looked at again; False where the folder does not allow it."""
    try:
        if keep:
            path.rename(path.with_suffix(REFUSED))
        else:
            path.unlink()
    except OSError:
        return False
    return True
