"""A car that fetches a bundle or a release, for tests that cut it short: what it takes, and what it has then."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edge.errors import UserError
from provisioning.software.offering import Offer, Report
from provisioning.software.verified import MANIFEST, copy_verified, read_manifest
from provisioning.update.fetch import fetch
from provisioning.update.memory import Memory
from tests.provisioning.release.town import HERE, PUBLIC
from tests.provisioning.update.bundled import Bundled, Shelf, in_pieces
from tests.provisioning.update.units import OLD, named


class Fetching(Protocol):
    """What is cut short."""

    def fetch(self) -> None:
        """Once, to its end."""

    def wrong(self) -> str | None:
        """What is wrong with what is there, at whatever moment; None: nothing."""

    def missing(self) -> str | None:
        """What is wrong at the end, after a fetch that nobody cut short."""


@dataclass(frozen=True)
class Releases:
    """Headquarters that offers the release in a folder."""

    release: Path

    def report(self, report: Report) -> Offer:
        """It, to everybody."""
        assert report.runs == OLD
        return Offer(release=named(self.release))

    def pieces(self, _release: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """In small pieces."""
        yield from in_pieces(self.release / name, start, end)


@dataclass(frozen=True)
class OfRelease:
    """The folder of a car's downloads; the release that it is offered."""

    downloads: Path
    release: Path

    def fetch(self) -> None:
        """See `Fetching`."""
        fetch(self.downloads, OLD, Memory(), PUBLIC, HERE, Releases(self.release))

    def wrong(self) -> str | None:
        """Where there is a manifest, root would install what lies there: all of it must be what was signed."""
        place = self.downloads / named(self.release)
        if not (place / MANIFEST).exists():
            return None
        try:
            manifest = read_manifest(place, PUBLIC)
            copy_verified(manifest, manifest.predicate.targets[HERE], place)
        except UserError as error:
            return f"half a release: {error}"
        return None

    def missing(self) -> str | None:
        """See `Fetching`."""
        there = (self.downloads / named(self.release) / MANIFEST).exists()
        return self.wrong() if there else "no release is there"


@dataclass(frozen=True)
class OfBundle:
    """A car that runs on bundle 1; the folder of bundle 2."""

    car: Bundled
    bundle: Path

    def fetch(self) -> None:
        """See `Fetching`."""
        self.car.fetch(Shelf(self.bundle))

    def wrong(self) -> str | None:
        """Bundle 1 is in force, and the daemon finds bundle 2 whole or nothing."""
        if (version := self.car.version) != 1:
            return f"bundle {version} is in force"
        for place in self.car.dropped:
            lacking = {one.name for one in self.bundle.rglob("*")} - {one.name for one in place.rglob("*")}
            if lacking:
                return f"half a bundle: {sorted(lacking)} are missing"
            for one in self.bundle.rglob("*"):
                if one.is_file() and (place / one.relative_to(self.bundle)).read_bytes() != one.read_bytes():
                    return f"half a bundle: {one.name}"
        return None

    def missing(self) -> str | None:
        """The daemon takes it up."""
        said = self.car.look()
        return None if self.car.version == 2 else f"bundle 2 is not in force: {said}"


def fetching(folder: Path, made: Path, what: str, key: str) -> Fetching:
    """A car with its disk below a folder. ``made``: has the bundles 1 and 2, or the release ``new``."""
    if what == "release":
        return OfRelease(folder / "downloads", made / "new")
    return OfBundle(Bundled(folder, made / "1", key), made / "2")


def begun(one: Fetching) -> Fetching:
    """As it was before: a car's first start."""
    if isinstance(one, OfBundle):
        one.car.start()
    return one
