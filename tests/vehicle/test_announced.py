"""A download notice is noted in a file, once, a while after it was heard."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.contract.download import DownloadDoc
from edge.contract.signed_documents import Verified, sign
from edge.contract.signed_kinds import DOWNLOAD
from edge.vehicle.announced import Announced
from edge.vehicle.in_force import InForce
from tests.vehicle.link.signing import KEY

AFTER_S: Final = 40.0


def notice(number: int) -> Verified[DownloadDoc]:
    """One that says nothing but its number."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    body = DownloadDoc(agency="squaretown", number=number, role="fleet admin", reason="streets", at=at)
    return sign(DOWNLOAD, body, KEY)


@dataclass
class Car:
    """Its data folder, and a clock that a test moves."""

    data: Path
    in_force: InForce = field(default_factory=InForce)
    now: float = 1_000.0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """The daemon starts."""
        self.own = Announced(self.data / "announced", self.in_force, AFTER_S, lambda: self.now)

    def noted(self, after_s: float = 0.0) -> str | None:
        """What stands in the file after so long."""
        self.now += after_s
        self.own.tend()
        file = self.data / "announced"
        return file.read_text() if file.exists() else None


def test_a_notice_is_noted_after_a_while(tmp_path: Path) -> None:
    """Not before this car's own moment: the fleet does not ask at once. A newer one meanwhile begins anew."""
    car = Car(tmp_path)
    assert car.noted() is None
    car.in_force.adopt(notice(1))
    assert (car.noted(), car.noted(AFTER_S - 1)) == (None, None)
    car.in_force.adopt(notice(2))
    assert (car.noted(), car.noted(AFTER_S - 1)) == (None, None)
    assert car.noted(1.0) == notice(2).digest


def test_what_was_noted_is_not_noted_again(tmp_path: Path) -> None:
    """Neither as it comes again on each connection, nor after a restart; the file is not touched."""
    car = Car(tmp_path)
    car.in_force.adopt(notice(1))
    car.noted()
    assert car.noted(AFTER_S) is not None
    stamp = (tmp_path / "announced").stat().st_mtime_ns
    car.in_force.adopt(notice(1))
    car.noted(AFTER_S)
    car.start()
    car.noted(0.0)
    car.noted(AFTER_S)
    assert (tmp_path / "announced").stat().st_mtime_ns == stamp


def test_one_that_a_power_cut_left_half_noted_is_noted_after_the_next_start(tmp_path: Path) -> None:
    """What is in force is on disk, and the file says another."""
    (tmp_path / "announced").write_text("4f")
    car = Car(tmp_path, InForce([notice(1)]))
    car.noted()
    assert car.noted(AFTER_S) == notice(1).digest


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    """The timer asks."""
    (tmp_path / "announced").mkdir()
    car = Car(tmp_path, InForce([notice(1)]))
    car.own.tend()
    car.now += AFTER_S
    car.own.tend()
    assert (tmp_path / "announced").is_dir()
