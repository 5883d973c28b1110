"""The card's files: JSON, the page, its plot; and how files of a model are put into a directory, whole or not at all.

Must not decide what a card says.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from edge.errors import UserError
from edge.risk.card import Card, encode_card
from models.export.card import calibration_svg, markdown

Writer: TypeAlias = Callable[[Path], object]


def writers(card: Card) -> dict[str, Writer]:
    """What writes each of the card's files, its JSON last: without that the model is not loaded."""
    plot = f"{card.crime_type}.calibration.svg"
    drawing, page, document = calibration_svg(card.calibration), markdown(card, plot), encode_card(card)
    return {
        plot: lambda path: path.write_text(drawing, encoding="utf-8"),
        f"{card.crime_type}.card.md": lambda path: path.write_text(page, encoding="utf-8"),
        f"{card.crime_type}.card.json": lambda path: path.write_bytes(document),
    }


def write_whole(directory: Path, files: Mapping[str, Writer]) -> None:
    """Write files beside, then rename each into its place, in their order. Raises UserError where it cannot be done."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".writing-") as beside:
            for name, write in files.items():
                write(Path(beside) / name)
            for name in files:
                (Path(beside) / name).replace(directory / name)
    except OSError as error:
        msg = f"{directory}: the model cannot be written ({error.strerror}); fix it, or choose another directory"
        raise UserError(msg) from error
