"""What comes in by hand: handed to the engine, or refused with a sentence; a stick that hangs keeps nothing waiting."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.messages import encode
from edge.contract.signed_documents import Verified
from edge.contract.signing import public_key_of
from edge.domain.inputs import AdoptPlan, Start, Tick
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.text.words import Notice
from edge.vehicle.documents.drop_folder import FOLDER, ON_STICK, DropFolder
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import DocumentVerified, Item, PlanVerified
from edge.vehicle.incoming import Incoming
from tests.contract.test_context import KEY, changed, good, signed
from tests.hanging import hanging
from tests.signed import context_of
from tests.vehicle.town_shift import BOOT, UTC, plan, setting
from tests.waiting import wait_for
from tests.words import all_shown, shown

NO_STOP = threading.Event()
DISTRICT = "2"


@dataclass
class Folder:
    """Nothing comes in without a link."""

    trouble: Notice | None = None
    stuck: str = "incoming.stuck"
    rest_s: float = 0.0
    looks: int = 0
    items: list[PlanVerified | DocumentVerified] = field(default_factory=list)

    def take(self) -> Iterable[PlanVerified | DocumentVerified]:
        """What was put there."""
        self.looks += 1
        taken, self.items = self.items, []
        return taken


class Bench:
    """A vehicle's state and inbox, and what comes in."""

    def __init__(self, agency: Agency, *sources: Any) -> None:
        self.state, _ = decide(setting(agency), State("car-1", "x"), Start(0.0, BOOT, UTC, "test"))
        self.state, _ = decide(setting(agency), self.state, Tick(1.0, UTC + 1.0, ntp=True))
        self.agency = agency
        self.folder = Folder()
        self.in_force = InForce()
        self.posted: list[Item] = []
        self.incoming = Incoming(
            sources or (self.folder,), calendar=agency.calendar, state=lambda: self.state, in_force=self.in_force,
            post=self.posted.append, patience_s=0.3,
        )  # fmt: skip

    def look(self) -> list[str]:
        """One look; what the screen then warns of."""
        self.incoming.look(NO_STOP)
        return all_shown(self.incoming.notices())


def numbered(number: int) -> Verified[ContextDoc]:
    return context_of(good().model_copy(update={"number": number}))


def context(number: int) -> DocumentVerified:
    return DocumentVerified(numbered(number))


@pytest.fixture
def bench(square_agency: Agency) -> Bench:
    return Bench(square_agency)


def test_an_older_context_is_refused_with_a_sentence(bench: Bench) -> None:
    """The engine ignores it; a newer one ends the sentence, and is named among what stands well."""
    bench.in_force.adopt(numbered(5))
    bench.folder.items = [context(4)]
    assert bench.look() == ["older context ignored: number 4 (current: number 5)"]
    assert bench.incoming.taken is None
    bench.folder.items = [context(6)]
    assert bench.look() == []
    assert shown(bench.incoming.taken) == "Last file: context number 6."
    assert len(bench.posted) == 2


def test_a_stick_is_looked_into_every_few_seconds(square_agency: Agency, tmp_path: Path) -> None:
    """The car's own folder all the time: a shot heard must be known at once."""
    own, stick = (DropFolder(tmp_path, square_agency, DISTRICT, stick=stick) for stick in (False, True))
    assert (own.rest_s, stick.rest_s) == (0.0, 3.0)
    often, seldom = Folder(), Folder(rest_s=3600.0)
    bench, stop = Bench(square_agency, seldom, often), threading.Event()
    looking = threading.Thread(target=bench.incoming.run, args=(stop,))
    looking.start()
    wait_for(lambda: often.looks >= 3)
    stop.set()
    looking.join()
    assert seldom.looks == 1


def test_an_older_contexts_sentence_ends_with_the_next_context(bench: Bench) -> None:
    """However that came: by the link, too."""
    bench.in_force.adopt(numbered(5))
    bench.folder.items = [context(4)]
    assert bench.look()
    bench.in_force.adopt(numbered(6))
    assert bench.look() == []


def test_an_older_plan_is_refused_with_a_sentence(bench: Bench) -> None:
    """As one that came by the link; the newer one is taken."""
    held = replace(plan(bench.agency), version=3)
    bench.state, _ = decide(setting(bench.agency), bench.state, AdoptPlan(2.0, held))
    signed_as = signed(changed())
    bench.folder.items = [PlanVerified(replace(held, version=2), signed_as)]
    assert bench.look() == [f"older plan ignored: version 2 for {held.shift} (current: version 3)"]
    bench.folder.items = [PlanVerified(replace(held, version=4), signed_as)]
    assert bench.look() == []
    assert shown(bench.incoming.taken) == f"Last file: plan version 4 for {held.shift}."


def test_a_stick_is_only_read_and_speaks_of_this_district_alone(square_agency: Agency, tmp_path: Path) -> None:
    """One stick serves the whole fleet: what is for others is passed over, a bad file is named, nothing is removed."""
    agency = replace(square_agency, public_key=public_key_of(KEY))
    folder = tmp_path / ON_STICK
    folder.mkdir()
    (folder / "context.json").write_bytes(encode(signed(changed())))
    (folder / "others.json").write_bytes(encode(signed(changed(agency="elsewhere"))))
    (tmp_path / "holiday.json").write_text("not ours")
    bench = Bench(agency, DropFolder(tmp_path, agency, DISTRICT, stick=True))
    assert [bench.look() for _ in range(3)] == [[], [], []]
    assert len(bench.posted) == 1
    (folder / "broken.json").write_text("{}")
    bench.look()
    (sentence,) = bench.look()
    assert sentence.startswith("roundsman/broken.json: not a Signed message")
    assert sorted(path.name for path in folder.iterdir()) == ["broken.json", "context.json", "others.json"]


def test_a_stick_that_hangs_keeps_the_drop_folder_open(square_agency: Agency, tmp_path: Path) -> None:
    """The screen says which; what is dropped beside it is taken, and the stick's later."""
    agency = replace(square_agency, public_key=public_key_of(KEY))
    (tmp_path / "stick" / ON_STICK).mkdir(parents=True)
    own, stick = DropFolder(tmp_path, agency, DISTRICT), DropFolder(tmp_path / "stick", agency, DISTRICT, stick=True)
    bench = Bench(agency, stick, own)
    with hanging(tmp_path / "stick" / ON_STICK):
        (tmp_path / FOLDER / "context.json").write_bytes(encode(signed(changed())))
        assert bench.look() == ["The USB drive is not responding. Unplug it and plug it in again."]
        assert len(bench.posted) == 1
    wait_for(lambda: bench.look() == [])


def test_a_folder_that_hangs_is_named(square_agency: Agency, tmp_path: Path) -> None:
    """One thread hangs there, however often it is looked at; then documents come in again."""
    folder = DropFolder(tmp_path, square_agency, DISTRICT)
    bench = Bench(square_agency, folder)
    with hanging(tmp_path / FOLDER):
        for _ in range(3):
            assert bench.look() == [
                "The folder incoming/ is not responding. If it is on a USB drive, unplug it and plug it in again."
            ]
        assert sum(thread.name == "drop folder" for thread in threading.enumerate()) == 1
    (tmp_path / FOLDER / "x.json").write_text("nothing")
    wait_for(lambda: any("incoming/x.json" in notice for notice in bench.look()))
