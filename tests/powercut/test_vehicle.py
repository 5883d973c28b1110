"""The vehicle's store in power cuts: what was committed is there, metering goes on; worse stores are found out."""

from collections import Counter
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.inputs import Stop
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.operations import Write
from tests.powercut.recorded import Progress, Recorded, record
from tests.powercut.shift import Life, lives, start
from tests.powercut.survey import survey
from tests.powercut.weakened import (
    LESS_SYNCHRONOUS,
    NEVER_SYNCHRONOUS,
    NO_FILE_SYNC,
    NO_FOLDER_SYNC,
    NO_JOURNAL,
    Weakening,
    default_documents,
)
from tests.vehicle.town_shift import fixes, plan

AGAIN = 6
OFTEN, SELDOM = 40, 200  # power cuts, where every second breaks a promise, and where few do
WAL_HEAD = 32  # bytes that a write-ahead log begins with

pytestmark = pytest.mark.usefixtures("can_mount")


def broken_promises(agency: Agency, recorded: Recorded, points: int, seed: int) -> list[str]:
    """What is wrong after so many power cuts, each where and what."""
    found: list[str] = []
    for crash in crashes(recorded.log, points, seed):
        with laid_out(crash.image) as folder:
            wrong = survey(folder / "data", agency, recorded, Progress.of(crash.note))
        found += [f"{one} (power cut {crash.after}, seed {seed})" for one in wrong]
    return found


def recovery(agency: Agency) -> Life:
    """A new boot after the morning, and half a minute of a drive."""
    cell = plan(agency).patrols[1].cell
    return [start(14_000.0, "recovery"), *fixes(agency, cell, 14_005, 30), Stop(14_040.0)]


def kinds(found: list[str]) -> Counter[str]:
    """How many of each kind."""
    return Counter(one.partition(":")[0] for one in found)


def test_the_morning_writes_everything_there_is_to_write(recorded: Recorded) -> None:
    """Commits with and without records, every document, a write-ahead log that was emptied on the way."""
    assert recorded.commits == len(recorded.states) > 800
    assert len(recorded.bodies) == recorded.states[-1].seq > 200
    assert recorded.puts == len(recorded.papers) > 20
    assert len(recorded.truth) > 10_000
    heads = Counter(
        one.node for one in recorded.log if isinstance(one, Write) and (one.offset, len(one.data)) == (0, WAL_HEAD)
    )
    logs = [node for node, times in heads.items() if times > 1]
    assert logs, "no write-ahead log was begun anew"


def test_after_a_power_cut_every_promise_is_kept(recorded: Recorded, square_agency: Agency) -> None:
    """250 cuts: acknowledged ⊆ stored, the chain whole, state and documents last promised or under way, no notice."""
    assert broken_promises(square_agency, recorded, points=250, seed=1) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 14))
def test_after_thirteen_thousand_power_cuts_too(recorded: Recorded, square_agency: Agency, seed: int) -> None:
    """A thousand places a seed."""
    assert broken_promises(square_agency, recorded, points=1000, seed=seed) == []


def test_a_data_folder_that_was_just_made_is_there_with_all_that_was_committed_in_it(
    square_agency: Agency, tmp_path: Path
) -> None:
    """A blank card: the folder above is synced, too, before anything is acknowledged."""
    first = [lives(square_agency)[0][:60]]
    recorded = record(square_agency, tmp_path, first, begin={})
    assert broken_promises(square_agency, recorded, points=200, seed=1) == []


def test_the_power_may_go_again_while_the_vehicle_recovers(
    recorded: Recorded, square_agency: Agency, tmp_path: Path
) -> None:
    """From what a power cut left, a new boot and half a minute; power cuts in that; every promise is kept again."""
    for number, crash in enumerate(crashes(recorded.log, AGAIN, seed=12)):
        again = record(square_agency, tmp_path / str(number), [recovery(square_agency)], begin=crash.image)
        assert broken_promises(square_agency, again, points=40, seed=number) == []


@pytest.mark.parametrize(
    ("weakening", "kind", "cuts"),
    [
        pytest.param(LESS_SYNCHRONOUS, "lost", OFTEN, id="synchronous NORMAL"),
        pytest.param(NEVER_SYNCHRONOUS, "lost", OFTEN, id="synchronous OFF"),
        pytest.param(NO_JOURNAL, "noticed", SELDOM, id="journal OFF"),
        pytest.param(NO_FILE_SYNC, "documents", OFTEN, id="rename without fsync"),
        pytest.param(NO_FOLDER_SYNC, "documents", OFTEN, id="rename without fsync of the folder"),
        pytest.param(default_documents, "noticed", SELDOM, id="TinyDB's own storage"),
    ],
)
def test_a_weakened_store_breaks_a_promise_and_is_found_out(
    weakening: Weakening, kind: str, cuts: int, square_agency: Agency, tmp_path: Path
) -> None:
    """One setting worse, the same drive and the same check: so the check can fail, and the file system forgets."""
    with weakening():
        worse = record(square_agency, tmp_path, lives(square_agency)[:2])
    assert kinds(broken_promises(square_agency, worse, points=cuts, seed=1))[kind] > 0
