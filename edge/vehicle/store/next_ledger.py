"""A ledger takes another's place: it is made whole under a name of its own, and renamed once the old one is aside.

So a power cut at any moment leaves the old ledger, or the new one. Must not decide that another is begun.
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from edge.domain.state import State
from edge.text.whole_file import sync_folder
from edge.text.words import Notice
from edge.vehicle.store import checkpoint
from edge.vehicle.store.begun_anew import Renaming
from edge.vehicle.store.data_folder import DataFolder
from edge.vehicle.store.files import remove, set_aside
from edge.vehicle.store.ledger import Ledger, Reader
from edge.vehicle.store.page_check import trusted_again

DIVERGED = Notice("file.diverged")


def _next_path(folder: DataFolder) -> Path:
    return folder.ledger_path.with_name(f"{folder.ledger_path.name}.next")


def fill_next(folder: DataFolder, unit: str, ledger: Ledger, state: State, common: int) -> State:
    """The next ledger with the records after ``common``, whole and on disk; the state as its."""
    path = _next_path(folder)
    remove(path)
    with closing(Ledger(path, unit)) as new:
        naming = Renaming(unit, ledger.id, new.id, common)
        renamed = naming.state(state)
        visits = [(visit.id, checkpoint.VISIT.dump_json(visit)) for visit in renamed.visits.all()]
        new.begin(naming.records(ledger), checkpoint.dump(renamed), visits)
    sync_folder(folder.path)
    return renamed


def put_next(folder: DataFolder, unit: str, ledger: Ledger, readers: Sequence[Reader], word: str) -> Ledger:
    """Set the ledger aside under a name with ``word``, and open the next one in its place; readers follow."""
    with ExitStack() as stack:
        for reader in readers:
            stack.enter_context(reader.released())
        ledger.close()
        set_aside(folder.ledger_path, word)
        trusted_again(folder.ledger_path)
        _next_path(folder).rename(folder.ledger_path)
        sync_folder(folder.path)
    return Ledger(folder.ledger_path, unit)


def finish_next(folder: DataFolder) -> None:
    """A change that was cut short: finished where the old ledger is out of the way, else undone."""
    path = _next_path(folder)
    if not path.exists():
        return
    if folder.ledger_path.exists():
        remove(path)
        return
    set_aside(folder.ledger_path, "diverged")  # parts that are left
    path.rename(folder.ledger_path)
    sync_folder(folder.path)
    folder.warn("store.set_aside", "warning", file=folder.ledger_path.name, why=DIVERGED)
