"""The engine: on disk before it is shown, a checkpoint within 15 s, a full inbox named, a full disk waited out."""

import errno
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed
from edge.contract.signed_kinds import CONTEXT as KIND
from edge.domain.events import Event, Started, Stopped
from edge.domain.inputs import Fix, Input, SignIn, Tick
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.vehicle.engine import CHECKPOINT_S, INBOX, Engine, InboxFullError
from edge.vehicle.inbox import Acknowledged, DocumentVerified, Item, PlanVerified
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from tests.contract.samples import CONTEXT
from tests.signed import context_of
from tests.vehicle.town_shift import BOOT, UTC, as_said, fixes, inputs, plan, setting
from tests.words import shown


class FakeClock:
    """A clock that waiting moves: ``real`` jumps ahead and asks for no real waiting."""

    boot = BOOT

    def __init__(self) -> None:
        self.now = 0.0

    def mono(self) -> float:
        """The virtual second."""
        return self.now

    def utc(self) -> float:
        """The shift's own UTC."""
        return UTC + self.now

    def ntp(self) -> bool:
        """Always."""
        return True

    def real(self, seconds: float) -> float | None:
        """Jump ahead."""
        self.now += max(0.0, seconds)
        return 0.0


class Watched(Vault):
    """The real vault, with a diary of what it was told, and when (the state's mono)."""

    def __init__(self, folder: Path, unit: str) -> None:
        super().__init__(folder, unit)
        self.diary: list[str] = []
        self.commits: list[tuple[float, int]] = []

    def commit(self, events: Iterable[Event], state: State) -> None:
        """See `Vault`."""
        super().commit(tuple(events), state)
        self.diary.append("commit")
        self.commits.append((state.mono, len(tuple(events))))

    def keep_plan(self, signed: Signed, plan: Plan) -> None:
        """See `Vault`."""
        super().keep_plan(signed, plan)
        self.diary.append("keep plan")

    def acknowledge(self, seq: int) -> None:
        """See `Vault`."""
        super().acknowledge(seq)
        self.diary.append("acknowledge")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Watched]:
    with closing(Watched(tmp_path, "car-1")) as made:
        yield made


def engine(
    agency: Agency, vault: Vault, show: Callable[[State], None], record: Callable[[State | Input], None] | None = None
) -> Engine:
    """An engine over the vault's own state."""
    return Engine(setting(agency), vault.load(as_said)[0], vault, FakeClock(), show, record)


def test_nothing_is_shown_that_is_not_on_disk(vault: Watched, square_agency: Agency) -> None:
    """At every publication of a whole shift, another connection reads all the records that the state speaks of."""
    shown: list[int] = []
    with closing(Reader(vault.ledger_path)) as reader:

        def show(state: State) -> None:
            shown.append(state.seq)
            assert len(reader.after(0, 1000)) == state.seq
            assert state.seq == vault.ledger.seq

        one = engine(square_agency, vault, show)
        for given in inputs(square_agency):
            one.take(given)
    assert len(shown) == len(list(inputs(square_agency)))
    assert shown[-1] > 20


def test_a_commit_that_fails_shows_nothing(vault: Watched, square_agency: Agency) -> None:
    """Nothing that waiting would mend: the error ends the engine's thread, the screen keeps what was last on disk."""
    shown: list[State] = []
    one = engine(square_agency, vault, shown.append)
    one.start("test")
    before = one.state
    vault.ledger.close()
    with pytest.raises(Exception, match="closed"):
        one.take(SignIn(1.0, "4711"))
    assert one.state is before
    assert shown == [before]


class Refusing(Vault):
    """A vault whose disk takes nothing for a number of times."""

    refusals = 0

    def commit(self, events: Iterable[Event], state: State) -> None:
        """See `Vault`."""
        if self.refusals:
            self.refusals -= 1
            raise OSError(errno.ENOSPC, "database or disk is full")
        super().commit(tuple(events), state)


class Impatient(threading.Event):
    """Asked to stop after a number of waits; each is a look at what the engine says."""

    def __init__(self, waits: int, look: Callable[[], None]) -> None:
        super().__init__()
        self._left = waits
        self._look = look

    def wait(self, timeout: float | None = None) -> bool:
        """Count a wait."""
        assert timeout is not None
        self._look()
        self._left -= 1
        return self._left < 0

    def is_set(self) -> bool:
        """Whether the waits are used up, or there was none."""
        return True


@pytest.mark.parametrize("refusals", [1, 4])
def test_while_the_disk_is_full_the_engine_waits_and_says_so(
    tmp_path: Path, square_agency: Agency, refusals: int
) -> None:
    """What came meanwhile waits in the inbox; with room again, everything is recorded and nothing is said any more."""
    said: list[str] = []
    with closing(Refusing(tmp_path, "car-1")) as vault:
        one = engine(square_agency, vault, lambda _: None)
        one.post(SignIn(1.0, "4711"))
        vault.refusals = refusals
        one.run(Impatient(9, lambda: said.append(shown(one.trouble))), "test")
        assert said == ["NOT RECORDING: disk error (No space left on device). Call your fleet admin."] * refusals
        assert one.trouble is None
        assert one.state.officer == "4711"
        assert vault.ledger.seq == one.state.seq


def test_asked_to_stop_while_the_disk_is_full_it_does_not_pretend(tmp_path: Path, square_agency: Agency) -> None:
    """The error ends the thread: the process must not end as if all had been recorded."""
    with closing(Refusing(tmp_path, "car-1")) as vault:
        one = engine(square_agency, vault, lambda _: None)
        vault.refusals = 10
        with pytest.raises(OSError, match="full"):
            one.run(Impatient(2, lambda: None), "test")
        assert vault.ledger.seq == 0


def test_without_records_there_is_a_checkpoint_every_15_seconds_and_not_more(
    vault: Watched, square_agency: Agency
) -> None:
    """A quiet stay of five minutes: what a power cut costs is bounded, and the flash card is spared."""
    shown: list[State] = []
    one = engine(square_agency, vault, shown.append)
    cell = plan(square_agency).patrols[0].cell
    for given in [*list(inputs(square_agency))[:2], *fixes(square_agency, cell, 3, 300)]:
        one.take(given)
        assert one.state.mono - vault.commits[-1][0] < CHECKPOINT_S
    quiet = [mono for mono, count in vault.commits if count == 0]
    assert 15 <= len(quiet) <= 300 / CHECKPOINT_S
    at = [mono for mono, _ in vault.commits]
    assert all(later - earlier <= CHECKPOINT_S for earlier, later in pairwise(at))


def test_a_new_life_goes_on_from_the_last_checkpoint(tmp_path: Path, square_agency: Agency) -> None:
    """Killed at any of some instants: numbers go on without a gap, and the state is at most 15 s old."""
    everything = list(inputs(square_agency))
    for cut in (5, 60, 120, 190):
        folder = tmp_path / str(cut)
        with closing(Vault(folder, "car-1")) as vault:
            one = engine(square_agency, vault, lambda _: None)
            for given in everything[:cut]:
                one.take(given)
            last = one.state
        with closing(Vault(folder, "car-1")) as vault:
            back, new = vault.load(as_said)
            assert new == [] or last.plans == ()
            assert back.seq == last.seq
            assert last.mono - back.mono < CHECKPOINT_S
            again = engine(square_agency, vault, lambda _: None)
            again.start("test")
            assert again.state.seq > last.seq


def test_a_full_inbox_names_itself(vault: Watched, square_agency: Agency) -> None:
    """The daemon ends with a sentence, rather than show what is long past."""
    one = engine(square_agency, vault, lambda _: None)
    for second in range(INBOX):
        one.post(Tick(float(second), 0.0))
    with pytest.raises(InboxFullError, match=rf"the engine's inbox is full \({INBOX} inputs waiting\)"):
        one.post(Tick(0.0, 0.0))


def test_a_recording_waits_for_room(vault: Watched, square_agency: Agency) -> None:
    """`post_patiently` never raises: it goes on as soon as the engine has taken one."""
    one = engine(square_agency, vault, lambda _: None)
    for _ in range(INBOX):
        one.post(Acknowledged(0))
    patient = threading.Thread(target=one.post_patiently, args=(Acknowledged(7), threading.Event()), daemon=True)
    patient.start()
    patient.join(0.05)
    assert patient.is_alive()
    stop = threading.Event()
    stop.set()
    one.run(stop, "test")
    patient.join(60.0)
    assert not patient.is_alive()


def test_asked_to_stop_it_takes_what_was_posted_and_says_so(vault: Watched, square_agency: Agency) -> None:
    """Every input that was accepted is decided; the last record is that of the stop."""
    one = engine(square_agency, vault, lambda _: None)
    one.post(SignIn(1.0, "4711"))
    stop = threading.Event()
    stop.set()
    one.run(stop, "test")
    assert one.state.officer == "4711"
    with closing(Reader(vault.ledger_path)) as reader:
        kinds = [json.loads(body)["data"]["type"] for _, body, _ in reader.after(0, 100)]
    assert (kinds[0], kinds[-1]) == (Started("").type, Stopped().type)


def test_a_second_passes_once_a_second(vault: Watched, square_agency: Agency) -> None:
    """With nothing posted, the engine's own ticks go to the rules, from its own clock."""
    stop, seen = threading.Event(), list[State | Input]()

    def record(given: State | Input) -> None:
        seen.append(given)
        if len(seen) == 6:
            stop.set()

    one = engine(square_agency, vault, lambda _: None, record)
    one.run(stop, "test")
    ticks = [given for given in seen if isinstance(given, Tick)]
    assert ticks == [Tick(float(second), UTC + second, ntp=True) for second in range(1, 6)]


def test_a_plan_is_on_disk_before_it_is_obeyed(vault: Watched, square_agency: Agency) -> None:
    """First the document, then the state that follows it; the plan takes force at the engine's own second."""
    one = engine(square_agency, vault, lambda _: vault.diary.append("show"))
    one.start("test")
    vault.diary.clear()
    given = plan(square_agency)
    body = PlanDoc.of(given, "squaretown", "analyst", "because").model_dump(mode="json")
    one.take(PlanVerified(given, Signed(kind="plan", body=body, signature="ab" * 64)))
    assert vault.diary == ["keep plan", "commit", "show"]
    assert one.state.plans == (given,)


def test_an_acknowledgement_is_no_input_of_the_rules(vault: Watched, square_agency: Agency) -> None:
    """It moves the cursor; nothing is decided, recorded or shown."""
    recorded: list[State | Input] = []
    one = engine(square_agency, vault, lambda _: vault.diary.append("show"), recorded.append)
    item: Item = Acknowledged(3)
    one.take(item)
    assert vault.diary == ["acknowledge"]
    assert recorded == []
    assert vault.ledger.acknowledged == 3


def test_the_trail_holds_the_fixes_alone(tmp_path: Path, square_agency: Agency) -> None:
    """Each fix once, whatever else came."""
    added: list[Fix] = []

    class Trail(Vault):
        def add_fix(self, fix: Fix, past: float) -> None:  # noqa: ARG002 - the test's trail drops nothing
            added.append(fix)

    with closing(Trail(tmp_path, "car-1")) as vault:
        one = engine(square_agency, vault, lambda _: None)
        for given in inputs(square_agency):
            one.take(given)
    assert added == [given for given in inputs(square_agency) if isinstance(given, Fix)]


def test_a_newer_context_takes_force_and_an_older_one_does_not(vault: Watched, square_agency: Agency) -> None:
    """It is kept for the next start; it is no input of the rules."""
    recorded: list[State | Input] = []
    one = engine(square_agency, vault, lambda _: None, recorded.append)
    one.start("test")
    before = len(recorded)
    for number in (3, 2, 3, 4):
        one.take(DocumentVerified(context_of(CONTEXT.model_copy(update={"number": number}))))
        kept = vault.documents.get("context")
        assert kept is not None
        held = one.in_force.get(KIND)
        assert held is not None
        assert kept["body"]["number"] == held.body.number == max(3, number)
    assert len(recorded) == before
