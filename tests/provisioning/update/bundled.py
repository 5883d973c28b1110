"""A car for tests that keeps its bundle as the daemon does, and headquarters without a network."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.contract.bundle import read_manifest
from edge.contract.manifest import MANIFEST
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import adopt, choose, keep
from edge.vehicle.documents.bundle_drop import BundleDrop
from edge.vehicle.documents.drop_folder import FOLDER
from provisioning.software.offering import BundleOffer, BundleReport
from provisioning.update.fetch_bundle import Publisher, fetch_bundle
from tests.words import all_shown

CHUNK = 40_000


def in_pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    """A file's bytes from ``start`` to before ``end``."""
    data = path.read_bytes()[start:end]
    yield from (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


@dataclass(frozen=True)
class Shelf:
    """A folder that offers what is in it, as it is, good or not."""

    bundle: Path

    def report_bundle(self, _report: BundleReport) -> BundleOffer:
        """It, to everybody: every file of the folder."""
        return self.offer

    @property
    def offer(self) -> BundleOffer:
        """What it answers."""
        sizes = {
            str(one.relative_to(self.bundle)): one.stat().st_size for one in self.bundle.rglob("*") if one.is_file()
        }
        return BundleOffer(bundle=read_manifest(self.bundle).digest(), sizes=sizes)

    def bundle_pieces(self, _bundle: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """In small pieces."""
        yield from in_pieces(self.bundle / name, start, end)


@dataclass(frozen=True)
class Bundled:
    """A car: its disk below a folder, the bundle on its card, the key that it trusts."""

    folder: Path
    delivered: Path
    key: str

    @property
    def config(self) -> VehicleConfig:
        """Its vehicle.toml."""
        data = self.folder / "data"
        return VehicleConfig(unit="car-1", agency=self.delivered, agency_key=self.key, district="1", data=data)

    @property
    def incoming(self) -> Path:
        """The daemon's drop folder."""
        return self.config.data / FOLDER

    def start(self) -> int:
        """The daemon starts: the version of the bundle in force."""
        choice = keep(choose(self.config), self.config.data)
        (self.folder / "in-force").write_text(choice.manifest.digest())
        return choice.manifest.version

    @property
    def version(self) -> int:
        """Of the bundle that the next start uses."""
        return choose(self.config).manifest.version

    def fetch(self, publisher: Publisher) -> str:
        """As the command does, while the daemon runs."""
        in_force = self.folder / "in-force"
        return fetch_bundle(self.config.data, in_force.read_text() if in_force.exists() else None, publisher)

    def look(self) -> list[str]:
        """The daemon looks into its drop folder twice; what it says."""
        used = choose(self.config)
        drop = BundleDrop([self.incoming], [], lambda directory: adopt(directory, self.config, used))
        drop.look()
        drop.look()
        return all_shown(drop.notices())

    @property
    def dropped(self) -> list[Path]:
        """What the daemon would take for a bundle."""
        return [path.parent for path in self.incoming.glob(f"*/{MANIFEST}")]
