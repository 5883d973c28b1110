"""Hands a release or a bundle out over the fleet: each unit's report is stored, and answered by the rules of `stages`.

What a unit is answered is on disk before it hears it. Must not know HTTP, nor what an item is.
"""

import logging
import threading
from typing import Final

from pydantic import ValidationError

from edge.errors import UserError
from edge.text.whole_file import write_lasting
from provisioning.fleet.folder import Fleet
from provisioning.fleet.members import valid_units
from provisioning.rollout.stages import Book, Reported, halted_by, may_have

_log: Final = logging.getLogger(__name__)


class Rollout:
    """Of one fleet, of releases or of bundles. Its methods may be called by several threads at once.

    ``what``: what an item is called in the journal; ``book``: the file, in the fleet's folder, of how the units stand.
    """

    def __init__(self, fleet: Fleet, what: str, book: str) -> None:
        self._fleet = fleet
        self._what = what
        self._path = fleet.folder / book
        self._lock = threading.Lock()

    def answer(self, unit: str, said: Reported, newest: str | None) -> str | None:
        """The item that a unit may have; None: it stays as it is. ``newest``: the one that is handed out now, if any.

        Raises UserError where the book cannot be read or written.
        """
        now = self._fleet.utc()
        with self._lock:
            book = self.book().reported(unit, said, now)
            offered = newest is not None and self._may_have(newest, unit, book, now)
            if newest is not None and offered:
                book = book.offered(unit, newest, now)
            write_lasting(self._path, book.model_dump_json(indent=1) + "\n")
        return newest if offered else None

    def was_offered(self, unit: str, item: str) -> bool:
        """Whether a unit was offered an item: nobody else gets its files."""
        held = self.book().units.get(unit)
        return held is not None and held.offered == item

    def book(self) -> Book:
        """What units have reported. Raises UserError where the file cannot be read."""
        try:
            return Book.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Book()
        except (OSError, ValidationError) as error:
            msg = f"{self._path}: cannot be read; remove it, and each unit reports anew"
            raise UserError(msg) from error

    def _may_have(self, item: str, unit: str, book: Book, now: float) -> bool:
        """Of the units that count: those with a certificate; one that is stolen or sold halts nothing."""
        valid = valid_units(self._fleet)
        counted = {name: one for name, one in book.units.items() if name in valid}
        if names := halted_by(item, counted, now):
            _log.warning("%s %s is halted: it fails on, or is not reported by, %s", self._what, item, ", ".join(names))
        return unit in counted and may_have(item, unit, counted, now)
