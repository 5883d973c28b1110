"""A file brought to a car by hand, as headquarters' tests need it."""

import shutil
from pathlib import Path

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.vehicle.documents.drop_folder import FOLDER, DropFolder
from edge.vehicle.inbox import DocumentVerified


def take_dropped(data: Path, agency: Agency, document: Path) -> ContextDoc:
    """What a car with that data folder takes of a document."""
    (data / FOLDER).mkdir(parents=True, exist_ok=True)
    shutil.copy(document, data / FOLDER / "context.json")
    drop_folder = DropFolder(data, agency, "1")
    (said,) = (*drop_folder.take(), *drop_folder.take())
    assert isinstance(said, DocumentVerified)
    assert isinstance(said.document.body, ContextDoc)
    return said.document.body
