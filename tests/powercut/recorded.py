"""The real engine over the real vault on the recording file system: what happened there, and what had been promised.

A note stands behind everything that returned: so many commits, so many documents put, so many inputs taken.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from edge.contract.agency import Agency
from edge.domain.events import Event
from edge.domain.state import State
from edge.vehicle.engine import Engine
from edge.vehicle.store.documents import Documents
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from edge.vehicle.store.verified_documents import VerifiedDocuments
from tests.powercut.crashes import laid_out
from tests.powercut.disk import Image, write_image
from tests.powercut.mount import mounted
from tests.powercut.operations import Note, Operation
from tests.powercut.shift import UNIT, Life
from tests.vehicle.town_shift import as_said, setting

NAMES: Final = ("plans", "bundle in force", "device")

FOLDER: Final[Image] = {"data": None}
"""A new vehicle's disk: the data folder, and nothing in it."""

Papers = dict[str, dict[str, Any] | None]
"""Every document, by name."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much had returned when a note was left."""

    commits: int = 0
    puts: int = 0
    inputs: int = 0

    @classmethod
    def of(cls, note: Note) -> "Progress":
        """As the note says."""
        return cls(*map(int, note.text.split()))


@dataclass(slots=True)
class Recorded:
    """What the vehicle was about: each state it committed, each version of its documents, its state after each input.

    They are here from before the call on: of ``commits`` that returned, the one after the last was perhaps under way.
    """

    log: list[Operation] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    papers: list[Papers] = field(default_factory=list)
    truth: list[State] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    commits: int = 0
    puts: int = 0

    def progress(self) -> Progress:
        """As it is now."""
        return Progress(self.commits, self.puts, len(self.truth))


class NotedDocuments(Documents):
    """Documents that leave a note for each one put."""

    def __init__(self, path: Path, recorded: Recorded, note: Callable[[], None]) -> None:
        super().__init__(path)
        self._recorded = recorded
        self._note = note

    def put(self, name: str, body: dict[str, Any]) -> None:
        """See `Documents`."""
        before = self._recorded.papers[-1] if self._recorded.papers else dict.fromkeys(NAMES)
        self._recorded.papers.append({**before, name: body})
        super().put(name, body)
        self._recorded.puts += 1
        self._note()


class NotedVault(Vault):
    """The real vault; it leaves a note for each commit and each document put."""

    def __init__(self, folder: Path, recorded: Recorded, note: Callable[[], None]) -> None:
        super().__init__(folder, UNIT)
        self._recorded = recorded
        self._note = note
        self.documents.close()
        self.documents = NotedDocuments(folder / "documents.json", recorded, note)
        self._verified = VerifiedDocuments(self.documents, self._folder)

    def commit(self, events: tuple[Event, ...], state: State) -> None:  # type: ignore[override]
        """See `Vault`."""
        self._recorded.states.append(state)
        super().commit(events, state)
        self._recorded.commits += 1
        self._note()


class StillClock:
    """The engine is given every input by hand: its clock is not asked for the time."""

    boot = "still"

    def mono(self) -> float:
        """Zero."""
        return 0.0

    def utc(self) -> float:
        """Zero."""
        return 0.0

    def ntp(self) -> bool:
        """Never."""
        return False

    def real(self, seconds: float) -> float | None:
        """Nobody waits."""
        return None if seconds else 0.0


def engine(agency: Agency, vault: Vault, state: State) -> Engine:
    """An engine that is given its inputs by hand."""
    return Engine(setting(agency), state, vault, StillClock(), lambda _: None)


def record(agency: Agency, folder: Path, lives: list[Life], begin: Image = FOLDER) -> Recorded:
    """Run the lives on a recording file system mounted at a folder, where ``begin`` has long been on disk."""
    recorded = Recorded()
    if "data/ledger.sqlite3" in begin:
        _begin_with(recorded, begin)
    with mounted(folder) as mount:
        write_image(begin, mount.folder)
        data = mount.folder / "data"

        def note() -> None:
            progress = recorded.progress()
            mount.note(f"{progress.commits} {progress.puts} {progress.inputs}")

        note()
        for life in lives:
            with closing(NotedVault(data, recorded, note)) as vault:
                live(agency, vault, recorded, life, note)
        with closing(Reader(data / "ledger.sqlite3")) as reader:
            recorded.bodies = [body for _, body, _ in reader.after(0, 1_000_000)]
    recorded.log = mount.log
    return recorded


def _begin_with(recorded: Recorded, image: Image) -> None:
    """What the vehicle finds on its disk counts as committed and put."""
    with laid_out(image) as folder, closing(Vault(folder / "data", UNIT)) as vault:
        recorded.states.append(vault.load(as_said)[0])
        recorded.papers.append({name: vault.documents.get(name) for name in NAMES})
    recorded.commits = recorded.puts = 1


def live(agency: Agency, vault: Vault, recorded: Recorded, life: Life, note: Callable[[], None]) -> None:
    """One life of the daemon, as `edge.vehicle.daemon` wires it: a second connection reads behind the engine."""
    one = engine(agency, vault, vault.load(as_said)[0])
    vault.documents.put("bundle in force", {"agency": agency.id, "hash": agency.hash})
    vault.documents.put("device", {"unit": UNIT, "software": "test"})
    sent = one.state.seq
    with closing(Reader(vault.ledger_path)) as reader:
        for item in life:
            one.take(item)
            recorded.truth.append(one.state)
            note()
            sent = max((seq for seq, _, _ in reader.after(sent, 100)), default=sent)
