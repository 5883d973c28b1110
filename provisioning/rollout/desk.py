"""Who gets which release: a unit's report is stored, and answered by the rules of `stages`, before it hears the answer.

Must not know HTTP.
"""

import logging
import threading
from typing import Final

from cryptography import x509
from pydantic import ValidationError

from edge.errors import UserError
from edge.text.whole_file import write_lasting
from provisioning.authority.pem import common_name, serial_of
from provisioning.fleet.folder import Fleet
from provisioning.rollout.shelf import Shelved, newest, shelved
from provisioning.rollout.stages import Book, halted_by, may_have
from provisioning.software.offering import Offer, Report

BOOK: Final = "software.json"
_log: Final = logging.getLogger(__name__)


class ReleaseDesk:
    """Of one fleet. Its methods may be called by several threads at once."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self._path = fleet.folder / BOOK
        self._lock = threading.Lock()

    def answer(self, unit: str, report: Report) -> Offer:
        """What a unit may have. Raises UserError where the book cannot be read or written."""
        now = self.fleet.utc()
        with self._lock:
            book = self.book().reported(unit, report, now)
            release = self._newest(now)
            valid = self._valid(now)
            counted = {name: one for name, one in book.units.items() if name in valid}
            offers = release is not None and unit in counted and may_have(release, unit, counted, now)
            if release is not None and (names := halted_by(release, counted, now)):
                _log.warning("Roundsman %s is halted: it does not work on, or is not reported by, %s", release, names)
            if offers and release is not None:
                book = book.offered(unit, release, now)
            write_lasting(self._path, book.model_dump_json(indent=1) + "\n")
        return Offer(release=release if offers else None)

    def release(self, name: str) -> Shelved | None:
        """A release by its name."""
        return shelved(self.fleet.folder, self.fleet.settings.release_key).get(name)

    def book(self) -> Book:
        """What units have reported. Raises UserError where the file cannot be read."""
        try:
            return Book.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Book()
        except (OSError, ValidationError) as error:
            msg = f"{self._path}: cannot be read; remove it, and each unit reports anew"
            raise UserError(msg) from error

    def unit_of(self, leaf: bytes) -> str | None:
        """Whose certificate (DER) it is; None where it is none of a unit that is valid now."""
        shown = x509.load_der_x509_certificate(leaf)
        with self.fleet.registry() as registry:
            name = common_name(shown)
            held = (one for one in registry.certificates(name) if one.serial == serial_of(shown))
            valid = any(one.valid(self.fleet.utc()) for one in held)
            return name if valid and name in registry.units() else None

    def _newest(self, now: float) -> str | None:
        """The newest release that has not expired."""
        found = newest(self.fleet.folder, self.fleet.settings.release_key, now)
        return None if found is None else found.name

    def _valid(self, now: float) -> set[str]:
        """The units that have a certificate: one that is stolen or sold halts nothing."""
        with self.fleet.registry() as registry:
            units = registry.units()
            return {one.name for one in registry.certificates() if one.name in units and one.valid(now)}
