"""The vehicle's folder of records, its recording, and the log that a replay reads."""

from collections.abc import Iterator

from edge.service.paths import file_to_read, file_to_write, folder, unusable
from edge.vehicle.config import VehicleConfig


def problems(config: VehicleConfig) -> Iterator[str]:
    """Paths that cannot be written or read."""
    yield from unusable("data", config.data, folder)
    if config.record is not None:
        yield from unusable("record", config.record, file_to_write)
    if config.gps.source == "replay" and config.gps.log is not None:
        yield from unusable("gps.log", config.gps.log, file_to_read)
