"""The files of a unit's board, from ``firmware_config``: those of every board, and over them its own.

Must not hold a setting of a device: each stands in its file, with its reason.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from provisioning.units.unit import Board

FIRMWARE: Final = Path(__file__).parents[2] / "firmware_config"

LAYERS: Final[Mapping[Board, tuple[str, ...]]] = {
    "rpi4": ("common", "pi", "rpi4"),
    "rpi5": ("common", "pi", "rpi5"),
    "mdt": ("common", "mdt"),
}
"""Folders, each over the one before."""


@cache
def device_files(board: Board) -> Mapping[str, str]:
    """Every file of a board: its path on the device, and its text."""
    return {
        f"/{path.relative_to(FIRMWARE / layer)}": path.read_text(encoding="utf-8")
        for layer in LAYERS[board]
        for path in sorted((FIRMWARE / layer).rglob("*"))
        if path.is_file()
    }
