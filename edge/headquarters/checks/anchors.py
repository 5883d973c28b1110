"""The file of anchors: one that can be written."""

from collections.abc import Iterator

from edge.headquarters.config import HeadquartersConfig
from edge.service.paths import file_to_write, unusable


def problems(config: HeadquartersConfig) -> Iterator[str]:
    """Why no file can be written there, where the configuration names one."""
    return unusable("anchors", config.anchors, file_to_write) if config.anchors is not None else iter(())
