"""What a car takes by hand, made of what it has: its own folder, and the stick that its configuration names.

Must not start anything: the daemon runs both.
"""

from pathlib import Path

from edge.vehicle.config import VehicleConfig
from edge.vehicle.disk import Disk
from edge.vehicle.documents.bundle import adopt
from edge.vehicle.documents.bundle_drop import BundleDrop
from edge.vehicle.documents.drop_folder import FOLDER, ON_STICK, DropFolder
from edge.vehicle.inbox import Post
from edge.vehicle.incoming import Incoming
from edge.vehicle.view.published import Published


def make_incoming(config: VehicleConfig, disk: Disk, published: Published, post: Post) -> Incoming:
    """Signed documents, to the engine's inbox."""

    def folder(path: Path, *, stick: bool = False) -> DropFolder:
        def now(digest: str) -> float | None:
            return disk.in_force.arrival(published.state, digest)

        return DropFolder(path, disk.bundle.agency, config.district, now, stick=stick)

    return Incoming(
        [folder(config.data), *([] if config.stick is None else [folder(config.stick, stick=True)])],
        calendar=disk.bundle.agency.calendar,
        state=lambda: published.state,
        in_force=disk.in_force,
        post=post,
    )


def make_bundle_drop(config: VehicleConfig, disk: Disk) -> BundleDrop:
    """Bundles, to the car's store, for its next start."""
    return BundleDrop(
        own=[config.data / FOLDER],
        others=[] if config.stick is None else [config.stick / ON_STICK],
        adopt=lambda directory: adopt(directory, config, disk.bundle),
    )
